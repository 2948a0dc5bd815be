"""The all-in cost of an offer, against root finding on its flows and the dated loan cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from matcher.domain.choices import Instrument, Repayment
from matcher.domain.institution import Product
from matcher.finance.charges import Charges
from matcher.finance.cost import (
    ASSUMED_TERM_MONTHS,
    MOST_COST,
    Burden,
    Term,
    all_in_cost,
    burden,
    instalment,
    term_of,
)
from matcher.finance.day_count import DayCount
from matcher.finance.loan_cost import loan_cost
from matcher.finance.repayment import Loan, Plan

AMOUNT = 100_000_000
LOAN = Instrument.LOAN
shares = st.integers(0, 2_000).map(lambda n: Decimal(n) / 10_000)
small = st.integers(0, 300).map(lambda n: Decimal(n) / 10_000)
months = st.integers(1, 240)


def charged(**charges: str) -> Burden:
    """Return a loan with these charges."""
    names = ("accruing", "yearly", "monthly", "once")
    return Burden(LOAN, **{name: Decimal(charges.get(name, "0")) for name in names})


def flows_of(part: Burden, term: Term) -> list[float]:
    """Return what the borrower gets and pays, month by month, written out one by one."""
    n = term.months
    flows = [0.0] * (n + 1)
    flows[0] = 1 - float(part.once)
    for start in range(0, n, 12):
        flows[start] -= float(part.yearly)
    owed, i = 1.0, float(part.accruing) / 12
    level = i / (1 - (1 + i) ** -n) if i else 1 / n
    for month in range(1, n + 1):
        principal = (level - owed * i) if term.level_rate is not None else float(month == n)
        flows[month] -= owed * i + principal + float(part.monthly)
        owed -= principal
    return flows


@given(shares, small, small, small, months, st.booleans())
def test_the_cost_is_the_root_of_the_flows_written_out(rate, yearly, monthly, once, n, level):
    """A bracketing root finder on flows built month by month finds the same rate."""
    part = Burden(LOAN, rate, yearly, monthly, once)
    term = Term(n, rate if level else None)
    flows = flows_of(part, term)

    def value(i: float) -> float:
        return sum(flow * (1 + i) ** -t for t, flow in enumerate(flows))

    found = float(all_in_cost([part], term)) / 12
    expected = brentq(value, -1e-9, 2.0, xtol=1e-14) if sum(flows) < -1e-12 else 0.0
    assert found == pytest.approx(expected, abs=1e-9)


@given(shares, months, st.booleans())
def test_without_fees_money_costs_the_rate_it_quotes(rate, n, level):
    """However it is repaid and however long."""
    term = Term(n, rate if level else None)
    found = all_in_cost([charged(accruing=str(rate))], term)
    assert abs(found - rate) <= Decimal("1e-14")


@given(shares, small, st.integers(1, 60), st.booleans())
def test_it_agrees_with_the_dated_loan_to_a_hundredth_of_a_point(rate, fee, n, level):
    """The cost by calendar days (30/360 interest) lies within 0.01 to 0.05 percentage points."""
    plan = Plan.INSTALMENTS if level else Plan.BULLET
    loan = Loan(amount_fen=10**12, rate=rate, start=date(2026, 1, 15), months=n, plan=plan,
                every_months=1, day_count=DayCount.THIRTY_360)  # fmt: skip
    dated = loan_cost(loan, Charges(fee_once_rate=fee)).nominal
    found = all_in_cost(
        [charged(accruing=str(rate), once=str(fee))], Term(n, rate if level else None)
    )
    assert float(found) == pytest.approx(float(dated), rel=0.035, abs=1e-4)


def test_a_year_at_four_percent_with_one_percent_up_front():
    """990,000 received, 12 × 3,333.33 and 1,000,000 paid: 5.0274 % a year."""
    cost = all_in_cost([charged(accruing="0.04", once="0.01")], Term(12))
    i = float(cost) / 12
    assert (
        pytest.approx(sum(0.04 / 12 / (1 + i) ** k for k in range(1, 13)) + (1 + i) ** -12) == 0.99
    )
    assert round(cost, 6) == Decimal("0.050274")


def test_a_bridge_costs_twelve_times_its_monthly_fee():
    """6‰ a month without interest is 7.2 % a year."""
    part = Burden(Instrument.BRIDGE, Decimal(0), Decimal(0), Decimal("0.006"), Decimal(0))
    assert all_in_cost([part], Term(1)) == Decimal("0.072")


def test_a_guarantee_by_the_day_adds_its_fee_to_the_rate():
    """Interest and fee both accrue on what is owed, so the package costs their sum."""
    guarantee = Burden(Instrument.GUARANTEE, Decimal("0.005"), Decimal(0), Decimal(0), Decimal(0))
    for level in (None, Decimal("0.0415")):
        cost = all_in_cost([charged(accruing="0.0365"), guarantee], Term(6, level))
        assert cost == Decimal("0.0415")


def test_what_is_not_repaid_costs_the_plain_sum():
    """A premium of 2 %, 1 % once over two years: 2.5 % a year."""
    part = Burden(Instrument.INSURANCE, Decimal(0), Decimal("0.02"), Decimal(0), Decimal("0.01"))
    assert all_in_cost([part], Term(24)) == Decimal("0.025")


def test_fees_that_eat_up_the_amount_cost_the_most_there_is():
    """No rate of return exists; the cost is shown as 1,000 % and not as none."""
    assert all_in_cost([charged(once="1")], Term(12)) == MOST_COST
    assert all_in_cost([charged(once="0.99")], Term(1)) == MOST_COST


def test_a_premium_is_yearly_and_any_other_rate_accrues():
    """Fixed fees count as a share of the amount."""
    fields = {"product_id": "P", "institution_id": "B", "name": "p", "fee_fixed_fen": 1_000_000}
    fees = {"fee_yearly_rate": Decimal("0.01"), "fee_monthly_rate": Decimal("0.002")}
    loan = burden(Product(**fields, **fees), Decimal("0.04"), AMOUNT)
    cover = burden(
        Product(**fields, **fees, instrument=Instrument.INSURANCE), Decimal("0.04"), AMOUNT
    )
    expected = [Decimal(x) for x in ("0.04", "0.01", "0.002", "0.01")]
    assert [loan.accruing, loan.yearly, loan.monthly, loan.once] == expected
    assert [cover.accruing, cover.yearly] == [0, Decimal("0.05")]


@pytest.mark.parametrize(
    ("offers", "wish", "level"),
    [
        ({Repayment.INSTALMENTS}, None, True),
        ({Repayment.INSTALMENTS}, Repayment.BULLET, True),
        ({Repayment.INSTALMENTS, Repayment.BULLET}, None, False),
        ({Repayment.INSTALMENTS, Repayment.BULLET}, Repayment.INSTALMENTS, True),
        ({Repayment.BULLET}, Repayment.INSTALMENTS, False),
        (set(), None, False),
    ],
)
def test_instalments_are_reckoned_where_wished_or_nothing_else_is_offered(offers, wish, level):
    """A wish that the product does not offer changes nothing."""
    product = Product(product_id="P", institution_id="B", name="p", repayment=frozenset(offers))
    term = term_of(product, wish, 24, Decimal("0.05"))
    assert (term.level_rate is not None) is level
    assert term.months == 24
    assert term_of(product, wish, None, Decimal(0)).months == ASSUMED_TERM_MONTHS


@given(shares, st.integers(1, 120))
def test_the_years_used_are_what_is_owed_month_by_month(rate, n):
    """Σ of the balances of an instalment loan over twelve."""
    paid, owed, used = float(instalment(rate, n)), 1.0, 0.0
    for _ in range(n):
        used += owed / 12
        owed = owed * (1 + float(rate) / 12) - paid
    assert float(Term(n, rate).used_years) == pytest.approx(used, rel=1e-6)
    assert Term(n).used_years == Decimal(n) / 12


def test_years_begun_count_from_the_first_day():
    """A term of 13 months begins a second year."""
    assert [Term(n).years_begun for n in (1, 12, 13, 24, 25)] == [1, 1, 2, 2, 3]
    assert np.isfinite(float(all_in_cost([charged(yearly="0.01")], Term(13))))
