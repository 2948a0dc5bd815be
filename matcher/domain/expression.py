"""Rules as text, in the words of a form: one syntax for sheets, seeds, the API and the screen.

::

    rule      = any
    any       = all { ("或" | "or") all }
    all       = one { ("且" | "and") one }
    one       = ("非" | "not") one | "(" any ")" | condition
    condition = attribute ( ">=" | "<=" | ">" | "<" | "=" | "!=" ) value
              | attribute ("between" | "介于") value ".." value
              | attribute ("in" | "属于") value { "," value }      one of; a code lies under
              | attribute ("has" | "具备") value { "," value }     at least one of
              | attribute ("has_all" | "全部具备") value { "," value }
              | quoted words                                       a condition in prose

Attributes and words may be given by their name or their Chinese name; amounts in yuan or with
a unit (``500万``), shares in percent, ages in months or with 年 / years.

Examples
--------
>>> parse("负责人持股 >= 30% 或 (核心团队持股 > 50% 且 职工人数 >= 3人)").text.en
'share of the lead ≥ 30.00% or (share of the core team > 50.00% and staff ≥ 3)'
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import UnionType

from matcher.domain.attributes import Attribute, Kind, Value, need_attribute
from matcher.domain.choices import parse_tag
from matcher.domain.codes import industry_code, is_region
from matcher.domain.criteria import (
    AllOf,
    AnyOf,
    Criterion,
    Has,
    Not,
    OneOf,
    Prose,
    Range,
    Under,
)
from matcher.domain.money import parse_money, parse_number, parse_rate

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<quoted>"(?:[^"\\]|\\.)*")
      | (?P<sign>>=|<=|!=|\.\.|[><=(),])
      | (?P<word>(?:[^\s><=!(),".]|\.(?!\.))+)
    )""",
    re.VERBOSE,
)
# Full-width brackets, comma and exclamation mark, spelled out since they look like their twins.
_FULL_WIDTH = str.maketrans({"、": ",", "“": '"', "”": '"'}) | {
    0xFF08: "(",
    0xFF09: ")",
    0xFF0C: ",",
    0xFF01: "!",
    ord("≥"): ">=",
    ord("≤"): "<=",
    ord("≠"): "!=",
    ord("＞"): ">",
    ord("＜"): "<",
    ord("＝"): "=",
}
_WORDS = {
    "或": "or",
    "且": "and",
    "并且": "and",
    "或者": "or",
    "非": "not",
    "属于": "in",
    "具备": "has",
    "全部具备": "has_all",
    "介于": "between",
}
_SIGNS = (">=", "<=", ">", "<", "=", "!=", "between", "..")
_RESERVED = frozenset({*_SIGNS, *_WORDS.values(), "(", ")", ","})
_QUOTED = re.compile(r'("(?:[^"\\]|\\.)*"|“[^”]*”)')
_FLAGS = {"是": "yes", "否": "no", "yes": "yes", "no": "no", "true": "yes", "false": "no"}
_MAX_DEPTH = 20


Find = Callable[[str], Attribute]
"""Finds an attribute by a name in a rule, or raises `KeyError`."""


def parse(text: str, find: Find = need_attribute) -> Criterion:
    """Read a rule.

    Parameters
    ----------
    find
        What the names in the rule mean: what can be asked of a need and its firm, unless the
        rule is asked of other records (`matcher.domain.record_attributes.finder`).

    Raises
    ------
    ValueError
        If it is no rule; the message says at which word.
    """
    reader = _Reader(text, find)
    rule = reader.any_of(0)
    if reader.peek is not None:
        raise ValueError(f"unexpected {reader.peek!r} in {text!r}")
    return rule


class _Reader:
    """Recursive descent over the tokens of one rule."""

    def __init__(self, text: str, find: Find) -> None:
        self.text = text
        self.find = find
        self.tokens = _tokens(text)
        self.position = 0

    @property
    def peek(self) -> str | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def take(self) -> str:
        token = self.peek
        if token is None:
            raise ValueError(f"{self.text!r} ends too early")
        self.position += 1
        return token

    def accept(self, token: str) -> bool:
        if self.peek != token:
            return False
        self.position += 1
        return True

    def any_of(self, depth: int) -> Criterion:
        parts = [self.all_of(depth)]
        while self.accept("or"):
            parts.append(self.all_of(depth))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def all_of(self, depth: int) -> Criterion:
        parts = [self.one(depth)]
        while self.accept("and"):
            parts.append(self.one(depth))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def one(self, depth: int) -> Criterion:
        if depth > _MAX_DEPTH:
            raise ValueError(f"{self.text[:40]!r}… is nested deeper than {_MAX_DEPTH}")
        if self.accept("not"):
            return Not(self.one(depth + 1))
        if self.accept("("):
            inner = self.any_of(depth + 1)
            if not self.accept(")"):
                raise ValueError(f"a bracket is not closed in {self.text!r}")
            return inner
        return self.condition()

    def condition(self) -> Criterion:
        name = self.take()
        if name.startswith('"'):
            return Prose(_unquoted(name))
        try:
            asked = self.find(name)
        except KeyError:
            raise ValueError(f"unknown attribute {name!r} in {self.text!r}") from None
        return self.comparison(asked, self.take())

    def value(self) -> str:
        """Take a value; signs and the words of the syntax count as one only in quotation marks."""
        token = self.take()
        if token in _RESERVED:
            raise ValueError(f"a value is missing before {token!r} in {self.text!r}")
        return _unquoted(token)

    def comparison(self, asked: Attribute, sign: str) -> Criterion:
        if sign in ("in", "has", "has_all"):
            return _membership(asked, sign, self.values())
        if sign == "between":
            low = _ordered(asked, self.value())
            if not self.accept(".."):
                raise ValueError(f"between needs low .. high in {self.text!r}")
            return Range(asked.name, low=low, high=_ordered(asked, self.value()))
        if sign in ("=", "!="):
            rule = _equal(asked, self.value())
            return rule if sign == "=" else Not(rule)
        if sign not in (">=", "<=", ">", "<"):
            raise ValueError(f"unknown comparison {sign!r} in {self.text!r}")
        bound = _ordered(asked, self.value())
        if sign[0] == ">":
            return Range(asked.name, low=bound, low_open=sign == ">")
        return Range(asked.name, high=bound, high_open=sign == "<")

    def values(self) -> list[str]:
        found = [self.value()]
        while self.accept(","):
            found.append(self.value())
        return found


def _tokens(text: str) -> list[str]:
    """Split a rule; what stands in quotation marks stays as it is."""
    plain = "".join(
        _straight(part) if index % 2 else part.translate(_FULL_WIDTH)
        for index, part in enumerate(_QUOTED.split(text))
    ).rstrip()
    tokens, position = [], 0
    while position < len(plain):
        match = _TOKEN.match(plain, position)
        if match is None:
            raise ValueError(f"cannot read {plain[position : position + 12]!r} in {text!r}")
        token = match.group().strip()
        tokens.append(_WORDS.get(token, token))
        position = match.end()
    return _join_thousands(tokens)


def _join_thousands(tokens: list[str]) -> list[str]:
    """Put ``>= 3 , 500 , 000万`` back together: behind a sign, a comma groups thousands."""
    joined: list[str] = []
    for token in tokens:
        follows = len(joined) >= 3 and joined[-3] in _SIGNS and joined[-1] == ","
        groups = follows and re.match(r"\d{3}(?!\d)", token)
        if groups and re.fullmatch(r"\d{1,3}(,\d{3})*", joined[-2]):
            joined.pop()
            joined[-1] += "," + token
        else:
            joined.append(token)
    return joined


def _straight(quoted: str) -> str:
    """Put what stands in “ ” into straight marks."""
    return quoted if quoted.startswith('"') else _quoted(quoted[1:-1])


def _unquoted(token: str) -> str:
    if len(token) >= 2 and token[0] == token[-1] == '"':
        return re.sub(r"\\(.)", r"\1", token[1:-1])
    return token


def _ordered(asked: Attribute, word: str) -> Value:
    """Read a value that can be compared by size."""
    readers: dict[Kind, Callable[[str], Value]] = {
        Kind.MONEY: parse_money,
        Kind.RATE: parse_rate,
        Kind.NUMBER: parse_rate,
        Kind.COUNT: _count,
        Kind.MONTHS: _months,
        Kind.DATE: date.fromisoformat,
    }
    if asked.kind not in readers:
        raise ValueError(f"{asked.name} has no order; use = or in")
    return readers[asked.kind](word)


def _count(word: str) -> int:
    number = parse_number(re.sub(r"[人个户]$", "", word))
    if number != int(number):
        raise ValueError(f"not a whole number: {word!r}")
    return int(number)


def _months(word: str) -> int:
    match = re.fullmatch(r"(.+?)(年|years?|y|个?月|months?|m)?", word)
    unit = 12 if match and match.group(2) in ("年", "year", "years", "y") else 1
    return _count(match.group(1) if match else word) * unit


def _equal(asked: Attribute, word: str) -> Criterion:
    if asked.kind.is_ordered:
        value = _ordered(asked, word)
        return Range(asked.name, low=value, high=value)
    if asked.kind is Kind.SET:
        return Has(asked.name, frozenset({_word(asked, word)}))
    return _membership(asked, "in", [word])


def _membership(asked: Attribute, sign: str, words: list[str]) -> Criterion:
    values = frozenset(_word(asked, word) for word in words)
    if asked.kind is Kind.SET:
        return Has(asked.name, values, every=sign == "has_all")
    if sign != "in" or asked.kind.is_ordered:
        raise ValueError(f"{sign!r} does not fit {asked.name}")
    return Under(asked.name, values) if asked.kind is Kind.CODE else OneOf(asked.name, values)


def _word(asked: Attribute, word: str) -> str:
    """Read one word of a choice, a set, a flag or a code into its canonical form."""
    if asked.kind is Kind.FLAG:
        if word.lower() not in _FLAGS:
            raise ValueError(f"not yes or no: {word!r}")
        return _FLAGS[word.lower()]
    if asked.choices is not None:
        return asked.choices.parse(word).value
    if asked.name == "industry":
        return industry_code(word)
    if asked.name == "region" and not is_region(word):
        raise ValueError(f"not a region code: {word!r}")
    return parse_tag(word) if asked.kind is Kind.SET else word


def unparse(rule: Criterion) -> str:
    """Write a rule so that `parse` reads it back as an equal value."""
    if isinstance(rule, AllOf):
        return " and ".join(_bracketed(part, AllOf | AnyOf) for part in rule.parts)
    if isinstance(rule, AnyOf):
        return " or ".join(_bracketed(part, AnyOf) for part in rule.parts)
    if isinstance(rule, Not):
        return f"not {_bracketed(rule.part, AllOf | AnyOf)}"
    if isinstance(rule, Prose):
        return _quoted(rule.words)
    if isinstance(rule, Range):
        return _unparse_range(rule)
    if isinstance(rule, OneOf | Has):
        sign = "in" if isinstance(rule, OneOf) else "has_all" if rule.every else "has"
        return f"{rule.name} {sign} {', '.join(_quoted(v) for v in sorted(rule.values))}"
    assert isinstance(rule, Under), rule
    return f"{rule.name} in {', '.join(sorted(rule.prefixes))}"


def _bracketed(part: Criterion, joints: type | UnionType) -> str:
    """Write a part, in brackets only where it needs them: they count towards the depth."""
    text = unparse(part)
    is_two = isinstance(part, Range) and " and " in text
    return f"({text})" if is_two or isinstance(part, joints) else text


def _unparse_range(rule: Range) -> str:
    parts = []
    if rule.low is not None:
        parts.append(f"{rule.name} {'>' if rule.low_open else '>='} {_plain(rule, rule.low)}")
    if rule.high is not None:
        parts.append(f"{rule.name} {'<' if rule.high_open else '<='} {_plain(rule, rule.high)}")
    closed = not rule.low_open and not rule.high_open
    if len(parts) == 2 and closed and rule.low is not None and rule.high is not None:
        return f"{rule.name} between {_plain(rule, rule.low)} .. {_plain(rule, rule.high)}"
    return " and ".join(parts)


def _plain(rule: Range, value: Value) -> str:
    if rule.attribute.kind is Kind.MONEY:
        return f"{Decimal(int(value)) / 100:f}"  # type: ignore[arg-type]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _quoted(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
