"""Rules by classes of needs: needs that no rule can tell apart are read once.

An *axis* is what some rules depend on: one attribute, or a rule of its own that mixes several.
Its classes are the needs that all rules of the axis read alike: each distinct word, each stretch
between the bounds that ranges name, each combination of the words that are asked of a set, and
those of which nothing is known. So a rule is a row of states, one for each class.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain.attributes import Kind, attribute
from matcher.domain.criteria import AllOf, AnyOf, Criterion, Has, Not, OnAttribute, Range
from matcher.market import Market
from matcher.market.columns import OrderedColumn, SetColumn, WordColumn
from matcher.scoring.columns import RuleColumns, RuleReader, States

Codes = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Axis:
    """What some rules depend on.

    Parameters
    ----------
    codes
        (N,) the class of each need.
    states
        The (C,) states of each rule by class.
    """

    codes: Codes
    states: dict[Criterion, States]

    @property
    def num_classes(self) -> int:
        return max((len(column) for column in self.states.values()), default=0)


@dataclass(frozen=True, eq=False)
class Representatives:
    """One need of each class of one attribute, as `RuleReader` reads needs."""

    num_needs: int
    ordered_column: OrderedColumn | None = None
    word_column: WordColumn | None = None
    set_column: SetColumn | None = None

    def ordered(self, name: str) -> OrderedColumn:
        assert self.ordered_column is not None, name
        return self.ordered_column

    def words(self, name: str) -> WordColumn:
        assert self.word_column is not None, name
        return self.word_column

    def sets(self, name: str) -> SetColumn:
        assert self.set_column is not None, name
        return self.set_column


def rule_axes(market: Market, rules: Iterable[Criterion]) -> list[Axis]:
    """Return the axes of the rules, each distinct rule on exactly one."""
    by_name: dict[str, list[Criterion]] = {}
    mixed: list[Criterion] = []
    for rule in dict.fromkeys(rules):
        names = {leaf.attribute.name for leaf in leaves(rule)}
        if len(names) > 1:
            mixed.append(rule)
        else:
            by_name.setdefault(next(iter(names), ""), []).append(rule)
    whole = RuleColumns(market)
    axes = [_axis(market, name, found) for name, found in by_name.items()]
    return [*axes, *(_axis_of_one(whole.states(rule), rule) for rule in mixed)]


def leaves(rule: Criterion) -> Iterator[OnAttribute]:
    """Yield the rules on attributes inside a rule."""
    if isinstance(rule, OnAttribute):
        yield rule
    parts = rule.parts if isinstance(rule, AllOf | AnyOf) else ()
    for part in (rule.part,) if isinstance(rule, Not) else parts:
        yield from leaves(part)


def _axis_of_one(column: States, rule: Criterion) -> Axis:
    """Return the axis of a rule that mixes attributes: its states are the classes."""
    return Axis(column.astype(np.int32), {rule: np.arange(3, dtype=np.int8)})


def _axis(market: Market, name: str, rules: Sequence[Criterion]) -> Axis:
    codes, found = _classes(market, name, [leaf for rule in rules for leaf in leaves(rule)])
    columns = RuleReader(found)
    return Axis(codes, {rule: columns.states(rule) for rule in rules})


def _classes(
    market: Market, name: str, asked: Sequence[OnAttribute]
) -> tuple[Codes, Representatives]:
    if not name:
        return np.zeros(market.num_needs, np.int32), Representatives(1)
    kind = attribute(name).kind
    if kind.is_ordered:
        return _stretches(market.ordered(name), asked)
    if kind is Kind.SET:
        return _combinations(market.sets(name), asked)
    column = market.words(name)
    num = len(column.words)
    one_each = WordColumn(np.array([*range(num), -1], np.int32), column.words)
    codes = np.where(column.codes < 0, num, column.codes).astype(np.int32)
    return codes, Representatives(num + 1, word_column=one_each)


def _stretches(
    column: OrderedColumn, asked: Sequence[OnAttribute]
) -> tuple[Codes, Representatives]:
    """Return the stretches between bounds: a bound is the first value of the one above it."""
    ranges = [rule for rule in asked if isinstance(rule, Range)]
    lows = {rule.low_ticks for rule in ranges}
    highs = {None if rule.high_ticks is None else rule.high_ticks + 1 for rule in ranges}
    bounds = np.array(sorted((lows | highs) - {None}), np.int64)  # type: ignore[type-var]
    codes = np.searchsorted(bounds, column.ticks, side="right")
    below = np.array([bounds[0] - 1 if len(bounds) else 0], np.int64)
    ticks = np.concatenate([below, bounds, [0]])
    known = np.arange(len(ticks)) < len(bounds) + 1
    found = np.where(column.known, codes, len(bounds) + 1).astype(np.int32)
    return found, Representatives(len(ticks), ordered_column=OrderedColumn(ticks, known))


def _combinations(column: SetColumn, asked: Sequence[OnAttribute]) -> tuple[Codes, Representatives]:
    """Return the combinations of the words that are asked for, as the needs bring them."""
    wanted = frozenset[str]().union(*(rule.values for rule in asked if isinstance(rule, Has)))
    kept = [w for w, word in enumerate(column.words) if word in wanted]
    table = np.column_stack([column.known, column.member[:, kept]])
    first, codes = distinct_rows(table)
    some = SetColumn(table[first, 1:], table[first, 0], tuple(column.words[w] for w in kept))
    return codes, Representatives(len(first), set_column=some)


def distinct_rows(table: NDArray[np.bool_]) -> tuple[NDArray[np.intp], Codes]:
    """Return where each distinct row of (N, W) flags stands first, and (N,) which one it is."""
    packed = np.packbits(table, axis=1)
    if packed.shape[1] <= 8:
        padded = np.zeros((len(table), 8), np.uint8)
        padded[:, : packed.shape[1]] = packed
        keys = padded.view(np.uint64)[:, 0]
        _, first, codes = np.unique(keys, return_index=True, return_inverse=True)
    else:
        _, first, codes = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    return first, codes.reshape(-1).astype(np.int32)
