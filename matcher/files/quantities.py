"""Kinds of cells that hold a quantity: money, rates, counts, months, workdays, figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from matcher.domain.money import FEN_PER_YUAN, MAX_FEN, WAN, YUAN, parse_money, parse_number
from matcher.domain.money import parse_rate as parse_signed_rate
from matcher.domain.text import Text
from matcher.domain.workdays import FIRST_YEAR, LAST_YEAR
from matcher.files.kinds import Kind, RefusedError, plain

FEN = YUAN / FEN_PER_YUAN
"""The unit of a header in ``_fen``."""

MONEY_UNITS = {
    "元": YUAN, "人民币元": YUAN, "yuan": YUAN, "rmb": YUAN, "cny": YUAN, "千元": YUAN * 1000,
    "万元": WAN, "万": WAN, "10kyuan": WAN, "wan": WAN, "亿元": WAN * WAN, "分": FEN, "fen": FEN,
}  # fmt: skip

_MAX_DIGITS = 60
_LARGEST, _SMALLEST = 18, -30
MAX_COUNT = 10**9

PERCENT = Decimal("0.01")
_DOUBTFUL_PERCENT = Decimal("0.25")


def number_of(value: object) -> Decimal:
    """Read a finite number of a sane size from a cell.

    A float is taken with the 15 digits that a spreadsheet shows, so that ``0.1 + 0.2`` is 0.3.

    Raises
    ------
    ValueError
        If it is no number, is not finite, or is absurdly large or fine.
    """
    if isinstance(value, str):
        number = parse_number(short(value))
    elif isinstance(value, float):
        number = Decimal(f"{value:.15g}")
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
    else:
        raise ValueError(f"not a number: {value!r}")
    if not number.is_finite():
        raise RefusedError(Text("不是有限的数", "not a finite number"))
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int), "finite numbers have an exponent"
    if number.adjusted() > _LARGEST or exponent < _SMALLEST:
        raise RefusedError(Text("数字过大或过细", "the number is too large or too fine"))
    return number


def short(text: str) -> str:
    """Return the text of a number for parsing; the longest real one has far fewer characters."""
    word = plain(text)
    if len(word) > _MAX_DIGITS:
        raise ValueError("too long for a number")
    if re.fullmatch(r"[+-]?(nan|inf|infinity)", word.lower()):
        raise RefusedError(Text("不是有限的数", "not a finite number"))
    return word


@dataclass(frozen=True)
class Money(Kind):
    """An amount, in whole fen. A cell that names its unit means what it says.

    Parameters
    ----------
    bare
        Whether a number without a unit is taken where the header states none either.
    """

    bare: bool = True
    units: ClassVar[Mapping[str, Decimal]] = MONEY_UNITS
    in_fen = True
    number_format = "#,##0.######"
    stand_in = MAX_FEN

    @property
    def expected(self) -> Text:
        return Text(
            "不小于 0 的金额，如 3500000、350万 或 三百五十万",
            "an amount of 0 or more, such as 3500000 or 350万",
        )

    def read(self, value: object, unit: Decimal | None = None) -> int:
        factor = YUAN if unit is None else unit
        if not self.bare and unit is None and not _names_unit(value):
            message = Text("分不清是元还是分", "could be yuan or fen")
            raise RefusedError(message, _NAME_THE_UNIT)
        if isinstance(value, str):
            return _money(short(value), factor)
        amount = number_of(value) * factor * FEN_PER_YUAN
        if amount < 0:
            raise RefusedError(Text("金额不能为负", "an amount cannot be negative"))
        if amount > MAX_FEN:
            raise RefusedError(Text("金额过大", "the amount is too large"))
        if amount != amount.to_integral_value():
            raise RefusedError(Text("金额最多精确到分", "an amount has whole fen"))
        return int(amount)

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": 0, "maximum": MAX_FEN}


_NAME_THE_UNIT = Text(
    "写明单位，如 5000万元；整数分写在 capacity_fen 中",
    "an amount with its unit, such as 5000万元; whole fen go to capacity_fen",
)


def _money(text: str, unit: Decimal) -> int:
    """Read an amount; a currency in front of it names yuan, whatever the header says."""
    named = re.match(r"人民币|rmb|cny|¥", text, re.IGNORECASE)
    return parse_money(text, YUAN if named else unit)


def _names_unit(value: object) -> bool:
    """Tell whether text reads alike whatever a bare number would mean."""
    return isinstance(value, str) and _money(short(value), YUAN) == _money(short(value), FEN)


@dataclass(frozen=True)
class Rate(Kind):
    """A fraction. A bare number above 1 is refused: 2.65 could be 2.65 % or 265 %."""

    units: ClassVar[Mapping[str, Decimal]] = {"%": PERCENT, "‰": PERCENT / 10}
    number_format = "0.00##%"

    @property
    def expected(self) -> Text:
        return Text("比率，如 2.65%、6‰ 或 0.0265", "a rate such as 2.65%, 6‰ or 0.0265")

    def read(self, value: object, unit: Decimal | None = None) -> Decimal:
        signed = isinstance(value, str) and re.search(r"[%‰]$|bp$", short(value))
        if signed and isinstance(value, str):
            rate = parse_signed_rate(short(value))
        else:
            rate = _bare_rate(number_of(value), unit)
        if rate < 0:
            raise RefusedError(Text("比率不能为负", "a rate cannot be negative"))
        return number_of(rate)

    def write(self, value: Any) -> Any:
        return f"{value:f}" if value <= 1 else f"{value.scaleb(2):f}%"

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "examples": ["0.0265", "2.65%"]}


def _bare_rate(number: Decimal, unit: Decimal | None) -> Decimal:
    """Read a number without a sign; what could be meant in two ways is refused."""
    doubtful = number > 1 if unit is None else 0 < number < _DOUBTFUL_PERCENT and unit == PERCENT
    if doubtful:
        message = Text("分不清是百分数还是小数", "could be a percentage or a fraction")
        hint = Text(f"带百分号写出，如 {number:f}%", f"write the sign, such as {number:f}%")
        raise RefusedError(message, hint)
    return number * (unit or 1)


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number of persons, places or leads."""

    units: ClassVar[Mapping[str, Decimal]] = dict.fromkeys(
        ("人", "个", "家", "户", "名", "persons", "places", "leads"), Decimal(1)
    )
    suffix: ClassVar[str] = r"[人个家户名]|persons?|places?|leads?"
    number_format = "0"

    @property
    def expected(self) -> Text:
        return Text("不小于 0 的整数", "a whole number of 0 or more")

    def read(self, value: object, unit: Decimal | None = None) -> int:
        if isinstance(value, str):
            value = re.sub(rf"\s*(?:{self.suffix})$", "", short(value).lower())
        return whole(number_of(value))

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": 0}


def whole(number: Decimal) -> int:
    """Return a number as an int, if it is one and counts something."""
    if number < 0:
        raise RefusedError(Text("不能为负数", "cannot be negative"))
    if number != number.to_integral_value() or number > MAX_COUNT:
        raise ValueError(f"not a whole number: {number}")
    return int(number)


@dataclass(frozen=True)
class Days(Whole):
    """Days of the calendar."""

    units: ClassVar[Mapping[str, Decimal]] = dict.fromkeys(("天", "日", "days"), Decimal(1))
    suffix: ClassVar[str] = "[天日]|days?"


@dataclass(frozen=True)
class Year(Whole):
    """A calendar year."""

    units: ClassVar[Mapping[str, Decimal]] = {"年": Decimal(1)}
    suffix: ClassVar[str] = "年度?"

    @property
    def expected(self) -> Text:
        return Text("年份，如 2027", "a year such as 2027")

    def read(self, value: object, unit: Decimal | None = None) -> int:
        year = Whole.read(self, value)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise RefusedError(Text(f"{year} 超出日历范围", f"{year} is beyond the calendar"))
        return year


@dataclass(frozen=True)
class Signed(Whole):
    """Basis points above or, with a minus sign, below something."""

    units: ClassVar[Mapping[str, Decimal]] = dict.fromkeys(("基点", "bp", "bps"), Decimal(1))
    suffix: ClassVar[str] = "基点|bps?"

    @property
    def expected(self) -> Text:
        return Text("整数个基点，如 -25", "a whole number of basis points such as -25")

    def read(self, value: object, unit: Decimal | None = None) -> int:
        if isinstance(value, str):
            value = re.sub(rf"\s*(?:{self.suffix})$", "", short(value).lower())
        number = number_of(value)
        return whole(abs(number)) * (-1 if number < 0 else 1)

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "integer"}


@dataclass(frozen=True)
class Workdays(Whole):
    """Workdays; calendar days are refused, for they are a different number."""

    units: ClassVar[Mapping[str, Decimal]] = {"工作日": Decimal(1), "个工作日": Decimal(1),
                                              "workdays": Decimal(1)}  # fmt: skip
    suffix: ClassVar[str] = r"个?工作日|workdays?"

    @property
    def expected(self) -> Text:
        return Text("工作日数，如 3 或 3个工作日", "a number of workdays, such as 3")


@dataclass(frozen=True)
class Months(Whole):
    """Months; a cell or a header may say years."""

    units: ClassVar[Mapping[str, Decimal]] = {
        **dict.fromkeys(("月", "个月", "months"), Decimal(1)),
        **dict.fromkeys(("年", "years"), Decimal(12)),
    }

    @property
    def expected(self) -> Text:
        return Text("月数，如 12、12个月 或 1年", "a number of months, such as 12 or 1年")

    def read(self, value: object, unit: Decimal | None = None) -> int:
        factor = unit or Decimal(1)
        if isinstance(value, str):
            word = short(value).lower().replace("半年", "6个月")
            match = re.fullmatch(r"(.+?)\s*(?:(年|years?|y)|(个?月|months?|m))", word)
            if match:
                value, factor = match.group(1), Decimal(12 if match.group(2) else 1)
        return whole(number_of(value) * factor)


@dataclass(frozen=True)
class Figure(Kind):
    """A further figure of a firm: any finite number, a percentage included."""

    @property
    def expected(self) -> Text:
        return Text("有限的数，如 5.2 或 30%", "a finite number such as 5.2 or 30%")

    def read(self, value: object, unit: Decimal | None = None) -> Decimal:
        if isinstance(value, str) and re.search(r"[%‰]$", short(value)):
            return number_of(parse_signed_rate(short(value)))
        return number_of(value)

    def write(self, value: Any) -> Any:
        return f"{value:f}"
