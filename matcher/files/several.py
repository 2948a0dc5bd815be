"""Kinds of cells that hold several things: words, pairs, rules, and what is said of a source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matcher.domain.criteria import Criterion
from matcher.domain.expression import parse, unparse
from matcher.domain.text import Text
from matcher.files.kinds import Flag, Kind, RefusedError, as_text, plain

MAX_ITEMS = 500
MAX_RULE = 2_000
# With their full-width forms: semicolon U+FF1B, comma U+FF0C, equals U+FF1D, colon U+FF1A.
RULE_SIGNS = ";\uff1b\r\n"
PAIR_SIGNS = "、" + RULE_SIGNS
LIST_SIGNS = ",\uff0c" + PAIR_SIGNS
EQUAL_SIGNS = "=\uff1d:\uff1a"
_NOTHING = ("无", "none", "[]", "{}")
_QUOTED = re.compile(r'("(?:[^"\\]|\\.)*"|“[^”]*”)')


def items_of(value: object, separators: str) -> list[Any]:
    """Split a cell into its items: a list as it is, text at the separators; 无 is no item.

    Raises
    ------
    ValueError
        If the cell is neither.
    """
    if isinstance(value, list | tuple):
        items = list(value)
    elif isinstance(value, str) and plain(value).lower() in _NOTHING:
        items = []
    else:
        items = [part.strip() for part in re.split(separators, as_text(value)) if part.strip()]
    if len(items) > MAX_ITEMS:
        raise RefusedError(Text(f"多于 {MAX_ITEMS} 项", f"more than {MAX_ITEMS} items"))
    return items


@dataclass(frozen=True)
class SetOf(Kind):
    """A set of words of one kind, separated by commas or semicolons of either width."""

    item: Kind
    known: tuple[Text, ...] = ()
    is_open = True
    number_format = "@"

    @property
    def expected(self) -> Text:
        template = Text("用“、”分隔的若干项，每项为{e}；没有写“无”", "a list, each {e}; or none")
        return template.format(e=self.item.expected)

    @property
    def menu(self) -> tuple[Text, ...]:
        return self.known or self.item.menu

    def read(self, value: object, unit: Decimal | None = None) -> frozenset[Any]:
        return frozenset(_each(self.item, items_of(value, f"[{LIST_SIGNS}|]")))

    def write(self, value: Any) -> Any:
        return sorted(self.item.write(v) for v in value)

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.item.schema, "uniqueItems": True}


def _each(kind: Kind, items: Iterable[object], unit: Decimal | None = None) -> list[Any]:
    return [_item(kind, item, unit) for item in items]


def _item(kind: Kind, item: object, unit: Decimal | None = None) -> Any:
    """Read one item of a cell; a fault names the item."""
    try:
        return kind.read(item, unit)
    except RefusedError:
        raise
    except (ValueError, ArithmeticError) as error:
        message = Text("其中一项无法读取：{i}", "one item cannot be read: {i}")
        raise RefusedError(message.format(i=Text.same(f"{item!s:.60}")), kind.expected) from error


@dataclass(frozen=True)
class Pairs(Kind):
    """Named values, ``房产土地=300万; 应收账款=50万`` or an object; returned sorted.

    Parameters
    ----------
    key, value
        The kinds of both halves.
    once
        Whether a name may stand only once. Two houses of a firm are two pairs.
    """

    key: Kind
    value: Kind
    example: str
    once: bool = True
    is_open = True
    number_format = "@"

    def __post_init__(self) -> None:
        object.__setattr__(self, "in_fen", self.value.in_fen)
        object.__setattr__(self, "units", self.value.units)

    @property
    def expected(self) -> Text:
        return Text(f"若干“名称=数值”，如 {self.example}", f"pairs such as {self.example}")

    @property
    def menu(self) -> tuple[Text, ...]:
        return self.key.menu

    def read(self, value: object, unit: Decimal | None = None) -> tuple[tuple[Any, Any], ...]:
        pairs = [
            (_item(self.key, name), _item(self.value, amount, unit))
            for name, amount in halves(value)
        ]
        names = [name for name, _ in pairs]
        if self.once and len(set(names)) < len(names):
            raise RefusedError(Text("同一名称出现两次", "a name stands twice"))
        return tuple(sorted(pairs))

    def write(self, value: Any) -> Any:
        pairs = [[self.key.write(name), self.value.write(amount)] for name, amount in value]
        named = dict(map(tuple, pairs))
        return named if len(named) == len(pairs) else pairs

    @property
    def schema(self) -> dict[str, Any]:
        named = {"type": "object", "additionalProperties": self.value.schema}
        if self.key.menu:
            named["propertyNames"] = self.key.schema
        return named


def halves(value: object) -> list[tuple[object, object]]:
    """Split a cell into names and values; each half must be there."""
    if isinstance(value, Mapping):
        return list(value.items())
    found: list[tuple[object, object]] = []
    for item in items_of(value, f"[{PAIR_SIGNS}]"):
        parts = re.split(f"[{EQUAL_SIGNS}]", item, maxsplit=1) if isinstance(item, str) else item
        if not isinstance(parts, list | tuple) or len(parts) != 2:
            raise ValueError(f"not a pair: {item!r}")
        name, amount = (p.strip() if isinstance(p, str) else p for p in parts)
        found.append((name, amount))
    return found


@dataclass(frozen=True)
class Rules(Kind):
    """Rules in the syntax of `matcher.domain.expression`, separated by ; or new lines."""

    is_open = True
    number_format = "@"

    @property
    def expected(self) -> Text:
        return Text(
            "规则，如 营业收入 >= 500万; 行业 属于 C27；照录的文字加引号",
            'rules such as: revenue >= 5000000; industry in C27; prose in "quotes"',
        )

    def read(self, value: object, unit: Decimal | None = None) -> tuple[Criterion, ...]:
        texts = value if isinstance(value, list | tuple) else _split_rules(as_text(value))
        if len(texts) > MAX_ITEMS:
            raise RefusedError(Text(f"多于 {MAX_ITEMS} 条规则", f"more than {MAX_ITEMS} rules"))
        return tuple(_rule(as_text(text)) for text in texts)

    def write(self, value: Any) -> Any:
        return [unparse(rule) for rule in value]

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}}


def _split_rules(text: str) -> list[str]:
    """Split at ; and new lines, except between quotation marks."""
    if plain(text).lower() in _NOTHING:
        return []
    parts, current = [], ""
    for index, piece in enumerate(_QUOTED.split(text)):
        first, *rest = [piece] if index % 2 else re.split(f"[{RULE_SIGNS}]", piece)
        current += first
        for following in rest:
            parts.append(current)
            current = following
    return [part.strip() for part in [*parts, current] if part.strip()]


def _rule(text: str) -> Criterion:
    # A numeral of hundreds of 万 nests the reader of Chinese numerals beyond Python's stack.
    try:
        if len(text) > MAX_RULE:
            raise ValueError(f"longer than {MAX_RULE} characters")
        return parse(text)
    except (ValueError, ArithmeticError, RecursionError) as error:
        message = Text("规则无法读取（{e}）", "the rule cannot be read ({e})")
        raise RefusedError(message.format(e=Text.same(f"{error!s:.200}"))) from error


@dataclass(frozen=True)
class Marked(Kind):
    """Whether a record is illustrative: the whole of it, or the fields that are named."""

    is_open = True
    number_format = "@"

    @property
    def expected(self) -> Text:
        return Text("是、否，或若干列名", "yes, no, or a list of column names")

    @property
    def menu(self) -> tuple[Text, ...]:
        return Flag().menu

    def read(self, value: object, unit: Decimal | None = None) -> bool | frozenset[str]:
        try:
            return Flag().read(value)
        except ValueError:
            return frozenset(as_text(item) for item in items_of(value, f"[{LIST_SIGNS}]"))

    @property
    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "boolean"}, {"type": "array", "items": {"type": "string"}}]}


@dataclass(frozen=True)
class Quotes(Kind):
    """Fields with the words of the source that state them; the order is kept."""

    @property
    def expected(self) -> Text:
        return Text("对象：字段 → 原文", "an object: field → words of the source")

    def read(self, value: object, unit: Decimal | None = None) -> tuple[tuple[str, str], ...]:
        if not isinstance(value, Mapping):
            raise ValueError("not an object")
        return tuple((as_text(field), as_text(words)) for field, words in value.items())

    def write(self, value: Any) -> Any:
        return dict(value)

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": {"type": "string"}}
