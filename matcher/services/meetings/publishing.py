"""Let a timetable out: guests are told of it, calendars count it, the one before is superseded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.domain.errors import CheckError, Fault
from matcher.domain.text import Text
from matcher.domain.timetable_state import TimetableState
from matcher.files.agenda import Agenda, Off
from matcher.files.timetable_json import timetable_bytes
from matcher.schedule import Placement, find_faults, has_begun
from matcher.services.errors import ConflictError
from matcher.services.meetings.attendance import expect
from matcher.services.meetings.reading import agenda_of, live_timetable, locked_timetable
from matcher.services.record import Happening, append, begin
from matcher.services.work.queue import cancel
from matcher.store.tables import TimetableRow

_STATE = Text("“{s}”的时间表不能{a}", "a timetable that is {s} cannot be {a}")
_OLD = Text(
    "此草案基于更早的时间表，请从现行时间表重新修改",
    "it was made from an earlier timetable: begin again from the one that is out",
)
_HAPPENED = Text(
    "已开始的时段与现行时间表不符", "what has begun is not as in the timetable that is out"
)


def publish_timetable(
    session: Session, actor: Actor, timetable_id: UUID, version: int | None, now: datetime
) -> TimetableRow:
    """Let a draft out.

    Raises
    ------
    UnknownIdError
        If there is no such timetable.
    StaleError
        If it was changed since it was looked at.
    ConflictError
        If it is no draft, changes another timetable than the one that is out, or tells
        otherwise of slots that have begun.
    CheckError
        If the checker finds a fault.
    """
    begin(session)
    row = locked_timetable(session, actor, timetable_id, version)
    _require(row, Text("发布", "published"), TimetableState.DRAFT)
    live = live_timetable(session, row.event_id)
    if row.based_on is not None and (live is None or live.id != row.based_on):
        raise ConflictError([Fault(_OLD, "timetable_id")])
    agenda, before = agenda_of(row), None if live is None else agenda_of(live)
    if faults := find_faults(agenda.problem, agenda.timetable):
        raise CheckError(faults)
    if before is not None and _begun(before, now) != _begun(agenda, now):
        raise ConflictError([Fault(_HAPPENED, "timetable_id")])
    if live is not None:
        live.state = TimetableState.SUPERSEDED
        session.add(live)
        session.flush()  # never two that are out, not even between two statements
    row.sequence = 0 if live is None else live.sequence + 1
    row.state, row.published_at = TimetableState.PUBLISHED, now
    row.version += 1
    out = replace(
        agenda,
        head=replace(agenda.head, revision=row.sequence),
        off=tuple(_off(before, agenda)),
        stamp=now,
    )
    row.document = timetable_bytes(out).decode()
    session.add(row)
    expect(session, row.event_id, out)
    _record(session, actor, row, "publish_timetable", now)
    return row


def discard_timetable(session: Session, actor: Actor, timetable_id: UUID, now: datetime) -> None:
    """Put a timetable aside that never went out; one that is being made is cancelled.

    Raises
    ------
    ConflictError
        If it is out, or was.
    """
    begin(session)
    row = locked_timetable(session, actor, timetable_id, None)
    _require(row, Text("弃用", "discarded"), TimetableState.ASKED, TimetableState.DRAFT)
    if row.run_id is not None:
        cancel(session, row.run_id, now)
    row.state = TimetableState.DISCARDED
    session.add(row)
    session.flush()
    _record(session, actor, row, "discard_timetable", now)


def _require(row: TimetableRow, action: Text, *states: TimetableState) -> None:
    state = TimetableState.parse(row.state)
    if state not in states:
        raise ConflictError([Fault(_STATE.format(s=state.text, a=action), "timetable_id")])


def _begun(agenda: Agenda, now: datetime) -> set[tuple[Placement, datetime]]:
    """Return what is in slots that have begun, with when they did."""
    slot = agenda.problem.slot
    return {
        (p, slot[p.slot_id].start)
        for p in agenda.timetable.placements
        if has_begun(slot[p.slot_id], now)
    }


def _off(before: Agenda | None, after: Agenda) -> Iterator[Off]:
    """Yield what any earlier timetable had and this one does not, as far as its hall can say it."""
    found = {item.meeting.meeting_id: item for item in after.off if not item.only}
    if before is not None:
        found |= {item.meeting.meeting_id: item for item in before.off if not item.only}
        for p in before.timetable.placements:
            meeting = before.problem.meeting[p.meeting_id]
            found[p.meeting_id] = Off(meeting, p.slot_id, p.table_id)
    held, problem = after.timetable.by_meeting, after.problem
    for key, item in found.items():
        known = item.slot_id in problem.slot and item.table_id in problem.table
        if key not in held and known and set(item.meeting.pair) <= problem.participant.keys():
            yield item
    yield from (item for item in after.off if item.only)


def _record(session: Session, actor: Actor, row: TimetableRow, action: str, now: datetime) -> None:
    append(
        session,
        Happening(
            kind="event",
            action=action,
            subject_id=row.event_id,
            at=now,
            account_id=actor.account_id,
            details={
                "timetable_id": row.id.hex,
                "number": row.number,
                "sequence": row.sequence,
                "state": row.state,
            },
        ),
    )
