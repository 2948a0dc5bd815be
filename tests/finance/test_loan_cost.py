from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import brentq

from matcher.finance.charges import Charges, GuaranteeMode, Subsidy
from matcher.finance.day_count import DayCount
from matcher.finance.flows import FEE, GUARANTEE_FEE, INTEREST, PREMIUM, SUBSIDY, net_by_day
from matcher.finance.loan_cost import loan_cost
from matcher.finance.repayment import Loan, Plan
from tests.finance.faults import fields_of
from tests.finance.strategies import charges, loans, small_rates, subsidies_of

START = date(2026, 1, 15)
YEAR = Loan(amount_fen=100_000_000, rate=Decimal("0.04"), start=START, months=12, every_months=12)


def test_without_charges_a_years_bullet_costs_its_rate():
    """Interest once at the end of 365 days: effective and simple are the quoted rate."""
    cost = loan_cost(YEAR)
    assert (cost.effective, cost.simple) == (Decimal("0.04"), Decimal("0.04"))
    assert cost.net_cost_fen == cost.paid_fen(INTEREST) == 4_000_000


def test_a_fee_up_front_shrinks_what_is_received():
    """1 % on the first day: 1,040,000 paid for 990,000 received."""
    cost = loan_cost(YEAR, Charges(fee_once_rate=Decimal("0.01")))
    assert cost.paid_fen(FEE) == 1_000_000
    assert float(cost.effective) == pytest.approx(104 / 99 - 1, abs=1e-12)
    assert cost.simple == Decimal("0.05")


@pytest.mark.parametrize(
    ("charged", "kind", "expected"),
    [
        ({"fee_fixed_fen": 123}, FEE, 123),
        ({"fee_monthly_rate": Decimal("0.001")}, FEE, 1_200_000),
        ({"fee_daily_rate": Decimal("0.01")}, FEE, 1_000_000),
        ({"guarantee_rate": Decimal("0.005")}, GUARANTEE_FEE, 500_000),
        ({"premium_fen": 77}, PREMIUM, 77),
        ({"subsidies": (Subsidy(55, START),)}, SUBSIDY, -55),
    ],
)
def test_each_charge_is_in_the_flows_under_its_name(charged, kind, expected):
    """What is paid of each kind is what the terms say, over a year of 1 m."""
    cost = loan_cost(YEAR, Charges(**charged))
    assert cost.paid_fen(kind) == expected
    assert cost.net_cost_fen == 4_000_000 + expected


def test_a_daily_guarantee_costs_less_than_a_year_in_advance():
    """500,000 for half a year (181 days) at 0.5 %: 1,239.73 by the day, 2,500.00 in advance."""
    half = replace(YEAR, amount_fen=50_000_000, months=6, every_months=6)
    assert (half.end - half.start).days == 181
    by_day = Charges(guarantee_rate=Decimal("0.005"))
    ahead = replace(by_day, guarantee_mode=GuaranteeMode.YEARLY)
    assert loan_cost(half, by_day).paid_fen(GUARANTEE_FEE) == 123_973
    assert loan_cost(half, ahead).paid_fen(GUARANTEE_FEE) == 250_000
    assert loan_cost(half, by_day).effective < loan_cost(half, ahead).effective


def test_a_guarantee_by_the_year_is_charged_on_what_is_still_owed():
    """Two years of equal principal: a year's fee on all of it, then on half."""
    loan = replace(YEAR, months=24, every_months=1, plan=Plan.PRINCIPAL, amount_fen=2_400_000)
    mode = GuaranteeMode.YEARLY
    cost = loan_cost(loan, Charges(guarantee_rate=Decimal("0.01"), guarantee_mode=mode))
    fees = [(f.day, f.amount_fen) for f in cost.flows if f.kind == GUARANTEE_FEE]
    assert fees == [(START, -24_000), (date(2027, 1, 15), -12_000)]


def test_a_subsidy_that_comes_later_is_worth_less():
    """Half the interest back: at the start, at the end, and a quarter after the end."""
    days = (START, date(2027, 1, 15), date(2027, 4, 15))
    now, then, late = (
        loan_cost(YEAR, Charges(subsidies=(Subsidy(2_000_000, d),))).effective for d in days
    )
    assert now < then < late < Decimal("0.04")
    assert then == Decimal("0.02")


@given(st.data(), loans, charges)
def test_the_cost_agrees_with_brentq_on_whole_loans(data, loan, charged):
    """Plans, fees, guarantee, premium and subsidies together, against scipy."""
    charged = replace(charged, subsidies=data.draw(subsidies_of(loan)))
    cost = loan_cost(loan, charged)
    net = [((day - loan.start).days / 365, float(fen)) for day, fen in net_by_day(cost.flows)]

    def value(rate):
        return sum(fen * (1 + rate) ** -t for t, fen in net)

    low, high = (-0.5, 0.0) if cost.net_cost_fen < 0 else (-1e-12, 30.0)
    assume(value(low) * value(high) < 0)
    expected = brentq(value, low, high, xtol=1e-14, rtol=1e-14)
    assert float(cost.effective) == pytest.approx(expected, abs=1e-8, rel=1e-8)


@given(loans, charges, small_rates.filter(bool))
def test_a_higher_charge_costs_more(loan, charged, more):
    """Each fee, the guarantee, the premium and the interest raise the cost."""
    before = loan_cost(loan, charged).effective
    for name in ("fee_once_rate", "fee_monthly_rate", "fee_daily_rate", "guarantee_rate"):
        dearer = replace(charged, **{name: getattr(charged, name) + more})
        assert loan_cost(loan, dearer).effective > before, name
    dearer = replace(charged, premium_fen=charged.premium_fen + loan.amount_fen // 100)
    assert loan_cost(loan, dearer).effective > before
    assert loan_cost(replace(loan, rate=loan.rate + more), charged).effective > before


@given(loans, st.integers(1, 1_000))
def test_a_higher_subsidy_costs_less(loan, permille):
    """Money back at the end lowers the cost."""
    back = Subsidy(max(1, loan.amount_fen * permille // 100_000), loan.end)
    assert loan_cost(loan, Charges(subsidies=(back,))).effective < loan_cost(loan).effective


@given(loans, charges)
def test_the_sums_are_those_of_the_flows(loan, charged):
    """Net cost is what was paid of every kind; the nominal rate is not above the effective."""
    cost = loan_cost(loan, charged)
    kinds = (INTEREST, FEE, GUARANTEE_FEE, PREMIUM, SUBSIDY)
    assert cost.net_cost_fen == sum(cost.paid_fen(kind) for kind in kinds)
    assert cost.nominal <= cost.effective
    assert [f.day for f in cost.flows] == sorted(f.day for f in cost.flows)


@pytest.mark.parametrize("day_count", DayCount)
def test_the_day_count_moves_the_cost_as_it_must(day_count):
    """ACT/360 charges 365 / 360 of a year's interest; the other two a year's."""
    paid = loan_cost(replace(YEAR, day_count=day_count)).paid_fen(INTEREST)
    assert paid == (4_055_556 if day_count is DayCount.ACT_360 else 4_000_000)


@pytest.mark.parametrize(
    ("charged", "fields"),
    [
        ({"fee_once_rate": Decimal(3)}, {"fee_once_rate"}),
        ({"premium_fen": -1, "guarantee_rate": Decimal("NaN")}, {"premium_fen", "guarantee_rate"}),
        ({"subsidies": (Subsidy(0, START),)}, {"subsidies"}),
        ({"fee_fixed_fen": 1.0, "fee_monthly_rate": 0.01}, {"fee_fixed_fen", "fee_monthly_rate"}),
        ({"subsidies": (Subsidy(5, date(2026, 1, 14)),)}, {"subsidies"}),
    ],
)
def test_charges_that_cannot_be_are_refused_by_field(charged, fields):
    """300 %, NaN, negative and float figures, and a subsidy before the loan."""
    assert fields_of(lambda: loan_cost(YEAR, Charges(**charged))) == fields


def test_fees_that_eat_the_loan_leave_no_yearly_cost():
    """Where nothing is received, the error says that money flows one way."""
    assert fields_of(lambda: loan_cost(YEAR, Charges(fee_once_rate=Decimal(1)))) == {None}
