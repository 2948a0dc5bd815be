"""What a timetable comes to in each level of the objective."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from matcher.schedule.problem import Problem
from matcher.schedule.timetable import Timetable


def placed_value(problem: Problem, timetable: Timetable) -> int:
    """Return the sum of values of the meetings held."""
    return sum(problem.meeting[p.meeting_id].value for p in timetable.placements)


def tables_used(problem: Problem, timetable: Timetable) -> dict[str, dict[int, list[str]]]:
    """Return for each participant, busy slot (its number in time) → its tables in it."""
    number = {slot.slot_id: t for t, slot in enumerate(problem.slots)}
    used: dict[str, dict[int, list[str]]] = {
        p.participant_id: defaultdict(list) for p in problem.participants
    }
    for placement in sorted(timetable.placements, key=lambda p: number[p.slot_id]):
        for participant_id in problem.meeting[placement.meeting_id].pair:
            used[participant_id][number[placement.slot_id]].append(placement.table_id)
    return used


def gaps(problem: Problem, timetable: Timetable) -> dict[str, int]:
    """Return the idle gaps of every participant: runs of busy slots less one, day by day."""
    used = tables_used(problem, timetable)
    number = {slot.slot_id: t for t, slot in enumerate(problem.slots)}
    days = [[number[slot.slot_id] for slot in day] for day in problem.days]
    return {
        who: sum(_gaps_in([t in busy for t in day]) for day in days) for who, busy in used.items()
    }


def _gaps_in(busy: list[bool]) -> int:
    starts = sum(now and not last for last, now in zip([False, *busy], busy, strict=False))
    return max(0, starts - 1)


def spread(gaps_of: dict[str, int]) -> int:
    """Return the most gaps less the fewest."""
    return max(gaps_of.values(), default=0) - min(gaps_of.values(), default=0)


def table_changes(problem: Problem, timetable: Timetable) -> int:
    """Return how often somebody goes to another table between one busy slot and the next.

    For one who holds a single meeting at a time it is the number of times that the table
    differs. Of a party with several, the tables that both slots have in common stay; of the
    others as many change as there are in both slots.
    """
    total = 0
    for used in tables_used(problem, timetable).values():
        slots = sorted(used)
        for last, now in pairwise(slots):
            before, after = list(used[last]), list(used[now])
            stay = sum(min(before.count(t), after.count(t)) for t in set(after))
            total += min(len(before), len(after)) - stay
    return total
