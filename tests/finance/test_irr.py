from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import brentq

from matcher.domain.errors import InputError
from matcher.domain.text import Lang, Text
from matcher.finance.day_count import DayCount
from matcher.finance.flows import CashFlow
from matcher.finance.irr import all_in_rate, nominal_rate
from matcher.finance.roots import ExponentialSum

START = date(2026, 1, 1)
ANY = Text.same("any")


def flows(*pairs):
    """Return flows from (days after the start, fen)."""
    return [CashFlow(START + timedelta(days=d), fen, ANY) for d, fen in pairs]


def present_value(pairs, rate):
    """Return what flows are worth at the start, in floats."""
    return sum(fen * (1 + rate) ** (-d / 365) for d, fen in pairs)


def refusal(*pairs):
    """Return the sentence that flows are refused with."""
    with pytest.raises(InputError) as caught:
        all_in_rate(flows(*pairs))
    return caught.value.sentences(Lang.EN)[0]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(0, 100), (365, -104)], "0.04"),
        ([(0, 100), (365, -100)], "0"),
        ([(0, 100), (365, -96)], "-0.04"),
        ([(0, 100), (730, -121)], "0.1"),
        ([(0, 10_000), (365, -500), (730, -10_500)], "0.05"),
        ([(0, 100), (0, -1), (365, -99)], "0"),
        ([(0, 100), (365, -1), (365, -103)], "0.04"),
        ([(0, -100), (365, 104)], "0.04"),
    ],
)
def test_the_rate_is_what_a_banker_would_say(pairs, expected):
    """Plain cases come out exactly."""
    assert all_in_rate(flows(*pairs)) == Decimal(expected)


@given(
    st.integers(10**6, 10**12),
    st.lists(st.tuples(st.integers(1, 4_000), st.integers(1, 10**11)), min_size=1, max_size=40),
)
def test_the_rate_agrees_with_brentq(received, payments):
    """One receipt and any payments: the only root, as scipy finds it."""
    pairs = [(0, received), *((d, -fen) for d, fen in payments)]
    assume(present_value(pairs, -0.9) < 0 < present_value(pairs, 50.0))
    expected = brentq(lambda r: present_value(pairs, r), -0.9, 50.0, xtol=1e-15, rtol=1e-14)
    found = float(all_in_rate(flows(*pairs)))
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(
    st.integers(10**6, 10**12),
    st.lists(st.tuples(st.integers(1, 2_000), st.integers(-2, 4)), min_size=1, max_size=25),
)
def test_among_mixed_flows_the_rate_is_the_one_that_a_fine_grid_sees(received, parts):
    """With subsidies in between a root is a root, and none that a grid shows is passed over."""
    pairs = [(0, received), *((d, -received * n // len(parts)) for d, n in parts if n)]
    try:
        found = float(all_in_rate(flows(*pairs)))
    except InputError:
        return
    assume(found > -0.9)  # nearer to -1, twelve places of the rate are too few for a value
    size = sum(abs(fen) * (1 + found) ** (-d / 365) for d, fen in pairs)
    assert abs(present_value(pairs, found)) <= 1e-9 * size
    if sum(fen for _, fen in pairs) < 0:
        grid = [n / 50 for n in range(1, 501)]
        signs = [present_value(pairs, r) > 0 for r in grid]
        assert sum(a != b for a, b in pairwise(signs)) <= 1


@given(st.integers(1, 3_000), st.integers(1, 3_000), st.integers(1, 10**6))
def test_scale_and_time_of_all_flows_do_not_matter(first, second, factor):
    """The rate is the same in other money and in another year."""
    pairs = [(0, 1_000), (first, -300), (first + second, -800)]
    rate = all_in_rate(flows(*pairs))
    assert all_in_rate(flows(*((d + 77, fen * factor) for d, fen in pairs))) == rate


@pytest.mark.parametrize("pairs", [[], [(0, 5)], [(0, 5), (9, 5)], [(0, -5)], [(0, 5), (0, -5)]])
def test_money_that_flows_one_way_has_no_rate_and_the_error_says_so(pairs):
    """No sign change, no yearly cost."""
    assert "no sign change" in refusal(*pairs)


def test_several_rates_are_refused_and_named():
    """A flow to and fro with two answers gets neither: 10 % and 20 % both solve it."""
    said = refusal((0, -100), (365, 230), (730, -132))
    assert "not unique" in said
    assert "10.00%" in said
    assert "20.00%" in said


def test_a_double_root_at_zero_gain_is_found():
    """Where the curve touches zero, that is the one answer."""
    assert all_in_rate(flows((0, 100), (365, -220), (730, 121))) == Decimal("0.1")


def test_flows_without_any_rate_are_refused():
    """Two sign changes and no root: the error says that nothing is within reach."""
    assert "no yearly cost" in refusal((0, 100), (365, -100), (730, 100))


def test_a_subsidy_after_the_end_does_not_make_the_cost_ambiguous():
    """The second, absurd root near −99 % is no answer; the rate is below that of no subsidy."""
    plain = [(0, 100_000), (365, -104_000)]
    rate = all_in_rate(flows(*plain, (400, 1_000)))
    assert Decimal("0.03") < rate < Decimal("0.031")


def test_a_fee_paid_before_the_money_comes_counts():
    """The second, absurd root of more than 1,000 % is no answer."""
    rate = all_in_rate(flows((0, -1_000), (30, 100_000), (395, -104_000)))
    assert Decimal("0.05") < rate < Decimal("0.052")


def test_a_very_short_and_dear_loan_still_has_its_rate():
    """One day at half a percent is 517 % a year."""
    rate = all_in_rate(flows((0, 100_000), (1, -100_500)))
    assert float(rate) == pytest.approx(1.005**365 - 1, rel=1e-11)


def test_the_clock_is_the_one_that_is_named():
    """Under ACT/360 a year of 365 days is more than a year."""
    year = flows((0, 100), (360, -104))
    assert all_in_rate(year, DayCount.ACT_360) == Decimal("0.04")
    assert all_in_rate(year) > Decimal("0.04")


def test_days_that_a_convention_takes_for_one_are_one():
    """30 and 31 January are the same day under 30/360."""
    lent = CashFlow(date(2026, 1, 30), 100, ANY)
    fee = CashFlow(date(2026, 1, 31), -4, ANY)
    back = CashFlow(date(2027, 1, 30), -96, ANY)
    assert all_in_rate([lent, fee, back], DayCount.THIRTY_360) == 0
    swallowed = CashFlow(date(2026, 1, 31), -100, ANY)
    with pytest.raises(InputError):
        all_in_rate([lent, swallowed], DayCount.THIRTY_360)


@given(st.integers(-4_000, 30_000))
def test_the_nominal_rate_compounds_to_the_effective_one(points):
    """(1 + nominal / 12)^12 = 1 + effective, to ten places."""
    effective = Decimal(points) / 10_000
    assert abs((1 + nominal_rate(effective) / 12) ** 12 - 1 - effective) < Decimal("1e-10")


@given(st.sets(st.integers(1, 40), min_size=1, max_size=5))
def test_every_root_of_a_polynomial_is_found(roots):
    """Π (x − x_k) with x = exp(−s) has exactly the roots it is made of."""
    coefficients = [Fraction(1)]
    for root in roots:
        shifted = [Fraction(0), *coefficients]
        lower = [c * Fraction(root, 4) for c in coefficients] + [Fraction(0)]
        coefficients = [a - b for a, b in zip(shifted, lower, strict=True)]
    whole = tuple(int(c * 4 ** len(roots)) for c in coefficients)
    function = ExponentialSum(whole, tuple(range(len(whole))), 1)
    found = function.roots(Decimal(-20), Decimal(20))
    expected = sorted(-(Decimal(root) / 4).ln() for root in roots)
    assert len(found) == len(expected)
    assert all(abs(a - b) < Decimal("1e-20") for a, b in zip(found, expected, strict=True))
