"""Timetables of events: asked for, followed, looked at, moved about."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field

from api.schemas.base import Schema, TextPublic
from api.schemas.plans import MAX_SEED, Number
from api.schemas.problem import ProblemPublic
from api.schemas.records import Identity, Next
from matcher.domain.event import EventKind
from matcher.domain.run import RunState
from matcher.domain.text import Text
from matcher.domain.timetable_state import TimetableState
from matcher.files.agenda import Agenda
from matcher.files.agenda_words import remarks
from matcher.schedule import Move, ParticipantKind, Session
from matcher.services.meetings.asking import MAX_SECONDS, ReplanAsked, TimetableAsked
from matcher.services.meetings.changing import ChangeKind, change_of
from matcher.services.meetings.moving import Moved
from matcher.store.tables import TimetableRow

_MOMENT = "2026-03-18T09:00:00+08:00"
_Id = Annotated[str, Field(min_length=1, max_length=200)]
_Moment = Annotated[datetime, Field(examples=[_MOMENT])]
_Late = Annotated[datetime | None, Field(examples=[_MOMENT])]


class TimetableCreate(Schema):
    """How to make a timetable."""

    time_limit_seconds: Annotated[
        Number, Field(gt=0, le=MAX_SECONDS, allow_inf_nan=False, examples=[60])
    ] = 60.0
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0
    fairness: Annotated[
        int | None,
        Field(description="Most gaps less fewest, instead of the description's.", ge=0, le=100),
    ] = None

    def asked(self) -> TimetableAsked:
        """Return it as services take it."""
        return TimetableAsked(
            time_limit=self.time_limit_seconds, seed=self.seed, fairness=self.fairness
        )


class ChangePublic(Schema):
    """Something that goes otherwise than planned."""

    kind: ChangeKind
    who: Annotated[
        str,
        Field(
            description="Id of a participant, of a table (`table_broken`) or of a meeting "
            "(`cancelled`).",
            min_length=1,
            max_length=200,
            examples=["firm-01"],
        ),
    ]
    at: Annotated[
        AwareDatetime | None,
        Field(
            description="`late`: until when; `leaves`: since when; `table_broken`: until when, "
            "or for the day.",
            examples=[_MOMENT],
        ),
    ] = None


class ReplanCreate(Schema):
    """What went otherwise on the day."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"changes": [], "without_missing": True}]}
    )

    changes: Annotated[tuple[ChangePublic, ...], Field(max_length=500)] = ()
    without_missing: Annotated[
        bool, Field(description="Whether all who are expected and have not checked in are away.")
    ] = False
    time_limit_seconds: Annotated[
        Number, Field(gt=0, le=MAX_SECONDS, allow_inf_nan=False, examples=[30])
    ] = 30.0

    def asked(self) -> ReplanAsked:
        """Return it as services take it.

        Raises
        ------
        InputError
            If a change lacks its time.
        """
        return ReplanAsked(
            changes=tuple(
                change_of(one.kind, one.who, one.at, f"changes[{n}].at")
                for n, one in enumerate(self.changes)
            ),
            without_missing=self.without_missing,
            time_limit=self.time_limit_seconds,
        )


class MoveCreate(Schema):
    """Where a meeting is to be; without slot and table it is taken off."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"meeting": "firm-01~bank-a", "slot": "0318-0900", "table": "A1"}]
        }
    )

    meeting: _Id
    slot: _Id | None = None
    table: _Id | None = None
    swap: Annotated[
        bool, Field(description="Whether what is there goes to where the meeting was.")
    ] = False

    def moved(self) -> Moved:
        """Return it as services take it."""
        return Moved(
            meeting_id=self.meeting, slot_id=self.slot, table_id=self.table, swap=self.swap
        )


class TimetableLinks(Schema):
    """Where to go from here; null until there is a timetable."""

    self: Annotated[str, Field(examples=["/timetables/3f0e7a52-5d5c-4a39-9d5b-1a4c2d6f8b10"])]
    event: str
    document: Annotated[str | None, Field(description="timetable.json, as `matcher schedule`.")]
    workbook: str | None
    agenda: Annotated[str | None, Field(description="The printed agenda, PDF.")]
    calendars: Annotated[str | None, Field(description="A calendar for each guest, in a ZIP.")]


class LevelPublic(Schema):
    """One level of the objective."""

    name: Annotated[str, Field(examples=["breaks"])]
    text: TextPublic
    value: int
    bound: Annotated[int, Field(description="What no timetable betters, all levels before equal.")]


class TimetablePublic(Schema):
    """A timetable of an event."""

    id: Identity
    event_id: Identity
    number: Annotated[int, Field(description="Counts the timetables of the event.", ge=1)]
    version: Annotated[int, Field(description="Counts changes; what `ETag` is made of.", ge=1)]
    state: TimetableState
    state_text: TextPublic
    run_status: Annotated[
        RunState | None, Field(description="Where the run stands that makes it; null: none does.")
    ]
    sequence: Annotated[
        int | None, Field(description="Counts what was given out, from 0; null: it was not.")
    ]
    based_on: Annotated[UUID | None, Field(description="The timetable that it changes.")]
    created_at: _Moment
    published_at: _Late
    links: TimetableLinks

    @classmethod
    def fields_of(cls, row: TimetableRow, run: RunState | None) -> dict[str, Any]:
        """Return the fields of a timetable."""
        state = TimetableState.parse(row.state)
        same = ("id", "event_id", "number", "version", "based_on", "created_at", "published_at")
        return {
            **{name: getattr(row, name) for name in same},
            "state": state,
            "state_text": TextPublic.of(state.text),
            "run_status": run,
            "sequence": None if row.published_at is None else row.sequence,
            "links": _links(row),
        }

    @classmethod
    def of(cls, row: TimetableRow, run: RunState | None) -> Self:
        """Take over a timetable."""
        return cls(**cls.fields_of(row, run))


def _links(row: TimetableRow) -> TimetableLinks:
    path, is_made = f"/timetables/{row.id}", row.document != "{}"
    return TimetableLinks(
        self=path,
        event=f"/events/{row.event_id}",
        document=f"{path}/document" if is_made else None,
        workbook=f"{path}/timetable.xlsx" if is_made else None,
        agenda=f"{path}/agenda.pdf" if is_made else None,
        calendars=f"{path}/calendars.zip" if is_made else None,
    )


class SlotPublic(Schema):
    """A stretch of time."""

    id: str
    start: _Moment
    end: _Moment
    session: Session


class TablePublic(Schema):
    """A table of the hall."""

    id: str
    name: str
    capacity: int
    closed: Annotated[list[str], Field(description="Ids of the slots in which it is out of use.")]


class ParticipantPublic(Schema):
    """Somebody who is at the event."""

    id: str
    name: TextPublic
    kind: ParticipantKind
    officers: int


class MeetingPublic(Schema):
    """A meeting, held or not."""

    id: str
    institution: Annotated[str, Field(description="Id of a participant.")]
    firm: Annotated[str, Field(description="Id of a participant.")]
    slot: Annotated[str | None, Field(description="Null where it is not held.")]
    table: str | None
    value: int
    is_must: bool
    topics: list[TextPublic]
    along: Annotated[list[str], Field(description="Ids of those who sit along.")]


class MovePublic(Schema):
    """One change of somebody's agenda."""

    participant: str
    meeting: str
    text: TextPublic

    @classmethod
    def of(cls, move: Move) -> Self:
        """Take over a change."""
        return cls(
            participant=move.participant_id,
            meeting=move.meeting_id,
            text=TextPublic.of(move.text),
        )


class HallPublic(Schema):
    """A timetable that was made, whole."""

    title: TextPublic
    kind: EventKind
    days: list[date]
    place: TextPublic
    status: Annotated[str, Field(description="Of the solver.", examples=["optimal"])]
    levels: list[LevelPublic]
    slots: list[SlotPublic]
    tables: list[TablePublic]
    participants: list[ParticipantPublic]
    meetings: list[MeetingPublic]
    remarks: Annotated[list[TextPublic], Field(description="What is not held, and why.")]

    @classmethod
    def of(cls, agenda: Agenda) -> Self:
        """Take over an agenda."""
        head, problem = agenda.head, agenda.problem
        return cls(
            title=TextPublic.of(head.title),
            kind=head.kind,
            days=list(head.days),
            place=TextPublic.of(head.place),
            status=agenda.status.value,
            levels=[
                LevelPublic(
                    name=one.name.value,
                    text=TextPublic.of(one.name.text),
                    value=one.value,
                    bound=one.bound,
                )
                for one in agenda.levels
            ],
            slots=[
                SlotPublic(id=s.slot_id, start=s.start, end=s.end, session=s.session)
                for s in problem.slots
            ],
            tables=[
                TablePublic(
                    id=t.table_id, name=str(t.text), capacity=t.capacity, closed=sorted(t.closed)
                )
                for t in problem.tables
            ],
            participants=[
                ParticipantPublic(
                    id=p.participant_id,
                    name=TextPublic.of(p.text),
                    kind=p.kind,
                    officers=p.officers,
                )
                for p in problem.participants
            ],
            meetings=_meetings(agenda),
            remarks=[
                TextPublic.of(Text("{k}：{t}", "{k}: {t}").format(k=k, t=t))
                for k, t in remarks(agenda)
            ],
        )


def _meetings(agenda: Agenda) -> list[MeetingPublic]:
    held, found = agenda.timetable.by_meeting, []
    for meeting in agenda.problem.meetings:
        place, talk = held.get(meeting.meeting_id), agenda.talk(meeting.meeting_id)
        found.append(
            MeetingPublic(
                id=meeting.meeting_id,
                institution=meeting.first,
                firm=meeting.second,
                slot=None if place is None else place.slot_id,
                table=None if place is None else place.table_id,
                value=meeting.value,
                is_must=meeting.must,
                topics=[TextPublic.of(topic) for topic in talk.topics],
                along=list(talk.others),
            )
        )
    return found


class TimetableDetailPublic(TimetablePublic):
    """A timetable with its hall, or with why there is none."""

    stage: Annotated[TextPublic | None, Field(description="What is being done, while made.")]
    hall: HallPublic | None
    moves: Annotated[
        list[MovePublic], Field(description="What is new against the one given out before.")
    ]
    problem: Annotated[ProblemPublic | None, Field(description="Why there is none.")]


class TimetablesPublic(Schema):
    """A page of timetables, the newest first."""

    items: list[TimetablePublic]
    next: Next
