"""Calendars of guests: all that they have, or what is new and what is off since last time."""

from __future__ import annotations

import io
import zipfile
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.files.agenda import Agenda
from matcher.files.agenda_ics import calendar_bytes, cancel_bytes, file_names, request_bytes
from matcher.services.meetings.own import narrowed, own_agenda
from matcher.services.meetings.reading import agenda_of, live_timetable, previous_timetable
from matcher.store.repositories.base import not_found
from matcher.store.tables import TimetableRow

_EPOCH = (1980, 1, 1, 0, 0, 0)


class Method(StrEnum):
    """What a calendar does, as iTIP (RFC 5546) has it."""

    PUBLISH = "publish"
    REQUEST = "request"
    CANCEL = "cancel"


def own_calendar(session: Session, actor: Actor, event_id: UUID, method: Method) -> bytes:
    """Return the calendar of a bank or a firm.

    Raises
    ------
    UnknownIdError
        If there is no such event for this actor, no timetable is out, or there is nothing to
        tell by this method.
    """
    _, who, agenda = own_agenda(session, actor, event_id)
    if method is Method.PUBLISH:
        return calendar_bytes(agenda, who)
    live = live_timetable(session, event_id)
    assert live is not None
    before = previous_timetable(session, live)
    old = None if before is None else narrowed(session, actor, agenda_of(before), who)
    return _told(old, agenda, who, method)


def calendar_of(session: Session, row: TimetableRow, who: str, method: Method) -> bytes:
    """Return the calendar of any guest of a timetable, for the office.

    Raises
    ------
    RunNotDoneError
        If there is no timetable yet.
    UnknownIdError
        If nobody is called so, or there is nothing to tell by this method.
    """
    before, agenda = _pair(session, row)
    if who not in _everybody(before, agenda, method):
        raise not_found()
    return _told(before, agenda, who, method)


def all_calendars(session: Session, row: TimetableRow, method: Method) -> bytes:
    """Return the calendars of all guests who have something to be told, in a ZIP.

    Raises
    ------
    RunNotDoneError
        If there is no timetable yet.
    """
    before, agenda = _pair(session, row)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for who, name in _everybody(before, agenda, method).items():
            content = _any(before, agenda, who, method)
            if content is not None:
                archive.writestr(zipfile.ZipInfo(name, _EPOCH), content)
    return buffer.getvalue()


def _pair(session: Session, row: TimetableRow) -> tuple[Agenda | None, Agenda]:
    """Return the agenda that was out before, and that of a timetable."""
    agenda, previous = agenda_of(row), previous_timetable(session, row)
    return None if previous is None else agenda_of(previous), agenda


def _everybody(before: Agenda | None, after: Agenda, method: Method) -> dict[str, str]:
    """Return the names of files by guest; what is off is told also to who comes no more."""
    if method is Method.CANCEL:
        return {} if before is None else file_names(before)
    return file_names(after)


def _told(before: Agenda | None, after: Agenda, who: str, method: Method) -> bytes:
    found = _any(before, after, who, method)
    if found is None:
        raise not_found()
    return found


def _any(before: Agenda | None, after: Agenda, who: str, method: Method) -> bytes | None:
    if method is Method.PUBLISH:
        return calendar_bytes(after, who) if after.has_business(who) else None
    if method is Method.REQUEST:
        return request_bytes(before, after, who)
    return cancel_bytes(before, after, who)
