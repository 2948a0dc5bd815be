"""What a class of needs says of every package: one row for each class.

A row of bits tells which packages the class does not rule out; what fits a need is the AND of
the rows of its classes, so that no pair is looked at that one of them rules out. Rows of counts
tell how many rules the class leaves undecided, how many it fails, and how far it is what the
preferences ask; the sum of the rows of a need's classes counts for all packages at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.domain.criteria import Criterion, State
from matcher.market import Market
from matcher.scoring.candidates.axes import Axis, Codes, distinct_rows
from matcher.scoring.candidates.costs import CostTable
from matcher.scoring.candidates.packages import Packages

Flags = NDArray[np.bool_]
Words = NDArray[np.uint64]
Counts = NDArray[np.int8]

WORD = 64
COST_SLACK = 1e-6
"""A cost is ruled out by its mask only where it is clear of every rounding."""


def packed(flags: Flags) -> Words:
    """Return (C, ⌈P / 64⌉) words of (C, P) flags, bit p % 64 of word p // 64 for flag p."""
    width = -(-flags.shape[1] // WORD)
    padded = np.zeros((len(flags), width * WORD // 8), np.uint8)
    found = np.packbits(flags, axis=1, bitorder="little")
    padded[:, : found.shape[1]] = found
    return padded.view("<u8").astype(np.uint64)


class Rows:
    """Rows of counts; a class that counts nothing has none."""

    def __init__(self) -> None:
        self.counts: list[Counts] = []
        self.size = 0

    def add(self, counts: Counts) -> NDArray[np.int32]:
        """Add (C, P) counts; return (C,) the row of each class, -1 for none."""
        some = counts.any(axis=1)
        self.counts.append(counts[some])
        at = np.where(some, self.size + np.cumsum(some) - 1, -1)
        self.size += int(some.sum())
        return at.astype(np.int32)


@dataclass
class Masks:
    """The rows of all classes, and the classes of each need.

    Parameters
    ----------
    packages
        What the bits and counts of a row stand for.
    codes
        For each axis, (N,) the row of each need's class.
    """

    packages: Packages
    codes: list[Codes] = field(default_factory=list)
    fits: list[Words] = field(default_factory=list)
    counts: Rows = field(default_factory=Rows)
    at: list[list[NDArray[np.int32]]] = field(default_factory=list)
    _size: int = 0

    def add(self, codes: NDArray[np.integer], fits: Flags, *counts: Counts | None) -> None:
        """Add an axis.

        Parameters
        ----------
        codes, fits
            (N,) classes, and (C, P) what each does not rule out.
        counts
            (C, P) rules that each class leaves undecided, that it fails, and the states of
            preferences; None for none.
        """
        self.fits.append(packed(fits))
        self.codes.append((codes + self._size).astype(np.int32))
        self._size += len(fits)
        nothing = np.zeros((len(fits), 0), np.int8)
        three = [*counts, None, None, None][:3]
        self.at.append([self.counts.add(nothing if c is None else c) for c in three])

    @property
    def columns(
        self,
    ) -> tuple[Words, NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], Counts]:
        """Bits of all rows, where each row's counts stand, and the counts."""
        unsure, failed, liked = (np.concatenate([at[k] for at in self.at]) for k in range(3))
        blank = np.zeros((0, self.packages.num), np.int8)
        found = [c for c in self.counts.counts if c.shape[1]]
        return np.concatenate(self.fits), unsure, failed, liked, np.concatenate([blank, *found])


def condition_masks(masks: Masks, costs: CostTable) -> None:
    """Add what holds between every need and any package, but collateral and institutions."""
    packages = masks.packages
    needs, products = packages.market.need_columns, packages.market.product_columns
    masks.add(*_instruments(packages))
    least = packages.highest(products.amount_min_fen)
    masks.add(*_ladder(needs.amount_fen, least))
    masks.add(*_ladder(-needs.least_fen, -packages.lowest(products.amount_max_fen)))
    masks.add(*_terms(packages, costs))
    masks.add(*_deadlines(packages))
    most = np.where(np.isnan(needs.max_rate), np.inf, needs.max_rate)
    masks.add(*_ladder(most, _least_costs(packages, costs)))


def rule_masks(masks: Masks, axes: Sequence[Axis]) -> None:
    """Add the packages' own rules and preferences."""
    asked = _pairs(masks.packages.criteria)
    liked = _pairs([p.preferences for p in masks.packages.leading])
    for axis in axes:
        states = np.stack(list(axis.states.values()))
        place = {rule: k for k, rule in enumerate(axis.states)}
        mine = [(place[rule], p) for rule, p in asked if rule in place]
        wishes = [(place[rule], p) for rule, p in liked if rule in place]
        num = masks.packages.num
        failed = _summed(states == State.FAIL, mine, num)
        unsure = _summed(states == State.UNKNOWN, mine, num)
        masks.add(axis.codes, failed == 0, unsure, failed, _summed(states, wishes, num))


def _pairs(rules: Sequence[Sequence[Criterion]]) -> list[tuple[Criterion, int]]:
    return [(rule, p) for p, mine in enumerate(rules) for rule in mine]


def _summed(
    states: NDArray[np.generic], pairs: Sequence[tuple[int, int]], num_packages: int
) -> Counts:
    """Return (C, P) sums of the (R, C) states of the rules that each package has."""
    total = np.zeros((num_packages, states.shape[1]), np.int8)
    if pairs:
        rule, owner = np.array(pairs).T
        owners, first = np.unique(owner, return_index=True)
        total[owners] = np.add.reduceat(states[rule].astype(np.int8), first, axis=0)
    return np.ascontiguousarray(total.T)


def institution_masks(packages: Packages) -> Words:
    """Return (institutions, words) bits of the packages that an institution has a part in."""
    market = packages.market
    flags = np.zeros((len(market.institutions), packages.num), np.bool_)
    flags[market.institution_idx[packages.parts], packages.owner] = True
    return packed(flags)


def on_offer(market: Market) -> Flags:
    """Return (M,) whether each product can be applied for on the day of the round."""
    day = market.as_of
    return np.array(
        [
            (p.valid_from is None or p.valid_from <= day)
            and (p.valid_to is None or day <= p.valid_to)
            for p in market.products
        ],
        np.bool_,
    )


def instrument_flags(packages: Packages) -> tuple[Codes, Flags]:
    """Return (N,) classes of accepted instruments, and (C, P) whether they take each package."""
    market = packages.market
    first, codes = distinct_rows(market.need_columns.instruments)
    accepted = market.need_columns.instruments[first]
    return codes, accepted[:, market.product_columns.instrument[packages.products]]


def _instruments(packages: Packages) -> tuple[Codes, Flags]:
    """Return classes of accepted instruments; what is not on offer fits none of them."""
    codes, accepted = instrument_flags(packages)
    offered = packages.lowest(on_offer(packages.market).astype(np.int64)) > 0
    return codes, accepted & offered


def _ladder(
    values: NDArray[np.int64] | NDArray[np.float64], asked: NDArray[np.int64] | NDArray[np.float64]
) -> tuple[NDArray[np.intp], Flags]:
    """Return classes of needs by how many of the steps asked their value reaches, and (C, P)."""
    steps, rank = np.unique(asked, return_inverse=True)
    codes = np.searchsorted(steps, values, side="right")
    return codes, rank[None, :] < np.arange(len(steps) + 1)[:, None]


def _terms(packages: Packages, costs: CostTable) -> tuple[NDArray[np.intp], Flags, Counts]:
    """Return classes by term, the last for needs without one: what limits it is undecided."""
    needs = packages.market.need_columns
    products = packages.market.product_columns
    low = packages.highest(products.term_min_months)
    high = packages.lowest(products.term_max_months)
    months = costs.months[:, None]
    fits = np.concatenate([(low <= months) & (months <= high), np.ones((1, packages.num), bool)])
    unsure = np.zeros(fits.shape, np.int8)
    unsure[-1] = packages.summed(term_limited(packages.market).astype(np.float64))
    codes = np.searchsorted(costs.months, needs.term_months)
    return np.where(needs.term_known, codes, len(costs.months)), fits, unsure


def term_limited(market: Market) -> Flags:
    """Return (M,) whether each product limits the term."""
    stated = [p.term_max_months is not None for p in market.products]
    return (market.product_columns.term_min_months > 0) | np.array(stated, np.bool_)


def _deadlines(packages: Packages) -> tuple[NDArray[np.intp], Flags, Counts]:
    """Return classes by workdays left, the last for needs without a deadline."""
    needs = packages.market.need_columns
    days = packages.cash_workdays
    steps, rank = np.unique(days, return_inverse=True)
    reached = np.searchsorted(steps, needs.workdays_left, side="right")
    codes = np.where(needs.deadline_known, reached, len(steps) + 1)
    fits = rank[None, :] < np.arange(len(steps) + 2)[:, None]
    unsure = np.tile((days < 0).astype(np.int8), (len(steps) + 2, 1))
    unsure[-1] = 0
    return codes, fits | (days < 0), unsure


def _least_costs(packages: Packages, costs: CostTable) -> NDArray[np.float64]:
    """Return (P,) what each costs at least, whatever the term and the amount."""
    num_terms = len(costs.months)
    rows = np.nan_to_num(costs.low, nan=-np.inf).reshape(-1, num_terms).min(axis=1)
    least = rows[costs.at // num_terms].min(axis=1)
    return np.asarray(least - COST_SLACK)
