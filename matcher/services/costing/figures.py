"""One line of what a calculator answers: as people read it, and as JSON has it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from matcher.domain.money import FEN_PER_YUAN, rate_text
from matcher.domain.text import Text
from matcher.finance.irr import PLACES

SHOWN_PLACES = Decimal("1e-6")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of an answer.

    Parameters
    ----------
    key
        Its name in the JSON document, with the unit: ``fee_fen``.
    raw
        Its value there: fen as an integer, a fraction as a string.
    is_amount, is_rate
        Whether that is fen, or a fraction.
    """

    key: str
    label: Text
    shown: Text
    raw: int | str | None
    is_amount: bool = False
    is_rate: bool = False


def in_yuan(key: str, label: Text, amount_fen: int) -> Figure:
    """Return an amount as a line, shown in yuan and fen."""
    return Figure(key, label, yuan_text(amount_fen), amount_fen, is_amount=True)


def in_percent(key: str, label: Text, fraction: Decimal | None) -> Figure:
    """Return a fraction as a line, shown in percent to at most 4 places."""
    if fraction is None:
        return Figure(key, label, Text("未知", "not known"), None)
    shown = rate_text(fraction.quantize(SHOWN_PLACES))
    return Figure(key, label, shown, exact_text(fraction), is_rate=True)


def as_is(key: str, label: Text, value: object) -> Figure:
    """Return anything else as a line."""
    raw = value if isinstance(value, int) else str(value)
    return Figure(key, label, value if isinstance(value, Text) else Text.same(value), raw)


def exact_text(fraction: Decimal) -> str:
    """Return a fraction in plain digits, to 12 places at most."""
    return f"{fraction.quantize(PLACES).normalize():f}"


def yuan_text(amount_fen: int) -> Text:
    """Return an amount to the fen, never in 万元: these are figures to compare."""
    yuan = f"{Decimal(amount_fen) / FEN_PER_YUAN:,.2f}"
    return Text(f"{yuan}元", f"{yuan} yuan")
