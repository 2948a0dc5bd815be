"""Timetables as their readers see them: rows into agendas, and the one that is out."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.errors import ProblemError
from matcher.domain.run import RunState
from matcher.domain.text import Text
from matcher.domain.timetable_state import TimetableState
from matcher.files.agenda import Agenda
from matcher.files.timetable_json import parse_timetable
from matcher.schedule import Move, Problem, moves_between
from matcher.services.errors import StaleError
from matcher.services.work.errors import RunNotDoneError
from matcher.store.paging import Page, Slice
from matcher.store.repositories.meetings import Events, Timetables
from matcher.store.tables import RunRow, TimetableRow

_NONE_YET = Text("时间表尚未编排完成", "there is no timetable yet")


def list_timetables(
    session: Session, actor: Actor, event_id: UUID, page: Page
) -> Slice[TimetableRow]:
    """Return a page of the timetables of an event, the newest first.

    Raises
    ------
    UnknownIdError
        If there is no such event for this actor.
    """
    Events(session, actor).find(event_id)
    return Timetables(session, actor).page(page, col(TimetableRow.event_id) == event_id)


def locked_timetable(
    session: Session, actor: Actor, timetable_id: UUID, version: int | None
) -> TimetableRow:
    """Return a timetable that nobody else may change before this transaction ends.

    Its event is held as well: what is out is a matter of all of its timetables.

    Parameters
    ----------
    version
        The version that was looked at; None to act on whatever stands.

    Raises
    ------
    UnknownIdError
        If there is no such timetable.
    StaleError
        If it was changed since it was looked at.
    """
    row = Timetables(session, actor).find(timetable_id)
    Events(session, actor).find(row.event_id, lock=True)
    # Read again: whoever held the event may have changed it meanwhile.
    session.refresh(row, with_for_update=True)
    if version is not None and version != row.version:
        raise StaleError
    return row


def live_timetable(session: Session, event_id: UUID) -> TimetableRow | None:
    """Return the timetable of an event that is out, None if none is."""
    query = select(TimetableRow).where(
        TimetableRow.event_id == event_id, TimetableRow.state == TimetableState.PUBLISHED
    )
    return session.scalars(query).one_or_none()


def previous_timetable(session: Session, row: TimetableRow) -> TimetableRow | None:
    """Return what was out before a timetable; before a draft, what is out now."""
    if row.published_at is None:
        return live_timetable(session, row.event_id)
    query = (
        select(TimetableRow)
        .where(
            TimetableRow.event_id == row.event_id,
            col(TimetableRow.published_at).is_not(None),
            TimetableRow.sequence < row.sequence,
        )
        .order_by(col(TimetableRow.sequence).desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def run_of(session: Session, row: TimetableRow) -> RunRow | None:
    """Return the run that makes a timetable, or made it; None of one that was moved by hand."""
    return None if row.run_id is None else session.get(RunRow, row.run_id)


def runs_of(session: Session, rows: Iterable[TimetableRow]) -> dict[UUID, RunState]:
    """Return where the runs of some timetables stand, by the ids of the runs."""
    ids = [row.run_id for row in rows if row.run_id is not None]
    query = select(RunRow.id, RunRow.state).where(col(RunRow.id).in_(ids))
    return {identity: RunState(state) for identity, state in session.execute(query)}


def moves_of(session: Session, row: TimetableRow) -> tuple[Move, ...]:
    """Return what is new in a timetable against the one that was out before."""
    before = previous_timetable(session, row)
    if before is None or not has_document(row):
        return ()
    old, new = agenda_of(before), agenda_of(row)
    both = _joined(old.problem, new.problem)
    return () if both is None else moves_between(both, old.timetable, new.timetable)


def _joined(old: Problem, new: Problem) -> Problem | None:
    """Return the new problem with all that the old one has besides, to name what moved."""
    try:
        return new.replace(
            participants=(*new.participants, *(p for k, p in old.participant.items()
                                               if k not in new.participant)),
            meetings=(*new.meetings, *(m for k, m in old.meeting.items()
                                       if k not in new.meeting)),
            slots=(*new.slots, *(s for k, s in old.slot.items() if k not in new.slot)),
            tables=(*new.tables, *(t for k, t in old.table.items() if k not in new.table)),
        )  # fmt: skip
    except ProblemError:  # the hours of the halls overlap: nothing can be told of both
        return None


def has_document(row: TimetableRow) -> bool:
    """Tell whether a run has made the timetable."""
    return row.document != "{}"


def agenda_of(row: TimetableRow) -> Agenda:
    """Return the agenda of a timetable.

    Raises
    ------
    RunNotDoneError
        If it is still being made, or could not be.
    """
    if not has_document(row):
        raise RunNotDoneError(_NONE_YET)
    return _parsed(row.document)


@lru_cache(maxsize=16)
def _parsed(document: str) -> Agenda:
    """Read a timetable; a page asks for the same one several times, and nothing changes it."""
    return parse_timetable(document)


def number_after(session: Session, event_id: UUID) -> int:
    """Return the number of the next timetable of an event."""
    query = (
        select(TimetableRow.number)
        .where(TimetableRow.event_id == event_id)
        .order_by(col(TimetableRow.number).desc())
        .limit(1)
    )
    return (session.scalars(query).first() or 0) + 1
