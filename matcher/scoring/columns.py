"""Rules over all needs at once: the second reading of `matcher.domain.criteria`.

A column of states is (N,) int8 with the values of `State`; all-of is the elementwise minimum,
any-of the maximum, not the mirror.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matcher.domain.criteria import (
    AllOf,
    AnyOf,
    Criterion,
    Has,
    Not,
    OneOf,
    Prose,
    Range,
    State,
    Under,
)
from matcher.market import Market
from matcher.market.columns import OrderedColumn, SetColumn, WordColumn

States = NDArray[np.int8]

_LAST = chr(0x10FFFF)
"""Sorts behind every other character."""

FAIL, UNKNOWN, PASS = (np.int8(s) for s in (State.FAIL, State.UNKNOWN, State.PASS))


def three_valued(holds: NDArray[np.bool_], known: NDArray[np.bool_]) -> States:
    """Return pass or fail by ``holds`` where ``known``, else unknown."""
    return np.where(known, np.where(holds, PASS, FAIL), UNKNOWN).astype(np.int8)


class Readable(Protocol):
    """Needs by columns: a market, or one need of each kind that rules can tell apart."""

    @property
    def num_needs(self) -> int: ...

    def ordered(self, name: str) -> OrderedColumn: ...

    def words(self, name: str) -> WordColumn: ...

    def sets(self, name: str) -> SetColumn: ...


class RuleReader:
    """Reads rules over needs, each distinct rule once."""

    def __init__(self, needs: Readable) -> None:
        self.needs = needs
        self._states: dict[Criterion, States] = {}
        self._readers: dict[type[Criterion], Callable[..., States]] = {
            Range: self._range,
            OneOf: self._one_of,
            Under: self._under,
            Has: self._has,
            Prose: self._prose,
            AllOf: self._all_of,
            AnyOf: self._any_of,
            Not: self._not,
        }

    def states(self, rule: Criterion) -> States:
        """Return the (N,) states of a rule, read-only."""
        if rule not in self._states:
            column = self._readers[type(rule)](rule)
            column.setflags(write=False)
            self._states[rule] = column
        return self._states[rule]

    def _range(self, rule: Range) -> States:
        column = self.needs.ordered(rule.name)
        holds = np.ones(len(column.ticks), np.bool_)
        if rule.low_ticks is not None:
            holds &= column.ticks >= rule.low_ticks
        if rule.high_ticks is not None:
            holds &= column.ticks <= rule.high_ticks
        return three_valued(holds, column.known)

    def _one_of(self, rule: OneOf) -> States:
        return self._by_word(rule.name, lambda w: State.PASS if w in rule.values else State.FAIL)

    def _under(self, rule: Under) -> States:
        """Read the sorted words by stretches: those under a prefix stand side by side."""
        column = self.needs.words(rule.name)
        answers = np.full(len(column.words) + 1, FAIL)
        answers[-1] = UNKNOWN
        for prefix in rule.prefixes:
            for shorter in (prefix[:k] for k in range(1, len(prefix))):
                at = bisect_left(column.words, shorter)
                if column.words[at : at + 1] == (shorter,):
                    answers[at] = max(answers[at], UNKNOWN)
        for prefix in rule.prefixes:
            first = bisect_left(column.words, prefix)
            answers[first : bisect_left(column.words, prefix + _LAST)] = PASS
        return answers[column.codes]

    def _by_word(self, name: str, state: Callable[[str], State]) -> States:
        """Decide each distinct word once and spread the answers; code -1 finds the last one."""
        column = self.needs.words(name)
        answers = [state(word) for word in column.words]
        return np.array([*answers, State.UNKNOWN], np.int8)[column.codes]

    def _has(self, rule: Has) -> States:
        column = self.needs.sets(rule.name)
        asked = [i for i, word in enumerate(column.words) if word in rule.values]
        count = column.member[:, asked].sum(axis=1)
        enough = len(rule.values) if rule.every else 1
        return three_valued(count >= enough, column.known)

    def _prose(self, rule: Prose) -> States:
        return np.full(self.needs.num_needs, UNKNOWN)

    def _all_of(self, rule: AllOf) -> States:
        return self._fold(np.minimum, rule.parts, PASS)

    def _any_of(self, rule: AnyOf) -> States:
        return self._fold(np.maximum, rule.parts, FAIL)

    def _not(self, rule: Not) -> States:
        return PASS - self.states(rule.part)

    def _fold(self, join: np.ufunc, parts: tuple[Criterion, ...], start: np.int8) -> States:
        column = np.full(self.needs.num_needs, start)
        for part in parts:
            column = join(column, self.states(part))
        return column


class RuleColumns(RuleReader):
    """Reads rules over all needs of one market."""

    def __init__(self, market: Market) -> None:
        super().__init__(market)
        self.market = market
