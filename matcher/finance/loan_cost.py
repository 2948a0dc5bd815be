"""What a loan costs in all: its flows, their sums, and the yearly rates they come to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from matcher.domain.text import Text
from matcher.finance.charges import NO_CHARGES, Charges, charge_flows
from matcher.finance.day_count import DayCount
from matcher.finance.flows import (
    DRAWN,
    INTEREST,
    PRINCIPAL,
    CashFlow,
    in_order,
    paid,
    total_of,
)
from matcher.finance.irr import PLACES, all_in_rate, nominal_rate
from matcher.finance.repayment import Instalment, Loan, repayments


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanCost:
    """A loan reckoned through.

    Parameters
    ----------
    effective
        All-in yearly cost, compounded: see `all_in_rate`.
    nominal
        The same as 12 × its monthly rate: see `nominal_rate`.
    simple
        Net cost over the money really used, no compounding:
        Σ paid beyond principal / Σ owed × years (ACT/365).
    """

    loan: Loan
    plan: tuple[Instalment, ...]
    flows: tuple[CashFlow, ...]
    effective: Decimal
    nominal: Decimal
    simple: Decimal

    @property
    def net_cost_fen(self) -> int:
        """What is paid in all beyond the principal, subsidies taken off, in fen."""
        return -sum(f.amount_fen for f in self.flows)

    def paid_fen(self, kind: Text) -> int:
        """Return what is paid of one kind, in fen; below 0 where it is received."""
        return -total_of(self.flows, kind)


def loan_cost(loan: Loan, charges: Charges = NO_CHARGES) -> LoanCost:
    """Reckon a loan with its charges.

    Raises
    ------
    InputError
        If a subsidy comes before the start, or the flows have no single yearly cost.
    """
    plan = repayments(loan)
    flows = loan_flows(loan, plan, charges)
    effective = all_in_rate(flows)
    return LoanCost(
        loan=loan,
        plan=plan,
        flows=flows,
        effective=effective,
        nominal=nominal_rate(effective),
        simple=_simple_rate(plan, -sum(f.amount_fen for f in flows)),
    )


def loan_flows(
    loan: Loan, plan: tuple[Instalment, ...], charges: Charges = NO_CHARGES
) -> tuple[CashFlow, ...]:
    """Return all flows of a loan in order of days."""
    flows = [CashFlow(loan.start, loan.amount_fen, DRAWN)]
    for row in plan:
        flows.append(paid(row.day, row.principal_fen, PRINCIPAL))
        flows.append(paid(row.day, row.interest_fen, INTEREST))
    return in_order([*flows, *charge_flows(loan, plan, charges)])


def _simple_rate(plan: tuple[Instalment, ...], net_cost_fen: int) -> Decimal:
    clock = DayCount.ACT_365
    used = sum((row.owed_fen * clock.year_fraction(row.since, row.day) for row in plan), Fraction())
    rate = net_cost_fen / used
    return (Decimal(rate.numerator) / Decimal(rate.denominator)).quantize(PLACES)
