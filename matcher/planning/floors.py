"""Floors: so many needs of a group, or leads of an institution, or the plan pays for what lacks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from matcher.assign import Problem
from matcher.assign.arrays import Int64s
from matcher.assign.floor import Floor
from matcher.domain.attributes import Subject
from matcher.domain.criteria import Criterion
from matcher.domain.errors import Fault, Faults, InputError
from matcher.domain.money import rate_text
from matcher.domain.record_attributes import holds
from matcher.domain.text import Text
from matcher.market import Market
from matcher.planning.dimensions import DIMENSIONS

DEFAULT_PENALTY = 10.0
"""A match is worth 1 at most: serving one more is worth ten of the best matches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFloor:
    """At least so many needs of a group have a match, or so many leads go to an institution.

    Parameters
    ----------
    where
        The rule that is known to hold of the needs of the group; None for all needs.
    group
        Instead of a rule: the name of a dimension (`DIMENSIONS`) and the key of a group in it.
    institution_id
        Instead of needs: the institution whose matches are counted.
    share
        The fraction of the needs, in [0, 1]; None where ``least`` is given.
    least
        How many of them, or how many leads; None where ``share`` is given.
    penalty
        What each one that lacks costs, in points of score, above 0.

    Raises
    ------
    InputError
        If not exactly one of ``share`` and ``least`` is given, more than one of ``where``,
        ``group`` and ``institution_id``, a share of leads, or something cannot be used.
    """

    where: Criterion | None = None
    group: tuple[str, str] | None = None
    institution_id: str | None = None
    share: Decimal | None = None
    least: int | None = None
    penalty: float = DEFAULT_PENALTY

    def __post_init__(self) -> None:
        faults = Faults()
        one = Text("share 与 least 二者其一", "one of share and least")
        faults.require((self.share is None) != (self.least is None), "share", self.share, one)
        kinds = [self.where, self.group, self.institution_id]
        single = Text("where 与 institution 至多其一", "at most one of where and institution")
        faults.require(sum(k is not None for k in kinds) <= 1, "where", None, single)
        shown = None if self.share is None else f"{self.share}"
        number = Text("机构的底线应为条数", "for an institution, a number of leads")
        counts = self.institution_id is None or self.share is None
        faults.require(counts, "share", shown, number)
        in_range = self.share is None or (self.share.is_finite() and 0 <= self.share <= 1)
        faults.require(in_range, "share", shown, Text("0 到 100%", "0 to 100 %"))
        faults.not_negative(least=self.least)
        priced = math.isfinite(self.penalty) and 0 < self.penalty <= 1e6
        above = Text("大于 0、不超过 1000000 的数", "above 0, at most 1,000,000")
        faults.require(priced, "penalty", self.penalty, above)
        faults.raise_if_any()

    @property
    def text(self) -> Text:
        """The floor as people read it."""
        if self.institution_id is not None:
            told = Text("机构 {i} 至少 {n} 条线索", "at least {n} leads for institution {i}")
            return told.format(i=self.institution_id, n=self.least)
        asked = Text("{n} 个", "{n}").format(n=self.least)
        if self.share is not None:
            asked = rate_text(self.share)
        told = Text("{g}至少撮合 {a}", "at least {a} matched of: {g}")
        return told.format(g=self._group_text, a=asked)

    @property
    def _group_text(self) -> Text:
        if self.group is not None:
            dimension = DIMENSIONS[self.group[0]]
            label = dimension.label(self.group[1])
            return Text("{d}“{l}”", "{d} {l}").format(d=dimension.text, l=label)
        return Text("全部需求", "all needs") if self.where is None else self.where.text

    def members(self, market: Market) -> Int64s:
        """Return the ascending indices of the needs of the group; none for an institution."""
        if self.institution_id is not None:
            return np.zeros(0, np.int64)
        if self.group is not None:
            key = DIMENSIONS[self.group[0]].key
            pairs = enumerate(zip(market.needs, market.enterprise_of, strict=True))
            inside = [i for i, (need, firm) in pairs if key(need, firm) == self.group[1]]
            return np.array(inside, np.int64)
        subjects: Sequence[Subject] = market.subjects
        inside = [i for i, s in enumerate(subjects) if self.where is None or holds(self.where, s)]
        return np.array(inside, np.int64)

    def asked_of(self, num_members: int) -> int:
        """Return how many of so many needs, or leads, are asked for."""
        if self.share is None:
            return min(self.least or 0, num_members)
        return math.ceil(self.share * num_members)


@dataclass(frozen=True, slots=True)
class FloorReport:
    """What became of a floor.

    Parameters
    ----------
    num_members, num_asked, num_matched
        Needs of the group, how many were asked for, and how many have a match. Of an
        institution: the needs that one of its products fits, the leads asked for and given.
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
    def has_more(self) -> bool:
        """Whether there is one more who could be served, at a price."""
        return self.num_matched < self.num_reachable

    @property
    def is_kept(self) -> bool:
        """Whether as many have a match as were asked for."""
        return self.num_matched >= self.num_asked


class FloorBook:
    """The floors of a plan in the terms of its problem.

    Parameters
    ----------
    problem
        The problem, with or without its floors.

    Raises
    ------
    InputError
        With every floor that names an institution which the market does not have.
    """

    def __init__(self, problem: Problem, market: Market, floors: Sequence[GroupFloor]) -> None:
        known = {i.institution_id: k for k, i in enumerate(market.institutions)}
        told = Text("没有这个机构", "the market has no such institution")
        named = [f.institution_id for f in floors if f.institution_id is not None]
        if lost := [identity for identity in named if identity not in known]:
            raise InputError(Fault(told, field="floor", value=identity) for identity in lost)
        self.floors = tuple(floors)
        self._problem, self._market = problem, market
        self._open = usable(problem)
        self._place = known

    def problem(self) -> Problem:
        """Return the problem with a row for each floor, asking for no more than can be served."""
        if not self.floors:
            return self._problem
        return self._problem.replace(floors=tuple(self._row(floor) for floor in self.floors))

    def report(self, chosen: Int64s, prices: Sequence[float]) -> tuple[FloorReport, ...]:
        """Return what became of each floor in a plan, with the multipliers of the floors."""
        return tuple(
            self._report(floor, chosen, price)
            for floor, price in zip(self.floors, prices, strict=True)
        )

    def _row(self, floor: GroupFloor) -> Floor:
        members, num_open = self._counted(floor)
        least = min(floor.asked_of(len(members)), num_open)
        if floor.institution_id is None:
            return Floor(needs=members, least=least, penalty=floor.penalty)
        options = self._options(floor.institution_id)
        return Floor(options=options, least=least, penalty=floor.penalty)

    def _report(self, floor: GroupFloor, chosen: Int64s, price: float) -> FloorReport:
        members, num_open = self._counted(floor)
        problem = self._problem
        if floor.institution_id is None:
            matched = int(np.isin(members, problem.need[chosen]).sum())
        else:
            options = self._options(floor.institution_id)
            matched = int(np.isin(problem.option[chosen], options).sum())
        asked = floor.asked_of(len(members))
        return FloorReport(floor, len(members), asked, num_open, matched, price)

    def _counted(self, floor: GroupFloor) -> tuple[Int64s, int]:
        """Return the needs that a floor is about, and how many of them can be served at all."""
        problem = self._problem
        if floor.institution_id is None:
            members = floor.members(self._market)
            return members, int(np.isin(members, problem.need[self._open]).sum())
        theirs = np.isin(problem.option, self._options(floor.institution_id))
        members = np.unique(problem.need[theirs]).astype(np.int64)
        num_open = len(np.unique(problem.need[theirs & self._open]))
        leads = self._market.institutions[self._place[floor.institution_id]].leads
        return members, num_open if leads is None else min(num_open, leads)

    def _options(self, institution_id: str) -> Int64s:
        return np.flatnonzero(self._market.institution_idx == self._place[institution_id])


def usable(problem: Problem) -> np.typing.NDArray[np.bool_]:
    """Return ``(num_edges,)`` which edges could be chosen if they were alone."""
    open_edges = (problem.fixed != 0) & ((problem.fixed == 1) | (problem.weight > 0))
    open_edges &= ~problem.rows.overdrawn(problem.row_capacity, slice(None))
    found: np.typing.NDArray[np.bool_] = open_edges & (problem.need_limit[problem.need] > 0)
    return found


def reachable(problem: Problem) -> Int64s:
    """Return ``(num_needs,)`` 1 for each need that could have a match if it were alone."""
    found = np.zeros(problem.num_needs, np.int64)
    found[problem.need[usable(problem)]] = 1
    return found
