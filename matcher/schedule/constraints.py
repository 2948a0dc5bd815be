"""Every rule of a timetable as a named function that yields what breaks it.

They read problem and timetable as they stand and share nothing with the solver. A placement
whose meeting, slot or table does not exist is reported by `everything_exists` and passed over
by the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations

from matcher.domain.errors import Fault
from matcher.domain.text import Text
from matcher.schedule.people import Meeting
from matcher.schedule.problem import Problem
from matcher.schedule.timetable import Placement, Timetable

Constraint = Callable[[Problem, Timetable], Iterator[Fault]]


def _fault(field: str, zh: str, en: str, **values: object) -> Fault:
    return Fault(Text(zh, en).format(**values), field=field)


def _known(problem: Problem, timetable: Timetable) -> Iterator[tuple[Placement, Meeting]]:
    for placement in timetable.placements:
        meeting = problem.meeting.get(placement.meeting_id)
        if meeting and placement.slot_id in problem.slot and placement.table_id in problem.table:
            yield placement, meeting


def everything_exists(problem: Problem, timetable: Timetable) -> Iterator[Fault]:
    """Meetings, slots and tables are those of the problem."""
    for placement in timetable.placements:
        for kind, key, known in (
            (Text("洽谈", "meeting"), placement.meeting_id, problem.meeting),
            (Text("时段", "slot"), placement.slot_id, problem.slot),
            (Text("桌", "table"), placement.table_id, problem.table),
        ):
            if key not in known:
                zh, en = "问题中没有{kind} {key}", "the problem has no {kind} {key}"
                yield _fault("everything_exists", zh, en, kind=kind, key=key)


def held_at_most_once(problem: Problem, timetable: Timetable) -> Iterator[Fault]:
    """No meeting takes place twice."""
    for meeting_id, count in Counter(p.meeting_id for p in timetable.placements).items():
        if count > 1:
            zh, en = "洽谈 {m} 安排了 {n} 次", "meeting {m} is placed {n} times"
            yield _fault("held_at_most_once", zh, en, m=meeting_id, n=count)


def musts_are_held(problem: Problem, timetable: Timetable) -> Iterator[Fault]:
    """Every meeting that must take place does."""
    held = {placement.meeting_id for placement, _ in _known(problem, timetable)}
    for meeting in problem.meetings:
        if meeting.must and meeting.meeting_id not in held:
            zh, en = "必须举行的洽谈 {m} 没有安排", "meeting {m}, a must, is not placed"
            yield _fault("musts_are_held", zh, en, m=meeting.meeting_id)


def wishes_are_kept(problem: Problem, timetable: Timetable) -> Iterator[Fault]:
    """Hold each meeting to the half of the day that it is wished for."""
    for placement, meeting in _known(problem, timetable):
        if meeting.wish is not None and problem.slot[placement.slot_id].session != meeting.wish:
            zh = "洽谈 {m} 只能在{wish}，却在时段 {slot}"
            en = "meeting {m} has to be in the {wish} and is in slot {slot}"
            yield _fault("wishes_are_kept", zh, en, m=meeting.meeting_id, wish=meeting.wish.text,
                         slot=placement.slot_id)  # fmt: skip


def fixed_slots_are_kept(problem: Problem, timetable: Timetable) -> Iterator[Fault]:
    """Hold each meeting to the slot that it is fixed in."""
    for placement, meeting in _known(problem, timetable):
        if meeting.slot is not None and placement.slot_id != meeting.slot:
            zh = "洽谈 {m} 固定在时段 {fixed}，却在 {slot}"
            en = "meeting {m} is fixed in slot {fixed} and is in {slot}"
            yield _fault("fixed_slots_are_kept", zh, en, m=meeting.meeting_id,
                         fixed=meeting.slot, slot=placement.slot_id)  # fmt: skip


def nobody_is_absent(problem: Problem, timetable: Timetable) -> Iterator[Fault]:
    """Nobody meets while away."""
    away = {(a.participant_id, slot_id) for a in problem.absences for slot_id in a.slots}
    for placement, meeting in _known(problem, timetable):
        for participant_id in meeting.pair:
            if (participant_id, placement.slot_id) in away:
                zh = "{p} 在时段 {slot} 不在场，却有洽谈 {m}"
                en = "{p} is absent in slot {slot} and has meeting {m} in it"
                yield _fault("nobody_is_absent", zh, en, slot=placement.slot_id,
                             p=problem.participant[participant_id].text,
                             m=meeting.meeting_id)  # fmt: skip


def officers_suffice(problem: Problem, timetable: Timetable) -> Iterator[Fault]:
    """Nobody holds more meetings in a slot than there are officers."""
    count = Counter(
        (who, placement.slot_id)
        for placement, meeting in _known(problem, timetable)
        for who in meeting.pair
    )
    for (who, slot_id), number in count.items():
        participant = problem.participant[who]
        if number > participant.officers:
            zh = "{p} 在时段 {slot} 有 {n} 场洽谈，同时最多 {most} 场"
            en = "{p} has {n} meetings in slot {slot} and holds {most} at once"
            yield _fault("officers_suffice", zh, en, p=participant.text, slot=slot_id, n=number,
                         most=participant.officers)  # fmt: skip


def tables_suffice(problem: Problem, timetable: Timetable) -> Iterator[Fault]:
    """No table holds more than its capacity, and none that is closed."""
    count = Counter((p.table_id, p.slot_id) for p, _ in _known(problem, timetable))
    for (table_id, slot_id), number in count.items():
        table = problem.table[table_id]
        most = 0 if slot_id in table.closed else table.capacity
        if number > most:
            zh = "桌 {t} 在时段 {slot} 有 {n} 场洽谈，最多 {most} 场"
            en = "table {t} has {n} meetings in slot {slot} and holds {most}"
            yield _fault("tables_suffice", zh, en, t=table.text, slot=slot_id, n=number, most=most)


def set_aside_tables_are_kept(problem: Problem, timetable: Timetable) -> Iterator[Fault]:
    """Hold meetings to the tables set aside for their participants, and all others off."""
    for placement, meeting in _known(problem, timetable):
        if placement.table_id not in problem.tables_for(meeting):
            zh, en = "洽谈 {m} 不能安排在桌 {t}", "meeting {m} cannot be at table {t}"
            table = problem.table[placement.table_id]
            yield _fault("set_aside_tables_are_kept", zh, en, m=meeting.meeting_id, t=table.text)


def precedences_are_kept(problem: Problem, timetable: Timetable) -> Iterator[Fault]:
    """Hold what comes before to an earlier slot."""
    start = {
        placement.meeting_id: problem.slot[placement.slot_id].start
        for placement, _ in _known(problem, timetable)
    }
    for order in problem.precedences:
        before, after = start.get(order.before), start.get(order.after)
        if before is not None and after is not None and before >= after:
            zh, en = "洽谈 {a} 应早于 {b}", "meeting {a} is not before {b}"
            yield _fault("precedences_are_kept", zh, en, a=order.before, b=order.after)


def apart_stay_apart(problem: Problem, timetable: Timetable) -> Iterator[Fault]:
    """Those never to be busy together are not."""
    people: dict[str, set[str]] = defaultdict(set)
    meetings: dict[str, set[str]] = defaultdict(set)
    for placement, meeting in _known(problem, timetable):
        people[placement.slot_id].update(meeting.pair)
        meetings[placement.slot_id].add(meeting.meeting_id)
    for rule in problem.never_together:
        for slot in problem.slots:
            for asked, there in ((rule.participants, people), (rule.meetings, meetings)):
                for a, b in combinations(sorted(asked & there[slot.slot_id]), 2):
                    zh = "{a} 与 {b} 不得同时洽谈，却都在时段 {slot}"
                    en = "{a} and {b} are never to be together and both are in slot {slot}"
                    yield _fault("apart_stay_apart", zh, en, a=a, b=b, slot=slot.slot_id)


def rows_are_short(problem: Problem, timetable: Timetable) -> Iterator[Fault]:
    """No officer has more meetings in a row than asked.

    Of n officers none needs more than k in a row exactly if any k + 1 slots in a row have n·k
    meetings at most: they take turns.
    """
    count = Counter(
        (who, placement.slot_id)
        for placement, meeting in _known(problem, timetable)
        for who in meeting.pair
    )
    for participant in problem.participants:
        most = problem.max_run_of(participant)
        if most is None:
            continue
        for row in problem.rows:
            for start in range(len(row) - most):
                window = [slot.slot_id for slot in row[start : start + most + 1]]
                held = sum(count[participant.participant_id, slot_id] for slot_id in window)
                if held > most * participant.officers:
                    zh = "{p} 从时段 {slot} 起连续洽谈超过 {n} 场"
                    en = "{p} has more than {n} meetings in a row from slot {slot}"
                    yield _fault("rows_are_short", zh, en, p=participant.text, slot=window[0],
                                 n=most)  # fmt: skip


def gaps_of(problem: Problem, timetable: Timetable) -> dict[str, int]:
    """Count idle gaps: idle stretches of a day with busy slots on both sides."""
    busy = {
        (who, placement.slot_id)
        for placement, meeting in _known(problem, timetable)
        for who in meeting.pair
    }
    found = {}
    for participant in problem.participants:
        who = participant.participant_id
        days = ["".join("x" if (who, s.slot_id) in busy else " " for s in d) for d in problem.days]
        found[who] = sum(max(0, len(day.split()) - 1) for day in days)
    return found


def gaps_are_even(problem: Problem, timetable: Timetable) -> Iterator[Fault]:
    """Hold the most gaps to the fewest and the limit."""
    gaps = gaps_of(problem, timetable)
    if problem.fairness is None or not gaps:
        return
    difference = max(gaps.values()) - min(gaps.values())
    if difference > problem.fairness:
        zh = "空档最多与最少之差为 {n}，不应超过 {d}"
        en = "the most and the fewest gaps differ by {n}, which should be at most {d}"
        yield _fault("gaps_are_even", zh, en, n=difference, d=problem.fairness)


CONSTRAINTS: tuple[Constraint, ...] = (
    everything_exists,
    held_at_most_once,
    musts_are_held,
    wishes_are_kept,
    fixed_slots_are_kept,
    nobody_is_absent,
    officers_suffice,
    tables_suffice,
    set_aside_tables_are_kept,
    precedences_are_kept,
    apart_stay_apart,
    rows_are_short,
    gaps_are_even,
)
"""All rules, in the order in which their faults are told."""
