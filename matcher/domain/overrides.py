"""Days that a user adds to the working calendar: what is announced before we have it."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text

_KEYS = ("workdays", "days_off", "years")
_A_DATE = Text("日期，如 2027-02-06，不加引号", "a date such as 2027-02-06, without quotes")
_A_YEAR = Text("年份，如 2027", "a year such as 2027")


@dataclass(frozen=True, slots=True)
class Overrides:
    """Changes to a working calendar.

    Parameters
    ----------
    workdays
        Days on which offices work although it is a weekend or a holiday (调休上班).
    days_off
        Days on which they do not although it is a weekday (放假).
    years
        The years that these changes make complete: nothing is assumed about them any more.

    Raises
    ------
    InputError
        If a day stands twice in a list, or in both.
    """

    workdays: tuple[date, ...] = ()
    days_off: tuple[date, ...] = ()
    years: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        found = _clashes(self.workdays, self.days_off, self.years)
        if found:
            raise InputError(found)


def parse_overrides(text: str, file: str | None = None) -> Overrides:
    r"""Read an override file in TOML.

    Examples
    --------
    >>> parse_overrides("workdays = [2027-02-06]\nyears = [2027]").years
    (2027,)

    Raises
    ------
    InputError
        With every fault: no TOML, a key that is not known, no list, no date, a day twice or in
        both lists.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = Text("不是有效的 TOML：{e}", "is not TOML: {e}").format(e=error)
        raise InputError([Fault(message, file=file)]) from None
    found = _unknown_keys(table)
    workdays, days_off = (_dates(table, key, found) for key in ("workdays", "days_off"))
    years = _years(table, found)
    found += _clashes(workdays, days_off, years)
    if found:
        raise InputError(f.at(file=file) for f in found)
    return Overrides(workdays, days_off, years)


def _unknown_keys(table: Mapping[str, object]) -> list[Fault]:
    message = Text("未知的键", "is not a known key")
    known = Text.same(", ".join(_KEYS))
    return [Fault(message, field=key, expected=known) for key in table if key not in _KEYS]


def _list(table: Mapping[str, object], key: str, found: list[Fault]) -> list[object]:
    value = table.get(key, [])
    if isinstance(value, list):
        return value
    found.append(Fault(Text("不是列表", "is not a list"), field=key, value=value))
    return []


def _dates(table: Mapping[str, object], key: str, found: list[Fault]) -> tuple[date, ...]:
    days = []
    for at, value in enumerate(_list(table, key, found), start=1):
        # A datetime is a date to Python, but says more than a calendar can use.
        if isinstance(value, date) and not isinstance(value, datetime):
            days.append(value)
        else:
            found.append(_not_a(_A_DATE, f"{key}[{at}]", value))
    return tuple(days)


def _years(table: Mapping[str, object], found: list[Fault]) -> tuple[int, ...]:
    years = []
    for at, value in enumerate(_list(table, "years", found), start=1):
        if isinstance(value, int) and not isinstance(value, bool) and 1949 <= value <= MAXYEAR:
            years.append(value)
        else:
            found.append(_not_a(_A_YEAR, f"years[{at}]", value))
    return tuple(years)


def _not_a(expected: Text, field: str, value: object) -> Fault:
    return Fault(Text("取值不可用", "cannot be used"), field=field, value=value, expected=expected)


def _clashes(
    workdays: tuple[date, ...], days_off: tuple[date, ...], years: tuple[int, ...]
) -> list[Fault]:
    twice = Text("重复出现", "stands twice")
    both = Text("同时列为上班日和休息日", "is both a workday and a day off")
    lists: dict[str, tuple[object, ...]] = dict(
        zip(_KEYS, (workdays, days_off, years), strict=True)
    )
    found = [
        Fault(twice, field=key, value=str(value))
        for key, values in lists.items()
        for value, count in Counter(values).items()
        if count > 1
    ]
    shared = sorted(set(workdays) & set(days_off))
    return found + [Fault(both, field="days_off", value=str(day)) for day in shared]


NO_OVERRIDES = Overrides()
