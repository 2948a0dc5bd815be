"""Values of records as people write them in a sheet, so that the reader of sheets reads them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from matcher.domain.choices import tag_text
from matcher.domain.expression import unparse
from matcher.domain.money import FEN_PER_YUAN
from matcher.domain.tranche import Tranche, milestone_text
from matcher.files.columns import Column
from matcher.files.kinds import Day, Flag, Kind, Word
from matcher.files.quantities import Figure, Money, Rate, Whole
from matcher.files.rows import READ_ERRORS
from matcher.files.several import Marked, Pairs, Rules, SetOf
from matcher.files.sheet_cells import Value
from matcher.files.tables.shared import Tag
from matcher.files.tranche_cells import Tranches

NOTHING = "无"
_PERCENT = 100
_DIGITS = 15
"""A spreadsheet keeps no more of a number."""


def header_of(column: Column) -> str:
    """Return the header of a column; amounts stand in yuan, whatever the template asks for."""
    if column.resolve is not None or not isinstance(column.kind, Money):
        return column.header
    return f"{column.text.zh}(元)"


def read_back(kind: Kind, shown: Value, unit: Decimal | None) -> Any:
    """Return what the reader of sheets makes of a cell, None if it refuses it."""
    try:
        return kind.read(shown, unit)
    except READ_ERRORS:
        return None


def cell_of(kind: Kind, value: Any) -> Value:
    """Return the cell of a value that is known."""
    if isinstance(kind, Money) and kind.bare:
        return _number(Decimal(value) / FEN_PER_YUAN)
    if isinstance(kind, Rate):
        return _rate(value)
    if isinstance(kind, Day | Whole):
        found: Value = value
        return found
    if isinstance(kind, Marked):
        return _flag(value) if isinstance(value, bool) else _joined(sorted(value))
    return _several(kind, value)


def _several(kind: Kind, value: Any) -> str:
    if isinstance(kind, SetOf):
        return _joined([_word(kind.item, one) for one in kind.write(value)])
    if isinstance(kind, Pairs):
        return _joined([f"{_word(kind.key, k)}={_word(kind.value, v)}" for k, v in value], "; ")
    if isinstance(kind, Rules):
        return _joined([unparse(rule) for rule in value], "\n")
    if isinstance(kind, Tranches):
        return _joined([_tranche(part) for part in value], "; ")
    return _word(kind, value)


def _word(kind: Kind, value: Any) -> str:
    """Return one value as text."""
    if isinstance(kind, Word):
        return next(text.zh for text in kind.menu if kind.read(text.zh) == value)
    if isinstance(kind, Flag):
        return _flag(value)
    if isinstance(kind, Money):
        return f"{(Decimal(value) / FEN_PER_YUAN).normalize():f}元"
    if isinstance(kind, Rate):
        return _percent(value)
    if isinstance(kind, Figure):
        return f"{value:f}"
    if isinstance(kind, Day):
        return str(value.isoformat())
    return tag_text(value).zh if isinstance(kind, Tag) else str(value)


def _tranche(part: Tranche) -> str:
    names = "/".join(milestone_text(name).zh for name in part.milestones)
    return f"{_percent(part.share)}={names}"


def _flag(value: bool) -> str:
    return "是" if value else "否"


def _joined(parts: list[str], sign: str = "、") -> str:
    return sign.join(parts) or NOTHING


def _percent(rate: Decimal) -> str:
    return f"{(rate * _PERCENT).normalize():f}%"


def _rate(rate: Decimal) -> Value:
    """Return a rate as a number that Excel shows in percent or, above 1 or too fine, as text."""
    shown = float(rate)
    exact = Decimal(f"{shown:.{_DIGITS}g}") == rate
    return shown if exact and rate <= 1 else _percent(rate)


def _number(number: Decimal) -> Value:
    return int(number) if number == number.to_integral_value() else float(number)
