"""Day counts by name: how a span of days becomes a fraction of a year."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from fractions import Fraction

from matcher.domain.errors import Fault, Faults, InputError
from matcher.domain.text import Text


class DayCount(StrEnum):
    """A day-count convention.

    ACT/365 and ACT/360 count calendar days over a fixed year. 30/360 is the additive 30E/360:
    every month has 30 days and the 31st counts as the 30th, so that spans add up and a month
    between equal days is exactly 1/12.

    References
    ----------
    ISDA 2006 Definitions, section 4.16 (d), (e), (g).
    """

    ACT_365 = "ACT/365"
    ACT_360 = "ACT/360"
    THIRTY_360 = "30/360"

    @property
    def basis(self) -> int:
        """Days of the convention's year."""
        return 365 if self is DayCount.ACT_365 else 360

    def days(self, start: date, end: date) -> int:
        """Return the days from ``start`` to ``end`` as the convention counts them.

        Raises
        ------
        InputError
            If the end is before the start.
        """
        faults = Faults()
        expected = Text("不早于 {d}", "not before {d}").format(d=start)
        faults.require(start <= end, "end", end.isoformat(), expected)
        faults.raise_if_any()
        if self is DayCount.THIRTY_360:
            return _thirty_day_number(end) - _thirty_day_number(start)
        return (end - start).days

    def year_fraction(self, start: date, end: date) -> Fraction:
        """Return the span from ``start`` to ``end`` in years, exact."""
        return Fraction(self.days(start, end), self.basis)

    def years(self, days: int) -> Fraction:
        """Return a number of days in years, exact."""
        return Fraction(days, self.basis)


def _thirty_day_number(day: date) -> int:
    return 360 * day.year + 30 * day.month + min(day.day, 30)


def parse_day_count(word: str) -> DayCount:
    """Find a convention by its name: ``ACT/365``, ``act360``, ``30E/360``.

    Raises
    ------
    InputError
        Naming ``day_count`` and the known names.
    """
    plain = word.strip().upper().replace("ACTUAL", "ACT").replace("/", "").replace("30E", "30")
    for convention in DayCount:
        if plain == convention.replace("/", ""):
            return convention
    message = Text("未知的计息规则", "not a known day count")
    expected = Text.same(", ".join(DayCount))
    raise InputError([Fault(message, field="day_count", value=word, expected=expected)])
