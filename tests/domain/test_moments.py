from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.errors import InputError
from matcher.domain.moments import CHINA, china_day, china_time


def test_a_moment_elsewhere_is_another_day_in_china():
    """16:00 in Greenwich is midnight in China, one second earlier is still the day before."""
    assert china_day(datetime(2022, 5, 24, 16, tzinfo=UTC)) == date(2022, 5, 25)
    assert china_day(datetime(2022, 5, 24, 15, 59, 59, tzinfo=UTC)) == date(2022, 5, 24)


@given(
    st.datetimes(datetime(1992, 1, 2), datetime(2100, 1, 1)),
    st.integers(-12 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))),
)
def test_the_moment_stays_the_same(naive, zone):
    """Only the clock that it is read on changes."""
    moment = naive.replace(tzinfo=zone)
    assert china_time(moment) == moment
    assert china_time(moment).utcoffset() == timedelta(hours=8)


def test_a_moment_without_a_zone_is_refused_by_its_name():
    """No zone is guessed."""
    with pytest.raises(InputError, match=r"called_at: has no time zone '2022-05-24T22:00:00'"):
        china_time(datetime(2022, 5, 24, 22), "called_at")


def test_china_is_eight_hours_ahead_in_summer_too():
    """There is one zone and no summer time."""
    for month in (1, 7):
        assert datetime(2022, month, 1, tzinfo=CHINA).utcoffset() == timedelta(hours=8)
