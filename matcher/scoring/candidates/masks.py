"""Which packages a class of needs does not rule out: one row of bits for each class.

A bit is set unless a rule or a condition fails. What fits a need is the AND of the rows of its
classes; so no pair is looked at that one of them rules out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.domain.criteria import State
from matcher.market import Market
from matcher.scoring.candidates.axes import Axis, Codes, distinct_rows
from matcher.scoring.candidates.costs import CostTable
from matcher.scoring.candidates.packages import Packages

Flags = NDArray[np.bool_]
Words = NDArray[np.uint64]

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


@dataclass
class Masks:
    """Rows of bits, and the row of each need on each axis."""

    rows: list[Words] = field(default_factory=list)
    codes: list[Codes] = field(default_factory=list)
    _size: int = 0

    def add(self, codes: NDArray[np.integer], fits: Flags) -> int:
        """Add an axis: (N,) classes and (C, P) what each does not rule out; return its first row."""
        first = self._size
        self.rows.append(packed(fits))
        self.codes.append((codes + first).astype(np.int32))
        self._size += len(fits)
        return first

    def joined(self) -> tuple[Words, Codes]:
        """Return all rows, and (N, axes) the row of each need on each axis."""
        return np.concatenate(self.rows), np.ascontiguousarray(np.stack(self.codes, axis=1))


def condition_masks(masks: Masks, packages: Packages, costs: CostTable) -> None:
    """Add what holds between every need and any package, but collateral and institutions."""
    needs, products = packages.market.need_columns, packages.market.product_columns
    masks.add(*_instruments(packages))
    least = packages.highest(products.amount_min_fen)
    masks.add(*_ladder(needs.amount_fen, least))
    masks.add(*_ladder(-needs.least_fen, -packages.lowest(products.amount_max_fen)))
    masks.add(*_terms(packages, costs))
    masks.add(*_deadlines(packages))
    most = np.where(np.isnan(needs.max_rate), np.inf, needs.max_rate)
    masks.add(*_ladder(most, _least_costs(packages, costs)))


def rule_masks(masks: Masks, packages: Packages, axes: list[Axis]) -> list[int]:
    """Add the packages' own rules; return the first row of each axis."""
    owners: dict[object, list[int]] = {}
    for p, rules in enumerate(packages.criteria):
        for rule in rules:
            owners.setdefault(rule, []).append(p)
    first = []
    for axis in axes:
        fits = np.ones((axis.num_classes, packages.num), np.bool_)
        for rule, states in axis.states.items():
            failing = np.flatnonzero(states == State.FAIL)
            fits[np.ix_(failing, owners.get(rule, []))] = False
        first.append(masks.add(axis.codes, fits))
    return first


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


def _instruments(packages: Packages) -> tuple[Codes, Flags]:
    """Return classes of accepted instruments; what is not on offer fits none of them."""
    market = packages.market
    first, codes = distinct_rows(market.need_columns.instruments)
    accepted = market.need_columns.instruments[first]
    offered = _all_parts_flag(packages, on_offer(market))
    return codes, accepted[:, market.product_columns.instrument[packages.products]] & offered


def _all_parts_flag(packages: Packages, of_product: Flags) -> Flags:
    return packages.lowest(of_product.astype(np.int64)).astype(np.bool_)


def _ladder(
    values: NDArray[np.int64] | NDArray[np.float64], asked: NDArray[np.int64] | NDArray[np.float64]
) -> tuple[NDArray[np.intp], Flags]:
    """Return classes of needs by how many of the steps asked their value reaches, and (C, P)."""
    steps, rank = np.unique(asked, return_inverse=True)
    codes = np.searchsorted(steps, values, side="right")
    return codes, rank[None, :] < np.arange(len(steps) + 1)[:, None]


def _terms(packages: Packages, costs: CostTable) -> tuple[NDArray[np.intp], Flags]:
    """Return classes by term, the last for needs without one."""
    market = packages.market
    needs, products = market.need_columns, market.product_columns
    low = packages.highest(products.term_min_months)
    high = packages.lowest(products.term_max_months)
    months = costs.months[:, None]
    fits = np.concatenate([(low <= months) & (months <= high), np.ones((1, packages.num), bool)])
    codes = np.searchsorted(costs.months, needs.term_months)
    return np.where(needs.term_known, codes, len(costs.months)), fits


def _deadlines(packages: Packages) -> tuple[NDArray[np.intp], Flags]:
    """Return classes by workdays left; those without a deadline reach every step."""
    needs = packages.market.need_columns
    days = package_days(packages)
    steps, rank = np.unique(days, return_inverse=True)
    reached = np.searchsorted(steps, needs.workdays_left, side="right")
    codes = np.where(needs.deadline_known, reached, len(steps))
    fits = rank[None, :] < np.arange(len(steps) + 1)[:, None]
    return codes, fits | (days < 0)


def package_days(packages: Packages) -> NDArray[np.int64]:
    """Return (P,) workdays to the money, -1 where not known."""
    from matcher.scoring.features import package_cash_workdays

    return package_cash_workdays(packages.market)[packages.products]


def _least_costs(packages: Packages, costs: CostTable) -> NDArray[np.float64]:
    """Return (P,) what each costs at least, whatever the term and the amount."""
    num_terms = len(costs.months)
    rows = np.nan_to_num(costs.low, nan=-np.inf).reshape(-1, num_terms).min(axis=1)
    least = rows[costs.at // num_terms].min(axis=1)
    return np.asarray(least - COST_SLACK)
