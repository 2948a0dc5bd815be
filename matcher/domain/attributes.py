"""What can be asked of a need and its firm: one register, read by rules, sheets and reasons.

A rule names an attribute (``revenue``, 营业收入); the register says how to read it from a
`Subject`, what kind of value it is, how to print it, and whether a firm could change it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import TypeAlias

from matcher.domain.choices import (
    QUESTIONS,
    Choice,
    Collateral,
    Instrument,
    Ownership,
    Purpose,
    Size,
    TaxGrade,
    indicator_text,
    parse_indicator,
    tag_text,
)
from matcher.domain.code_names import code_text
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.moments import day_text
from matcher.domain.money import money_text, rate_text
from matcher.domain.text import Text

Value: TypeAlias = int | Decimal | date | bool | str | frozenset[str]
"""A value of an attribute, as the domain records hold it."""

TICKS_PER_ONE = 10**8
"""Fractions and figures are compared as whole multiples of 1e-8, in both readings of a rule."""

INDICATOR = "indicator."


class Kind(Enum):
    """What sort of value an attribute has."""

    MONEY = "money"
    COUNT = "count"
    MONTHS = "months"
    RATE = "rate"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"
    CODE = "code"
    CHOICE = "choice"
    SET = "set"

    @property
    def is_ordered(self) -> bool:
        """Whether values can be compared by size."""
        return self not in (Kind.FLAG, Kind.CODE, Kind.CHOICE, Kind.SET)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule is applied to: a need, its firm and the day of the round."""

    need: Need
    enterprise: Enterprise
    as_of: date


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing that can be asked.

    Parameters
    ----------
    name, text
        Its name in rules and in the code, and what people call it.
    kind
        The sort of its value.
    get
        Reads it from a subject; None means not known.
    mendable
        Whether the firm could change it by asking for something else or showing a paper.
    choices
        The vocabulary of a choice or a set, where it is closed.
    field
        The field of Need that a change would set, where there is one of the same value.
    is_question
        Whether its number is an answer: 1 is yes and 0 no.
    """

    name: str
    text: Text
    kind: Kind
    get: Callable[[Subject], Value | None]
    mendable: bool = False
    choices: type[Choice] | None = None
    field: str | None = None
    is_question: bool = False

    def ticks(self, value: Value) -> int:
        """Return an ordered value as a whole number: fen, months, persons, days or 1e-8."""
        if isinstance(value, date):
            return value.toordinal()
        if self.kind in (Kind.RATE, Kind.NUMBER):
            return int((Decimal(value) * TICKS_PER_ONE).to_integral_value())  # type: ignore[arg-type]
        return int(value)  # type: ignore[arg-type]

    def show(self, value: Value) -> Text:
        """Print a value of this attribute."""
        if self.choices is not None and isinstance(value, str):
            return self.choices.parse(value).text
        if isinstance(value, frozenset):
            return Text.join([self.word(v) for v in sorted(value)]) if value else _NOTHING
        if self.is_question and value in (0, 1):
            return yes_or_no(bool(value))
        return _SHOW.get(self.kind, Text.same)(value)

    def word(self, value: str) -> Text:
        """Print one word of a set."""
        return self.choices.parse(value).text if self.choices else tag_text(value)


def yes_or_no(is_so: bool) -> Text:
    """Print an answer."""
    return Text("是", "yes") if is_so else Text("否", "no")


_NOTHING = Text("无", "none")
_SHOW: dict[Kind, Callable[..., Text]] = {
    Kind.MONEY: money_text,
    Kind.MONTHS: lambda v: Text(f"{v} 个月", f"{v} months"),
    Kind.RATE: rate_text,
    Kind.NUMBER: lambda v: Text.same(f"{Decimal(v).normalize():,f}"),
    Kind.DATE: day_text,
    Kind.FLAG: yes_or_no,
    Kind.CODE: code_text,
}


def months_between(start: date, end: date) -> int:
    """Return the whole months from ``start`` to ``end``, negative if it lies before."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _age_months(subject: Subject) -> int | None:
    founded = subject.enterprise.founded
    return None if founded is None else months_between(founded, subject.as_of)


def _indicator(name: str, subject: Subject) -> Decimal | None:
    return subject.enterprise.indicator(name)


def _collateral_kinds(subject: Subject) -> frozenset[str] | None:
    offered = subject.need.collateral
    return None if offered is None else frozenset(kind for kind, _ in offered)


_REGISTER = [
    Attribute("region", Text("地区", "region"), Kind.CODE, lambda s: s.enterprise.region),
    Attribute("industry", Text("行业", "industry"), Kind.CODE, lambda s: s.enterprise.industry),
    Attribute(
        "size", Text("企业规模", "size"), Kind.CHOICE, lambda s: s.enterprise.size, choices=Size
    ),
    Attribute("founded", Text("成立日期", "founded"), Kind.DATE, lambda s: s.enterprise.founded),
    Attribute("age", Text("成立时间", "age"), Kind.MONTHS, _age_months),
    Attribute("staff", Text("职工人数", "staff"), Kind.COUNT, lambda s: s.enterprise.staff),
    Attribute(
        "revenue", Text("营业收入", "revenue"), Kind.MONEY, lambda s: s.enterprise.revenue_fen
    ),
    Attribute("assets", Text("资产总额", "assets"), Kind.MONEY, lambda s: s.enterprise.assets_fen),
    Attribute(
        "ownership",
        Text("企业性质", "ownership"),
        Kind.CHOICE,
        lambda s: s.enterprise.ownership,
        choices=Ownership,
    ),
    Attribute("tags", Text("资质标签", "tags"), Kind.SET, lambda s: s.enterprise.tags),
    Attribute(
        "tax_grade",
        Text("纳税信用等级", "tax grade"),
        Kind.CHOICE,
        lambda s: s.enterprise.tax_grade,
        choices=TaxGrade,
    ),
    Attribute(
        "first_time_borrower",
        Text("首贷户", "first-time borrower"),
        Kind.FLAG,
        lambda s: s.enterprise.first_time_borrower,
    ),
    Attribute(
        "lead_share",
        Text("负责人持股", "share of the lead"),
        Kind.RATE,
        lambda s: s.enterprise.lead_share,
    ),
    Attribute(
        "team_share",
        Text("核心团队持股", "share of the core team"),
        Kind.RATE,
        lambda s: s.enterprise.team_share,
    ),
    Attribute(
        "lead_is_largest",
        Text("负责人为最大股东", "lead is the largest shareholder"),
        Kind.FLAG,
        lambda s: s.enterprise.lead_is_largest,
    ),
    Attribute(
        "amount",
        Text("融资金额", "amount"),
        Kind.MONEY,
        lambda s: s.need.amount_fen,
        mendable=True,
        field="amount_fen",
    ),
    Attribute(
        "term",
        Text("期限", "term"),
        Kind.MONTHS,
        lambda s: s.need.months,
        mendable=True,
        field="term_months",
    ),
    Attribute(
        "purpose",
        Text("用途", "purpose"),
        Kind.CHOICE,
        lambda s: s.need.purpose,
        choices=Purpose,
    ),
    Attribute(
        "collateral",
        Text("押品", "collateral"),
        Kind.SET,
        _collateral_kinds,
        mendable=True,
        choices=Collateral,
    ),
    Attribute(
        "instruments",
        Text("融资方式", "instruments"),
        Kind.SET,
        lambda s: frozenset(s.need.instruments),
        mendable=True,
        choices=Instrument,
        field="instruments",
    ),
    Attribute("priority", Text("优先级", "priority"), Kind.COUNT, lambda s: s.need.priority),
]

ATTRIBUTES = {attribute.name: attribute for attribute in _REGISTER}
_BY_ZH = {attribute.text.zh: attribute for attribute in _REGISTER}
FURTHER: dict[str, Attribute] = {}
"""What can be asked of records other than needs (`matcher.domain.record_attributes`)."""


def attribute(name: str) -> Attribute:
    """Find an attribute of needs, or one of other records by its full name ``table.name``.

    Raises
    ------
    KeyError
        If there is none.
    """
    return FURTHER[name] if name in FURTHER else need_attribute(name)


def need_attribute(name: str) -> Attribute:
    """Find an attribute by its name or its Chinese name; ``indicator.X`` reads a further figure.

    Raises
    ------
    KeyError
        If there is none.
    """
    known = ATTRIBUTES.get(name) or _BY_ZH.get(name)
    if known is not None:
        return known
    for prefix in (INDICATOR, "指标."):
        if name.startswith(prefix) and name != prefix:
            key = parse_indicator(name.removeprefix(prefix))
            return Attribute(
                INDICATOR + key,
                indicator_text(key),
                Kind.NUMBER,
                partial(_indicator, key),
                is_question=key in QUESTIONS,
            )
    raise KeyError(name)
