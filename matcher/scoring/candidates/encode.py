"""From a market to the tables of the scan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain.criteria import Criterion
from matcher.market import Market
from matcher.market.columns import ItemColumn
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
from matcher.scoring.candidates.tables import Bytes, Floats, Ints, NeedTable, PackageTable, sealed
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
        columns: list[Bytes] = []
        size = 0
        for a, (axis, row) in enumerate(zip(axes, first_rows, strict=True)):
            for rule, states in axis.states.items():
                # Needs carry the row of their class among all rows, hence the shift back.
                self.of[rule] = (num_before + a, size - row)
                columns.append(states)
                size += len(states)
        self.states: Bytes = np.concatenate([*columns, np.empty(0, np.int8)]).astype(np.int8)

    def table(self, rules: Sequence[Iterable[Criterion]]) -> tuple[Ints, Ints, Ints]:
        """Return where the rules of each package begin, and axis and place of each rule."""
        found = [[self.of[rule] for rule in mine] for mine in rules]
        pairs = np.array([pair for mine in found for pair in mine], np.int32).reshape(-1, 2)
        return starts(map(len, found)), pairs[:, 0], pairs[:, 1]


def starts(counts: Iterable[int]) -> Ints:
    """Return (n + 1,) where spans of these lengths begin, one behind the other."""
    return np.cumsum([0, *counts]).astype(np.int32)


def _need_table(
    market: Market, weights: Weights, costs: CostTable, rows: Ints, base: Floats, standing: Floats
) -> NeedTable:
    needs = market.need_columns
    offers, kinds = np.nonzero(needs.collateral_fen)
    months = np.searchsorted(costs.months, np.where(needs.term_known, needs.term_months, 12))
    span = np.where(needs.deadline_known, needs.workdays_left, weights.slow_workdays)
    accepts = np.nan_to_num(needs.max_rate) > 0
    regions = market.words("region")
    columns = (
        rows,
        needs.amount_fen,
        needs.least_fen,
        months.astype(np.int32),
        needs.term_months,
        needs.term_known,
        needs.workdays_left,
        needs.deadline_known,
        needs.wants_instalments.astype(np.int32),
        needs.max_rate + float(RATE_TOLERANCE),
        np.where(accepts, needs.max_rate, float(weights.cost_ceiling)),
        np.maximum(span, 1).astype(np.float64),
        np.searchsorted(offers, np.arange(market.num_needs + 1)).astype(np.int32),
        kinds.astype(np.int32),
        needs.collateral_fen[offers, kinds],
        needs.collateral_known,
        np.where(regions.codes < 0, len(regions.words), regions.codes).astype(np.int32),
        market.wishes.codes,
        *_sets(market, market.consents),
        *_sets(market, market.conflicts),
        *_sets(market, market.banks),
        base,
        standing,
    )
    return NeedTable(*(sealed(column) for column in columns))  # type: ignore[arg-type]


def _sets(
    market: Market, column: ItemColumn[frozenset[str] | None] | ItemColumn[frozenset[str]]
) -> tuple[Ints, Ints, Ints, NDArray[np.bool_]]:
    """Return the set of each need, where the sets begin, their institutions, which are stated."""
    found = [
        [market.index("institutions", i) for i in sorted(named or ())] for named in column.items
    ]
    items = np.array([i for named in found for i in named], np.int32)
    stated = np.array([named is not None for named in column.items], np.bool_)
    return column.codes, starts(map(len, found)), items, stated


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
    per_package = np.bincount(packages.owner[asking], minlength=packages.num)
    columns = (
        fits,
        packed(_instrument_flags(packages)),
        packages.products,
        market.institution_idx[packages.products],
        packages.lowest(products.amount_max_fen),
        packages.summed(limited.astype(np.float64)).astype(np.int32),
        package_days(packages),
        packages.num_states,
        *places.table(criteria),
        *places.table(wishes),
        places.states,
        costs.at,
        costs.low,
        costs.high,
        costs.charges,
        costs.fixed,
        costs.months,
        packages.is_repaid,
        packages.can_be_level,
        packages.must_be_level,
        packages.start,
        starts(per_package.tolist()),
        np.flatnonzero(asking).astype(np.int32),
        market.institution_idx[parts],
        on_offer(market)[parts],
        products.amount_min_fen[parts],
        products.amount_max_fen[parts],
        products.term_min_months[parts],
        products.term_max_months[parts],
        limited[parts],
        asking,
        products.unsecured_fen[parts],
        products.advance_bp[parts],
        institution_masks(packages),
    )
    return PackageTable(*(sealed(column) for column in columns))  # type: ignore[arg-type]


def _instrument_flags(packages: Packages) -> Flags:
    """Return (C, P) whether the classes of the first axis accept each package's instrument."""
    market = packages.market
    first, _ = distinct_rows(market.need_columns.instruments)
    instrument = market.product_columns.instrument[packages.products]
    return market.need_columns.instruments[first][:, instrument]
