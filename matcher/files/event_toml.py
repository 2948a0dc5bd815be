"""Reader of event files (TOML): the hall, the day, the guests, and what is asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from matcher.domain.errors import Fault, InputError
from matcher.domain.event import EventKind
from matcher.domain.text import Text
from matcher.files.atomic import write_whole
from matcher.files.event_hall import Hall, read_hall
from matcher.files.event_requests import (
    read_apart,
    read_asked,
    read_orders,
    read_people,
)
from matcher.files.event_sheet import EventHead, EventSheet, Guest
from matcher.files.toml_table import MISSING, TomlTable
from matcher.schedule import ParticipantKind

MAX_BYTES = 4 * 1024 * 1024


def read_event(path: str | Path) -> EventSheet:
    """Read an event file.

    Raises
    ------
    InputError
        With every fault found: the file, the table and its number, the field.
    """
    path = Path(path)
    return parse_event(_text(path), path.name)


def parse_event(text: str, file: str = "event.toml") -> EventSheet:
    """Read an event file from its text.

    Raises
    ------
    InputError
        With every fault found.
    """
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        message = Text("不是有效的 TOML（{e}）", "is not valid TOML ({e})").format(e=error)
        raise InputError([Fault(message, file=file)]) from None
    return read_event_document(document, file)


def read_event_document(document: Mapping[str, object], file: str = "event.json") -> EventSheet:
    """Read an event from the values of a TOML file, or of JSON with days and times as text.

    Raises
    ------
    InputError
        With every fault found.
    """
    faults: list[Fault] = []
    sheet = _read(document, file, faults)
    if faults:
        raise InputError(fault.at(file=file) for fault in faults)
    return sheet


def write_event_example(path: Path) -> None:
    """Write an event file to fill in, with a comment on every field.

    Raises
    ------
    InputError
        If the place cannot be written to.
    """
    write_whole(path, files("matcher.files").joinpath("event_example.toml").read_bytes())


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise ValueError("too large")
        return data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = Text("文件无法读取（{e}）", "cannot be read ({e})").format(e=reason)
        raise InputError([Fault(message, file=str(path))]) from None


def _read(document: Mapping[str, object], file: str, faults: list[Fault]) -> EventSheet:
    top = TomlTable(document, faults)
    event = _event_table(top, faults)
    head = _head(event)
    hall = read_hall(top, head.days, faults)
    guests, away = read_people(top, hall)
    _same_guest_twice(guests, faults)
    sheet = EventSheet(
        file=file,
        head=head,
        slots=hall.slots,
        tables=hall.tables,
        pauses=hall.pauses,
        guests=guests,
        away=away,
        asked=read_asked(top, hall),
        apart=read_apart(top),
        orders=read_orders(top),
        max_run=event.optional_integer("max_in_a_row", 1),
        fairness=event.optional_integer("fairness", 0),
        only_listed=_only_listed(event),
    )
    event.close()
    top.close()
    _nothing_to_fill(hall, top)
    return sheet


def _event_table(top: TomlTable, faults: list[Fault]) -> TomlTable:
    content = top.raw("event")
    if not isinstance(content, dict):
        top.refuse("event", MISSING, expected=Text("[event] 表", "a table [event]"))
        content = {"title": "?", "date": "2000-01-01"}  # told once, not for each of its fields
    return TomlTable(content, faults, "event")


def _head(event: TomlTable) -> EventHead:
    title, place = event.text("title", required=True), event.text("place")
    days = event.days("dates") if event.has("dates") else event.days("date")
    if not days and not (event.has("date") or event.has("dates")):
        event.refuse("date", MISSING, expected=Text("日期，如 2027-06-18", "a day: 2027-06-18"))
    if event.has("date") and event.has("dates"):
        message = Text("date 与 dates 只能给一个", "give date or dates, not both")
        event.refuse("dates", message)
    kind = event.choice("kind", EventKind) or EventKind.MATCHMAKING
    identity = event.text("id") or f"{kind.value}-{days[0].isoformat() if days else ''}"
    return EventHead(
        event_id=identity,
        title=Text(title, event.text("title_en") or title),
        kind=kind,
        days=days,
        place=Text(place, event.text("place_en") or place),
        organiser=event.text("organiser"),
        email=_email(event),
        revision=event.integer("revision", 0, 0),
    )


def _email(event: TomlTable) -> str:
    found = event.text("email")
    if found and (found.count("@") != 1 or any(c in found for c in " ,;:<>\"'")):
        expected = Text("一个邮箱地址", "one e-mail address")
        event.refuse("email", Text("取值不可用", "cannot be used"), found, expected)
    return found


def _only_listed(event: TomlTable) -> frozenset[ParticipantKind]:
    asked = {
        ParticipantKind.INSTITUTION: event.flag("only_listed_institutions"),
        ParticipantKind.FIRM: event.flag("only_listed_firms"),
    }
    return frozenset(kind for kind, only in asked.items() if only)


def _same_guest_twice(guests: tuple[Guest, ...], faults: list[Fault]) -> None:
    seen: set[str] = set()
    for guest in guests:
        if guest.guest_id in seen:
            message = Text("编号重复", "is used more than once")
            place = {"sheet": guest.place.section, "row": guest.place.row, "column": "id"}
            faults.append(Fault(message, "id", guest.guest_id).at(**place))
        seen.add(guest.guest_id)


def _nothing_to_fill(hall: Hall, top: TomlTable) -> None:
    for key, found in (("slots", hall.slots), ("tables", hall.tables)):
        if not found and not top.has(key):
            top.refuse(key, MISSING, expected=Text(f"[[{key}]] 表", f"tables [[{key}]]"))
