from datetime import UTC, date, datetime, time, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.errors import InputError
from matcher.domain.moments import CHINA
from matcher.domain.overrides import Overrides
from matcher.domain.text import Lang
from matcher.domain.workdays import WorkCalendar, calendar_around, chinese_calendar

FIRST, LAST = date(2019, 1, 1), date(2024, 12, 31)
CALENDAR = chinese_calendar(2019, 2024)
PUBLIC = holidays.country_holidays("CN", years=range(2018, 2026))
DAY = timedelta(days=1)
days = st.dates(FIRST, LAST)

# Days off and make-up workdays by 国务院办公厅关于2022年部分节假日安排的通知
# (国办发明电〔2021〕11号).
OFF_2022 = [((1, 1), (1, 3)), ((1, 31), (2, 6)), ((4, 3), (4, 5)), ((4, 30), (5, 4)),
            ((6, 3), (6, 5)), ((9, 10), (9, 12)), ((10, 1), (10, 7))]  # fmt: skip
MAKE_UP_2022 = [(1, 29), (1, 30), (4, 2), (4, 24), (5, 7), (10, 8), (10, 9)]


def every_day(start, end):
    """Return the days from start to end, both included."""
    return [start + DAY * n for n in range((end - start).days + 1)]


def test_2022_is_the_calendar_that_the_state_council_announced():
    """Each day of 2022 is a workday or not by the notice itself, without the holidays package."""
    off = {d for a, b in OFF_2022 for d in every_day(date(2022, *a), date(2022, *b))}
    make_up = {date(2022, *d) for d in MAKE_UP_2022}
    for day in every_day(date(2022, 1, 1), date(2022, 12, 31)):
        expected = day in make_up or (day.weekday() < 5 and day not in off)
        assert CALENDAR.is_workday(day) == expected, day


# The make-up workdays of 国务院办公厅关于部分节假日安排的通知, for each year its own.
MAKE_UP = {
    2022: MAKE_UP_2022,
    2023: [(1, 28), (1, 29), (4, 23), (5, 6), (6, 25), (10, 7), (10, 8)],
    2024: [(2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12)],
    2025: [(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)],
    2026: [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)],
}


@pytest.mark.parametrize("year", MAKE_UP)
def test_the_worked_weekends_are_those_that_were_announced(year):
    """Five years of make-up workdays by the notices themselves; each such year is known."""
    calendar = chinese_calendar(year, year)
    worked = [(d.month, d.day) for d in calendar.workdays if d.weekday() >= 5]
    assert worked == MAKE_UP[year]
    assert calendar.knows(year)


def test_every_day_agrees_with_the_holidays_package():
    """Six years, day by day: the days counted are those on which offices work."""
    counted = 0
    for day in every_day(FIRST, LAST):
        works = PUBLIC.is_working_day(day)
        counted += works
        assert CALENDAR.is_workday(day) == works, day
        assert CALENDAR.count_to(day) == counted, day


def test_the_dragon_boat_festival_of_2022():
    """3 June 2022 is a holiday; from 25 May to it there are 6 workdays after the first day."""
    assert not CALENDAR.is_workday(date(2022, 6, 3))
    assert CALENDAR.between(date(2022, 5, 25), date(2022, 6, 3)) == 6
    assert CALENDAR.after(date(2022, 5, 25), 6) == date(2022, 6, 2)
    assert CALENDAR.after(date(2022, 5, 25), 7) == date(2022, 6, 6)


def test_a_saturday_may_be_a_workday():
    """7 May 2022 is a Saturday on which offices work for Labour Day."""
    assert date(2022, 5, 7).weekday() == 5
    assert CALENDAR.is_workday(date(2022, 5, 7))
    assert CALENDAR.between(date(2022, 5, 6), date(2022, 5, 9)) == 2


def test_eight_days_are_seven_workdays():
    """From 24 May to 1 June 2022 pass 8 days; counting both ends there are 7 workdays."""
    start, end = date(2022, 5, 24), date(2022, 6, 1)
    assert (end - start).days == 8
    assert CALENDAR.between(start - DAY, end) == 7
    assert CALENDAR.between(start, end) == 6


@given(days, days)
def test_between_counts_the_workdays_after_the_start(start, end):
    """It equals counting one by one, and is negative backwards."""
    low, high = min(start, end), max(start, end)
    by_hand = sum(PUBLIC.is_working_day(d) for d in every_day(low + DAY, high))
    assert CALENDAR.between(low, high) == by_hand
    assert CALENDAR.between(high, low) == -by_hand


@given(st.dates(date(2020, 1, 1), date(2023, 12, 31)), st.integers(-200, 200))
def test_after_is_the_inverse_of_between(start, num_workdays):
    """The day found lies that many workdays away and is a workday, the first of its count."""
    day = CALENDAR.after(start, num_workdays)
    assert CALENDAR.between(start, day) == num_workdays
    if num_workdays:
        assert CALENDAR.is_workday(day)
        assert CALENDAR.between(start, day - DAY) == num_workdays - 1


@given(days)
def test_the_day_of_application_is_day_zero(day):
    """No workdays after a day is that day, also on a holiday."""
    assert CALENDAR.after(day, 0) == day
    assert CALENDAR.between(day, day) == 0


@pytest.mark.parametrize("day", [FIRST - 2 * DAY, LAST + DAY, date.max])
def test_beyond_its_span_the_calendar_does_not_guess(day):
    """Counting to a day outside is an error that names day and span."""
    with pytest.raises(ValueError, match=f"{day} is outside the calendar {FIRST} .. {LAST}"):
        CALENDAR.count_to(day)
    with pytest.raises(ValueError, match="outside the calendar"):
        CALENDAR.between(date(2022, 1, 1), day)
    with pytest.raises(ValueError, match="outside the calendar"):
        CALENDAR.is_workday(day)


@pytest.mark.parametrize(
    ("start", "num_workdays"),
    [(LAST, 1), (date(2022, 5, 25), 1000), (FIRST, -1), (date(2019, 1, 2), -1)],
)
def test_more_workdays_than_the_span_holds_are_refused(start, num_workdays):
    """A day found by counting lies within the span or is not found."""
    with pytest.raises(ValueError, match="outside the calendar"):
        CALENDAR.after(start, num_workdays)


def test_the_ends_of_the_span_belong_to_it():
    """The first and the last day can be asked; the last workday can be reached."""
    assert not CALENDAR.is_workday(FIRST)
    assert CALENDAR.is_workday(LAST)
    assert CALENDAR.between(FIRST, LAST) == len(CALENDAR.workdays)
    assert CALENDAR.after(FIRST, 1) == date(2019, 1, 2)
    assert CALENDAR.after(FIRST, len(CALENDAR.workdays)) == LAST


def test_a_deadline_beyond_the_span_counts_as_its_end():
    """What is left until a far or a long past deadline is a number all the same."""
    start = date(2022, 5, 25)
    assert CALENDAR.left(start, date(2022, 6, 3)) == 6
    assert CALENDAR.left(start, date.max) == CALENDAR.between(start, LAST)
    assert CALENDAR.left(start, date.min) == CALENDAR.between(start, FIRST)


def test_a_year_without_announced_make_up_days_has_a_warning():
    """The State Council announces them each November; before that weekends are assumed."""
    future = chinese_calendar(2040, 2041)
    warning = future.warning(date(2040, 5, 1))
    assert "2040" in warning.of(Lang.ZH)
    assert "2040" in warning.of(Lang.EN)
    assert warning.zh != warning.en
    assert all(d.weekday() < 5 for d in future.workdays)


@pytest.mark.parametrize("year", range(2019, 2025))
def test_an_announced_year_has_no_warning(year):
    """Every past year of the span has make-up days, so nothing is assumed."""
    assert CALENDAR.warning(date(year, 5, 1)) is None


@pytest.mark.parametrize(
    ("worked", "year", "is_known"),
    [
        (date(2022, 5, 7), 2022, True),
        (date(2022, 4, 24), 2022, True),
        (date(2022, 5, 6), 2022, False),
        (date(2022, 5, 7), 2023, False),
    ],
)
def test_a_worked_weekend_of_the_year_itself_shows_that_it_is_announced(worked, year, is_known):
    """A Saturday or a Sunday will do; a Friday, or the weekend of another year, will not."""
    calendar = WorkCalendar(date(2022, 1, 1), date(2023, 12, 31), (worked,))
    assert (calendar.warning(date(year, 7, 1)) is None) == is_known


def test_make_up_days_of_the_new_year_lie_in_the_old_one():
    """29 December 2018, a Saturday, was worked for New Year 2019."""
    assert chinese_calendar(2018, 2018).is_workday(date(2018, 12, 29))


def test_a_calendar_reaches_from_the_year_before_to_ten_years_after():
    """Room for the longest wait of a product and for days long past."""
    calendar = calendar_around(date(2022, 5, 25))
    assert (calendar.first, calendar.last) == (date(2021, 1, 1), date(2032, 12, 31))
    assert calendar_around(date(2022, 5, 25), years=1).last == date(2023, 12, 31)
    assert calendar_around(date(2022, 12, 31)) is calendar, "made once for each span"


def test_a_calendar_is_only_its_workdays():
    """A calendar of three days counts these, whatever weekday they are."""
    three = (date(2022, 1, 1), date(2022, 1, 2), date(2022, 1, 5))
    calendar = WorkCalendar(date(2022, 1, 1), date(2022, 1, 7), three)
    worked = [calendar.is_workday(d) for d in every_day(calendar.first, calendar.last)]
    assert worked == [True, True, False, False, True, False, False]
    assert calendar.after(date(2022, 1, 1), 2) == date(2022, 1, 5)
    assert calendar.after(date(2022, 1, 5), -1) == date(2022, 1, 2)


AT_FOUR = time(16)


@pytest.mark.parametrize(
    ("moment", "counts_from"),
    [
        ((2022, 5, 25, 0, 0), (2022, 5, 25)),
        ((2022, 5, 25, 15, 59, 59), (2022, 5, 25)),
        ((2022, 5, 25, 16, 0), (2022, 5, 25)),
        ((2022, 5, 25, 16, 0, 0, 1), (2022, 5, 26)),
        ((2022, 5, 25, 23, 59, 59, 999999), (2022, 5, 26)),
        ((2022, 5, 27, 16, 0, 1), (2022, 5, 30)),  # Friday → Monday
        ((2022, 5, 28, 9, 0), (2022, 5, 30)),  # Saturday
        ((2022, 5, 29, 23, 0), (2022, 5, 30)),  # Sunday
        ((2022, 6, 2, 17, 0), (2022, 6, 6)),  # the eve of the Dragon Boat Festival
        ((2022, 6, 3, 9, 0), (2022, 6, 6)),  # the festival, a Friday
        ((2022, 5, 7, 15, 0), (2022, 5, 7)),  # a make-up Saturday
        ((2022, 5, 7, 17, 0), (2022, 5, 9)),  # the same after hours: Sunday is off
        ((2022, 5, 6, 17, 0), (2022, 5, 7)),  # Friday evening before it
        ((2022, 9, 30, 16, 1), (2022, 10, 8)),  # National Day week, worked off on Saturday
    ],
)
def test_what_comes_after_the_cut_off_counts_from_the_next_workday(moment, counts_from):
    """The cut-off itself is in time; evenings and days off are not."""
    assert CALENDAR.received(datetime(*moment, tzinfo=CHINA), AT_FOUR) == date(*counts_from)


def test_a_cut_off_at_noon_leaves_half_a_day():
    """Where only mornings count, 12:01 is tomorrow."""
    noon = time(12)
    assert CALENDAR.received(datetime(2022, 5, 25, 12, 0, tzinfo=CHINA), noon).day == 25
    assert CALENDAR.received(datetime(2022, 5, 25, 12, 1, tzinfo=CHINA), noon).day == 26


def test_the_cut_off_is_read_on_chinas_clock():
    """08:00 in Greenwich is 16:00 in China; 16:30 there is the next day here."""
    assert CALENDAR.received(datetime(2022, 5, 25, 8, 0, tzinfo=UTC), AT_FOUR).day == 25
    assert CALENDAR.received(datetime(2022, 5, 25, 8, 1, tzinfo=UTC), AT_FOUR).day == 26
    assert CALENDAR.received(datetime(2022, 5, 25, 16, 30, tzinfo=UTC), AT_FOUR).day == 26


def test_moments_without_and_cut_offs_with_a_zone_are_refused():
    """Either would be compared on two clocks."""
    with pytest.raises(InputError, match="moment: has no time zone"):
        CALENDAR.received(datetime(2022, 5, 25, 8), AT_FOUR)
    with pytest.raises(InputError, match="cut_off"):
        CALENDAR.received(datetime(2022, 5, 25, 8, tzinfo=UTC), time(16, tzinfo=UTC))


@given(st.datetimes(datetime(2019, 1, 2), datetime(2024, 12, 20)), st.times())
def test_the_day_of_receipt_is_the_first_workday_that_is_in_time(naive, cut_off):
    """It is a workday, on or after the day itself, and none between was in time."""
    moment = naive.replace(tzinfo=CHINA)
    day = CALENDAR.received(moment, cut_off)
    assert CALENDAR.is_workday(day)
    assert day >= naive.date()
    on_the_day = CALENDAR.is_workday(naive.date()) and naive.time() <= cut_off
    assert (day == naive.date()) == on_the_day
    assert on_the_day or CALENDAR.between(naive.date(), day) == 1


MAKE_UP_2040 = date(2040, 2, 4)
OFF_2040 = date(2040, 2, 3)


def test_overrides_change_their_days_and_no_others():
    """A Saturday is worked, a Friday is off; all other days stay."""
    future = chinese_calendar(2040, 2041)
    changed = future.with_overrides(Overrides((MAKE_UP_2040,), (OFF_2040,), (2040,)))
    assert changed.is_workday(MAKE_UP_2040)
    assert not changed.is_workday(OFF_2040)
    assert set(changed.workdays) ^ set(future.workdays) == {MAKE_UP_2040, OFF_2040}
    assert list(changed.workdays) == sorted(set(changed.workdays))
    assert not future.is_workday(MAKE_UP_2040), "the old calendar is as it was"


def test_the_warning_goes_for_the_years_that_are_complete():
    """A few days of a year are not the year; the file says when it is complete."""
    future = chinese_calendar(2040, 2041)
    some = future.with_overrides(Overrides(workdays=(MAKE_UP_2040,)))
    assert some.warning(MAKE_UP_2040) is not None
    whole = some.with_overrides(Overrides(years=(2040,)))
    assert whole.is_workday(MAKE_UP_2040)
    assert whole.warning(MAKE_UP_2040) is None
    assert whole.warning(date(2041, 1, 1)) is not None


def test_announced_years_stay_known_under_overrides():
    """Taking every make-up day of 2022 back does not make 2022 unknown."""
    off = tuple(date(2022, *d) for d in MAKE_UP_2022)
    changed = CALENDAR.with_overrides(Overrides(days_off=off))
    assert all(changed.warning(date(year, 1, 1)) is None for year in range(2019, 2025))


def test_overrides_outside_the_span_change_nothing():
    """One file serves calendars of many spans."""
    changed = CALENDAR.with_overrides(Overrides((MAKE_UP_2040,), (OFF_2040,), (2040,)))
    assert changed.workdays == CALENDAR.workdays


def test_overrides_reach_the_first_and_the_last_day_of_the_span():
    """Both ends belong to it; the days beside them do not."""
    week = WorkCalendar(date(2022, 1, 1), date(2022, 1, 7), (date(2022, 1, 5),))
    worked = tuple(date(2021, 12, 31) + n * DAY for n in (0, 1, 7, 8))
    changed = week.with_overrides(Overrides(workdays=worked))
    assert changed.workdays == (week.first, date(2022, 1, 5), week.last)


@given(st.sets(days, max_size=20), st.sets(days, max_size=20))
def test_overrides_hold_and_applying_them_twice_is_once(worked, off):
    """Each day named is as named, whatever it was; the rest is untouched."""
    overrides = Overrides(tuple(worked - off), tuple(off))
    changed = CALENDAR.with_overrides(overrides)
    assert changed.with_overrides(overrides) == changed
    assert all(changed.is_workday(d) for d in worked - off)
    assert not any(changed.is_workday(d) for d in off if d > FIRST)
    assert set(changed.workdays) ^ set(CALENDAR.workdays) <= worked | off
