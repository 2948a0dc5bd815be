"""Rules that a sheet can hold, and their spelling in both languages by a printer of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from matcher.domain.attributes import ATTRIBUTES, Kind, attribute
from matcher.domain.choices import TAGS, parse_tag
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
from matcher.domain.money import MAX_FEN

AWKWARD = st.text("ab\"\\\n\t '“”「」（）(),，、;；≥>=<!.．或且非andornot 1", max_size=12)
"""Words full of what the syntax is made of."""

_NAME_CHARS = "负债率增长ROEx_9-%/·&增and"
indicators = st.text(_NAME_CHARS, min_size=1, max_size=8).map(lambda name: f"indicator.{name}")
fractions = st.decimals(-100, 100, places=6) | st.decimals(0, 1, places=2)
VALUES: dict[Kind, st.SearchStrategy] = {
    Kind.MONEY: st.integers(0, MAX_FEN) | st.integers(0, 10**6),
    Kind.COUNT: st.integers(-(10**12), 10**12),
    Kind.MONTHS: st.integers(-600, 600),
    Kind.RATE: fractions,
    Kind.NUMBER: fractions | st.decimals(-(10**15), 10**15, places=0),
    Kind.DATE: st.dates(),
}
REGIONS = ["11", "33", "3301", "330108", "659012"]
INDUSTRIES = ["A", "C27", "C2710", "I65", "I651", "T97"]


@st.composite
def ranges(draw: st.DrawFn) -> Criterion:
    """Draw one bound, open or closed, or two closed ones."""
    named = [name for name, a in ATTRIBUTES.items() if a.kind.is_ordered]
    name = draw(st.sampled_from(named) | indicators)
    value = VALUES[attribute(name).kind]
    form = draw(st.sampled_from(["low", "high", "between", "equal"]))
    is_open = draw(st.booleans())
    first = draw(value)
    if form == "low":
        return Range(name, low=first, low_open=is_open)
    if form == "high":
        return Range(name, high=first, high_open=is_open)
    return Range(name, low=first, high=first if form == "equal" else draw(value))


def _some(words: list[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(words), min_size=1, max_size=3)


def _word_rules() -> st.SearchStrategy[Criterion]:
    rules = []
    tags = st.one_of(st.sampled_from(sorted(TAGS)), AWKWARD, st.text(max_size=8)).map(parse_tag)
    for name, asked in ATTRIBUTES.items():
        if asked.kind is Kind.CHOICE:
            rules.append(st.builds(OneOf, st.just(name), _some([str(m) for m in asked.choices])))
        elif asked.kind is Kind.FLAG:
            rules.append(st.builds(OneOf, st.just(name), _some(["yes", "no"])))
        elif asked.kind is Kind.SET:
            words = (
                _some([str(m) for m in asked.choices])
                if asked.choices
                else st.frozensets(tags, min_size=1, max_size=3)
            )
            rules.append(st.builds(Has, st.just(name), words, st.booleans()))
    rules.append(st.builds(Under, st.just("region"), _some(REGIONS)))
    rules.append(st.builds(Under, st.just("industry"), _some(INDUSTRIES)))
    return st.one_of(rules)


leaves = st.one_of(
    ranges(), _word_rules(), st.builds(Prose, AWKWARD), st.builds(Prose, st.text(max_size=10))
)


def _joints(inner: st.SearchStrategy[Criterion]) -> st.SearchStrategy[Criterion]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(AllOf, parts), st.builds(AnyOf, parts), st.builds(Not, inner))


rules = st.recursive(leaves, _joints, max_leaves=8)
"""Every rule that a text can stand for."""


def spell(rule: Criterion, zh: bool) -> str:
    """Write a rule in Chinese words and full-width signs, or in English and ASCII."""
    if isinstance(rule, AllOf | AnyOf):
        word = ("且", "and") if isinstance(rule, AllOf) else ("或", "or")
        left, right = "（）" if zh else "()"
        return f" {word[not zh]} ".join(f"{left}{spell(p, zh)}{right}" for p in rule.parts)
    if isinstance(rule, Not):
        return f"非（{spell(rule.part, zh)}）" if zh else f"not ({spell(rule.part, zh)})"
    if isinstance(rule, Prose):
        return _quoted(rule.words)
    asked = attribute(rule.name)
    name = asked.text.zh.replace("指标 ", "指标.") if zh else asked.name
    if isinstance(rule, Range):
        return _spelled_range(rule, name, zh)
    comma = "、" if zh else ", "
    if isinstance(rule, Has):
        sign = ("全部具备", "has_all") if rule.every else ("具备", "has")
        return f"{name} {sign[not zh]} " + comma.join(_word(asked, w, zh) for w in rule.values)
    words = rule.prefixes if isinstance(rule, Under) else rule.values
    return f"{name} {'属于' if zh else 'in'} " + comma.join(_word(asked, w, zh) for w in words)


def _spelled_range(rule: Range, name: str, zh: bool) -> str:
    kind = attribute(rule.name).kind
    if rule.low is not None and rule.high is not None:
        if rule.low == rule.high:
            return f"{name}{'＝' if zh else ' = '}{_value(kind, rule.low, zh)}"
        low, high = (_value(kind, v, zh) for v in (rule.low, rule.high))
        return f"{name} {'介于' if zh else 'between'} {low}..{high}"
    if rule.low is not None:
        sign = ("＞", ">") if rule.low_open else ("≥", ">=")
        return f"{name}{sign[not zh]}{_value(kind, rule.low, zh)}"
    sign = ("＜", "<") if rule.high_open else ("≤", "<=")
    return f"{name}{sign[not zh]}{_value(kind, rule.high, zh)}"


def _value(kind: Kind, value: object, zh: bool) -> str:
    if kind is Kind.MONEY:
        yuan, fen = divmod(value, 100)
        return f"{yuan:,}.{fen:02d}元".replace(",", "，") if zh else f"{yuan}.{fen:02d}"
    if kind is Kind.MONTHS:
        if value % 12 == 0:
            return f"{value // 12}年" if zh else f"{value // 12}years"
        return f"{value}个月" if zh else f"{value}months"
    if kind in (Kind.RATE, Kind.NUMBER):
        assert isinstance(value, Decimal)
        return f"{value:f}" if zh else f"{value.scaleb(2):f}%"
    if kind is Kind.COUNT:
        return f"{value}人" if zh else f"{value}"
    assert isinstance(value, date)
    return value.isoformat()


def _word(asked: object, word: str, zh: bool) -> str:
    if asked.kind is Kind.CODE:
        return word.removeprefix(word[0]) if zh and word[0].isalpha() and len(word) > 1 else word
    if asked.kind is Kind.FLAG:
        return {"yes": "是", "no": "否"}[word] if zh else word
    if asked.choices is not None:
        return asked.choices.parse(word).zh if zh else word
    return _quoted(TAGS[word].zh if zh and word in TAGS else word)


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
