from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.finance.flows import DRAWN, GUARANTEE_FEE, INTEREST, PRINCIPAL, total_of
from matcher.finance.irr import all_in_rate
from matcher.finance.revolving import Use, most_used_fen, revolving_flows
from tests.finance.faults import fields_of

START = date(2026, 1, 1)
RATE = Decimal("0.04")


def use(amount, first, last):
    """Return a use from one day after the start to another."""
    return Use(amount, START + timedelta(days=first), START + timedelta(days=last))


some_uses = st.lists(
    st.builds(
        lambda amount, first, length: use(amount, first, first + length),
        st.integers(10**7, 10**10),
        st.integers(0, 700),
        st.integers(1, 400),
    ),
    min_size=1,
    max_size=8,
)


def test_interest_and_fee_are_for_the_days_used():
    """500,000 for 182 days at 4 % and a guarantee of 0.5 %: 9,972.60 and 1,246.58."""
    flows = revolving_flows([use(50_000_000, 0, 182)], RATE, guarantee_rate=Decimal("0.005"))
    assert total_of(flows, INTEREST) == -997_260
    assert total_of(flows, GUARANTEE_FEE) == -124_658


@given(some_uses)
def test_each_use_is_repaid_with_its_own_interest(uses):
    """What is drawn comes back; interest is Σ amount × rate × days / 365 to half a fen each."""
    flows = revolving_flows(uses, RATE)
    assert total_of(flows, DRAWN) == -total_of(flows, PRINCIPAL) == sum(u.amount_fen for u in uses)
    exact = sum(u.amount_fen * Fraction(RATE) * (u.end - u.start).days / 365 for u in uses)
    assert abs(-total_of(flows, INTEREST) - exact) <= Fraction(len(uses), 2)


@given(some_uses, st.integers(0, 200))
def test_a_line_costs_about_its_rate_whatever_is_drawn(uses, bp):
    """It lies between that of one use of 400 days and that of one use of a day, to 0.01 %."""
    fee = Decimal(bp) / 10_000
    rate = all_in_rate(revolving_flows(uses, RATE, guarantee_rate=fee))
    # Simple interest of t years compounds to (1 + i t)^(1/t) − 1, which falls with t.
    simple = RATE + fee
    ends = [float(1 + simple * Decimal(t) / 365) ** (365 / t) - 1 for t in (400, 1)]
    assert ends[0] - 1e-4 <= float(rate) <= ends[1] + 1e-4


@given(some_uses)
def test_the_most_that_is_out_is_what_a_day_by_day_count_gives(uses):
    """Checked on every day there is."""
    daily = (
        sum(u.amount_fen for u in uses if u.start <= START + timedelta(days=d) < u.end)
        for d in range(1_101)
    )
    assert most_used_fen(uses) == max(daily)


def test_money_repaid_on_a_day_can_be_drawn_again_that_day():
    """Two uses that meet do not exceed the line; two that overlap by a day do."""
    meeting = [use(100, 0, 10), use(100, 10, 20)]
    assert revolving_flows(meeting, RATE, limit_fen=100)
    overlapping = [use(100, 0, 11), use(100, 10, 20)]
    assert fields_of(lambda: revolving_flows(overlapping, RATE, limit_fen=100)) == {"limit_fen"}


@pytest.mark.parametrize(
    ("call", "fields"),
    [
        (lambda: use(100, 5, 5), {"end"}),
        (lambda: use(0, 5, 4), {"amount_fen", "end"}),
        (lambda: revolving_flows([], Decimal(3)), {"rate", "uses"}),
        (
            lambda: revolving_flows(
                [use(1, 0, 1)], Decimal("NaN"), guarantee_rate=Decimal("Infinity")
            ),
            {"rate", "guarantee_rate"},
        ),
    ],
)
def test_uses_that_cannot_be_are_refused_by_field(call, fields):
    """An end not after the start, no amount, no use, rates that are none."""
    assert fields_of(call) == fields
