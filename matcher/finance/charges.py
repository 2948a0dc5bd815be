"""What a loan costs beside its interest, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matcher.domain.choices import Choice
from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.finance.checks import require_amounts, require_rates
from matcher.finance.flows import FEE, GUARANTEE_FEE, PREMIUM, SUBSIDY, CashFlow, paid
from matcher.finance.months import add_months
from matcher.finance.repayment import Instalment, Loan
from matcher.finance.rounding import share_fen

NONE = Decimal(0)


class GuaranteeMode(Choice):
    """When a guarantee fee is paid."""

    DAILY = "daily", "按日计收"
    YEARLY = "yearly", "按年预收"


@dataclass(frozen=True, slots=True)
class Subsidy:
    """Money that the borrower gets back on a day, in fen."""

    amount_fen: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """Fees, guarantee, insurance and subsidies of a loan; all fractions are from 0 to 1.

    Parameters
    ----------
    fee_once_rate, fee_fixed_fen
        Paid on the first day: a fraction of the amount, and an amount in fen.
    fee_monthly_rate
        A fraction of the amount, paid at the end of each month of the term.
    fee_daily_rate
        A yearly fraction of what is owed, by days, paid with each instalment.
    guarantee_rate, guarantee_mode
        The yearly guarantee fee as a fraction. `DAILY` charges what is owed, by days, with each
        instalment; `YEARLY` charges what is owed at the start of each started year, whole.
    premium_fen
        Insurance premium paid on the first day, in fen.
    subsidies
        What comes back, and when.
    """

    fee_once_rate: Decimal = NONE
    fee_fixed_fen: int = 0
    fee_monthly_rate: Decimal = NONE
    fee_daily_rate: Decimal = NONE
    guarantee_rate: Decimal = NONE
    guarantee_mode: GuaranteeMode = GuaranteeMode.DAILY
    premium_fen: int = 0
    subsidies: tuple[Subsidy, ...] = ()

    def __post_init__(self) -> None:
        faults = Faults()
        names = ("fee_once_rate", "fee_monthly_rate", "fee_daily_rate", "guarantee_rate")
        require_rates(faults, **{name: getattr(self, name) for name in names})
        require_amounts(faults, 0, fee_fixed_fen=self.fee_fixed_fen, premium_fen=self.premium_fen)
        for subsidy in self.subsidies:
            require_amounts(faults, subsidies=subsidy.amount_fen)
        faults.raise_if_any()


NO_CHARGES = Charges()


def charge_flows(loan: Loan, plan: tuple[Instalment, ...], charges: Charges) -> Iterator[CashFlow]:
    """Return the flows of all charges of a loan with this plan of repayment.

    Raises
    ------
    InputError
        If a subsidy comes before the loan starts.
    """
    faults = Faults()
    for subsidy in charges.subsidies:
        holds = subsidy.day >= loan.start
        expected = Text("不早于 {d}", "not before {d}").format(d=loan.start)
        faults.require(holds, "subsidies", subsidy.day.isoformat(), expected)
    faults.raise_if_any()
    yield from _fees(loan, plan, charges)
    yield from _guarantee_fees(loan, plan, charges)
    yield paid(loan.start, charges.premium_fen, PREMIUM)
    yield from (CashFlow(s.day, s.amount_fen, SUBSIDY) for s in charges.subsidies)


def _fees(loan: Loan, plan: tuple[Instalment, ...], charges: Charges) -> Iterator[CashFlow]:
    once = share_fen(loan.amount_fen, charges.fee_once_rate) + charges.fee_fixed_fen
    yield paid(loan.start, once, FEE)
    monthly = share_fen(loan.amount_fen, charges.fee_monthly_rate)
    for month in range(1, loan.months + 1):
        yield paid(add_months(loan.start, month), monthly, FEE)
    yield from _by_days(loan, plan, charges.fee_daily_rate, FEE)


def _guarantee_fees(
    loan: Loan, plan: tuple[Instalment, ...], charges: Charges
) -> Iterator[CashFlow]:
    if charges.guarantee_mode is GuaranteeMode.DAILY:
        yield from _by_days(loan, plan, charges.guarantee_rate, GUARANTEE_FEE)
        return
    for month in range(0, loan.months, 12):
        day = add_months(loan.start, month)
        owed = next(row.owed_fen for row in plan if row.since <= day < row.day)
        yield paid(day, share_fen(owed, charges.guarantee_rate), GUARANTEE_FEE)


def _by_days(
    loan: Loan, plan: tuple[Instalment, ...], rate: Decimal, kind: Text
) -> Iterator[CashFlow]:
    for row in plan:
        years = loan.day_count.year_fraction(row.since, row.day)
        yield paid(row.day, share_fen(row.owed_fen, rate, years), kind)
