"""Repayment plans to the fen: bullet, equal instalments, equal principal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

from matcher.domain.choices import Choice
from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.finance.checks import (
    MAX_MONTHS,
    MAX_YEAR,
    require_amounts,
    require_rates,
    require_whole,
)
from matcher.finance.day_count import DayCount
from matcher.finance.months import add_months
from matcher.finance.rounding import round_fen, share_fen

DIGITS = 50


class Plan(Choice):
    """How principal comes back."""

    BULLET = "bullet", "到期还本"
    INSTALMENTS = "instalments", "等额本息"
    PRINCIPAL = "principal", "等额本金"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """A loan with a fixed rate, paid out whole on its first day.

    Parameters
    ----------
    amount_fen
        Above 0, in fen.
    rate
        Yearly interest as a fraction from 0 to 1.
    months
        The term; payments fall on the day of the month on which it started.
    every_months
        Months from payment to payment; ``months`` itself pays all interest at the end
        (利随本清). Where it does not divide the term, the last period is shorter.
    day_count
        By which interest accrues.
    """

    amount_fen: int
    rate: Decimal
    start: date
    months: int
    plan: Plan = Plan.BULLET
    every_months: int = 1
    day_count: DayCount = DayCount.ACT_365

    def __post_init__(self) -> None:
        faults = Faults()
        require_amounts(faults, amount_fen=self.amount_fen)
        require_rates(faults, rate=self.rate)
        require_whole(faults, 1, MAX_MONTHS, months=self.months, every_months=self.every_months)
        in_reach = self.start.year <= MAX_YEAR
        faults.require(in_reach, "start", self.start.isoformat(), Text.same(f"≤ {MAX_YEAR}-12-31"))
        faults.require(
            isinstance(self.plan, Plan), "plan", self.plan, Text.same(", ".join(tuple(Plan)))
        )
        faults.raise_if_any()

    @property
    def payment_days(self) -> list[date]:
        """The days of payment, the last one the end of the term."""
        steps = [*range(self.every_months, self.months, self.every_months), self.months]
        return [add_months(self.start, n) for n in steps]

    @property
    def end(self) -> date:
        """The day of the last payment."""
        return add_months(self.start, self.months)


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment of a plan, in fen.

    Parameters
    ----------
    since
        The day from which its interest runs.
    owed_fen
        What is owed before it, without this period's interest.
    """

    since: date
    day: date
    owed_fen: int
    principal_fen: int
    interest_fen: int

    @property
    def payment_fen(self) -> int:
        """What is paid on the day."""
        return self.principal_fen + self.interest_fen


def repayments(loan: Loan) -> tuple[Instalment, ...]:
    """Return the plan of a loan; its principal adds up to the amount exactly.

    Each period's interest is owed × rate × year fraction, rounded once to the fen, halves up.
    The last payment clears what is left, and so absorbs what rounding has left over: bullet
    pays all principal there; equal principal pays ⌊amount / n⌋ before; equal instalments pay
    the rounded `level_payment` before. Where the interest of a long month alone is more than
    that (high rates over long terms) it is paid, no interest is added to what is owed, and the
    payments after it are levelled anew, so that the plan lasts its term.
    """
    return tuple(_instalments(loan))


def _instalments(loan: Loan) -> Iterator[Instalment]:
    days = [loan.start, *loan.payment_days]
    num, owed = len(days) - 1, loan.amount_fen
    level = level_payment(loan) if loan.plan is Plan.INSTALMENTS else 0
    for n, (since, day) in enumerate(pairwise(days), start=1):
        interest = share_fen(owed, loan.rate, loan.day_count.year_fraction(since, day))
        principal = owed if n == num else _principal(loan, num, level - interest, owed)
        yield Instalment(since, day, owed, principal, interest)
        owed -= principal
        if loan.plan is Plan.INSTALMENTS and interest > level and n < num:
            level = _level(loan, owed, days[n:])


def _principal(loan: Loan, num: int, after_interest: int, owed: int) -> int:
    if loan.plan is Plan.BULLET:
        return 0
    if loan.plan is Plan.PRINCIPAL:
        return loan.amount_fen // num
    return min(max(after_interest, 0), owed)


def level_payment(loan: Loan) -> int:
    """Return the equal instalment, in fen, rounded halves up.

    A = P / Σ_k Π_{j ≤ k} 1 / (1 + i_j), with i_j the rate times the year fraction of period j.
    Under 30/360 all i_j are one i and this is the annuity A = P i / (1 − (1 + i)^−n).
    """
    return _level(loan, loan.amount_fen, [loan.start, *loan.payment_days])


def _level(loan: Loan, owed_fen: int, days: list[date]) -> int:
    """Return the payment on each of the days but the first that repays what is owed on it."""
    with localcontext() as context:
        context.prec = DIGITS
        discount, total = Decimal(1), Decimal(0)
        for since, day in pairwise(days):
            years = loan.day_count.year_fraction(since, day)
            discount /= 1 + loan.rate * years.numerator / years.denominator
            total += discount
        return round_fen(owed_fen / total)


def simple_interest(amount_fen: int, rate: Decimal, years: Fraction) -> int:
    """Return amount × rate × years in fen, rounded once, halves up."""
    return share_fen(amount_fen, rate, years)
