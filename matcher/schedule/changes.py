"""What goes otherwise than planned on the day, and the problem that it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from matcher.domain.errors import Fault, InputError
from matcher.domain.moments import is_aware, naive_fault
from matcher.domain.text import Text
from matcher.schedule.hall import Slot, Table
from matcher.schedule.people import Meeting
from matcher.schedule.problem import Problem
from matcher.schedule.rules import Absence, NeverTogether
from matcher.schedule.timetable import Timetable


@dataclass(frozen=True, slots=True)
class Late:
    """A participant is there for slots that start at ``until`` or later."""

    participant_id: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Leaves:
    """A participant is gone from slots that end after ``since``."""

    participant_id: str
    since: datetime


@dataclass(frozen=True, slots=True)
class StaysAway:
    """A participant does not come, or does not come back."""

    participant_id: str


@dataclass(frozen=True, slots=True)
class TableBroken:
    """A table is out of use, for slots that start before ``until`` (None: for the day)."""

    table_id: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A meeting is called off."""

    meeting_id: str


Change: TypeAlias = Late | Leaves | StaysAway | TableBroken | Cancelled


def has_begun(slot: Slot, now: datetime) -> bool:
    """Tell whether a slot is past or under way: what is in it has happened."""
    return slot.start <= now


def problem_now(
    problem: Problem, timetable: Timetable, now: datetime, changes: Sequence[Change]
) -> Problem:
    """Return the problem that is left: what has happened is fixed, and no other meeting a must.

    A must that a change makes impossible is lost; to drop nothing else is then a matter of the
    objective. The limit on the difference of gaps is dropped for the same reason.

    Raises
    ------
    InputError
        For ids that do not exist and times without a zone, each named.
    """
    _require_known(problem, now, changes)
    off = {change.meeting_id for change in changes if isinstance(change, Cancelled)}
    begun = {slot.slot_id for slot in problem.slots if has_begun(slot, now)}
    past = {p.meeting_id: p.slot_id for p in timetable.placements if p.slot_id in begun}
    off -= past.keys()
    meetings = [_as_now(m, past.get(m.meeting_id)) for m in problem.meetings]
    return problem.replace(
        meetings=tuple(m for m in meetings if m.meeting_id not in off),
        absences=problem.absences + _absences(problem, now, changes),
        tables=_tables(problem, now, changes),
        never_together=tuple(
            NeverTogether(rule.participants, rule.meetings - off) for rule in problem.never_together
        ),
        precedences=tuple(
            order for order in problem.precedences if not off & {order.before, order.after}
        ),
        fairness=None,
    )


def _as_now(meeting: Meeting, held_in: str | None) -> Meeting:
    if held_in is None:
        return replace(meeting, must=False)
    return replace(meeting, must=True, slot=held_in)


def _absences(problem: Problem, now: datetime, changes: Sequence[Change]) -> tuple[Absence, ...]:
    found = []
    for change in changes:
        if isinstance(change, Late | Leaves | StaysAway):
            missed = frozenset(
                slot.slot_id
                for slot in problem.slots
                if not has_begun(slot, now) and _misses(change, slot)
            )
            found.append(Absence(change.participant_id, missed))
    return tuple(found)


def _misses(change: Late | Leaves | StaysAway, slot: Slot) -> bool:
    if isinstance(change, Late):
        return slot.start < change.until
    return isinstance(change, StaysAway) or slot.end > change.since


def _tables(problem: Problem, now: datetime, changes: Sequence[Change]) -> tuple[Table, ...]:
    tables = dict(problem.table)
    for change in changes:
        if isinstance(change, TableBroken):
            closed = frozenset(
                slot.slot_id
                for slot in problem.slots
                if not has_begun(slot, now) and (change.until is None or slot.start < change.until)
            )
            table = tables[change.table_id]
            tables[change.table_id] = replace(table, closed=table.closed | closed)
    return tuple(tables.values())


def _require_known(problem: Problem, now: datetime, changes: Sequence[Change]) -> None:
    faults = [] if is_aware(now) else [naive_fault(now, "now")]
    for change in changes:
        for field, known in (
            ("participant_id", problem.participant),
            ("table_id", problem.table),
            ("meeting_id", problem.meeting),
        ):
            key = getattr(change, field, None)
            if key is not None and key not in known:
                told = Text("没有此编号", "there is no such id")
                faults.append(Fault(told, field=field, value=key))
        for field in ("until", "since"):
            moment = getattr(change, field, None)
            if moment is not None and not is_aware(moment):
                faults.append(naive_fault(moment, field))
    if faults:
        raise InputError(faults)
