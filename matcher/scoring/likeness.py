"""How alike one firm is to all others in one thing: a column for each, built once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matcher.domain.attributes import INDICATOR, Attribute, Kind, Subject, Value
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.money import FEN_PER_YUAN, WAN

Floats = NDArray[np.float64]

TAILS = (0.05, 0.95)
"""Quantiles between which numbers are scaled, so that one giant does not make the rest alike."""

LEVELS = {"region": (2, 4, 6), "industry": (1, 3, 4, 5)}
"""Lengths at which a code names a wider or narrower class (GB/T 2260, GB/T 4754)."""

_FEN_PER_WAN = float(FEN_PER_YUAN * WAN)
_LARGEST = 1e300
_ANY_DAY = date(2000, 1, 1)


class Likeness(Protocol):
    """One thing of all firms.

    ``to(i)`` returns ``(num_firms,)`` values in [0, 1], 1 for alike; NaN where the thing is not
    known of firm ``i`` or of the other. It is symmetric.
    """

    def to(self, i: int) -> Floats: ...


@dataclass(frozen=True, eq=False, slots=True)
class Numbers:
    """Numbers: ``1 − min(1, |t_i − t_j| / range)`` with ``t = asinh(x)``.

    asinh is linear near 0 and logarithmic far from it, so that small counts, shares and zero
    are told apart and large amounts are compared by their ratio. The range is that between the
    quantiles `TAILS`; where they coincide, the full one; where that is 0, all are alike.
    Dates are not transformed.
    """

    scaled: Floats

    @classmethod
    def of(cls, values: Floats, is_linear: bool = False) -> Numbers:
        finite = np.clip(values, -_LARGEST, _LARGEST)
        moved = finite if is_linear else np.arcsinh(finite)
        return cls(moved / _spread(moved[~np.isnan(moved)]))

    def to(self, i: int) -> Floats:
        alike: Floats = np.maximum(0.0, 1.0 - np.abs(self.scaled - self.scaled[i]))
        return alike


def _spread(known: Floats) -> float:
    """Return the range to divide by, 1 where nothing differs."""
    if not known.size:
        return 1.0
    low, high = np.quantile(known, TAILS)
    return float(high - low) or float(known.max() - known.min()) or 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Words:
    """Words, flags and codes: a table of likeness between the words that occur.

    ``code`` is ``(num_firms,)``, -1 where not known; ``table`` is ``(num_words + 1,) * 2`` with
    a last row and column of NaN for what is not known.
    """

    code: NDArray[np.int32]
    table: Floats

    @classmethod
    def of(cls, values: Sequence[str | None], levels: tuple[int, ...] = ()) -> Words:
        words = sorted({value for value in values if value is not None})
        place = {word: i for i, word in enumerate(words)}
        code = [-1 if value is None else place[value] for value in values]
        table = np.full((len(words) + 1,) * 2, np.nan)
        for i, one in enumerate(words):
            table[i, :-1] = [_word_likeness(one, other, levels) for other in words]
        return cls(np.array(code, np.int32), table)

    def to(self, i: int) -> Floats:
        alike: Floats = self.table[self.code[i], self.code]
        return alike


def _word_likeness(one: str, other: str, levels: tuple[int, ...]) -> float:
    """Return 1 for equal words; for codes, the share of the deeper one's levels in common."""
    if one == other or not levels:
        return float(one == other)
    shared = sum(one[:level] == other[:level] and level <= len(one) for level in levels)
    return shared / sum(level <= max(len(one), len(other)) for level in levels)


@dataclass(frozen=True, eq=False, slots=True)
class Sets:
    """Sets of words by Jaccard: ``|A ∩ B| / |A ∪ B|``, 1 where both are known to be empty.

    ``member`` is ``(num_firms, num_words)`` of 0 and 1, ``known`` ``(num_firms,)``.
    """

    member: Floats
    known: NDArray[np.bool_]

    @classmethod
    def of(cls, values: Sequence[frozenset[str] | None]) -> Sets:
        words = sorted(frozenset[str]().union(*(value or () for value in values)))
        rows = [[word in (value or ()) for word in words] for value in values]
        member = np.array(rows, np.float64).reshape(len(values), len(words))
        return cls(member, np.array([value is not None for value in values], np.bool_))

    def to(self, i: int) -> Floats:
        size = self.member.sum(axis=1)
        both = self.member @ self.member[i]
        either = size + size[i] - both
        alike = np.divide(both, either, out=np.ones_like(both), where=either > 0)
        return np.where(self.known & self.known[i], alike, np.nan)


def likeness_of(asked: Attribute, values: Sequence[Value | None]) -> Likeness:
    """Return the column of one attribute, by the kind of its values."""
    if asked.kind.is_ordered:
        numbers = np.array([_number(asked.kind, value) for value in values], np.float64)
        return Numbers.of(numbers, is_linear=asked.kind is Kind.DATE)
    if asked.kind is Kind.SET:
        return Sets.of([v if isinstance(v, frozenset) else None for v in values])
    return Words.of([None if v is None else str(v) for v in values], LEVELS.get(asked.name, ()))


def _number(kind: Kind, value: Value | None) -> float:
    """Return a value with an order: money in 10,000 yuan, dates in days, NaN if not known."""
    if value is None:
        return np.nan
    if isinstance(value, date):
        return float(value.toordinal())
    assert isinstance(value, int | Decimal)  # flags, words and sets have no order
    return float(value) / (_FEN_PER_WAN if kind is Kind.MONEY else 1.0)


class Facts:
    """What is known of the firms themselves, whatever they need; None where it is not."""

    def __init__(self, firms: Sequence[Enterprise]) -> None:
        self._subjects = [_alone(firm) for firm in firms]
        self._indicators = [dict(firm.indicators) for firm in firms]

    @property
    def indicators(self) -> frozenset[str]:
        """The names of all indicators."""
        return frozenset[str]().union(*self._indicators)

    def of(self, asked: Attribute) -> list[Value | None]:
        """Return ``(num_firms,)`` values of one attribute."""
        if asked.name.startswith(INDICATOR):
            key = asked.name.removeprefix(INDICATOR)
            return [known.get(key) for known in self._indicators]
        return [asked.get(subject) for subject in self._subjects]


def _alone(firm: Enterprise) -> Subject:
    # Rules read a firm beside its need; what is compared here is the firm's own.
    need = Need(need_id="-", enterprise_id=firm.enterprise_id, amount_fen=1)
    return Subject(need, firm, _ANY_DAY)
