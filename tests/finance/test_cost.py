from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.institution import Product
from matcher.finance.cost import ASSUMED_TERM_MONTHS, simple_all_in_rate

AMOUNT = 100_000_000
rates = st.integers(0, 10_000).map(lambda n: Decimal(n) / 10_000)
amounts = st.integers(1, 10**15)
terms = st.integers(1, 600)


def product(**fees):
    """Return a product with these fees."""
    return Product(product_id="P1", institution_id="B1", name="示例贷", **fees)


def cost(fees, rate="0", amount_fen=AMOUNT, term_months=12):
    """Return the all-in rate for given fees."""
    return simple_all_in_rate(product(**fees), Decimal(rate), amount_fen, term_months)


@pytest.mark.parametrize(
    ("fees", "rate", "term_months", "expected"),
    [
        ({}, "0.0435", 12, "0.0435"),
        ({}, "0.0435", 1, "0.0435"),
        ({"fee_once_rate": Decimal("0.01")}, "0.04", 12, "0.05"),
        ({"fee_once_rate": Decimal("0.01")}, "0.04", 6, "0.06"),
        ({"fee_once_rate": Decimal("0.01")}, "0.04", 24, "0.045"),
        ({"fee_yearly_rate": Decimal("0.01")}, "0.04", 6, "0.05"),
        ({"fee_monthly_rate": Decimal("0.006")}, "0", 3, "0.072"),
        ({"fee_fixed_fen": 500_000}, "0.04", 12, "0.045"),
        ({"fee_fixed_fen": 500_000}, "0.04", 3, "0.06"),
        ({"fee_once_rate": Decimal("0.01")}, "0.04", None, "0.05"),
    ],
)
def test_fees_are_spread_over_the_term_that_they_are_paid_for(fees, rate, term_months, expected):
    """Yearly fees count as they are, monthly ones twelve times, one-off ones by 12 / term."""
    assert cost(fees, rate, term_months=term_months) == Decimal(expected)


@given(rates, rates, rates, rates, st.integers(0, 10**10), amounts, terms)
def test_the_rate_is_what_is_paid_over_the_term_per_year_and_yuan(
    rate, once, yearly, monthly, fixed, amount, term
):
    """Adding up each payment in fractions gives the same yearly cost to 20 places."""
    fees = {"fee_once_rate": once, "fee_yearly_rate": yearly, "fee_monthly_rate": monthly}
    years = Fraction(term, 12)
    paid = Fraction(amount) * (Fraction(rate) + Fraction(yearly)) * years
    paid += term * Fraction(amount) * Fraction(monthly)
    paid += Fraction(amount) * Fraction(once) + fixed
    found = cost({**fees, "fee_fixed_fen": fixed}, rate, amount, term)
    exact = paid / amount / years
    assert abs(Fraction(found) - exact) <= exact / 10**20


@given(rates, amounts, terms)
def test_without_fees_money_costs_its_interest(rate, amount, term):
    """Amount and term do not matter where nothing is charged once."""
    assert cost({}, rate, amount, term) == rate


@given(st.integers(1, 10**9), amounts, terms)
def test_a_fixed_fee_weighs_less_on_more_money_and_a_longer_term(fee, amount, term):
    """Twice the amount or twice the term halves it."""
    once = cost({"fee_fixed_fen": fee}, "0", amount, term)
    for half in (
        cost({"fee_fixed_fen": fee}, "0", amount * 2, term),
        cost({"fee_fixed_fen": fee}, "0", amount, term * 2),
    ):
        assert abs(half * 2 - once) <= once * Decimal("1e-24")


def test_a_need_that_does_not_say_how_long_is_taken_for_a_year():
    """The assumption is a named number, and using it is the same as saying it."""
    fees = {"fee_once_rate": Decimal("0.013"), "fee_fixed_fen": 7}
    assert ASSUMED_TERM_MONTHS == 12
    assert cost(fees, term_months=None) == cost(fees, term_months=ASSUMED_TERM_MONTHS)


def test_the_rate_to_reckon_with_is_the_one_given():
    """The product's own quote is not looked at: a desk may reckon with another."""
    quoted = product(rate=Decimal("0.03"), rate_max=Decimal("0.06"))
    assert simple_all_in_rate(quoted, Decimal("0.05"), AMOUNT, 12) == Decimal("0.05")
