"""Floors: so many needs of a group shall have a match, else the plan pays for each that lacks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from matcher.assign import Problem
from matcher.assign.arrays import Int64s
from matcher.assign.floor import Floor
from matcher.domain.attributes import Subject
from matcher.domain.criteria import Criterion
from matcher.domain.errors import Faults
from matcher.domain.money import rate_text
from matcher.domain.record_attributes import holds
from matcher.domain.text import Text
from matcher.market import Market
from matcher.planning.encode import Encoded

DEFAULT_PENALTY = 10.0
"""A match is worth 1 at most: serving one more is worth ten of the best matches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFloor:
    """At least so many needs of a group shall have a match.

    Parameters
    ----------
    where
        The rule that is known to hold of the needs of the group; None for all needs.
    share
        The fraction of them, in [0, 1]; None where ``least`` is given.
    least
        How many of them; None where ``share`` is given.
    penalty
        What each one that lacks costs, in points of score, above 0.

    Raises
    ------
    InputError
        If not exactly one of ``share`` and ``least`` is given, or one cannot be used.
    """

    where: Criterion | None = None
    share: Decimal | None = None
    least: int | None = None
    penalty: float = DEFAULT_PENALTY

    def __post_init__(self) -> None:
        faults = Faults()
        one = Text("share 与 least 二者其一", "one of share and least")
        faults.require((self.share is None) != (self.least is None), "share", self.share, one)
        in_range = self.share is None or (self.share.is_finite() and 0 <= self.share <= 1)
        faults.require(in_range, "share", self.share, Text("0 到 100%", "0 to 100 %"))
        faults.not_negative(least=self.least)
        priced = math.isfinite(self.penalty) and 0 < self.penalty <= 1e6
        above = Text("大于 0、不超过 1000000 的数", "above 0, at most 1,000,000")
        faults.require(priced, "penalty", self.penalty, above)
        faults.raise_if_any()

    @property
    def text(self) -> Text:
        """The floor as people read it."""
        group = Text("全部需求", "all needs") if self.where is None else self.where.text
        asked = Text("{n} 个", "{n}").format(n=self.least)
        if self.share is not None:
            asked = rate_text(self.share)
        told = Text("{g}至少撮合 {a}", "at least {a} matched of: {g}")
        return told.format(g=group, a=asked)

    def members(self, market: Market) -> Int64s:
        """Return the ascending indices of the needs of the group."""
        subjects: Sequence[Subject] = market.subjects
        inside = [i for i, s in enumerate(subjects) if self.where is None or holds(self.where, s)]
        return np.array(inside, np.int64)

    def asked_of(self, num_members: int) -> int:
        """Return how many of so many needs are asked for."""
        if self.share is None:
            return min(self.least or 0, num_members)
        return math.ceil(self.share * num_members)


@dataclass(frozen=True, slots=True)
class FloorReport:
    """What became of a floor.

    Parameters
    ----------
    num_members, num_asked, num_matched
        Needs of the group, how many were asked for, and how many have a match.
    num_reachable
        Those of the group that some product fits and that no ban keeps out; the floor asks for
        no more.
    price
        What asking for one more of them costs the plan, in points of score.
    """

    floor: GroupFloor
    num_members: int
    num_asked: int
    num_reachable: int
    num_matched: int
    price: float

    @property
    def is_kept(self) -> bool:
        """Whether as many have a match as were asked for."""
        return self.num_matched >= self.num_asked


def with_floors(encoded: Encoded, market: Market, floors: Sequence[GroupFloor]) -> Encoded:
    """Return the problem with the floors of the groups that can be served at all."""
    if not floors:
        return encoded
    problem = encoded.problem
    open_needs = reachable(problem)
    rows = []
    for floor in floors:
        members = floor.members(market)
        num_open = int(open_needs[members].sum())
        least = min(floor.asked_of(len(members)), num_open)
        rows.append(Floor(needs=members, least=least, penalty=floor.penalty))
    return replace(encoded, problem=problem.replace(floors=tuple(rows)))


def reachable(problem: Problem) -> Int64s:
    """Return ``(num_needs,)`` 1 for each need that could have a match if it were alone."""
    usable = problem.fixed != 0
    usable &= ~problem.rows.overdrawn(problem.row_capacity, slice(None))
    usable &= problem.need_limit[problem.need] > 0
    found = np.zeros(problem.num_needs, np.int64)
    found[problem.need[usable]] = 1
    return found
