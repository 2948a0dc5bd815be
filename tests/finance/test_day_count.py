from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.finance.day_count import DayCount, parse_day_count
from matcher.finance.months import add_months
from tests.finance.faults import fields_of
from tests.finance.strategies import days


@pytest.mark.parametrize(
    ("name", "start", "end", "expected"),
    [
        ("ACT/365", date(2026, 1, 1), date(2027, 1, 1), Fraction(1)),
        ("ACT/365", date(2024, 1, 1), date(2025, 1, 1), Fraction(366, 365)),
        ("ACT/360", date(2026, 1, 1), date(2027, 1, 1), Fraction(365, 360)),
        ("30/360", date(2024, 1, 1), date(2025, 1, 1), Fraction(1)),
        ("30/360", date(2026, 1, 15), date(2026, 2, 15), Fraction(1, 12)),
        ("30/360", date(2026, 1, 31), date(2026, 2, 28), Fraction(28, 360)),
        ("30/360", date(2026, 1, 30), date(2026, 1, 31), Fraction(0)),
        ("ACT/365", date(2026, 5, 5), date(2026, 5, 5), Fraction(0)),
    ],
)
def test_a_span_becomes_the_years_of_its_convention(name, start, end, expected):
    """The fraction is exact."""
    assert parse_day_count(name).year_fraction(start, end) == expected


@given(st.sampled_from(DayCount), days, days, days)
def test_spans_add_up(day_count, a, b, c):
    """Two spans that meet are as long as the whole, in every convention."""
    a, b, c = sorted((a, b, c))
    whole = day_count.year_fraction(a, c)
    assert day_count.year_fraction(a, b) + day_count.year_fraction(b, c) == whole


@pytest.mark.parametrize("word", ["act/360", "ACT360", " Actual/360 ", "act360"])
def test_a_convention_is_found_however_it_is_written(word):
    """Case, slash and the long word do not matter."""
    assert parse_day_count(word) is DayCount.ACT_360


@pytest.mark.parametrize("word", ["", "ACT/366", "ACT", "30", "actual/actual"])
def test_an_unknown_convention_is_refused_by_field(word):
    """None is guessed."""
    assert fields_of(lambda: parse_day_count(word)) == {"day_count"}


@pytest.mark.parametrize("day_count", DayCount)
def test_an_end_before_the_start_is_refused(day_count):
    """The span is not taken for a negative one."""
    assert fields_of(lambda: day_count.days(date(2026, 2, 1), date(2026, 1, 31))) == {"end"}


def test_months_are_counted_from_the_first_day():
    """The 31st falls on the last day of a shorter month, and comes back after it."""
    ends = [add_months(date(2024, 1, 31), n) for n in range(4)]
    assert [(d.month, d.day) for d in ends] == [(1, 31), (2, 29), (3, 31), (4, 30)]
    assert add_months(date(2025, 12, 31), 2) == date(2026, 2, 28)
