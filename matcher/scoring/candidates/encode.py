"""From a market to the tables of the scan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.finance.cost import ASSUMED_TERM_MONTHS
from matcher.market import Market
from matcher.scoring.candidates.axes import rule_axes
from matcher.scoring.candidates.costs import CostTable, cost_table
from matcher.scoring.candidates.masks import (
    Masks,
    condition_masks,
    institution_masks,
    instrument_flags,
    on_offer,
    packed,
    rule_masks,
)
from matcher.scoring.candidates.packages import Packages
from matcher.scoring.candidates.tables import (
    Ints,
    Longs,
    NeedTable,
    PackageTable,
    Scalar,
    Terms,
    sealed,
)
from matcher.scoring.candidates.terms import base_of, spans_of, standing_of, tables_of
from matcher.scoring.conditions.terms import RATE_TOLERANCE
from matcher.scoring.weights import Weights


@dataclass(frozen=True, eq=False)
class Encoded:
    """Needs, packages and terms of the score as the scan reads them."""

    needs: NeedTable
    packages: PackageTable
    terms: Terms


def encode(packages: Packages, weights: Weights) -> Encoded:
    """Read all needs and some packages of a market."""
    wishes = [p.preferences for p in packages.leading]
    rules = chain.from_iterable([*packages.criteria, *wishes])
    costs = cost_table(packages)
    masks = Masks(packages)
    condition_masks(masks, costs)
    rule_masks(masks, rule_axes(packages.market, rules))
    return Encoded(
        _need_table(packages.market, weights, costs, np.stack(masks.codes)),
        _package_table(masks, costs),
        tables_of(packages, weights),
    )


def starts(counts: Iterable[int]) -> Longs:
    """Return (n + 1,) where spans of these lengths begin, one behind the other."""
    return np.cumsum([0, *counts]).astype(np.int64)


def _need_table(market: Market, weights: Weights, costs: CostTable, rows: Ints) -> NeedTable:
    needs = market.need_columns
    offers, kinds = np.nonzero(needs.collateral_fen)
    pledges = np.bincount(offers, minlength=market.num_needs)
    term = np.where(needs.term_known, needs.term_months, ASSUMED_TERM_MONTHS)
    regions = market.words("region")
    (set_start, set_item), (consent, conflict, bank) = _sets(market)
    limited = np.nan_to_num(needs.max_rate) > 0
    columns = (
        rows,
        needs.amount_fen,
        needs.least_fen,
        needs.term_months,
        needs.term_known,
        needs.workdays_left,
        needs.deadline_known,
        needs.max_rate + float(RATE_TOLERANCE),
        np.searchsorted(costs.months, term),
        needs.wants_instalments,
        np.concatenate([[0], np.cumsum(pledges)]).astype(np.int64),
        kinds.astype(np.int32),
        needs.collateral_fen[offers, kinds],
        needs.collateral_known,
        *(consent, conflict, bank, set_start, set_item),
        np.where(regions.codes < 0, len(regions.words), regions.codes).astype(np.int32),
        market.wishes.codes,
        spans_of(market, weights)[1],
        np.where(limited, needs.max_rate, float(weights.cost_ceiling)),
        base_of(market, weights),
        standing_of(market, weights),
    )
    return NeedTable(*(sealed(column) for column in columns))


def _sets(market: Market) -> tuple[tuple[Longs, Ints], list[Ints]]:
    """Return where each distinct set of institutions begins, what is in them, and (N,) each's."""
    place = {b.institution_id: k for k, b in enumerate(market.institutions)}
    found: list[frozenset[str]] = []
    of_needs = []
    for column in (market.consents, market.conflicts, market.banks):
        first, stated = len(found), np.array([s is not None for s in column.items], np.bool_)
        found += [named or frozenset() for named in column.items]
        number = np.where(stated, first + np.arange(len(stated)), -1)
        of_needs.append(number.astype(np.int32)[column.codes])
    items = np.fromiter(map(place.__getitem__, chain.from_iterable(found)), np.int32)
    return (starts(map(len, found)), items), of_needs


def _package_table(masks: Masks, costs: CostTable) -> PackageTable:
    packages, market = masks.packages, masks.packages.market
    products, parts = market.product_columns, packages.parts
    asking = products.is_secured[parts]
    _, pace = np.unique(packages.cash_workdays, return_inverse=True)
    pledge = starts(np.bincount(packages.owner[asking], minlength=packages.num).tolist())
    whole = (
        market.institution_idx[packages.products],
        *(pledge[:-1], pledge[1:]),
        *(costs.at[:, 0], costs.at[:, 1]),
        pace,
        packages.num_states,
        packages.num_wishes,
        packages.products,
        *(packages.start[:-1], packages.start[1:]),
        packages.is_repaid,
        packages.can_be_level,
        packages.must_be_level,
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
    columns = (
        *masks.columns,
        packed(instrument_flags(packages)[1]),
        institution_masks(packages),
        side_by_side(whole, np.int32),
        packages.cash_workdays,
        packages.lowest(products.amount_max_fen),
        np.column_stack([costs.charges, costs.fixed]),
        np.stack([costs.low, costs.high], axis=1),
        costs.months,
        np.flatnonzero(asking).astype(np.int32),
        side_by_side(of_parts, np.int64),
        products.advance_bp[parts],
    )
    return PackageTable(*(sealed(column) for column in columns))  # type: ignore[arg-type]


def side_by_side(columns: Sequence[NDArray[Any]], kind: type[Scalar]) -> NDArray[Scalar]:
    """Return the columns as one table."""
    return np.stack([column.astype(kind) for column in columns], axis=1)
