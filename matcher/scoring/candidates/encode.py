"""From a market to the tables of the scan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.criteria import Criterion
from matcher.finance.cost import ASSUMED_TERM_MONTHS
from matcher.market import Market
from matcher.scoring.candidates.axes import Axis, distinct_rows, rule_axes
from matcher.scoring.candidates.costs import CostTable, cost_table
from matcher.scoring.candidates.masks import (
    Flags,
    Masks,
    condition_masks,
    institution_masks,
    on_offer,
    package_days,
    packed,
    rule_masks,
)
from matcher.scoring.candidates.packages import Packages
from matcher.scoring.candidates.tables import (
    Floats,
    Ints,
    Longs,
    NeedTable,
    PackageTable,
    Scalar,
    sealed,
)
from matcher.scoring.columns import States
from matcher.scoring.conditions.terms import RATE_TOLERANCE
from matcher.scoring.weights import Weights


@dataclass(frozen=True, eq=False)
class Encoded:
    """Needs and packages as the scan reads them."""

    needs: NeedTable
    packages: PackageTable


def encode(packages: Packages, weights: Weights, base: Floats, standing: Floats) -> Encoded:
    """Read all needs and some packages of a market.

    Parameters
    ----------
    base, standing
        (N,) what the needs' own features add to the score; the factor of ``approval``.
    """
    costs = cost_table(packages)
    wishes = [p.preferences for p in packages.leading]
    criteria = packages.criteria
    axes = rule_axes(packages.market, [r for rules in (*criteria, *wishes) for r in rules])
    masks = Masks()
    condition_masks(masks, packages, costs)
    num_conditions = len(masks.codes)
    first_rows = rule_masks(masks, packages, axes)
    places = _Places(axes, first_rows, num_conditions)
    fits, rows = masks.joined()
    needs = _need_table(packages.market, weights, costs, rows, base, standing)
    return Encoded(needs, _package_table(packages, costs, fits, places, criteria, wishes))


class _Places:
    """Where the states of each rule stand among those of all rules."""

    def __init__(self, axes: Sequence[Axis], first_rows: Sequence[int], num_before: int) -> None:
        self.of: dict[Criterion, tuple[int, int]] = {}
        columns: list[States] = []
        size = 0
        for a, (axis, row) in enumerate(zip(axes, first_rows, strict=True)):
            for rule, states in axis.states.items():
                # Needs carry the row of their class among all rows, hence the shift back.
                self.of[rule] = (num_before + a, size - row)
                columns.append(states)
                size += len(states)
        self.states: States = np.concatenate([*columns, np.empty(0, np.int8)]).astype(np.int8)

    def table(self, rules: Iterable[Iterable[Criterion]]) -> Ints:
        """Return (R, 2) axis and place of each rule."""
        pairs = [self.of[rule] for mine in rules for rule in mine]
        return np.array(pairs, np.int32).reshape(-1, 2)


def starts(counts: Iterable[int], first: int = 0) -> Longs:
    """Return (n + 1,) where spans of these lengths begin, one behind the other."""
    return np.cumsum([first, *counts]).astype(np.int64)


def _need_table(
    market: Market, weights: Weights, costs: CostTable, rows: Ints, base: Floats, standing: Floats
) -> NeedTable:
    needs = market.need_columns
    offers, kinds = np.nonzero(needs.collateral_fen)
    pledged = np.searchsorted(offers, np.arange(market.num_needs + 1))
    term = np.where(needs.term_known, needs.term_months, ASSUMED_TERM_MONTHS)
    span = np.where(needs.deadline_known, needs.workdays_left, weights.slow_workdays)
    regions = market.words("region")
    sets, (consent, conflict, bank) = _sets(market)
    whole = (
        needs.amount_fen,
        needs.least_fen,
        np.searchsorted(costs.months, term),
        needs.term_months,
        needs.term_known,
        needs.workdays_left,
        needs.deadline_known,
        needs.wants_instalments,
        pledged[:-1],
        pledged[1:],
        needs.collateral_known,
        np.where(regions.codes < 0, len(regions.words), regions.codes),
        market.wishes.codes,
        consent,
        conflict,
        bank,
    )
    limited = np.nan_to_num(needs.max_rate) > 0
    real = (
        needs.max_rate + float(RATE_TOLERANCE),
        np.where(limited, needs.max_rate, float(weights.cost_ceiling)),
        np.maximum(span, 1),
        base,
        standing,
    )
    return NeedTable(
        sealed(rows),
        sealed(side_by_side(whole, np.int64)),
        sealed(side_by_side(real, np.float64)),
        sealed(kinds.astype(np.int32)),
        sealed(needs.collateral_fen[offers, kinds]),
        *(sealed(column.astype(np.int32)) for column in sets),
    )


def side_by_side(columns: Sequence[NDArray[Any]], kind: type[Scalar]) -> NDArray[Scalar]:
    """Return the columns as one table."""
    table = np.empty((len(columns[0]), len(columns)), kind)
    for k, column in enumerate(columns):
        table[:, k] = column
    return table


def _sets(market: Market) -> tuple[tuple[Longs, Longs], list[Longs]]:
    """Return where each distinct set of institutions begins, what is in them, and (N,) each's."""
    place = {b.institution_id: k for k, b in enumerate(market.institutions)}
    found: list[frozenset[str]] = []
    of_needs = []
    for column in (market.consents, market.conflicts, market.banks):
        stated = [-1 if named is None else len(found) + k for k, named in enumerate(column.items)]
        found += [named or frozenset() for named in column.items]
        of_needs.append(np.array(stated, np.int64)[column.codes])
    items = np.array([place[i] for named in found for i in named], np.int64)
    return (starts(map(len, found)), items), of_needs


def _package_table(
    packages: Packages,
    costs: CostTable,
    fits: NDArray[np.uint64],
    places: _Places,
    criteria: Sequence[Sequence[Criterion]],
    wishes: Sequence[Sequence[Criterion]],
) -> PackageTable:
    market, parts = packages.market, packages.parts
    products = market.product_columns
    limited = (products.term_min_months > 0) | np.array(
        [p.term_max_months is not None for p in market.products], np.bool_
    )
    asking = products.is_secured[parts]
    rule = starts(map(len, criteria))
    wish = starts(map(len, wishes), rule[-1])
    pledge = starts(np.bincount(packages.owner[asking], minlength=packages.num))
    whole = (
        packages.products,
        market.institution_idx[packages.products],
        packages.lowest(products.amount_max_fen),
        packages.summed(limited.astype(np.float64)),
        package_days(packages),
        packages.num_states,
        *(rule[:-1], rule[1:]),
        *(wish[:-1], wish[1:]),
        *(costs.at[:, 0], costs.at[:, 1]),
        packages.is_repaid,
        packages.can_be_level,
        packages.must_be_level,
        *(packages.start[:-1], packages.start[1:]),
        *(pledge[:-1], pledge[1:]),
    )
    of_parts = (
        market.institution_idx[parts],
        on_offer(market)[parts],
        products.amount_min_fen[parts],
        products.amount_max_fen[parts],
        products.term_min_months[parts],
        products.term_max_months[parts],
        asking,
        products.unsecured_fen[parts],
    )
    return PackageTable(
        sealed(fits),
        sealed(packed(_instrument_flags(packages))),
        sealed(institution_masks(packages)),
        sealed(side_by_side(whole, np.int64)),
        sealed(np.column_stack([costs.charges, costs.fixed])),
        sealed(places.table([*criteria, *wishes])),
        sealed(places.states),
        sealed(np.stack([costs.low, costs.high], axis=1)),
        sealed(costs.months),
        sealed(np.flatnonzero(asking).astype(np.int32)),
        sealed(side_by_side(of_parts, np.int64)),
        sealed(products.advance_bp[parts]),
    )


def _instrument_flags(packages: Packages) -> Flags:
    """Return (C, P) whether the classes of the first axis accept each package's instrument."""
    market = packages.market
    first, _ = distinct_rows(market.need_columns.instruments)
    instrument = market.product_columns.instrument[packages.products]
    return market.need_columns.instruments[first][:, instrument]
