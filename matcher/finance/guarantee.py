"""A guarantee fee by the day for days used, against the whole of it up front."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from matcher.domain.errors import Faults
from matcher.finance.checks import MAX_DAYS, require_amounts, require_rates, require_whole
from matcher.finance.day_count import DayCount
from matcher.finance.rounding import share_fen


@dataclass(frozen=True, slots=True)
class GuaranteeFee:
    """Both ways of charging one guarantee, in fen.

    Parameters
    ----------
    daily_fen
        amount × rate / days of the year, rounded for display. The fee is not made from it:
        182 × 6.85 would be 1,246.70, while the exact product is 1,246.58.
    used_fen
        amount × rate × days / days of the year, exact and rounded once.
    upfront_fen
        amount × rate: a whole year's fee, however short the use.
    """

    daily_fen: int
    used_fen: int
    upfront_fen: int

    @property
    def saved_fen(self) -> int:
        """What paying by the day saves; below 0 for more than a year of use."""
        return self.upfront_fen - self.used_fen


def guarantee_fee(
    amount_fen: int, rate: Decimal, days: int, day_count: DayCount = DayCount.ACT_365
) -> GuaranteeFee:
    """Return the fee for ``days`` of use of a guarantee at a yearly ``rate``.

    House convention for rounding: exact, and once.

    Raises
    ------
    InputError
        Naming every figure out of range.
    """
    faults = Faults()
    require_amounts(faults, amount_fen=amount_fen)
    require_rates(faults, rate=rate)
    require_whole(faults, 0, MAX_DAYS, days=days)
    faults.raise_if_any()
    return GuaranteeFee(
        daily_fen=share_fen(amount_fen, rate, day_count.years(1)),
        used_fen=share_fen(amount_fen, rate, day_count.years(days)),
        upfront_fen=share_fen(amount_fen, rate),
    )
