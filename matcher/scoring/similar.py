"""Firms in a similar position, and what makes them alike: one that called stands for many."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.domain.attributes import ATTRIBUTES, INDICATOR, Attribute, Value, attribute
from matcher.domain.enterprise import Enterprise
from matcher.domain.errors import Fault, Faults, InputError, UnknownIdError
from matcher.domain.text import Text
from matcher.scoring.likeness import Facts, Floats, Likeness, likeness_of

EACH_INDICATOR = "indicator"
"""The name that gives the weight of every indicator which has none of its own."""

WEIGHTS: Mapping[str, float] = {
    "tags": 2.0,  # national high-tech, 专精特新: what programmes are made for
    EACH_INDICATOR: 2.0,  # the position itself: rounds of financing, orders, receivables
    "industry": 1.5,
    "revenue": 1.5,
    "size": 1.0,
    "staff": 1.0,
    "assets": 1.0,
    "founded": 1.0,
    "ownership": 0.5,
    "tax_grade": 0.5,
    "first_time_borrower": 0.5,
    "region": 0.5,  # a firm in the same position elsewhere is what is looked for
}
"""Weight of each attribute of a firm; ``indicator.X`` sets that of one indicator. Illustrative:
no source states them."""

ALIKE = 0.8
"""Likeness from which on two values are called shared."""

UNSAID = 0.5
"""What a term counts for in the ranking that is known of the firm asked about and not of the
other: neither alike nor unlike, so that few facts never outrank many that agree."""

_OF_NEED = ("amount", "term", "purpose", "collateral", "instruments", "priority")
_OF_DAY = ("age",)  # the founding date says the same on every day
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class LikeTerm:
    """One thing in which two firms are compared.

    Parameters
    ----------
    name, text
        The attribute, as rules name it and as people do.
    ours, theirs
        The value of the firm asked about and of its neighbour.
    likeness
        In [0, 1], 1 for alike.
    weight
        The weight of the attribute.
    contribution
        weight × likeness ÷ Σ weights of the terms known of both: the terms add up to the
        similarity.
    """

    name: str
    text: Text
    ours: Text
    theirs: Text
    likeness: float
    weight: float
    contribution: float

    @property
    def sentence(self) -> Text:
        """The term as a line of text."""
        told = Text(
            "{n}：{a} 与 {b}，相似 {s:.0%}，贡献 {c:.3f}",
            "{n}: {a} and {b}, {s:.0%} alike, adds {c:.3f}",
        )
        values = {"n": self.text, "a": self.ours, "b": self.theirs}
        return told.format(**values, s=self.likeness, c=self.contribution)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A firm like the one asked about.

    Parameters
    ----------
    similarity
        Gower's, in [0, 1]: Σ contributions of the terms.
    evidence
        In [0, 1]: the weight of what is known of both, as a share of the weight of what is
        known of the firm asked about.
    terms
        What is known of both, the greatest contribution first.
    """

    enterprise: Enterprise
    similarity: float
    evidence: float
    terms: tuple[LikeTerm, ...]

    @property
    def score(self) -> float:
        """What neighbours are ranked by: evidence × similarity + (1 − evidence) × `UNSAID`."""
        return self.evidence * self.similarity + (1 - self.evidence) * UNSAID

    @property
    def shared(self) -> tuple[LikeTerm, ...]:
        """The terms in which both are alike (`ALIKE` or more)."""
        return tuple(term for term in self.terms if term.likeness >= ALIKE)


class Firms:
    """All firms by columns, so that the neighbours of each can be asked for.

    Parameters
    ----------
    enterprises
        The firms, in any order: the answer does not depend on it.
    weights
        Of attributes of the firm, at least 0; `EACH_INDICATOR` for every indicator that is not
        named itself. An attribute that is not named does not count.

    Raises
    ------
    InputError
        If a weight cannot be used or an id stands twice, naming each.

    Notes
    -----
    The similarity of firms i and j is Gower's general coefficient

        S_ij = Σ_k w_k δ_ijk s_ijk / Σ_k w_k δ_ijk

    over attributes k, δ_ijk = 1 where k is known of both, else 0. The likeness s_ijk is, for
    numbers, one minus the distance scaled by a robust range; for sets, Jaccard's; for words,
    equality; for codes, the share of levels in common (see `matcher.scoring.likeness`).

    References
    ----------
    Gower, J. C. (1971). A general coefficient of similarity and some of its properties.
    Biometrics 27(4), 857-871.
    """

    def __init__(
        self, enterprises: Iterable[Enterprise], weights: Mapping[str, float] = WEIGHTS
    ) -> None:
        self.enterprises = tuple(sorted(enterprises, key=lambda firm: firm.enterprise_id))
        _require_sound(self.enterprises, weights)
        self.weights = dict(weights)

    @cached_property
    def columns(self) -> tuple[_Column, ...]:
        """One column for each attribute that counts, sorted by name."""
        facts = Facts(self.enterprises)
        every = self.weights.get(EACH_INDICATOR, 0.0)
        each = dict.fromkeys((INDICATOR + name for name in facts.indicators), every)
        weight = {**each, **self.weights}
        weight.pop(EACH_INDICATOR, None)
        asked = [attribute(name) for name in sorted(weight) if weight[name]]
        return tuple(_Column.of(one, weight[one.name], facts.of(one)) for one in asked)

    def nearest(self, enterprise_id: str, limit: int = 10) -> tuple[Neighbour, ...]:
        """Return the firms most like one, best first; ties go by id. It is not among them.

        Firms of which nothing is known that is known of this one are left out.

        Raises
        ------
        UnknownIdError
            If there is no such firm.
        """
        i = self._index(enterprise_id)
        if not self.columns:
            return ()
        alike = np.array([column.likeness.to(i) for column in self.columns])
        weight = np.array([column.weight for column in self.columns])[:, None]
        both = np.where(np.isnan(alike), 0.0, weight)
        earned = (both * np.nan_to_num(alike)).sum(axis=0)
        known = both.sum(axis=0)
        # Rounded, so that equal firms tie whatever the order of a vector instruction.
        score = np.round(earned + (known[i] - known) * UNSAID, _DIGITS)
        order = np.argsort(-score, kind="stable")
        best = [j for j in order.tolist() if j != i and known[j] > 0][: max(limit, 0)]
        return tuple(self._neighbour(i, j, alike[:, j], float(known[j] / known[i])) for j in best)

    def _index(self, enterprise_id: str) -> int:
        for i, firm in enumerate(self.enterprises):
            if firm.enterprise_id == enterprise_id:
                return i
        message = Text("没有这个编号", "there is no such id")
        raise UnknownIdError([Fault(message, field="enterprise_id", value=enterprise_id)])

    def _neighbour(self, i: int, j: int, alike: Floats, evidence: float) -> Neighbour:
        pairs = [(c, float(s)) for c, s in zip(self.columns, alike, strict=True) if s == s]
        total = math.fsum(column.weight for column, _ in pairs)
        terms = [column.term(i, j, s, total) for column, s in pairs]
        terms.sort(key=lambda term: (-term.contribution, term.name))
        similarity = min(1.0, math.fsum(term.contribution for term in terms))
        return Neighbour(self.enterprises[j], similarity, evidence, tuple(terms))


@dataclass(frozen=True, eq=False, slots=True)
class _Column:
    """One attribute of all firms, in the order of the firms."""

    asked: Attribute
    weight: float
    values: list[Value | None]
    likeness: Likeness

    @classmethod
    def of(cls, asked: Attribute, weight: float, values: list[Value | None]) -> _Column:
        return cls(asked, weight, values, likeness_of(asked, values))

    def term(self, i: int, j: int, alike: float, total: float) -> LikeTerm:
        ours, theirs = self.values[i], self.values[j]
        assert ours is not None
        assert theirs is not None
        return LikeTerm(
            self.asked.name,
            self.asked.text,
            self.asked.show(ours),
            self.asked.show(theirs),
            alike,
            self.weight,
            self.weight * alike / total,
        )


def similar(
    enterprises: Iterable[Enterprise],
    enterprise_id: str,
    limit: int = 10,
    weights: Mapping[str, float] = WEIGHTS,
) -> tuple[Neighbour, ...]:
    """Return the firms most like one; see `Firms`, which answers more than one question faster."""
    return Firms(enterprises, weights).nearest(enterprise_id, limit)


def _require_sound(firms: tuple[Enterprise, ...], weights: Mapping[str, float]) -> None:
    faults = Faults()
    for name, weight in weights.items():
        holds = math.isfinite(weight) and weight >= 0
        faults.require(holds, f"weights.{name}", weight, Text("不小于 0 的数", "0 or more"))
        faults.require(_is_of_firm(name), "weights", name, Text.join(_known(), "、", ", "))
    for one, next_one in itertools.pairwise(firms):
        distinct = one.enterprise_id != next_one.enterprise_id
        once = Text("每个编号只出现一次", "each id once")
        faults.require(distinct, "enterprise_id", one.enterprise_id, once)
    if faults.found:
        raise InputError(faults.found)


def _is_of_firm(name: str) -> bool:
    is_indicator = name.startswith(INDICATOR) and name != INDICATOR
    return is_indicator or name in {text.en for text in _known()}


def _known() -> list[Text]:
    names = [name for name in ATTRIBUTES if name not in (*_OF_NEED, *_OF_DAY)]
    return [Text.same(name) for name in (*names, EACH_INDICATOR, f"{INDICATOR}*")]
