"""One field of the questionnaire: what it shows, and what is read of a form that was sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from api.pages.page import Form
from api.pages.views.questionnaire.steps import column_of, hint_of, label_of
from matcher.domain.choices import TAGS, Choice
from matcher.domain.text import Text
from matcher.files.kinds import Day, Flag, Kind, Word
from matcher.files.quantities import Rate
from matcher.files.questionnaire.fields import is_asked_for
from matcher.files.rows import READ_ERRORS
from matcher.files.several import Pairs, SetOf

MAX_CELL = 2000
NUM_PAIRS = 3
FEN_PER_WAN = 1_000_000
NOTHING = "none"
"""The box "none of these", which is another thing than leaving all blank."""

_YES_NO = (("yes", Text("是", "yes")), ("no", Text("否", "no")))
_UNKNOWN = Text("不清楚", "not known")
_PAIR = re.compile(r"^\s*(.*?)\s*[=\uff1d]\s*(.*?)\s*$")


@dataclass(frozen=True, slots=True)
class Field:
    """A field as a page shows it.

    Parameters
    ----------
    kind
        ``text``, ``date``, ``select``, ``checks`` or ``pairs``.
    options
        What to choose from, each with its word.
    value
        What stands in it; of ``checks`` the words, of ``pairs`` the pairs.
    """

    name: str
    label: Text
    hint: Text
    kind: str
    is_required: bool
    options: tuple[tuple[str, Text], ...]
    value: Any


def field_of(name: str, cell: Any) -> Field:
    """Return a field with what a draft has of it."""
    column = column_of(name)
    kind, options = _shape(name, column.kind)
    # The credit code is known of whoever has an account, or the office will ask for it.
    is_required = is_asked_for(column) and name != "credit_code"
    value = _value(kind, column.kind, cell)
    return Field(name, label_of(name), hint_of(name), kind, is_required, options, value)


def _shape(name: str, kind: Kind) -> tuple[str, tuple[tuple[str, Text], ...]]:
    if isinstance(kind, Flag):
        return "select", (("", _UNKNOWN), *_YES_NO)
    if isinstance(kind, Word):
        return "select", (("", _UNKNOWN), *_words(kind.choices))
    if name == "tags":
        return "checks", tuple(TAGS.items())
    if isinstance(kind, SetOf) and isinstance(kind.item, Word):
        return "checks", _words(kind.item.choices)
    if isinstance(kind, Pairs) and isinstance(kind.key, Word):
        return "pairs", _words(kind.key.choices)
    return ("date" if isinstance(kind, Day) else "text"), ()


def _words(choices: type[Choice]) -> tuple[tuple[str, Text], ...]:
    return tuple((one.value, one.text) for one in choices)


def _value(shape: str, kind: Kind, cell: Any) -> Any:
    if shape == "pairs":
        return _pairs(kind, cell)
    if shape == "checks":
        return _checked(kind, cell)
    if shape == "text" or cell is None:
        return "" if cell is None else str(cell)
    try:
        read = kind.read(cell)
    except READ_ERRORS:
        return str(cell)
    if isinstance(read, bool):
        return "yes" if read else "no"
    return str(kind.write(read))


def _checked(kind: Kind, cell: Any) -> tuple[str, ...]:
    if cell is None:
        return ()
    try:
        found = tuple(kind.write(kind.read(cell)))
    except READ_ERRORS:
        return ()
    return found or (NOTHING,)


def _pairs(kind: Kind, cell: Any) -> list[tuple[str, str]]:
    """Return the pairs of a cell as they were typed, and at least some rows to type in."""
    if isinstance(cell, Mapping):
        found = [(str(k), str(v)) for k, v in cell.items()]
    else:
        parts = re.split(r"[;\uff1b]", cell if isinstance(cell, str) else "")
        found = [match.groups() for part in parts if (match := _PAIR.match(part))]  # type: ignore[misc]
    known = [(_key(kind, key), value) for key, value in found]
    return known + [("", "")] * max(1, NUM_PAIRS - len(known))


def _key(kind: Kind, word: str) -> str:
    assert isinstance(kind, Pairs)
    try:
        return str(kind.key.write(kind.key.read(word)))
    except READ_ERRORS:
        return word


def in_own_units(name: str, value: Any) -> Any:
    """Return a value as somebody would type it here: amounts in 万元, rates in percent."""
    kind = column_of(name).kind
    if isinstance(kind, Pairs):
        return (
            {kind.key.write(key): _in_wan(amount) for key, amount in value}
            if kind.in_fen
            else str(kind.write(value))
        )
    if kind.in_fen:
        return _in_wan(value)
    if isinstance(kind, Rate):
        return f"{value * 100:f}"
    return kind.write(value)


def _in_wan(amount_fen: int) -> str:
    return f"{(Decimal(amount_fen) / FEN_PER_WAN).normalize():f}"


def posted_cell(name: str, form: Form) -> Any:
    """Return what a form that was sent has of a field, as a draft keeps it; None for nothing."""
    kind, _ = _shape(name, column_of(name).kind)
    if kind == "checks":
        return _posted_checks(form.texts(name))
    if kind == "pairs":
        return _posted_pairs(form.texts(f"{name}_kind"), form.texts(f"{name}_value"))
    return form.text(name)[:MAX_CELL] or None


def _posted_checks(words: list[str]) -> Any:
    chosen = [word[:64] for word in words if word != NOTHING]
    if chosen:
        return chosen
    return [] if NOTHING in words else None


def _posted_pairs(kinds: list[str], values: list[str]) -> str | None:
    pairs = [
        f"{_bare(kind)}={_bare(value)}"
        for kind, value in zip(kinds, values, strict=False)
        if kind.strip() or value.strip()
    ]
    if NOTHING in kinds:
        return NOTHING
    return "; ".join(pairs)[:MAX_CELL] or None


def _bare(text: str) -> str:
    """Return a text without the signs that would make two of it."""
    return re.sub(r"[;\uff1b=\uff1d\r\n]", " ", text).strip()
