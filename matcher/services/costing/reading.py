"""Reads the words that a calculator is given, and gathers every fault before any is raised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TypeVar

from matcher.domain.choices import Choice
from matcher.domain.errors import Fault, InputError
from matcher.domain.money import MAX_FEN, parse_money, parse_number, parse_rate
from matcher.domain.text import Text
from matcher.finance.charges import Subsidy
from matcher.finance.day_count import DayCount, parse_day_count
from matcher.finance.lpr import LprTable
from matcher.finance.lpr_file import parse_lpr
from matcher.finance.revolving import Use

T = TypeVar("T")
ChoiceT = TypeVar("ChoiceT", bound=Choice)

_MONEY = Text("350万、3,500,000 这样的金额", "an amount such as 3,500,000 or 350万")
_RATE = Text("2.65%、6‰、0.0265 这样的比例", "a rate such as 2.65%, 6‰ or 0.0265")
_WHOLE = Text("整数", "a whole number")
_UNREADABLE = Text("无法读取", "cannot be read")


class Reader:
    """Turns words into figures. A word that cannot be read is noted, and a stand-in returned.

    Faults of what is then made with the figures are noted too, under the name of the word and
    with the word as typed, save those of stand-ins; `raise_if_any` raises all of them at once.

    Parameters
    ----------
    called
        What a word is called where it was typed: ``monthly_fee`` is an option on a terminal and
        the label of a field on a page.
    """

    def __init__(self, called: Callable[[str], str] = str) -> None:
        self.called = called
        self.faults: list[Fault] = []
        self._names: dict[str, str] = {}
        self._words: dict[str, str] = {}
        self._broken: set[str] = set()

    def money(self, field: str, name: str, word: str) -> int:
        """Read an amount, in fen."""
        return self._read(field, name, word, parse_money, MAX_FEN, _MONEY)

    def rate(self, field: str, name: str, word: str) -> Decimal:
        """Read a fraction."""
        return self._read(field, name, word, parse_rate, Decimal(0), _RATE)

    def whole(self, field: str, name: str, word: str) -> int:
        """Read a whole number."""
        return self._read(field, name, word, _whole, 1, _WHOLE)

    def day(self, field: str, name: str, word: str) -> date:
        """Read a day."""
        stand_in, expected = date.min, Text.same("YYYY-MM-DD")
        return self._read(field, name, word, date.fromisoformat, stand_in, expected)

    def choice(self, field: str, name: str, word: str, kind: type[ChoiceT]) -> ChoiceT:
        """Read one of a few words."""
        stand_in = next(iter(kind))
        expected = Text.same(", ".join(kind))
        return self._read(field, name, word, kind.parse, stand_in, expected)

    def day_count(self, word: str) -> DayCount:
        """Read how days are counted."""
        self.name("day_count", "day_count")
        found = self.attempt(lambda: parse_day_count(word))
        return DayCount.ACT_365 if found is None else found

    def subsidies(self, words: list[str]) -> tuple[Subsidy, ...]:
        """Read subsidies, ``AMOUNT@DATE`` each."""
        expected = Text("金额@日期", "AMOUNT@DATE")
        stand_in = Subsidy(MAX_FEN, date.max)
        made = tuple(
            self._read("subsidies", "subsidy", word, _subsidy, stand_in, expected) for word in words
        )
        self._words.pop("subsidies", None)  # a later fault is of one of them, not of the last
        return made

    def uses(self, words: list[str]) -> tuple[Use, ...]:
        """Read uses of money, ``AMOUNT@START..END`` each."""
        expected = Text("金额@起..止", "AMOUNT@START..END")
        stand_in = Use(1, date.min, date.max)
        made: list[Use] = []
        for word in words:
            named = f"{self.called('use')} {word}"
            self._names |= {"amount_fen": named, "end": named}
            read = partial(self._read, "uses", "use", word, _use, stand_in, expected)
            made.append(self.attempt(read) or stand_in)
        return tuple(made)

    def shares(self, word: str) -> tuple[Decimal, ...]:
        """Read shares: 40/40/20 in percent, or 40%/40%/20%, or 0.4/0.4/0.2."""
        expected = Text.same("40/40/20")
        return self._read("shares", "shares", word, _shares, (Decimal(1),), expected)

    def lpr(self, path: Path) -> LprTable | None:
        """Read an LPR table."""
        try:
            data = path.read_bytes()
        except OSError as error:
            message = Text("读取失败：{e}", "cannot be read: {e}").format(e=error.strerror)
            self.faults.append(Fault(message, field=self.called("lpr"), value=str(path)))
            return None
        return self.attempt(lambda: parse_lpr(data, path.name))

    def name(self, field: str, name: str) -> None:
        """Tell as which word's a fault of a field is shown."""
        self._names[field] = self.called(name)

    def attempt(self, make: Callable[[], T]) -> T | None:
        """Make something of the figures; note its faults and return None if it has any."""
        try:
            return make()
        except InputError as error:
            for fault in error.faults:
                field = fault.field or ""
                if field not in self._broken:
                    name = self._names.get(field, fault.field)
                    value = self._words.get(field, fault.value)
                    self.faults.append(fault.at(field=name, value=value))
            return None

    def finish(self, make: Callable[[], T]) -> T:
        """Make the answer, or raise every fault there is.

        Raises
        ------
        InputError
            With the faults of the words and of what was made of them.
        """
        made = self.attempt(make)
        self.raise_if_any()
        assert made is not None
        return made

    def raise_if_any(self) -> None:
        """Raise one `InputError` with all faults, or return."""
        if self.faults:
            raise InputError(self.faults)

    def _read(
        self,
        field: str,
        name: str,
        word: str,
        parse: Callable[[str], T],
        stand_in: T,
        expected: Text,
    ) -> T:
        self.name(field, name)
        self._words[field] = word
        try:
            return parse(word.strip())
        except ValueError:
            self._broken.add(field)
            self.faults.append(
                Fault(_UNREADABLE, field=self.called(name), value=word, expected=expected)
            )
            return stand_in


def _whole(word: str) -> int:
    number = parse_number(word)
    if number != number.to_integral_value():
        raise ValueError(f"not whole: {word!r}")
    return int(number)


def _subsidy(word: str) -> Subsidy:
    amount, _, day = word.partition("@")
    return Subsidy(parse_money(amount), date.fromisoformat(day.strip()))


def _use(word: str) -> Use:
    amount, _, days = word.partition("@")
    start, _, end = days.partition("..")
    return Use(parse_money(amount), date.fromisoformat(start), date.fromisoformat(end))


def _shares(word: str) -> tuple[Decimal, ...]:
    parts = [parse_rate(part) for part in word.split("/")]
    in_percent = not any(sign in word for sign in "%‰") and all(part >= 1 for part in parts)
    return tuple(part / 100 if in_percent and len(parts) > 1 else part for part in parts)
