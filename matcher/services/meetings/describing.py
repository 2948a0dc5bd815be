"""The description of an event: an event file whose head is that of the register."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import date
from typing import Any

from matcher.domain.errors import Fault, InputError
from matcher.domain.event import EventKind
from matcher.domain.text import Text
from matcher.files.event_sheet import NOWHERE, EventSheet
from matcher.files.event_toml import MAX_BYTES, read_event_document
from matcher.store.tables import EventRow

FIELD = "description"
Description = str | dict[str, Any]
"""The text of a TOML file, or the same as an object of JSON, days and times as text."""


def keep_description(description: Description | None) -> str | None:
    """Return what is kept of a description, None of none."""
    if description is None:
        return None
    kept = json.dumps(description, ensure_ascii=False, sort_keys=True, default=float)
    if len(kept.encode(errors="replace")) > MAX_BYTES:
        raise InputError([Fault(Text("内容过大", "is too large"), FIELD)])
    return kept


def kept_description(row: EventRow) -> Description | None:
    """Return the description of an event as it was given."""
    found: Description | None = None if row.description is None else json.loads(row.description)
    return found


def sheet_of(row: EventRow) -> EventSheet | None:
    """Read the description of an event; None if nothing is timetabled.

    Id, title, kind and place are those of the register, and so is the first day.

    Raises
    ------
    InputError
        With every fault found, in the words of the file.
    """
    description = kept_description(row)
    return None if description is None else read_sheet(description, row)


def read_sheet(description: Description, row: EventRow) -> EventSheet:
    """Read a description as that of an event of the register.

    Raises
    ------
    InputError
        With every fault found.
    """
    document = _with_head(_parsed(description), row)
    sheet = read_event_document(document, FIELD)
    if sheet.head.day != row.day:
        message = Text("与活动日期不符", "is not the day of the event")
        expected = Text.same(row.day.isoformat())
        fault = Fault(message, "date", sheet.head.day.isoformat(), expected)
        raise InputError([fault.at(file=FIELD, sheet="event")])
    title = Text(row.name, sheet.head.title.en if sheet.head.title.zh == row.name else row.name)
    place = sheet.head.place
    if place.zh != (row.place or ""):
        place = NOWHERE if row.place is None else Text.same(row.place)
    head = replace(
        sheet.head,
        event_id=row.key,
        title=title,
        kind=EventKind.parse(row.kind),
        place=place,
        revision=0,
    )
    return replace(sheet, head=head)


def _parsed(description: Description) -> dict[str, Any]:
    if not isinstance(description, str):
        return dict(description)
    try:
        return tomllib.loads(description)
    except (ValueError, RecursionError) as error:
        message = Text("不是有效的 TOML（{e}）", "is not valid TOML ({e})").format(e=error)
        raise InputError([Fault(message, FIELD)]) from None


def _with_head(document: dict[str, Any], row: EventRow) -> dict[str, Any]:
    """Fill in what the register has and the description need not repeat."""
    given = document.get("event", {})
    if not isinstance(given, dict):
        return document  # the reader says what is wrong with it
    day: date = row.day
    head = {"title": row.name, **given}
    if "date" not in given and "dates" not in given:
        head["date"] = day.isoformat()
    if row.place is not None:
        head.setdefault("place", row.place)
    return {**document, "event": head}
