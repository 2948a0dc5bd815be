"""From exact fractions of a fen to the whole fen that is paid."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

Exact = Fraction | Decimal | int


def round_fen(exact: Exact) -> int:
    """Round an exact amount in fen to whole fen, halves away from zero (四舍五入).

    House convention: a figure is computed exactly and rounded once, where it is paid; nothing
    is ever multiplied up from a rounded figure.

    Examples
    --------
    >>> round_fen(Fraction(1, 2)), round_fen(Fraction(-1, 2)), round_fen(Fraction(49, 100))
    (1, -1, 0)
    """
    value = Fraction(exact)
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def share_fen(amount_fen: int, *factors: Exact) -> int:
    """Return amount × factor × …, exact until it is rounded once by `round_fen`."""
    exact = Fraction(amount_fen)
    for factor in factors:
        exact *= Fraction(factor)
    return round_fen(exact)
