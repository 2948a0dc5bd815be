"""One table of a TOML file, field by field: what is wrong is noted with its place, all of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import TypeVar

from matcher.domain.choices import Choice
from matcher.domain.errors import Fault
from matcher.domain.moments import CHINA, is_aware
from matcher.domain.text import Text
from matcher.files.event_times import When

C = TypeVar("C", bound=Choice)

_DAY = r"(\d{4})-(\d{1,2})-(\d{1,2})"
_CLOCK = r"(\d{1,2}):(\d{2})(?::00)?"
_TEXT = Text("非空文字", "words")
_TEXTS = Text('文字列表，如 ["a", "b"]', 'a list of words, as in ["a", "b"]')
_FLAG = Text("true 或 false", "true or false")
_A_DAY = Text("日期，如 2027-06-18", "a day, as in 2027-06-18")
_A_CLOCK = Text('时刻，如 "09:00"', 'a time of day, as in "09:00"')
_A_WHEN = Text(
    '时刻，如 "09:00" 或 "2027-06-18 09:00"', 'a time, as in "09:00" or "2027-06-18 09:00"'
)
_A_PAIR = Text("[企业编号, 机构编号]", "[id of a firm, id of an institution]")
MISSING = Text("缺少此项", "is missing")
UNUSABLE = Text("取值不可用", "cannot be used")


class TomlTable:
    """Reads fields; each that is asked for is known, and `close` tells those that nobody knows.

    Parameters
    ----------
    faults
        Where what is wrong is noted.
    section, row
        The table's name and, in an array of tables, its number from 1.
    """

    def __init__(
        self,
        content: Mapping[str, object],
        faults: list[Fault],
        section: str | None = None,
        row: int | None = None,
    ) -> None:
        self._content = content
        self._faults = faults
        self._asked: set[str] = set()
        self.section, self.row = section, row

    def has(self, key: str) -> bool:
        """Tell whether a field is given."""
        self._asked.add(key)
        return key in self._content

    def raw(self, key: str) -> object:
        """Return what stands there, None if nothing does."""
        self._asked.add(key)
        return self._content.get(key)

    def refuse(self, key: str | None, message: Text, value: object = None,
               expected: Text | None = None) -> None:  # fmt: skip
        """Note a fault of a field."""
        place = {"sheet": self.section, "row": self.row, "column": key}
        shown = value.isoformat() if isinstance(value, date | time) else value
        self._faults.append(Fault(message, key, shown, expected).at(**place))

    def _unusable(self, key: str, expected: Text) -> None:
        self.refuse(key, UNUSABLE, self._content[key], expected)

    def text(self, key: str, *, required: bool = False) -> str:
        """Return words without the space around them; empty where there are none."""
        value = self.raw(key)
        if value is None:
            if required:
                self.refuse(key, MISSING, expected=_TEXT)
            return ""
        if isinstance(value, str) and value.strip() and value.isprintable():
            return value.strip()
        self._unusable(key, _TEXT)
        return ""

    def integer(self, key: str, default: int, least: int, most: int = 10_000) -> int:
        """Return a whole number from ``least`` to ``most``."""
        found = self.optional_integer(key, least, most)
        return default if found is None else found

    def optional_integer(self, key: str, least: int, most: int = 10_000) -> int | None:
        """Return a whole number from ``least`` to ``most``, None where there is none."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        told = Text("{a} 到 {b} 的整数", "a whole number from {a} to {b}")
        self._unusable(key, told.format(a=least, b=most))
        return None

    def number(self, key: str) -> float | None:
        """Return a number of 0 or more and at most 1000."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1000:
            return float(value)
        self._unusable(key, Text("0 到 1000 的数", "a number from 0 to 1000"))
        return None

    def flag(self, key: str, default: bool = False) -> bool:
        """Return true or false."""
        value = self.raw(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self._unusable(key, _FLAG)
        return default

    def choice(self, key: str, kind: type[C]) -> C | None:
        """Return a word of a vocabulary, given by its value or its Chinese name."""
        value = self.raw(key)
        if value is None:
            return None
        try:
            return kind.parse(str(value))
        except ValueError:
            self._unusable(key, kind.menu())
            return None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of words, each once."""
        value = self.raw(key)
        if value is None:
            return ()
        words = value if isinstance(value, list) else [value]
        found = [w.strip() for w in words if isinstance(w, str) and w.isprintable()]
        if len(found) == len(words) and all(found):
            return tuple(dict.fromkeys(found))
        self._unusable(key, _TEXTS)
        return ()

    def pair(self, key: str, *, required: bool = False) -> tuple[str, str] | None:
        """Return a firm and an institution."""
        if self.raw(key) is None:
            if required:
                self.refuse(key, MISSING, expected=_A_PAIR)
            return None
        found = self._pair(self._content[key])
        if found is None:
            self._unusable(key, _A_PAIR)
        return found

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """Return a list of pairs of firm and institution."""
        value = self.raw(key)
        if value is None:
            return ()
        found = [self._pair(item) for item in value] if isinstance(value, list) else [None]
        if None in found:
            self._unusable(key, Text("[{p}, …]", "[{p}, …]").format(p=_A_PAIR))
        return tuple(pair for pair in found if pair is not None)

    def _pair(self, value: object) -> tuple[str, str] | None:
        if isinstance(value, list) and len(value) == 2:
            first, second = value
            if isinstance(first, str) and isinstance(second, str) and first and second:
                return first.strip(), second.strip()
        return None

    def day(self, key: str) -> date | None:
        """Return a day, given as such or in words."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        found = read_day(value) if isinstance(value, str) else None
        if found is None:
            self._unusable(key, _A_DAY)
        return found

    def days(self, key: str) -> tuple[date, ...]:
        """Return a list of days."""
        value = self.raw(key)
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        found = [d if type(d) is date else read_day(str(d)) for d in items]
        if not found or None in found:
            self._unusable(key, _A_DAY)
        return tuple(sorted({day for day in found if day is not None}))

    def clock(self, key: str, *, required: bool = False) -> time | None:
        """Return a time of day to the minute."""
        if self.raw(key) is None:
            if required:
                self.refuse(key, MISSING, expected=_A_CLOCK)
            return None
        found = read_clock(self._content[key])
        if found is None:
            self._unusable(key, _A_CLOCK)
        return found

    def when(self, key: str) -> When | None:
        """Return a time of day, with its day or without."""
        value = self.raw(key)
        if value is None:
            return None
        found = read_when(value)
        if found is None:
            self._unusable(key, _A_WHEN)
        return found

    def rows(self, key: str) -> list[TomlTable]:
        """Return the tables of an array of tables, each to be read by itself."""
        value = self.raw(key)
        if value is None:
            return []
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, dict) for item in items):
            self._unusable(key, Text(f"[[{key}]] 表", f"tables [[{key}]]"))
            return []
        return [TomlTable(item, self._faults, key, n) for n, item in enumerate(items, start=1)]

    def close(self) -> None:
        """Note a fault for every field that was given and not asked for."""
        for key in self._content:
            if key not in self._asked:
                near = get_close_matches(key, sorted(self._asked), n=1)
                expected = near or sorted(self._asked)
                message = Text("没有这一项", "there is no such field")
                self.refuse(key, message, expected=Text.same(", ".join(expected)))


def read_day(words: str) -> date | None:
    """Return the day that words name, None if they name none."""
    match = re.fullmatch(_DAY, words.strip())
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def read_clock(value: object) -> time | None:
    """Return a time of day to the minute, None if it is none."""
    if isinstance(value, time):
        return value if (value.second, value.microsecond) == (0, 0) else None
    match = re.fullmatch(_CLOCK, value.strip()) if isinstance(value, str) else None
    try:
        return time(int(match[1]), int(match[2])) if match else None
    except ValueError:
        return None


def read_when(value: object) -> When | None:
    """Return a time of day with or without a day, on China's clock; None if it is none."""
    if isinstance(value, datetime):
        there = value.astimezone(CHINA) if is_aware(value) else value
        clock = read_clock(there.time())
        return None if clock is None else When(there.date(), clock)
    if not isinstance(value, str):
        clock = read_clock(value)
        return None if clock is None else When(None, clock)
    *day, clock_words = re.split(r"[T\s]+", value.strip())
    clock = read_clock(clock_words)
    there_day = read_day(day[0]) if len(day) == 1 else None
    if clock is None or len(day) > 1 or (day and there_day is None):
        return None
    return When(there_day, clock)
