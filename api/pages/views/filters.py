"""What a list is asked for by the form above it; what cannot be read is a fault, not an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import Request

from matcher.domain.choices import Instrument, Size
from matcher.domain.errors import Fault, InputError
from matcher.domain.money import parse_money
from matcher.domain.text import Text
from matcher.services.records.filters import FirmFilter, NeedFilter, NeedSort

MAX_LETTERS = 100

ANY = Text("不限", "any")
"""The first choice of a menu that narrows a list."""

LABELS: Mapping[str, Text] = {
    "region": Text("地区代码开头", "Region code begins with"),
    "amount_from": Text("金额不低于", "Amount from"),
    "amount_to": Text("金额不高于", "Amount to"),
    "due_to": Text("最晚到账日不晚于", "Needed by, at the latest"),
    "day": Text("日期", "Day"),
    "login": Text("操作人账号", "Who: login"),
    "subject": Text("对象编号", "Id of what it happened to"),
}
"""What the fields are called on their forms."""


@dataclass(frozen=True, slots=True)
class NeedAsked:
    """Which needs a form asks for, in which order; all of them where it has faults."""

    which: NeedFilter
    sort: NeedSort
    descending: bool
    faults: tuple[Fault, ...]


def asked_needs_of_form(request: Request) -> NeedAsked:
    """Read the form above the list of needs."""
    params, faults = request.query_params, list[Fault]()
    reading = Reading(params, faults)
    which = NeedFilter(
        firm=FirmFilter(
            region=reading.digits("region"),
            size=reading.one_of("size", tuple(Size)),
        ),
        instrument=reading.one_of("instrument", tuple(Instrument)),
        amount_from_fen=reading.money("amount_from"),
        amount_to_fen=reading.money("amount_to"),
        due_to=reading.day("due_to"),
        search=reading.letters("search"),
    )
    sort = reading.one_of("sort", tuple(NeedSort))
    return NeedAsked(
        NeedFilter() if faults else which,
        NeedSort(sort) if sort else NeedSort.POSITION,
        params.get("descending") == "1",
        tuple(faults),
    )


class Reading:
    """Reads fields of an address, and notes what cannot be read."""

    def __init__(self, params: Mapping[str, str], faults: list[Fault]) -> None:
        self._params = params
        self._faults = faults

    def letters(self, name: str) -> str | None:
        """Return letters to search for; control characters are no text for a database."""
        text = "".join(c for c in self._given(name) if c.isprintable())[:MAX_LETTERS]
        return text or None

    def digits(self, name: str) -> str | None:
        """Return the beginning of a code of digits."""
        given = self._given(name)
        if given and not (given.isdecimal() and given.isascii() and len(given) <= 6):
            self._fault(name, given, Text("数字代码，如 3301", "digits, as 3301"))
            return None
        return given or None

    def one_of(self, name: str, words: tuple[str, ...]) -> str | None:
        """Return a word of a menu; another counts as none."""
        given = self._given(name)
        return given if given in words else None

    def money(self, name: str) -> int | None:
        """Return an amount in fen: ``150万``, ``1,500,000``."""
        given = self._given(name)
        try:
            return parse_money(given) if given else None
        except (InputError, ValueError):
            self._fault(name, given, Text("金额，如 150万", "an amount, as 1,500,000"))
            return None

    def day(self, name: str) -> date | None:
        """Return a day."""
        given = self._given(name)
        try:
            return date.fromisoformat(given) if given else None
        except ValueError:
            self._fault(name, given, Text("日期，如 2027-06-18", "a day, as 2027-06-18"))
            return None

    def _given(self, name: str) -> str:
        return self._params.get(name, "").strip()

    def _fault(self, name: str, value: str, expected: Text) -> None:
        self._faults.append(unreadable(name, value, expected))


def unreadable(name: str, value: str, expected: Text) -> Fault:
    """Return the fault of a field that cannot be read, by the name that its form gives it."""
    message = Text("“{l}”无法读取：", "“{l}” cannot be read:").format(l=LABELS[name])
    return Fault(message, value=value[:40], expected=expected)


def letters_of(params: Mapping[str, str], name: str) -> str | None:
    """Return letters to search for."""
    return Reading(params, []).letters(name)


def word_of(params: Mapping[str, str], name: str, words: tuple[str, ...]) -> str | None:
    """Return a word of a menu; another counts as none."""
    return Reading(params, []).one_of(name, words)
