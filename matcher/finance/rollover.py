"""The fee of a bridge fund that repays a loan until its renewal pays out (转贷)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from matcher.domain.errors import Faults
from matcher.finance.checks import MAX_DAYS, require_amounts, require_rates, require_whole
from matcher.finance.rounding import share_fen

MONTH_DAYS = 30
"""Days in a month of the fee, where the fund does not say (house convention)."""


@dataclass(frozen=True, slots=True)
class RolloverFee:
    """What a rollover costs.

    Parameters
    ----------
    fee_fen
        What is paid, in fen.
    reduction_fen
        What a halved fee leaves unpaid, in fen.
    yearly_rate
        The fee as simple yearly interest: monthly fee × 365 / days of the month, as a fraction.
    """

    fee_fen: int
    reduction_fen: int
    yearly_rate: Decimal


def rollover_fee(
    amount_fen: int,
    days: int,
    monthly_fee: Decimal,
    *,
    halved: bool = False,
    month_days: int = MONTH_DAYS,
) -> RolloverFee:
    """Return amount × monthly fee × days / days of a month, halved where that is granted.

    Raises
    ------
    InputError
        Naming every figure out of range.
    """
    faults = Faults()
    require_amounts(faults, amount_fen=amount_fen)
    require_whole(faults, 0, MAX_DAYS, days=days)
    require_whole(faults, 28, 31, month_days=month_days)
    require_rates(faults, monthly_fee=monthly_fee)
    faults.raise_if_any()
    months, part = Fraction(days, month_days), Fraction(1, 2) if halved else Fraction(1)
    fee = share_fen(amount_fen, monthly_fee, months, part)
    yearly = monthly_fee * 365 / month_days
    whole = share_fen(amount_fen, monthly_fee, months)
    return RolloverFee(fee, whole - fee, yearly / 2 if halved else yearly)
