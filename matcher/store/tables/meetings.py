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
        Hall, slots, tables, officers, wishes: an event file, as the text of a TOML file or as an
        object, in JSON; None where nothing is timetabled.
    outcome
        Who took part and what came of it, as far as people said, as JSON.
    version
        Counts changes: what `ETag` is made of.
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
    version: int = 1
    created_by: UUID = Field(foreign_key="account.id")
    created_at: datetime = moment()


class TimetableRow(Row, table=True):
    """A timetable of an event; at most one is live.

    Parameters
    ----------
    state
        ``asked`` while a run makes it, ``draft``, ``published``, ``superseded``, ``discarded``.
    sequence
        Counts what was published, as iCalendar's SEQUENCE does.
    version
        Counts changes of a draft: what `ETag` is made of.
    based_on
        The published timetable that it changes; None where it was made anew.
    document
        timetable.json; ``{}`` before there is one.
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
    version: int = 1
    based_on: UUID | None = None
    run_id: UUID | None = Field(default=None, foreign_key="run.id")
    document: str = document()
    created_by: UUID = Field(foreign_key="account.id")
    created_at: datetime = moment()
    published_at: datetime | None = moment(default=None, nullable=True)


class AttendanceRow(Row, table=True):
    """Somebody who is to come to an event, or came.

    Parameters
    ----------
    participant
        The key of the firm or institution, as the timetable names it.
    name, name_en
        As the timetable has them: a guest need not be in the market.
    institution_id, enterprise_id
        Whose account may see the event; None for a guest of no account.
    is_expected
        Whether the published timetable has a meeting of theirs.
    checked_in_at
        When they came; None as long as they have not.
    """

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("event_id", "participant"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    participant: str = Field(max_length=64)
    name: str = Field(max_length=500)
    name_en: str = Field(max_length=500)
    institution_id: UUID | None = Field(default=None, foreign_key="institution.id", index=True)
    enterprise_id: UUID | None = Field(default=None, foreign_key="enterprise.id", index=True)
    is_expected: bool = True
    checked_in_at: datetime | None = moment(default=None, nullable=True)
    checked_in_by: UUID | None = Field(default=None, foreign_key="account.id")
