"""The register of events: entered, changed, taken out; what each adds to the statistics."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.errors import Fault, Faults, InputError, UnknownIdError
from matcher.domain.event import Event, EventKind
from matcher.domain.text import Text
from matcher.services.errors import ConflictError, StaleError
from matcher.services.meetings.describing import (
    Description,
    keep_description,
    kept_description,
    read_sheet,
)
from matcher.services.record import Happening, append, begin
from matcher.store.paging import Page, Slice
from matcher.store.repositories.meetings import Events
from matcher.store.repositories.plans import Rounds
from matcher.store.tables import AttendanceRow, EventRow, TimetableRow

KIND = "event"
MAX_WORDS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Who took part in an event and what came of it, as people say; see `Event`.

    Parameters
    ----------
    institutions, enterprises
        Ids of those who took part; whoever checked in counts without being named here.
    """

    institutions: tuple[str, ...] = ()
    enterprises: tuple[str, ...] = ()
    num_enterprises: int | None = None
    problems_solved: int = 0
    num_deals: int | None = None
    promised_fen: int | None = None
    disbursed_fen: int | None = None

    def to_json(self) -> str:
        """Return it as it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def of_json(cls, content: str) -> Outcome:
        """Read what `to_json` gave."""
        values = json.loads(content)
        lists = {name: tuple(values[name]) for name in ("institutions", "enterprises")}
        return cls(**values | lists)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAsked:
    """An event as it is to be entered.

    Parameters
    ----------
    key
        Its id; None for one made of kind and day.
    round_id
        The round whose published plan gives the meetings.
    description
        Hall, slots, tables, …; None where nothing is timetabled.
    """

    kind: EventKind
    name: str
    day: date
    key: str | None = None
    place: str | None = None
    round_id: UUID | None = None
    description: Description | None = None
    outcome: Outcome = field(default_factory=Outcome)

    def __post_init__(self) -> None:
        faults, most = Faults(), MAX_WORDS
        expected = Text(f"1 到 {most} 个字符", f"1 to {most} characters")
        faults.require(0 < len(self.name.strip()) <= most, "name", self.name, expected)
        faults.require(len(self.place or "") <= most, "place", self.place, expected)
        faults.raise_if_any()


CHANGEABLE = tuple(f.name for f in fields(EventAsked) if f.name != "key")


def enter_event(session: Session, actor: Actor, asked: EventAsked, now: datetime) -> EventRow:
    """Enter an event.

    Raises
    ------
    InputError
        If its description or its figures cannot be used, or there is no such round.
    ConflictError
        If the key is in use.
    """
    begin(session)
    row = EventRow(
        key=asked.key or _new_key(session, asked),
        kind=asked.kind.value,
        name=asked.name.strip(),
        day=asked.day,
        outcome=asked.outcome.to_json(),
        created_by=actor.account_id,
        created_at=now,
    )
    if _has_key(session, row.key):
        raise ConflictError([Fault(Text("编号已被使用", "the key is in use"), "key", row.key)])
    _fill(session, actor, row, asked)
    session.add(row)
    session.flush()
    _record(session, actor, row, "enter", now)
    return row


def change_event(
    session: Session,
    actor: Actor,
    event_id: UUID,
    version: int | None,
    changes: dict[str, Any],
    now: datetime,
) -> EventRow:
    """Change some fields of an event, named as in `EventAsked`; its key stays.

    A timetable that was made stays as it is: a new one is made of the new description.

    Raises
    ------
    UnknownIdError
        If there is no such event for this actor.
    StaleError
        If it was changed since it was looked at.
    InputError
        If it cannot be used then.
    """
    begin(session)
    row = Events(session, actor).find(event_id, lock=True)
    if version is not None and version != row.version:
        raise StaleError
    asked = replace(asked_of(row), **changes)
    row.kind, row.name, row.day = asked.kind.value, asked.name.strip(), asked.day
    row.outcome = asked.outcome.to_json()
    _fill(session, actor, row, asked)
    row.version += 1
    session.add(row)
    session.flush()
    _record(session, actor, row, "change", now)
    return row


def remove_event(session: Session, actor: Actor, event_id: UUID, now: datetime) -> None:
    """Take an event out of the register: one that was entered by mistake.

    Raises
    ------
    ConflictError
        If it has a timetable, or guests checked in: others rely on it.
    """
    begin(session)
    row = Events(session, actor).find(event_id, lock=True)
    for table in (TimetableRow, AttendanceRow):
        used = select(table.id).where(table.event_id == event_id).limit(1)
        if session.scalars(used).first() is not None:
            message = Text("活动已有时间表或签到，不能删除", "it has a timetable, or guests")
            raise ConflictError([Fault(message, "event_id")])
    _record(session, actor, row, "remove", now)
    session.delete(row)
    session.flush()


def list_events(
    session: Session,
    actor: Actor,
    page: Page,
    kind: EventKind | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Slice[EventRow]:
    """Return a page of the events that an actor may see, the latest day first."""
    where = [] if kind is None else [col(EventRow.kind) == kind.value]
    where += [] if since is None else [col(EventRow.day) >= since]
    where += [] if until is None else [col(EventRow.day) <= until]
    return Events(session, actor).page(page, *where)


def asked_of(row: EventRow) -> EventAsked:
    """Return an event as it was asked for."""
    return EventAsked(
        kind=EventKind.parse(row.kind),
        name=row.name,
        day=row.day,
        key=row.key,
        place=row.place,
        round_id=row.round_id,
        description=kept_description(row),
        outcome=Outcome.of_json(row.outcome),
    )


def event_of(row: EventRow, institutions: frozenset[str], enterprises: frozenset[str]) -> Event:
    """Return an event as statistics count it.

    Parameters
    ----------
    institutions, enterprises
        Keys of those who checked in; they count beside those who were named.
    """
    said = Outcome.of_json(row.outcome)
    firms = frozenset(said.enterprises) | enterprises
    number = said.num_enterprises
    return Event(
        event_id=row.key,
        kind=EventKind.parse(row.kind),
        day=row.day,
        place=row.place,
        institutions=frozenset(said.institutions) | institutions,
        enterprises=firms,
        # Who checked in after the number was written down is there all the same.
        num_enterprises=None if number is None else max(number, len(firms)),
        problems_solved=said.problems_solved,
        num_deals=said.num_deals,
        promised_fen=said.promised_fen,
        disbursed_fen=said.disbursed_fen,
    )


def _fill(session: Session, actor: Actor, row: EventRow, asked: EventAsked) -> None:
    row.place = (asked.place or "").strip() or None
    row.round_id = asked.round_id
    row.description = keep_description(asked.description)
    faults: list[Fault] = []
    if asked.round_id is not None:
        faults += _round_faults(session, actor, asked.round_id)
    try:
        event_of(row, frozenset(), frozenset())
        if asked.description is not None:
            read_sheet(asked.description, row)
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)


def _round_faults(session: Session, actor: Actor, round_id: UUID) -> list[Fault]:
    try:
        Rounds(session, actor).find(round_id)
    except UnknownIdError:
        message = Text("引用的编号不存在", "refers to an id that is not there")
        return [Fault(message, "round_id", str(round_id))]
    return []


def _new_key(session: Session, asked: EventAsked) -> str:
    base = f"{asked.kind.value}-{asked.day.isoformat()}"
    pattern = col(EventRow.key).startswith(base, autoescape=True)
    taken = set(session.scalars(select(EventRow.key).where(pattern)))
    number = next(n for n in range(1, len(taken) + 2) if _numbered(base, n) not in taken)
    return _numbered(base, number)


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}-{number}"


def _has_key(session: Session, key: str) -> bool:
    return session.scalars(select(EventRow.id).where(EventRow.key == key)).first() is not None


def _record(session: Session, actor: Actor, row: EventRow, action: str, now: datetime) -> None:
    told = {name: getattr(row, name) for name in ("key", "kind", "name", "version")}
    append(
        session,
        Happening(
            kind=KIND,
            action=action,
            subject_id=row.id,
            at=now,
            account_id=actor.account_id,
            details=told | {"day": row.day.isoformat(), "outcome": json.loads(row.outcome)},
        ),
    )
