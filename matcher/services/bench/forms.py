"""What a change is described by, so that a form can be made of it: its fields and their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from matcher.domain.text import Text
from matcher.files.kinds import Identity
from matcher.files.quantities import Money, Rate, Whole
from matcher.files.tables import table_named

Typed = Mapping[str, Sequence[str]]
"""What was typed: every value of each field."""

Data = dict[str, Any]
"""A change as a scenario file has it."""


class Kind(StrEnum):
    """How a field of a change is filled in."""

    RECORDS = "records"
    ID = "id"
    FIELD = "field"
    NUMBER = "number"
    WHOLE = "whole"
    DAY = "day"
    FLAG = "flag"
    LINES = "lines"
    WORDS = "words"
    MENU = "menu"
    WEIGHTS = "weights"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a change.

    Parameters
    ----------
    name
        Its key in a scenario file; of `Kind.RECORDS` the prefix of its three keys.
    table
        The table whose records or fields it names; None for the table of the change.
    menu
        Words of a `Kind.MENU`, and the names of `Kind.WEIGHTS`, with what each is called.
    """

    name: str
    label: Text
    kind: Kind
    hint: Text | None = None
    required: bool = False
    table: str | None = None
    menu: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeForm:
    """A kind of change.

    Parameters
    ----------
    kind
        Its name in a scenario file.
    tables
        The tables that it may be about; empty where it is about no table of choice.
    """

    kind: str
    title: Text
    about: Text
    parts: tuple[Part, ...]
    tables: tuple[str, ...] = ()

    def table_of(self, part: Part, chosen: str | None) -> str | None:
        """Return the table that a part is about, where the change is about a chosen one."""
        return part.table or chosen

    def read(self, typed: Typed) -> Data:
        """Return the change that was typed, as a scenario file has it; empty fields left out."""
        found: Data = {"kind": self.kind}
        if label := _first(typed, "label"):
            found["name"] = label
        if self.tables:
            found["table"] = _first(typed, "table") or self.tables[0]
        for part in self.parts:
            _READERS[part.kind](part, typed, found)
        return found


def fields_of(table: str, only_numbers: bool = False) -> list[tuple[str, Text]]:
    """Return the fields of a table that a change may set, with their headers; numbers first."""
    found = table_named(table)
    assert found is not None
    columns = [c for c in found.columns if not isinstance(c.kind, Identity)]
    numbers = [c for c in columns if isinstance(c.kind, _NUMBERS)]
    others = [c for c in columns if c not in numbers and c.field not in _HIDDEN]
    return [(c.field, c.text) for c in (numbers if only_numbers else numbers + others)]


_NUMBERS = (Money, Rate, Whole)
_HIDDEN = frozenset({"name_en", "issuer_en", "category_en", "source", "illustrative", "stated"})


def _first(typed: Typed, name: str) -> str:
    return next((word.strip() for word in typed.get(name, ()) if word.strip()), "")


def _lines(typed: Typed, name: str) -> list[str]:
    return [line.strip() for line in _first(typed, name).splitlines() if line.strip()]


def _records(part: Part, typed: Typed, found: Data) -> None:
    """Read one way of choosing records: by id or name, by rule, or all."""
    prefix = f"{part.name}_" if part.name else ""
    way = _first(typed, f"{prefix}way") or "id"
    if way == "all":
        found[f"{prefix}all"] = True
    elif way == "where":
        found[f"{prefix}where"] = _first(typed, f"{prefix}where")
    elif ids := [word for line in _lines(typed, f"{prefix}id") for word in _split(line)]:
        found[f"{prefix}id"] = ids


def _split(line: str) -> list[str]:
    """Return the ids of a line; a comma of either language stands between them."""
    return [word.strip() for word in line.replace("，", ",").split(",") if word.strip()]


def _field(part: Part, typed: Typed, found: Data) -> None:
    """Read a field of the table: what it is set to, that it is cleared, or that it is scaled."""
    field = _first(typed, part.name)
    if part.name == "fields":
        found["fields"] = [field] if field else []
    elif _first(typed, "clears") == "1":
        found["clear"] = [field]
    else:
        found["values"] = {field: _first(typed, "value")}


def _number(part: Part, typed: Typed, found: Data) -> None:
    if word := _first(typed, part.name):
        found[part.name] = word


def _whole(part: Part, typed: Typed, found: Data) -> None:
    if word := _first(typed, part.name):
        digits = word.removeprefix("-").removeprefix("−")
        is_whole = digits.isascii() and digits.isdecimal() and len(digits) < 12
        found[part.name] = int(word.replace("−", "-")) if is_whole else word


def _flag(part: Part, typed: Typed, found: Data) -> None:
    if _first(typed, part.name) == "1":
        found[part.name] = True


def _many(part: Part, typed: Typed, found: Data) -> None:
    if lines := _lines(typed, part.name):
        found[part.name] = lines


def _weights(part: Part, typed: Typed, found: Data) -> None:
    """Read the weights that were typed; those left empty stay as they are."""
    given = {name: _first(typed, f"weight-{name}") for name, _ in part.menu}
    found["values"] = {name: word for name, word in given.items() if word}


def _record(part: Part, typed: Typed, found: Data) -> None:
    """Read a new record, a line ``field = value`` each."""
    record = {}
    for line in _lines(typed, part.name):
        name, _, value = line.replace("＝", "=").partition("=")
        record[name.strip()] = value.strip()
    found["record"] = record


def _group(part: Part, typed: Typed, found: Data) -> None:
    """Read a word of a menu; a group of a division stands as ``division:key``."""
    word = _first(typed, part.name)
    if word and part.name == "group":
        way, _, key = word.partition(":")
        found["group"] = [way, key]
    elif word:
        found[part.name] = word


_READERS = {
    Kind.RECORDS: _records,
    Kind.ID: _number,
    Kind.FIELD: _field,
    Kind.NUMBER: _number,
    Kind.WHOLE: _whole,
    Kind.DAY: _number,
    Kind.FLAG: _flag,
    Kind.LINES: _many,
    Kind.WORDS: _number,
    Kind.MENU: _group,
    Kind.WEIGHTS: _weights,
    Kind.RECORD: _record,
}
