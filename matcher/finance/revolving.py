"""Borrow and repay at will (随借随还): interest and fees for the days used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matcher.domain.errors import Faults
from matcher.domain.money import money_text
from matcher.domain.text import Text
from matcher.finance.checks import require_amounts, require_rates
from matcher.finance.day_count import DayCount
from matcher.finance.flows import (
    DRAWN,
    GUARANTEE_FEE,
    INTEREST,
    PRINCIPAL,
    CashFlow,
    in_order,
    paid,
)
from matcher.finance.rounding import share_fen


@dataclass(frozen=True, slots=True)
class Use:
    """Money drawn on one day and repaid on a later one; the last day is not charged (算头不算尾).

    Parameters
    ----------
    amount_fen
        Above 0, in fen.
    """

    amount_fen: int
    start: date
    end: date

    def __post_init__(self) -> None:
        faults = Faults()
        require_amounts(faults, amount_fen=self.amount_fen)
        faults.require(
            self.end > self.start,
            "end",
            self.end.isoformat(),
            Text("晚于 {d}", "after {d}").format(d=self.start),
        )
        faults.raise_if_any()


def most_used_fen(uses: Sequence[Use]) -> int:
    """Return the most that is out on any day, in fen; money repaid on a day can be drawn again."""
    days = {use.start for use in uses}
    return max((sum(u.amount_fen for u in uses if u.start <= d < u.end) for d in days), default=0)


def revolving_flows(
    uses: Sequence[Use],
    rate: Decimal,
    *,
    guarantee_rate: Decimal = Decimal(0),
    day_count: DayCount = DayCount.ACT_365,
    limit_fen: int | None = None,
) -> tuple[CashFlow, ...]:
    """Return the flows of a line of credit, each use repaid with its interest and daily fee.

    interest = amount × rate × year fraction of the use, rounded once; the fee likewise.

    Parameters
    ----------
    rate, guarantee_rate
        Yearly interest and yearly guarantee fee as fractions.
    limit_fen
        The line of credit, in fen; None for no limit.

    Raises
    ------
    InputError
        Naming every rate out of range, and the limit where more is out at once.
    """
    faults = Faults()
    require_rates(faults, rate=rate, guarantee_rate=guarantee_rate)
    most = most_used_fen(uses)
    holds = limit_fen is None or most <= limit_fen
    expected = Text("不小于 {m}", "at least {m}").format(m=money_text(most))
    faults.require(holds, "limit_fen", limit_fen, expected)
    faults.require(bool(uses), "uses", None, Text("至少一笔用款", "at least one use"))
    faults.raise_if_any()
    flows = []
    for use in uses:
        years = day_count.year_fraction(use.start, use.end)
        flows += [
            CashFlow(use.start, use.amount_fen, DRAWN),
            paid(use.end, use.amount_fen, PRINCIPAL),
            paid(use.end, share_fen(use.amount_fen, rate, years), INTEREST),
            paid(use.end, share_fen(use.amount_fen, guarantee_rate, years), GUARANTEE_FEE),
        ]
    return in_order(flows)
