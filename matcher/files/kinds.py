"""Kinds of cells: how one is read, what would have been accepted, how it is written as JSON.

A cell comes as a workbook, a CSV file or JSON has it: text, a number, a flag, a date, a list or
an object. A kind reads it into the value that the domain record holds, or refuses it.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from matcher.domain.choices import Choice
from matcher.domain.text import Text

MAX_TEXT = 4_000
"""The longest text of a name, a source or a note."""


class RefusedError(ValueError):
    """A cell cannot be read, for a reason worth a sentence of its own.

    Parameters
    ----------
    message
        What is wrong.
    expected
        What would have been accepted, if more can be said than the kind says.
    """

    def __init__(self, message: Text, expected: Text | None = None) -> None:
        super().__init__(message.en)
        self.message = message
        self.expected = expected


class Kind(ABC):
    """What sort of cell a column holds.

    Attributes
    ----------
    units
        The units that a header may name in brackets, each with the factor of a bare number.
    in_fen
        Whether the value is an amount, written to JSON in whole fen under a name in ``_fen``.
    menu
        The words to choose from, for a drop-down.
    is_open
        Whether cells may hold more than one word of the menu, or others.
    number_format
        How a spreadsheet shows it; ``@`` keeps codes and ids text.
    stand_in
        A value that passes every check, for a row whose own value could not be read.
    """

    units: ClassVar[Mapping[str, Decimal]] = {}
    in_fen: bool = False
    is_open: bool = False
    number_format: str = "General"
    stand_in: Any = None

    @property
    @abstractmethod
    def expected(self) -> Text:
        """What is accepted."""

    @abstractmethod
    def read(self, value: object, unit: Decimal | None = None) -> Any:
        """Read a cell that is not blank.

        Raises
        ------
        ValueError
            If it cannot be read.
        """

    @property
    def menu(self) -> tuple[Text, ...]:
        return ()

    def write(self, value: Any) -> Any:
        """Return the value as JSON has it."""
        return value

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what `write` returns."""
        return {"type": "string"}


def plain(value: object) -> str:
    """Return text for parsing: NFKC-normalised and stripped.

    Raises
    ------
    ValueError
        If the cell is no text.
    """
    if not isinstance(value, str):
        raise ValueError(f"not text: {value!r}")
    return unicodedata.normalize("NFKC", value).strip()


def as_text(value: object) -> str:
    """Return a cell as it was typed; a whole number (an id, a region) without its ``.0``.

    Raises
    ------
    ValueError
        If the cell is a flag, a date, a list, or text with control characters.
    """
    if isinstance(value, float | Decimal) and value == value and value % 1 == 0:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError(f"not text: {value!r}")
    text = value.strip()
    hidden = (unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r" for c in text)
    if not text.isprintable() and any(hidden):
        raise RefusedError(Text("含有不可见的控制字符", "holds control characters"))
    return text


@dataclass(frozen=True)
class Words(Kind):
    """Free text, kept as typed."""

    number_format = "@"
    stand_in = "?"

    @property
    def expected(self) -> Text:
        return Text(f"不超过 {MAX_TEXT} 个字符的文字", f"text of at most {MAX_TEXT} characters")

    def read(self, value: object, unit: Decimal | None = None) -> str:
        text = as_text(value)
        if len(text) > MAX_TEXT:
            raise ValueError("too long")
        return text


@dataclass(frozen=True)
class Identity(Words):
    """An id; numbers are taken as their digits."""

    @property
    def expected(self) -> Text:
        return Text("1 到 64 个字符的编号，不含空格", "an id of 1 to 64 characters without spaces")

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": 64}


_FLAGS = {
    word: flag
    for flag, words in ((True, "是 yes y true 1"), (False, "否 no n false 0"))
    for word in words.split()
}


@dataclass(frozen=True)
class Flag(Kind):
    """Yes or no."""

    @property
    def expected(self) -> Text:
        return Text("是 或 否", "yes or no")

    @property
    def menu(self) -> tuple[Text, ...]:
        return (Text("是", "yes"), Text("否", "no"))

    def read(self, value: object, unit: Decimal | None = None) -> bool:
        if isinstance(value, bool):
            return value
        word = plain(as_text(value)).lower()
        if word not in _FLAGS:
            raise ValueError(f"not a flag: {value!r}")
        return _FLAGS[word]

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})"
    r"|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?"
)
FIRST_YEAR, LAST_YEAR = 1800, 2199


@dataclass(frozen=True)
class Day(Kind):
    """A date, year first; other orders are refused, for nobody can tell day from month."""

    number_format = "yyyy-mm-dd"

    @property
    def expected(self) -> Text:
        return Text("日期，如 2022-06-03 或 2022年6月3日", "a date such as 2022-06-03")

    def read(self, value: object, unit: Decimal | None = None) -> date:
        day = value.date() if isinstance(value, datetime) else value
        if not isinstance(day, date):
            match = _DAY.fullmatch(plain(as_text(value)))
            if match is None:
                raise ValueError(f"not a date: {value!r}")
            day = date(*(int(g) for g in match.groups() if g))
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise RefusedError(Text("年份超出范围", "the year is out of range"))
        return day

    def write(self, value: Any) -> Any:
        return value.isoformat()

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Word(Kind):
    """One word of a closed vocabulary, by its value or its Chinese name.

    Parameters
    ----------
    choices
        The vocabulary.
    others
        Further words that mean a member, in lower case.
    shown
        What a drop-down offers, if not the names of the members.
    """

    choices: type[Choice]
    others: tuple[tuple[str, Choice], ...] = ()
    shown: tuple[Text, ...] = ()

    @property
    def expected(self) -> Text:
        return Text("{m} 之一", "one of {m}").format(m=Text.join(list(self.menu)))

    @property
    def menu(self) -> tuple[Text, ...]:
        return self.shown or tuple(member.text for member in self.choices)

    def read(self, value: object, unit: Decimal | None = None) -> Choice:
        word = plain(value)
        other = dict(self.others).get(word.lower())
        return other or self.choices.parse(word)

    def write(self, value: Any) -> Any:
        return value.value

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": [member.value for member in self.choices]}
