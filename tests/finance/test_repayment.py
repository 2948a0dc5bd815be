from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.finance.day_count import DayCount
from matcher.finance.repayment import Loan, Plan, level_payment, repayments, simple_interest
from tests.finance.faults import fields_of
from tests.finance.strategies import amounts, loans, rates

START = date(2026, 1, 15)


def loan(**terms):
    """Return a loan of 1 m for a year at 4.35 %, with other terms."""
    usual = {"amount_fen": 100_000_000, "rate": Decimal("0.0435"), "start": START, "months": 12}
    return Loan(**{**usual, **terms})


def half_up(value):
    """Round an exact fraction as a till does."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


@given(loans)
def test_every_plan_pays_off_to_the_fen(terms):
    """Principal adds up to the amount, nothing is owed after, and no payment is negative."""
    plan = repayments(terms)
    assert sum(row.principal_fen for row in plan) == terms.amount_fen
    owed = terms.amount_fen
    for row in plan:
        assert row.owed_fen == owed
        assert row.principal_fen >= 0
        assert row.interest_fen >= 0
        owed -= row.principal_fen
    assert owed == 0
    assert plan[-1].day == terms.end


@given(loans)
def test_each_periods_interest_is_on_what_is_owed_for_its_days(terms):
    """Interest is owed × rate × days / year, rounded once; periods leave no day out."""
    since = terms.start
    for row in repayments(terms):
        assert row.since == since
        years = Fraction(terms.day_count.days(since, row.day), terms.day_count.basis)
        assert row.interest_fen == half_up(row.owed_fen * Fraction(terms.rate) * years)
        since = row.day


@given(
    amounts,
    st.integers(1, 2_400),
    st.integers(1, 360),
    st.dates(date(2015, 1, 1), date(2035, 1, 1)).filter(lambda d: d.day <= 28),
)
def test_equal_instalments_are_the_annuity(amount, bp, months, start):
    """Under 30/360 the payment is P i / (1 − (1 + i)^−n) within a fen, but for the last."""
    terms = Loan(
        amount_fen=amount,
        rate=Decimal(bp) / 10_000,
        start=start,
        months=months,
        plan=Plan.INSTALMENTS,
        day_count=DayCount.THIRTY_360,
    )
    i = Fraction(bp, 120_000)
    annuity = amount * i / (1 - (1 + i) ** -months)
    payments = [row.payment_fen for row in repayments(terms)]
    assert level_payment(terms) == half_up(annuity)
    assert all(abs(p - annuity) <= 1 for p in payments[:-1])
    # Rounding of n payments and n interests, carried on with interest to the end.
    assert abs(payments[-1] - annuity) <= 2 + 2 * ((1 + i) ** months - 1) / i


@given(amounts, rates, st.sampled_from(DayCount), st.integers(1, 60))
def test_equal_instalments_are_equal_whatever_the_day_count(amount, rate, day_count, months):
    """The payment stays the same though months have 28 to 31 days, at rates that banks ask."""
    terms = loan(
        amount_fen=amount, rate=rate, months=months, plan=Plan.INSTALMENTS, day_count=day_count
    )
    assert len({row.payment_fen for row in repayments(terms)[:-1]}) <= 1


@given(amounts, st.integers(1, 60))
def test_equal_principal_is_equal_and_the_last_takes_the_rest(amount, months):
    """All but the last are ⌊amount / n⌋; the last is above by less than n fen."""
    plan = repayments(loan(amount_fen=amount, months=months, plan=Plan.PRINCIPAL))
    parts = [row.principal_fen for row in plan]
    assert parts[:-1] == [amount // months] * (months - 1)
    assert 0 <= parts[-1] - amount // months < months


def test_bullet_pays_interest_and_then_everything():
    """A quarter's interest four times, the whole principal at the end."""
    plan = repayments(loan(every_months=3))
    assert [row.principal_fen for row in plan] == [0, 0, 0, 100_000_000]
    assert [row.day.month for row in plan] == [4, 7, 10, 1]
    assert sum(row.interest_fen for row in plan) == 4_350_000


def test_interest_may_all_fall_due_at_the_end():
    """With as many months between payments as the term there is one payment (利随本清)."""
    (row,) = repayments(loan(every_months=12))
    assert (row.principal_fen, row.interest_fen) == (100_000_000, 4_350_000)


def test_a_last_period_may_be_shorter():
    """Seven months paid each three: after three, six and seven."""
    assert [d.month for d in loan(months=7, every_months=3).payment_days] == [4, 7, 8]


def test_money_without_interest_comes_back_in_equal_parts():
    """At 0 % equal instalments are equal principal, rounded."""
    plan = repayments(loan(amount_fen=1_000, rate=Decimal(0), months=3, plan=Plan.INSTALMENTS))
    assert [row.payment_fen for row in plan] == [333, 333, 334]


@pytest.mark.parametrize("fen", [1, 2, 5, 7])
@pytest.mark.parametrize("plan", Plan)
def test_even_a_few_fen_are_paid_off(fen, plan):
    """Rounding never makes a payment negative or leaves a rest."""
    rows = repayments(loan(amount_fen=fen, months=10, plan=plan))
    assert sum(row.principal_fen for row in rows) == fen
    assert all(row.principal_fen >= 0 for row in rows)


@pytest.mark.parametrize("day_count", DayCount)
@pytest.mark.parametrize("bp", [1765, 2400])
def test_a_long_dear_loan_lasts_its_term(bp, day_count):
    """Long months whose interest is all that is paid do not end it years early (found by trial)."""
    terms = loan(
        amount_fen=26_438_471_729,
        rate=Decimal(bp) / 10_000,
        start=date(2023, 3, 29),
        months=350,
        plan=Plan.INSTALMENTS,
        day_count=day_count,
    )
    payments = [row.payment_fen for row in repayments(terms)]
    level = level_payment(terms)
    # The interest of 31 days is 31/30 of a month's, and no payment is levelled above it.
    assert all(0.95 * level < paid < 1.04 * level for paid in payments)


def test_at_a_rate_of_100_percent_over_50_years_interest_is_still_paid():
    """Where a long month's interest exceeds the level payment, the interest is what is paid."""
    terms = loan(rate=Decimal(1), months=600, plan=Plan.INSTALMENTS)
    first, *others = repayments(terms)
    assert first.payment_fen == first.interest_fen > level_payment(terms)
    assert sum(row.principal_fen for row in others) == terms.amount_fen


@pytest.mark.parametrize(
    ("terms", "fields"),
    [
        ({"amount_fen": 0}, {"amount_fen"}),
        ({"amount_fen": 10**15 + 1}, {"amount_fen"}),
        ({"amount_fen": 1.5}, {"amount_fen"}),
        ({"amount_fen": True}, {"amount_fen"}),
        ({"rate": Decimal(3)}, {"rate"}),
        ({"rate": Decimal("NaN")}, {"rate"}),
        ({"rate": Decimal("-0.01")}, {"rate"}),
        ({"rate": 0.04}, {"rate"}),
        ({"months": 0}, {"months"}),
        ({"months": -1, "every_months": 0}, {"months", "every_months"}),
        ({"months": 601}, {"months"}),
        ({"plan": "balloon"}, {"plan"}),
        ({"start": date(9901, 1, 1)}, {"start"}),
        (
            {"amount_fen": -1, "rate": Decimal("sNaN"), "months": 0},
            {"amount_fen", "rate", "months"},
        ),
    ],
)
def test_terms_that_cannot_be_are_refused_by_field_and_all_at_once(terms, fields):
    """Floats, NaN, 300 % and terms of no months."""
    assert fields_of(lambda: loan(**terms)) == fields


def test_simple_interest_is_rounded_once():
    """9.9 m for a year at 2.65 % is 262,350.00; a third of a year of 1 yuan at 5 % is 2 fen."""
    assert simple_interest(990_000_000, Decimal("0.0265"), Fraction(1)) == 26_235_000
    assert simple_interest(100, Decimal("0.05"), Fraction(1, 3)) == 2
