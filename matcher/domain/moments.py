"""Moments: aware datetimes, read on the clock that the offices go by."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China Standard Time: one zone for the whole country, no summer time since 1992."""


def is_aware(moment: datetime) -> bool:
    """Tell whether a datetime says its offset from UTC."""
    return moment.utcoffset() is not None


def china_time(moment: datetime, field: str = "moment") -> datetime:
    """Return an aware datetime on China's clock.

    Raises
    ------
    InputError
        If it has no zone: the same figures are another moment elsewhere, so none is guessed.
    """
    if not is_aware(moment):
        raise InputError([naive_fault(moment, field)])
    return moment.astimezone(CHINA)


def china_day(moment: datetime, field: str = "moment") -> date:
    """Return the day that an aware datetime falls on in China."""
    return china_time(moment, field).date()


def day_text(day: date) -> Text:
    """Write a day as a sentence has it: 2022年6月3日, 3 June 2022."""
    return Text(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {day:%B} {day.year}")


def naive_fault(moment: datetime, field: str) -> Fault:
    """Return the fault of a datetime without a zone."""
    expected = Text(
        "带时区的时间，如 2022-05-24T22:00+08:00", "a zone, as in 2022-05-24T22:00+08:00"
    )
    message = Text("时间缺少时区", "has no time zone")
    return Fault(message, field=field, value=moment.isoformat(), expected=expected)
