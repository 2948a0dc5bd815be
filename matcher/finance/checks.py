"""What figures of finance must be, each fault with its field; shared by all calculators."""

from __future__ import annotations

from decimal import Decimal

from matcher.domain.errors import Faults
from matcher.domain.money import MAX_FEN, money_text
from matcher.domain.text import Text

MAX_DAYS = 36_600
"""A hundred years: more is a slip."""
MAX_MONTHS = 600
"""Fifty years: more is a slip."""
MAX_YEAR = 9_900
"""The last year in which a plan may begin, so that every date of it exists."""

_RATE = Text("0 到 100% 之间的比例", "a share from 0 to 100%")


def is_whole(value: object) -> bool:
    """Tell whether a value is an integer; True and False are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def require_amounts(faults: Faults, least: int = 1, **amounts: int | None) -> None:
    """Note a fault for each amount, in whole fen, that is below ``least`` or above `MAX_FEN`."""
    expected = Text("{a} 到 {b} 之间的金额", "an amount from {a} to {b}").format(
        a=money_text(least), b=money_text(MAX_FEN)
    )
    for field, fen in amounts.items():
        holds = fen is None or (is_whole(fen) and least <= fen <= MAX_FEN)
        faults.require(holds, field, fen, expected)


def require_rates(faults: Faults, **rates: Decimal | None) -> None:
    """Note a fault for each fraction that is not a finite Decimal from 0 to 1."""
    for field, rate in rates.items():
        faults.require(rate is None or is_rate(rate), field, rate, _RATE)


def is_rate(rate: object) -> bool:
    """Tell whether a value is an exact fraction from 0 to 1; a float is not exact."""
    return isinstance(rate, Decimal) and rate.is_finite() and 0 <= rate <= 1


def require_whole(faults: Faults, least: int, most: int, **numbers: int) -> None:
    """Note a fault for each number that is no integer from ``least`` to ``most``."""
    expected = Text(f"{least} 到 {most} 之间的整数", f"a whole number from {least} to {most}")
    for field, number in numbers.items():
        holds = is_whole(number) and least <= number <= most
        faults.require(holds, field, number, expected)
