"""Events, their timetables and guests: the office sees all, guests the events they are asked to."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import ColumnElement, exists
from sqlmodel import col, select

from matcher.domain.actor import Actor, Role
from matcher.store.paging import Order, day, whole_number
from matcher.store.repositories.base import EVERYTHING, NOTHING, Repository
from matcher.store.tables import AttendanceRow, EventRow, TimetableRow


class Events(Repository[EventRow]):
    """Events, the latest day first."""

    row: ClassVar[type[Any]] = EventRow
    order = Order(EventRow.day, EventRow.id, day, descending=True)  # type: ignore[arg-type]

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on an event."""
        if actor.is_office:
            return EVERYTHING
        asked = select(AttendanceRow.id).where(
            col(AttendanceRow.event_id) == col(EventRow.id), is_own_guest(actor)
        )
        return exists(asked)


class Timetables(Repository[TimetableRow]):
    """Timetables, the newest first: the office's, for each shows who meets whom."""

    row: ClassVar[type[Any]] = TimetableRow
    order = Order(TimetableRow.number, TimetableRow.id, whole_number, descending=True)  # type: ignore[arg-type]

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a timetable."""
        return EVERYTHING if actor.is_office else NOTHING


class Guests(Repository[AttendanceRow]):
    """Who is asked to an event: the office sees all, a guest itself."""

    row: ClassVar[type[Any]] = AttendanceRow
    order = Order(AttendanceRow.participant, AttendanceRow.id)  # type: ignore[arg-type]

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a guest."""
        return EVERYTHING if actor.is_office else is_own_guest(actor)


def is_own_guest(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a guest is the one that an account speaks for."""
    if actor.role is Role.BANK:
        return col(AttendanceRow.institution_id) == actor.institution_id
    if actor.role is Role.ENTERPRISE:
        return col(AttendanceRow.enterprise_id) == actor.enterprise_id
    return NOTHING
