"""Bounds by counting: what no timetable can do better, seen without any search."""

from __future__ import annotations

from matcher.schedule.frame import Frame


def fewest_gaps(frame: Frame) -> int:
    """Return a number of gaps that no timetable which holds every meeting goes below.

    Each participant alone: stretches of slots in which any of its meetings may be, the longest
    of each day for nothing, every further one at the price of a gap, until all fit.
    """
    return sum(_fewest_gaps_of(frame, person) for person in range(len(frame.own)))


def _fewest_gaps_of(frame: Frame, person: int) -> int:
    open_slots = {t for meeting in frame.own[person] for t in frame.domain[meeting]}
    free, priced = 0, list[int]()
    for day in frame.days:
        longest, *others = sorted(_stretches(day, open_slots), reverse=True) or [0]
        free += longest
        priced += others
    left = len(frame.own[person]) - free * frame.officers[person]
    gaps = 0
    for length in sorted(priced, reverse=True):
        if left <= 0:
            break
        left -= length * frame.officers[person]
        gaps += 1
    return gaps


def _stretches(day: list[int], open_slots: set[int]) -> list[int]:
    marks = "".join("x" if t in open_slots else " " for t in day)
    return [len(stretch) for stretch in marks.split()]


def least_lost(frame: Frame) -> int:
    """Return a value that is lost in every timetable.

    Of a participant's meetings no more are held than its officers have slots for, of a set of
    tables' no more than it has room for; the least valuable beyond that are lost. Participants
    of one side share no meetings, so their losses add up.
    """
    tables = sum(
        _beyond(frame, [m for m, p in enumerate(frame.pool) if p == pool], sum(room))
        for pool, room in enumerate(frame.capacity)
    )
    firsts, seconds = (
        {pair[side] for pair in frame.pairs} - {pair[1 - side] for pair in frame.pairs}
        for side in range(2)
    )
    own = {person: _beyond_officers(frame, person) for person in range(len(frame.own))}
    sides = (sum(own[person] for person in side) for side in (firsts, seconds))
    return max([tables, *sides, *own.values()])


def _beyond_officers(frame: Frame, person: int) -> int:
    slots = {t for meeting in frame.own[person] for t in frame.domain[meeting]}
    return _beyond(frame, frame.own[person], len(slots) * frame.officers[person])


def _beyond(frame: Frame, meetings: list[int], room: int) -> int:
    """Add up the values of those that find no room, and of those that no slot is left to."""
    value = frame.problem.meetings
    nowhere = [value[m].value for m in meetings if not frame.domain[m]]
    others = sorted((value[m].value for m in meetings if frame.domain[m]), reverse=True)
    return sum(nowhere) + sum(others[room:])
