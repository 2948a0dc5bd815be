"""Move one meeting by hand: checked at once, refused with the reason.

A draft is changed in place. What is out is never changed: the move begins the next draft, which
is published like any other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.domain.errors import Fault
from matcher.domain.text import Text
from matcher.domain.timetable_state import TimetableState
from matcher.files.agenda import Agenda
from matcher.files.timetable_json import timetable_bytes
from matcher.schedule import (
    Level,
    LevelName,
    Placement,
    Problem,
    Status,
    Timetable,
    find_faults,
    has_begun,
)
from matcher.schedule.measures import gaps, placed_value, spread, table_changes
from matcher.services.errors import ConflictError
from matcher.services.meetings.reading import agenda_of, locked_timetable, number_after
from matcher.store.tables import TimetableRow

_OVER = Text("该时段已经开始", "the slot has begun")
_NO_SUCH = Text("没有此编号", "there is no such id")
_CLOSED = Text("“{s}”的时间表不能修改", "a timetable that is {s} cannot be changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Where a meeting is to be.

    Parameters
    ----------
    slot_id, table_id
        None for both: it is taken off the timetable.
    swap
        Whether what is at that table then goes to where the meeting was.
    """

    meeting_id: str
    slot_id: str | None = None
    table_id: str | None = None
    swap: bool = False


def move_meeting(
    session: Session,
    actor: Actor,
    timetable_id: UUID,
    version: int | None,
    wanted: Moved,
    now: datetime,
) -> TimetableRow:
    """Move a meeting, and return the draft in which it is moved.

    Raises
    ------
    UnknownIdError
        If there is no such timetable.
    StaleError
        If it was changed since it was looked at.
    ConflictError
        With every rule that the timetable would break, or that what is moved has happened.
    """
    row = locked_timetable(session, actor, timetable_id, version)
    if row.state not in (TimetableState.DRAFT, TimetableState.PUBLISHED):
        state = TimetableState.parse(row.state)
        raise ConflictError([Fault(_CLOSED.format(s=state.text), "timetable_id")])
    agenda = agenda_of(row)
    moved = with_move(agenda, wanted, now)
    draft = row if row.state == TimetableState.DRAFT else _next_draft(session, actor, row, now)
    draft.document = timetable_bytes(moved).decode()
    draft.version += 1
    session.add(draft)
    session.flush()
    return draft


def with_move(agenda: Agenda, wanted: Moved, now: datetime) -> Agenda:
    """Return an agenda with one meeting elsewhere, if that keeps every rule.

    Raises
    ------
    ConflictError
        With every rule that it would break.
    """
    problem = agenda.problem
    _require_known(problem, wanted)
    new = Timetable(tuple(_placements(agenda.timetable, wanted)))
    changed = set(agenda.timetable.placements) ^ set(new.placements)
    if any(has_begun(problem.slot[p.slot_id], now) for p in changed):
        raise ConflictError([Fault(_OVER, "slot")])
    faults = find_faults(problem, new)
    if faults:
        raise ConflictError([replace(f, message=_named(problem, f.message)) for f in faults])
    return replace(agenda, timetable=new, status=Status.FEASIBLE, levels=_levels(agenda, new))


def _placements(timetable: Timetable, wanted: Moved) -> list[Placement]:
    old = timetable.by_meeting.get(wanted.meeting_id)
    others = [p for p in timetable.placements if p.meeting_id != wanted.meeting_id]
    if wanted.slot_id is None or wanted.table_id is None:
        return others
    new = Placement(wanted.meeting_id, wanted.slot_id, wanted.table_id)
    if not wanted.swap:
        return [*others, new]
    stay = [p for p in others if (p.slot_id, p.table_id) != (new.slot_id, new.table_id)]
    give_way = [p for p in others if p not in stay]
    if old is None:  # it was not held: what gives way is not held any more
        return [*stay, new]
    there = {"slot_id": old.slot_id, "table_id": old.table_id}
    return [*stay, new, *(replace(p, **there) for p in give_way)]


def _require_known(problem: Problem, wanted: Moved) -> None:
    """Refuse ids that are not there.

    Raises
    ------
    ConflictError
        Naming each.
    """
    asked: list[tuple[str, str | None, object]] = [
        ("meeting", wanted.meeting_id, problem.meeting),
        ("slot", wanted.slot_id, problem.slot),
        ("table", wanted.table_id, problem.table),
    ]
    if (wanted.slot_id is None) != (wanted.table_id is None):
        told = Text("时段与桌须同时给出", "name both a slot and a table")
        raise ConflictError([Fault(told, "table" if wanted.table_id is None else "slot")])
    unknown = [
        Fault(_NO_SUCH, name, value)
        for name, value, known in asked
        if value is not None and value not in known  # type: ignore[operator]
    ]
    if unknown:
        raise ConflictError(unknown)


def _named(problem: Problem, message: Text) -> Text:
    """Put names where the checker says ids of meetings and slots: people read this."""
    names = {m.meeting_id: _pair(problem, m.pair) for m in problem.meetings}
    names |= {s.slot_id: s.text for s in problem.slots}
    zh, en = message.zh, message.en
    for key in sorted(names, key=len, reverse=True):
        zh, en = zh.replace(key, names[key].zh), en.replace(key, names[key].en)
    return Text(zh, en)


def _pair(problem: Problem, pair: tuple[str, str]) -> Text:
    first, second = (problem.participant[who].text for who in pair)
    return Text("{b}—{a}", "{b} — {a}").format(a=first, b=second)


def _levels(agenda: Agenda, new: Timetable) -> tuple[Level, ...]:
    """Return what the new timetable comes to; what was proved of any timetable still holds.

    Bounds of levels after the first hold among timetables of the same value: with another value
    nothing is known of them, and they are left out.
    """
    problem, gaps_of = agenda.problem, gaps(agenda.problem, new)
    values = {
        LevelName.VALUE: placed_value(problem, new),
        LevelName.BREAKS: sum(gaps_of.values()),
        LevelName.SPREAD: spread(gaps_of),
        LevelName.TABLE_CHANGES: table_changes(problem, new),
    }
    first = next((x for x in agenda.levels if x.name is LevelName.VALUE), None)
    same = first is not None and first.value == values[LevelName.VALUE]
    return tuple(
        replace(level, value=values[level.name])
        for level in agenda.levels
        if level.name in values and (level.name is LevelName.VALUE or same)
    )


def _next_draft(session: Session, actor: Actor, live: TimetableRow, now: datetime) -> TimetableRow:
    return TimetableRow(
        event_id=live.event_id,
        number=number_after(session, live.event_id),
        state=TimetableState.DRAFT,
        version=0,
        based_on=live.id,
        document="{}",
        created_by=actor.account_id,
        created_at=now,
    )
