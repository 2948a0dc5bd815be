"""Clocks: how long something took, how much room is left, and when an answer is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from matcher.domain.choices import Choice
from matcher.domain.errors import Fault, Faults, InputError
from matcher.domain.text import Text
from matcher.domain.workdays import WorkCalendar

DAY = timedelta(days=1)
MAX_DAYS = 3650


class DayUnit(Choice):
    """What a clock counts."""

    WORKDAYS = "workdays", "工作日"
    CALENDAR_DAYS = "calendar_days", "自然日"


@dataclass(frozen=True, slots=True)
class Elapsed:
    """The time from one day to another, by both conventions of counting.

    Parameters
    ----------
    calendar_days, workdays
        Days after the first one, up to and including the last: the first day is day 0
        (《民法典》第二百零一条: the day on which a period begins is not counted).
    calendar_days_both_ends, workdays_both_ends
        The first day counted as well, as a person counts the days that they were busy.
    """

    calendar_days: int
    workdays: int
    calendar_days_both_ends: int
    workdays_both_ends: int

    @property
    def text(self) -> Text:
        """The two figures that a report prints, the convention of the second named."""
        return Text(
            "{d} 个自然日；首尾均计 {w} 个工作日",
            "{d} calendar days; {w} workdays counting both ends",
        ).format(d=self.calendar_days, w=self.workdays_both_ends)


def elapsed(start: date, end: date, calendar: WorkCalendar) -> Elapsed:
    """Count the days from ``start`` to ``end``.

    Raises
    ------
    InputError
        If ``end`` lies before ``start``.
    """
    if end < start:
        raise InputError([_not_before(start, end)])
    days = (end - start).days
    workdays = calendar.between(start, end)
    return Elapsed(days, workdays, days + 1, workdays + calendar.is_workday(start))


def _not_before(start: date, end: date) -> Fault:
    expected = Text("不早于 {s}", "not before {s}").format(s=start)
    message = Text("结束早于开始", "ends before it starts")
    return Fault(message, field="end", value=str(end), expected=expected)


@dataclass(frozen=True, slots=True)
class Slack:
    """The room between a day and a deadline: 0 on the day itself, negative beyond it.

    Parameters
    ----------
    calendar_days, workdays
        Days after the day, up to and including the deadline.
    """

    calendar_days: int
    workdays: int


def slack(day: date, deadline: date, calendar: WorkCalendar) -> Slack:
    """Return the days left from ``day`` to ``deadline``."""
    return Slack((deadline - day).days, calendar.left(day, deadline))


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many days of a kind: what an answer may take.

    Parameters
    ----------
    days
        From 0 (the same day) to `MAX_DAYS`.
    """

    days: int
    unit: DayUnit

    def __post_init__(self) -> None:
        faults = Faults()
        holds = 0 <= self.days <= MAX_DAYS
        expected = Text("0 到 {m} 天", "0 to {m} days").format(m=MAX_DAYS)
        faults.require(holds, "days", self.days, expected)
        faults.raise_if_any()

    @property
    def text(self) -> Text:
        """The allowance as a person says it."""
        unit = self.unit.text
        english = unit.en.removesuffix("s") if self.days == 1 else unit.en
        return Text(f"{self.days} 个{unit.zh}", f"{self.days} {english}")

    def deadline(self, started: date, calendar: WorkCalendar) -> Deadline:
        """Start a clock: ``started`` is day 0, day ``days`` is the last one in time."""
        by_workdays = self.unit is DayUnit.WORKDAYS
        due = calendar.after(started, self.days) if by_workdays else started + DAY * self.days
        return Deadline(started, due, self)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A running clock.

    Parameters
    ----------
    started
        Day 0.
    due
        The last day in time.
    allowance
        What the clock was started with.
    """

    started: date
    due: date
    allowance: Allowance

    def day(self, today: date, calendar: WorkCalendar) -> int:
        """Return which day of the clock it is, in its own unit."""
        return self._count(self.started, today, calendar)

    def remaining(self, today: date, calendar: WorkCalendar) -> int:
        """Return the days left in the clock's unit: 0 on the due day, never below 0."""
        return max(0, self._count(today, self.due, calendar))

    def is_overdue(self, today: date) -> bool:
        """Tell whether the due day has passed."""
        return today > self.due

    def overdue(self, today: date, calendar: WorkCalendar) -> int:
        """Return the days since the due day in the clock's unit.

        It is 0 on the weekend after a due Friday, when no further workday has passed although
        the clock `is_overdue` already.
        """
        return max(0, self._count(self.due, today, calendar))

    def _count(self, start: date, end: date, calendar: WorkCalendar) -> int:
        by_workdays = self.allowance.unit is DayUnit.WORKDAYS
        return calendar.between(start, end) if by_workdays else (end - start).days
