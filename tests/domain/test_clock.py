from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.clock import MAX_DAYS, Allowance, DayUnit, Elapsed, Slack, elapsed, slack
from matcher.domain.errors import InputError
from matcher.domain.workdays import chinese_calendar

CALENDAR = chinese_calendar(2019, 2024)
DAY = timedelta(days=1)
days = st.dates(date(2019, 6, 1), date(2023, 12, 31))
WORK, PLAIN = DayUnit.WORKDAYS, DayUnit.CALENDAR_DAYS


def test_the_emergency_took_eight_days_and_seven_workdays():
    """A1: 24 May to 1 June 2022 by each convention; the report prints 8 and 7."""
    took = elapsed(date(2022, 5, 24), date(2022, 6, 1), CALENDAR)
    assert took == Elapsed(
        calendar_days=8, workdays=6, calendar_days_both_ends=9, workdays_both_ends=7
    )
    assert took.text.zh == "8 个自然日；首尾均计 7 个工作日"
    assert took.text.en == "8 calendar days; 7 workdays counting both ends"


def test_the_emergency_left_two_days():
    """A1: from 1 to 3 June 2022 are two days, but one workday: 3 June is a holiday."""
    left = slack(date(2022, 6, 1), date(2022, 6, 3), CALENDAR)
    assert left == Slack(calendar_days=2, workdays=1)


def test_beyond_the_deadline_slack_is_negative():
    """Late by a week is five workdays."""
    assert slack(date(2022, 5, 20), date(2022, 5, 13), CALENDAR) == Slack(-7, -5)
    assert slack(date(2022, 5, 20), date(2022, 5, 20), CALENDAR) == Slack(0, 0)


@given(days, st.integers(0, 300))
def test_both_conventions_differ_by_the_first_day(start, length):
    """Counting one by one gives the same, with and without the first day."""
    span = [start + DAY * n for n in range(length + 1)]
    took = elapsed(start, span[-1], CALENDAR)
    worked = [CALENDAR.is_workday(d) for d in span]
    assert took == Elapsed(length, sum(worked[1:]), length + 1, sum(worked))


def test_time_that_runs_backwards_is_refused():
    """An end before the start names both days."""
    with pytest.raises(InputError, match=r"end: .*'2022-05-23'; expected: not before 2022-05-24"):
        elapsed(date(2022, 5, 24), date(2022, 5, 23), CALENDAR)


@pytest.mark.parametrize("number", [-1, MAX_DAYS + 1])
def test_an_allowance_of_negative_or_endless_days_is_refused(number):
    """The fault names the field."""
    with pytest.raises(InputError, match=f"days: cannot be used {number}"):
        Allowance(number, WORK)


def test_an_allowance_reads_well():
    """One workday is not one workdays."""
    assert Allowance(30, PLAIN).text.zh == "30 个自然日"
    assert Allowance(30, PLAIN).text.en == "30 calendar days"
    assert Allowance(1, WORK).text.en == "1 workday"


def test_a_clock_of_workdays_skips_weekend_and_holiday():
    """Three workdays after Wednesday, 1 June 2022 are 7 June: festival and weekend between."""
    clock = Allowance(3, WORK).deadline(date(2022, 6, 1), CALENDAR)
    assert clock.due == date(2022, 6, 7)
    assert [clock.remaining(date(2022, 6, d), CALENDAR) for d in (1, 2, 3, 6, 7, 8)] == [
        3, 2, 2, 1, 0, 0,
    ]  # fmt: skip
    assert clock.overdue(date(2022, 6, 7), CALENDAR) == 0
    assert clock.overdue(date(2022, 6, 9), CALENDAR) == 2


def test_a_clock_of_thirty_days_is_overdue_on_day_thirty_one():
    """W1: the day of the start is day 0, day 30 is in time."""
    start = date(2024, 11, 1)
    clock = Allowance(30, PLAIN).deadline(start, CALENDAR)
    assert clock.due == date(2024, 12, 1)
    assert clock.day(clock.due, CALENDAR) == 30
    assert not clock.is_overdue(start + 30 * DAY)
    assert clock.is_overdue(start + 31 * DAY)
    assert clock.overdue(start + 31 * DAY, CALENDAR) == 1


def test_on_the_weekend_after_a_due_friday_the_clock_is_overdue_by_no_workday():
    """The due day is past although offices have not opened since."""
    clock = Allowance(1, WORK).deadline(date(2022, 5, 26), CALENDAR)
    saturday = clock.due + DAY
    assert saturday.weekday() == 5
    assert clock.is_overdue(saturday)
    assert clock.overdue(saturday, CALENDAR) == 0
    assert clock.remaining(saturday, CALENDAR) == 0


@given(days, st.integers(0, 100), st.sampled_from(DayUnit), st.integers(0, 150))
def test_day_and_remaining_add_up_to_the_allowance(start, number, unit, later):
    """While the clock is not overdue, what has passed and what is left are the whole."""
    clock = Allowance(number, unit).deadline(start, CALENDAR)
    today = start + later * DAY
    passed, left = clock.day(today, CALENDAR), clock.remaining(today, CALENDAR)
    if clock.is_overdue(today):
        assert left == 0
        assert passed == number + clock.overdue(today, CALENDAR)
    else:
        assert passed + left == number
        assert clock.overdue(today, CALENDAR) == 0
