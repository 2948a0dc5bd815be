"""What the forms of the pages of events say, or every fault of it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from api.pages.page import Form
from matcher.domain.errors import Fault, Faults, InputError
from matcher.domain.event import EventKind
from matcher.domain.money import parse_money
from matcher.domain.text import Text
from matcher.schedule import Change
from matcher.services.meetings.changing import ChangeKind, change_of
from matcher.services.meetings.register import EventAsked, Outcome
from matcher.services.meetings.simple_hall import SimpleHall


def event_asked(form: Form) -> EventAsked:
    """Return the event that a form enters.

    Raises
    ------
    InputError
        If a field cannot be used.
    """
    faults = Faults()
    day = _day(form.text("day"))
    faults.require(day is not None, "day", form.text("day"), Text("日期", "a day"))
    kind = form.text("kind")
    known = kind in tuple(EventKind)
    faults.require(known, "kind", kind, EventKind.menu())
    faults.raise_if_any()
    assert day is not None
    return EventAsked(
        kind=EventKind.parse(kind),
        name=form.text("name"),
        day=day,
        place=form.text("place") or None,
        round_id=identity_of(form.text("round_id")) if form.text("round_id") else None,
    )


def hall_asked(form: Form) -> SimpleHall:
    """Return the hall that a form describes by its few fields.

    Raises
    ------
    InputError
        If a field cannot be used.
    """
    return SimpleHall(
        start=form.text("start"),
        minutes=_number(form, "minutes", 0),
        gap_minutes=_number(form, "gap_minutes", 0),
        number_of_slots=_number(form, "number_of_slots", 0),
        number_of_tables=_number(form, "number_of_tables", 0),
        lunch=(form.text("lunch_from"), form.text("lunch_to")),
        organiser=form.text("organiser"),
        firms=tuple(form.text("firms").split()),
        institutions=tuple(form.text("institutions").split()),
    )


def outcome_asked(form: Form, before: Outcome) -> Outcome:
    """Return what a form says of an outcome; those who took part stay as they were.

    Raises
    ------
    InputError
        If a field cannot be used.
    """
    return Outcome(
        institutions=before.institutions,
        enterprises=before.enterprises,
        num_enterprises=_optional(form, "num_enterprises"),
        problems_solved=_number(form, "problems_solved", 0),
        num_deals=_optional(form, "num_deals"),
        promised_fen=_money(form, "promised"),
        disbursed_fen=_money(form, "disbursed"),
    )


def change_asked(form: Form, day: date) -> Change:
    """Return what goes otherwise, at a time of a day.

    Raises
    ------
    InputError
        If a field cannot be used.
    """
    kind = ChangeKind.parse(form.text("kind"))
    clock = form.text("at")
    at = None
    if clock:
        try:
            at = datetime.fromisoformat(f"{day.isoformat()}T{clock}:00+08:00")
        except ValueError:
            raise InputError([_unusable("at", clock)]) from None
    return change_of(kind, form.text("who"), at)


def _number(form: Form, name: str, otherwise: int) -> int:
    found = _optional(form, name)
    return otherwise if found is None else found


def _optional(form: Form, name: str) -> int | None:
    words = form.text(name)
    if not words:
        return None
    if not (words.isascii() and words.isdecimal() and len(words) < 10):
        raise InputError([_unusable(name, words)])
    return int(words)


def _money(form: Form, name: str) -> int | None:
    words = form.text(name)
    if not words:
        return None
    try:
        return parse_money(words)
    except ValueError:
        raise InputError([_unusable(name, words)]) from None


def _unusable(name: str, words: str) -> Fault:
    return Fault(Text("取值不可用", "cannot be used"), name, words)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def identity_of(words: str) -> UUID:
    """Return the id that words are.

    Raises
    ------
    InputError
        If a field cannot be used.
    """
    try:
        return UUID(words)
    except ValueError:
        raise InputError([_unusable("id", words)]) from None
