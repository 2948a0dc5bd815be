"""replan(): a change on the day, with what has happened fixed and little else moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from matcher.domain.errors import InputError
from matcher.schedule.changes import Change, has_begun, problem_now
from matcher.schedule.check import find_faults
from matcher.schedule.frame import Frame
from matcher.schedule.least_change import least_change
from matcher.schedule.moves import Move, moves_between
from matcher.schedule.problem import Problem
from matcher.schedule.result import Level, Status
from matcher.schedule.seating import seat
from matcher.schedule.timetable import Timetable


@dataclass(frozen=True)
class Replan:
    """The rest of the day, replanned.

    Parameters
    ----------
    problem
        What was left to plan (see `problem_now`); the timetable keeps its rules.
    timetable
        The whole day, what has happened included.
    status
        Optimal, or feasible if time was up before every level was proved.
    levels
        In the order in which they were weighed; those that time did not suffice for are not
        there.
    moves
        What is new, person by person.
    """

    problem: Problem
    timetable: Timetable
    status: Status
    levels: tuple[Level, ...]
    moves: tuple[Move, ...]
    seconds: float


def replan(
    problem: Problem,
    timetable: Timetable,
    now: datetime,
    changes: Sequence[Change] = (),
    *,
    time_limit: float = 30.0,
    seed: int = 0,
) -> Replan:
    """Plan the rest of the day anew after changes.

    What is in a slot that has begun by ``now`` has happened and stays, table included. Of the
    other planned meetings as few musts as possible are lost, then as little value; then as few
    as possible leave their slot; then as much value as possible is added, and there are as few
    idle gaps as possible. A meeting that stays in its slot keeps its table if it can.

    Raises
    ------
    InputError
        For a timetable that does not fit the problem, unknown ids, and times without a zone.
    """
    started = perf_counter()
    if faults := find_faults(problem, timetable):
        raise InputError(faults)
    left = problem_now(problem, timetable, now, changes)
    frame = _from_now_on(Frame(left), now)
    found = least_change(problem, frame, timetable, started + time_limit, seed)
    slots = found.slots
    new = seat(frame, slots, _kept_tables(frame, timetable, slots))
    return Replan(
        problem=left,
        timetable=new,
        status=Status.OPTIMAL if found.proven else Status.FEASIBLE,
        levels=found.levels,
        moves=moves_between(problem, timetable, new),
        seconds=perf_counter() - started,
    )


def _from_now_on(frame: Frame, now: datetime) -> Frame:
    """Leave slots that have begun to what happened; in the problem left it alone is a must."""
    begun = {t for t, slot in enumerate(frame.problem.slots) if has_begun(slot, now)}
    return frame.narrowed(
        [
            slots if meeting.must else [t for t in slots if t not in begun]
            for meeting, slots in zip(frame.problem.meetings, frame.domain, strict=True)
        ]
    )


def _kept_tables(frame: Frame, timetable: Timetable, slots: Sequence[int | None]) -> dict[int, str]:
    """Return the tables of the meetings that stay in their slot."""
    kept = {}
    for placement in timetable.placements:
        meeting = frame.meeting_at.get(placement.meeting_id)
        if meeting is not None and slots[meeting] == frame.slot_at[placement.slot_id]:
            kept[meeting] = placement.table_id
    return kept
