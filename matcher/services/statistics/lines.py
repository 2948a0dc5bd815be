"""One figure of a report: what it is called, its value, and how it is shown."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from matcher.domain.choices import Choice
from matcher.domain.errors import Faults
from matcher.domain.money import money_text, rate_text
from matcher.domain.text import Text
from matcher.files.plan_json_parts import text_json

_PLACES = Decimal("1e-10")
"""JSON values have at most ten places behind the point; the dataclasses keep all of them."""


NOT_DEFINED = Text("不适用", "not defined")


class Unit(Choice):
    """What a figure counts."""

    COUNT = "count", "个"
    FEN = "fen", "分"
    RATE = "rate", "比例"
    NUMBER = "number", "数"
    PRICE = "price", "价格"


@dataclass(frozen=True, slots=True)
class Line:
    """A figure; the value is None where it is not defined.

    Parameters
    ----------
    key
        Its name in JSON.
    value
        A count, an amount in fen, a fraction or another number; an int is exact, a Decimal
        a quotient to 28 digits.
    absent
        What is said where there is no value.
    """

    key: str
    label: Text
    value: int | Decimal | None
    unit: Unit = Unit.COUNT
    absent: Text = NOT_DEFINED

    @property
    def shown(self) -> Text:
        """The value as people read it, rounded half up: whole fen, 0.01 %, two places.

        A price, which may be small, has four.
        """
        if self.value is None:
            return self.absent
        value = Decimal(self.value)
        if self.unit is Unit.FEN:
            told = money_text(abs(int(rounded(value, Decimal(1)))))
            return told if value >= 0 else Text("-{m}", "-{m}").format(m=told)
        if self.unit is Unit.RATE:
            return rate_text(rounded(value, Decimal("0.0001")))
        if self.unit is Unit.PRICE:
            return Text.same(f"{rounded(value, Decimal('0.0001')):,f}")
        return Text.same(
            f"{self.value:,}" if isinstance(self.value, int) else f"{_short(value):,f}"
        )

    def to_json(self) -> dict[str, Any]:
        """Return the figure as JSON values: whole numbers as such, all others as text."""
        value = self.value
        return {
            "label": text_json(self.label),
            "value": _plain(value) if isinstance(value, Decimal) else value,
            "unit": self.unit.value,
            "shown": text_json(self.shown),
        }


def to_document(lines: Iterable[Line]) -> dict[str, Any]:
    """Return figures as one JSON object, by their keys and in their order."""
    return {line.key: line.to_json() for line in lines}


def ratio(part: int, whole: int | None) -> Decimal | None:
    """Return part ÷ whole to 28 digits; None where there is no whole."""
    if not whole:
        return None
    with localcontext(prec=28):
        return Decimal(part) / Decimal(whole)


def rounded(value: Decimal, step: Decimal) -> Decimal:
    """Round half up to a multiple of a power of ten."""
    with localcontext(prec=60):
        return value.quantize(step, rounding=ROUND_HALF_UP)


def require_new(faults: Faults, field: str, ids: Iterable[Hashable]) -> None:
    """Note a fault for each id that is used again: a record counts once."""
    seen: set[Hashable] = set()
    for identity in ids:
        new = Text("未用过的编号", "an id not used before")
        faults.require(identity not in seen, field, identity, new)
        seen.add(identity)


def _short(value: Decimal) -> Decimal:
    return rounded(value, Decimal("0.01"))


def _plain(value: Decimal) -> str:
    text = format(rounded(value, _PLACES), "f")
    return text.rstrip("0").rstrip(".")
