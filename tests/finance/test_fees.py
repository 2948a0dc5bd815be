"""Guarantee by the day, rollover, premium: the figures of rows B1, B2 and B5, and others."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.finance.day_count import DayCount
from matcher.finance.guarantee import guarantee_fee
from matcher.finance.premium import subsidised_premium
from matcher.finance.rollover import rollover_fee
from matcher.finance.rounding import round_fen, share_fen
from tests.finance.faults import fields_of
from tests.finance.strategies import amounts, rates

spans = st.integers(0, 4_000)


def test_the_daily_guarantee_fee_of_the_source():
    """500,000 at 0.5 %: 6.85 a day, 1,246.58 for 182 days, 2,500.00 up front (B2)."""
    fee = guarantee_fee(50_000_000, Decimal("0.005"), 182)
    assert (fee.daily_fen, fee.used_fen, fee.upfront_fen) == (685, 124_658, 250_000)
    assert fee.saved_fen == 125_342
    assert fee.used_fen != 182 * fee.daily_fen


@pytest.mark.parametrize(
    ("day_count", "daily", "used"),
    [(DayCount.ACT_365, 685, 124_658), (DayCount.ACT_360, 694, 126_389)],
)
def test_the_day_count_of_a_guarantee_is_a_choice(day_count, daily, used):
    """ACT/360 gives 6.94 a day where ACT/365 gives 6.85."""
    fee = guarantee_fee(50_000_000, Decimal("0.005"), 182, day_count)
    assert (fee.daily_fen, fee.used_fen) == (daily, used)


@given(amounts, rates, spans, st.sampled_from(DayCount))
def test_a_guarantee_fee_is_the_exact_product_rounded_once(amount, rate, days, day_count):
    """Within half a fen of amount × rate × days / year, and of nothing else."""
    exact = Fraction(amount) * Fraction(rate) * Fraction(days, day_count.basis)
    assert abs(guarantee_fee(amount, rate, days, day_count).used_fen - exact) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("monthly", "halved", "expected"),
    [("0.006", False, 4_000_000), ("0.008", False, 5_333_333), ("0.006", True, 2_000_000)],
)
def test_the_rollover_fees_of_the_source(monthly, halved, expected):
    """20 m for 10 days: 40,000.00 at 6‰, 53,333.33 at 8‰, 20,000.00 halved (B1)."""
    assert rollover_fee(2_000_000_000, 10, Decimal(monthly), halved=halved).fee_fen == expected


def test_the_days_of_a_month_are_a_setting():
    """With 31 days the same fee is 38,709.68."""
    assert rollover_fee(2_000_000_000, 10, Decimal("0.006"), month_days=31).fee_fen == 3_870_968


@given(amounts, rates, spans, st.integers(28, 31), st.booleans())
def test_a_rollover_fee_is_the_exact_product_rounded_once(amount, rate, days, month, halved):
    """Amount × fee × days / days of a month, by half where halved."""
    exact = Fraction(amount) * Fraction(rate) * days / month / (2 if halved else 1)
    fee = rollover_fee(amount, days, rate, halved=halved, month_days=month)
    assert abs(fee.fee_fen - exact) <= Fraction(1, 2)
    assert (
        fee.fee_fen + fee.reduction_fen
        == rollover_fee(amount, days, rate, month_days=month).fee_fen
    )


@pytest.mark.parametrize(
    ("premium", "share", "cap", "pays"),
    [
        (10_000_000, "0.9", None, 1_000_000),
        (10_000_000, "0.6", None, 4_000_000),
        (10_000_000, "0.9", 8_000_000, 2_000_000),
        (10_000_000, "0.6", 8_000_000, 4_000_000),
        (10_000_000, "0", None, 10_000_000),
        (10_000_000, "1", 0, 10_000_000),
        (1, "0.5", None, 0),
    ],
)
def test_a_subsidised_premium_leaves_the_rest(premium, share, cap, pays):
    """100,000: a start-up at 90 % pays 10,000, a growth firm at 60 % pays 40,000 (B5)."""
    assert subsidised_premium(premium, Decimal(share), cap).pays_fen == pays


@given(amounts, rates, st.none() | st.integers(0, 10**10))
def test_a_premium_is_split_without_a_rest(premium, share, cap):
    """Subsidy and payment add up, and the subsidy is never above the cap."""
    split = subsidised_premium(premium, share, cap)
    assert split.subsidy_fen + split.pays_fen == premium
    assert 0 <= split.subsidy_fen <= (premium if cap is None else min(premium, cap))


@given(st.fractions())
def test_rounding_is_to_the_nearest_fen_and_symmetric(value):
    """Halves go away from zero."""
    assert abs(round_fen(value) - value) <= Fraction(1, 2)
    assert round_fen(-value) == -round_fen(value)
    assert share_fen(3, Fraction(1, 2)) == 2


NAN = Decimal("NaN")


@pytest.mark.parametrize(
    ("call", "fields"),
    [
        (lambda: guarantee_fee(0, Decimal(3), -1), {"amount_fen", "rate", "days"}),
        (lambda: guarantee_fee(1, NAN, 1), {"rate"}),
        (lambda: rollover_fee(1, -1, NAN, month_days=0), {"days", "monthly_fee", "month_days"}),
        (lambda: rollover_fee(-5, 40_000, Decimal(0)), {"amount_fen", "days"}),
        (lambda: rollover_fee(5.0, 1.0, 0.1), {"amount_fen", "days", "monthly_fee"}),
        (lambda: subsidised_premium(0, Decimal("1.01"), -1), {"premium_fen", "share", "cap_fen"}),
    ],
)
def test_figures_that_cannot_be_are_refused_by_field_and_all_at_once(call, fields):
    """Negative days, 300 %, NaN, zero amounts, floats."""
    assert fields_of(call) == fields
