"""Events: the register, guests, and the agenda of one guest."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from api.schemas.base import Schema, TextPublic
from api.schemas.plans import Day
from api.schemas.records import Identity, Next
from matcher.domain.event import EventKind
from matcher.domain.money import MAX_FEN
from matcher.files.agenda import Agenda, Entry
from matcher.services.meetings.describing import kept_description
from matcher.services.meetings.following import Followed
from matcher.services.meetings.register import Outcome
from matcher.store.tables import AttendanceRow, EventRow

_DAY = "2026-03-18"
_MOMENT = "2026-03-18T09:00:00+08:00"
EXAMPLE_DESCRIPTION = """\
[[slots]]
start = "09:00"
minutes = 20
number = 8
[[tables]]
number = 12
"""
Key = Annotated[
    str, Field(description="The id that people give it.", max_length=64, examples=["relief-2026-1"])
]
Name = Annotated[str, Field(min_length=1, max_length=200, examples=["银企对接会"])]
Place = Annotated[str | None, Field(max_length=200, examples=["会议中心一楼大厅"])]
Described = Annotated[
    str | dict[str, Any] | None,
    Field(
        description="Hall, slots, tables, officers, wishes: the text of an event file as "
        "`matcher schedule` reads it (`matcher template event.toml --for event`), or the same as "
        "an object. What stands here as title, kind, place and day need not be said again.",
        examples=[EXAMPLE_DESCRIPTION],
    ),
]
Round = Annotated[
    UUID | None, Field(description="The round whose published plan says who is to meet whom.")
]
_Ids = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=64)], ...],
    Field(description="Ids of those who took part; guests who check in count by themselves.",
          max_length=5000),
]  # fmt: skip
Count = Annotated[int | None, Field(ge=0, le=1_000_000)]
Money = Annotated[int | None, Field(description="Whole fen.", ge=0, le=MAX_FEN)]


class OutcomePublic(Schema):
    """Who took part and what came of it, as far as people said."""

    institutions: _Ids = ()
    enterprises: _Ids = ()
    num_enterprises: Annotated[
        Count, Field(description="All firms that took part, where not all are named.")
    ] = None
    problems_solved: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    num_deals: Annotated[Count, Field(description="Deals signed afterwards.")] = None
    promised_fen: Money = None
    disbursed_fen: Money = None

    def outcome(self) -> Outcome:
        """Return it as services take it."""
        return Outcome(**{name: getattr(self, name) for name in type(self).model_fields})


class EventCreate(Schema):
    """An event to enter: one that was held, or is to be held."""

    kind: EventKind
    name: Name
    day: Annotated[Day, Field(description="Its first day.", examples=[_DAY])]
    key: Annotated[
        Key | None, Field(description="Made of kind and day where none is given.", min_length=1)
    ] = None
    place: Place = None
    round_id: Round = None
    description: Described = None
    outcome: OutcomePublic = OutcomePublic()


class EventChange(Schema):
    """What is to be changed of an event; what is not named stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "银企对接会（第二场）"}]})

    kind: EventKind | None = None
    name: Name | None = None
    day: Annotated[Day | None, Field(examples=[_DAY])] = None
    place: Place = None
    round_id: Round = None
    description: Described = None
    outcome: OutcomePublic | None = None

    def changes(self, before: Outcome) -> dict[str, Any]:
        """Return the fields that were named; of the outcome, those alone that were."""
        asked = {name: getattr(self, name) for name in self.model_fields_set}
        for name in ("kind", "name", "day", "outcome"):
            if asked.get(name, ...) is None:  # these have no nothing
                del asked[name]
        if self.outcome is not None:
            said = {n: getattr(self.outcome, n) for n in self.outcome.model_fields_set}
            kept = {n: getattr(before, n) for n in OutcomePublic.model_fields}
            asked["outcome"] = Outcome(**kept | said)
        return asked


class EventOfficePublic(Schema):
    """What the office alone sees of an event."""

    version: Annotated[int, Field(description="Counts changes; what `ETag` is made of.", ge=1)]
    round_id: UUID | None
    has_description: Annotated[bool, Field(description="Whether a timetable can be made.")]
    outcome: OutcomePublic


class EventPublic(Schema):
    """An event."""

    id: Identity
    key: Key
    kind: EventKind
    kind_text: TextPublic
    name: str
    day: Annotated[date, Field(examples=[_DAY])]
    place: str | None
    office: Annotated[EventOfficePublic | None, Field(description="Null for banks and firms.")]

    @classmethod
    def fields_of(cls, row: EventRow, is_office: bool) -> dict[str, Any]:
        """Return the fields of an event for whoever asks."""
        kind = EventKind.parse(row.kind)
        return {
            **{name: getattr(row, name) for name in ("id", "key", "name", "day", "place")},
            "kind": kind,
            "kind_text": TextPublic.of(kind.text),
            "office": _office(row) if is_office else None,
        }

    @classmethod
    def of(cls, row: EventRow, is_office: bool) -> Self:
        """Take over an event."""
        return cls(**cls.fields_of(row, is_office))


def _office(row: EventRow) -> EventOfficePublic:
    said = Outcome.of_json(row.outcome)
    return EventOfficePublic(
        version=row.version,
        round_id=row.round_id,
        has_description=row.description is not None,
        outcome=OutcomePublic(**{n: getattr(said, n) for n in OutcomePublic.model_fields}),
    )


class FollowedPublic(Schema):
    """What came of the meetings of the timetable that is out, by the cases of their leads."""

    num_meetings: Annotated[int, Field(ge=0)]
    num_leads: Annotated[int, Field(description="Leads that the meetings were about.", ge=0)]
    num_accepted: Annotated[int, Field(ge=0)]
    num_deals: Annotated[int, Field(description="Signed or further.", ge=0)]
    promised_fen: Annotated[int, Field(description="Approved or further, in fen.", ge=0)]
    disbursed_fen: Annotated[int, Field(ge=0)]


class EventDetailPublic(EventPublic):
    """An event; for the office with its description, its guests counted, and what came of it."""

    description: Described
    timetable_id: Annotated[UUID | None, Field(description="The timetable that is out.")]
    num_expected: Annotated[int | None, Field(description="Guests of that timetable.")]
    num_present: Annotated[int | None, Field(description="Guests who checked in.")]
    followed: FollowedPublic | None

    @classmethod
    def told(cls, row: EventRow, followed: Followed | None) -> Self:
        """Take over an event; without ``followed`` as a guest sees it."""
        known = followed is not None
        return cls(
            **cls.fields_of(row, known),
            description=kept_description(row) if known else None,
            timetable_id=None if followed is None else followed.timetable_id,
            num_expected=None if followed is None else followed.num_expected,
            num_present=None if followed is None else followed.num_present,
            followed=None
            if followed is None
            else FollowedPublic(
                **{name: getattr(followed, name) for name in FollowedPublic.model_fields}
            ),
        )


class EventsPublic(Schema):
    """A page of events, the latest day first."""

    items: list[EventPublic]
    next: Next


class CheckInCreate(Schema):
    """Somebody came."""

    participant: Annotated[
        str,
        Field(
            description="Its id in the timetable; of whoever is not expected, in the market.",
            min_length=1,
            max_length=64,
            examples=["firm-01"],
        ),
    ]


class GuestPublic(Schema):
    """Somebody who is to come, or came."""

    id: Identity
    participant: Annotated[str, Field(examples=["firm-01"])]
    name: TextPublic
    is_institution: bool
    is_expected: Annotated[
        bool, Field(description="Whether the timetable has a meeting of theirs.")
    ]
    checked_in_at: Annotated[datetime | None, Field(examples=[_MOMENT])]

    @classmethod
    def of(cls, row: AttendanceRow) -> Self:
        """Take over a guest."""
        return cls(
            id=row.id,
            participant=row.participant,
            name=TextPublic(zh=row.name, en=row.name_en),
            is_institution=row.institution_id is not None,
            is_expected=row.is_expected,
            checked_in_at=row.checked_in_at,
        )


class GuestsPublic(Schema):
    """A page of guests, by their ids."""

    items: list[GuestPublic]
    next: Next


class AppointmentPublic(Schema):
    """One meeting of a guest."""

    start: Annotated[datetime, Field(examples=[_MOMENT])]
    end: Annotated[datetime, Field(examples=["2026-03-18T09:20:00+08:00"])]
    table: Annotated[str, Field(examples=["A1"])]
    partner: TextPublic
    along: Annotated[list[TextPublic], Field(description="Who else sits at the table.")]
    topics: Annotated[list[TextPublic], Field(description="The products that it is about.")]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Take over an entry of an agenda."""
        return cls(
            start=entry.slot.start,
            end=entry.slot.end,
            table=str(entry.table.text),
            partner=TextPublic.of(entry.partner.text),
            along=[TextPublic.of(one.text) for one in entry.along],
            topics=[TextPublic.of(topic) for topic in entry.talk.topics],
        )


class OwnAgendaPublic(Schema):
    """The meetings of the guest who asks, as the timetable that is out has them."""

    event: EventPublic
    sequence: Annotated[int, Field(description="Counts what was given out, from 0.", ge=0)]
    items: list[AppointmentPublic]
    off: Annotated[list[AppointmentPublic], Field(description="What is no longer held.")]

    @classmethod
    def of(cls, event: EventRow, who: str, agenda: Agenda) -> Self:
        """Take over somebody's agenda."""
        off = [agenda.off_entry(item, who) for item in agenda.off_of(who)]
        return cls(
            event=EventPublic.of(event, is_office=False),
            sequence=agenda.head.revision,
            items=[AppointmentPublic.of(entry) for entry in agenda.entries[who]],
            off=[AppointmentPublic.of(entry) for entry in off],
        )
