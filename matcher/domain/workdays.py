"""The working calendar: weekends, public holidays and make-up workdays (调休)."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays

from matcher.domain.errors import Fault, InputError
from matcher.domain.moments import china_time
from matcher.domain.overrides import Overrides
from matcher.domain.text import Text


@dataclass(frozen=True)
class WorkCalendar:
    """Workdays of a span of years, in order.

    Days are counted as an applicant counts them: the day of the application is day 0, and the
    n-th workday after it is day n.

    Parameters
    ----------
    first, last
        The span covered; asking beyond it is an error, not a guess.
    workdays
        Every workday of the span, ascending.
    known_years
        The years whose make-up workdays are known; None where a worked weekend shows it.
    """

    first: date
    last: date
    workdays: tuple[date, ...]
    known_years: frozenset[int] | None = None

    def is_workday(self, day: date) -> bool:
        """Tell whether offices work on ``day``."""
        return self.count_to(day) != self.count_to(day - timedelta(days=1))

    def count_to(self, day: date) -> int:
        """Return the number of workdays in the span up to and including ``day``."""
        if not self.first - timedelta(days=1) <= day <= self.last:
            raise ValueError(f"{day} is outside the calendar {self.first} .. {self.last}")
        return bisect_right(self.workdays, day)

    def between(self, start: date, end: date) -> int:
        """Return the workdays after ``start`` up to and including ``end``; negative before it."""
        return self.count_to(end) - self.count_to(start)

    def left(self, start: date, deadline: date) -> int:
        """Return `between`, a deadline beyond the span counted as the span's end."""
        return self.between(start, min(max(deadline, self.first), self.last))

    def after(self, start: date, num_workdays: int) -> date:
        """Return the day that is ``num_workdays`` workdays after ``start`` (0: that day itself)."""
        if num_workdays == 0:
            return start
        index = self.count_to(start) + num_workdays - 1
        if not 0 <= index < len(self.workdays):
            raise ValueError(f"{num_workdays} workdays after {start} is outside the calendar")
        return self.workdays[index]

    def received(self, moment: datetime, cut_off: time) -> date:
        """Return the workday that counts as the day of receipt: day 0 of what follows.

        That is the day of ``moment`` in China if offices work then and ``cut_off`` has not
        passed (the cut-off itself is in time), else the next workday.

        Parameters
        ----------
        moment
            An aware datetime of any zone.
        cut_off
            The last time of day that still counts, China Standard Time; a house convention of
            each institution (16:00, or 12:00 where only mornings count).

        Raises
        ------
        InputError
            If ``moment`` has no zone or ``cut_off`` has one.
        """
        if cut_off.tzinfo is not None:
            message = Text(
                "截止时刻按北京时间，不带时区", "a cut-off is China time, without a zone"
            )
            raise InputError([Fault(message, field="cut_off", value=cut_off.isoformat())])
        local = china_time(moment)
        in_time = local.time() <= cut_off and self.is_workday(local.date())
        return local.date() if in_time else self.after(local.date(), 1)

    def with_overrides(self, overrides: Overrides) -> WorkCalendar:
        """Return the calendar with some days changed; days outside the span change nothing."""
        inside = {d for d in overrides.workdays if self.first <= d <= self.last}
        days = (inside | set(self.workdays)) - set(overrides.days_off)
        span = range(self.first.year, self.last.year + 1)
        known = frozenset(y for y in span if self.knows(y)) | frozenset(overrides.years)
        return replace(self, workdays=tuple(sorted(days)), known_years=known)

    def knows(self, year: int) -> bool:
        """Tell whether the make-up workdays of a year are known."""
        if self.known_years is not None:
            return year in self.known_years
        return any(d.year == year and d.weekday() >= 5 for d in self.workdays)

    def warning(self, day: date) -> Text | None:
        """Say so if the make-up workdays of the year of ``day`` are not known yet.

        The State Council announces them each November for the year to come.
        """
        year = day.year
        if self.knows(year):
            return None
        return Text(
            f"{year} 年的调休安排尚未收录，工作日按周末和法定节假日推算",
            f"the make-up workdays of {year} are not known; weekends and holidays are assumed",
        )


@lru_cache(maxsize=16)
def chinese_calendar(first_year: int, last_year: int) -> WorkCalendar:
    """Return the calendar of mainland China for whole years.

    References
    ----------
    国务院办公厅关于部分节假日安排的通知, one for each year, as the `holidays` package has them.
    """
    first, last = date(first_year, 1, 1), date(last_year, 12, 31)
    # The years around carry days over (New Year's make-up days lie in December).
    public = holidays.country_holidays("CN", years=range(first_year - 1, last_year + 2))
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return WorkCalendar(first, last, tuple(d for d in days if public.is_working_day(d)))


FIRST_YEAR, LAST_YEAR = 1950, 2189
"""The years that a round may be of: those that holidays are known or can be reckoned for."""


def calendar_around(day: date, years: int = 10) -> WorkCalendar:
    """Return the calendar from the year before ``day`` to ``years`` after it.

    Raises
    ------
    InputError
        If ``day`` lies outside `FIRST_YEAR` to `LAST_YEAR`.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        message = Text("日期超出日历范围", "the day is outside the calendar")
        expected = Text.same(f"{FIRST_YEAR} – {LAST_YEAR}")
        raise InputError([Fault(message, field="as_of", value=str(day), expected=expected)])
    return chinese_calendar(day.year - 1, day.year + years)
