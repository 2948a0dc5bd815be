"""Events, their timetables, and who came."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from matcher.store.tables.base import Row
from matcher.store.tables.columns import document, moment, optional_document


class EventRow(Row, table=True):
    """An event: a matchmaking meeting, a relief meeting, a park event, an adviser's visit.

    Parameters
    ----------
    round_id
        The round whose published plan gives the meetings; None where nothing is timetabled.
    description
        Hall, slots, tables, officers, wishes, as JSON; None where nothing is timetabled.
    outcome
        Follow-up numbers, as JSON.
    """

    __tablename__ = "event"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True, max_length=64)
    kind: str = Field(index=True, max_length=16)
    name: str = Field(max_length=200)
    day: date = Field(index=True)
    place: str | None = Field(default=None, max_length=200)
    round_id: UUID | None = Field(default=None, foreign_key="round.id", index=True)
    description: str | None = optional_document()
    outcome: str = document()
    created_by: UUID = Field(foreign_key="account.id")
    created_at: datetime = moment()


class TimetableRow(Row, table=True):
    """A timetable of an event; at most one is live.

    Parameters
    ----------
    sequence
        Counts what was published, as iCalendar's SEQUENCE does.
    """

    __tablename__ = "timetable"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        Index(
            "ux_timetable_live",
            "event_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    number: int
    state: str = Field(max_length=16)
    sequence: int = 0
    run_id: UUID | None = Field(default=None, foreign_key="run.id")
    document: str = document()
    created_by: UUID = Field(foreign_key="account.id")
    created_at: datetime = moment()
    published_at: datetime | None = moment(default=None, nullable=True)


class AttendanceRow(Row, table=True):
    """Somebody came to an event.

    Parameters
    ----------
    participant
        The key of the firm or institution, as the timetable names it.
    """

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("event_id", "participant"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    participant: str = Field(max_length=64)
    checked_in_at: datetime = moment()
    checked_in_by: UUID = Field(foreign_key="account.id")
