"""What each feature adds to the score, as far as tables can say it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.domain.criteria import State
from matcher.market import Market
from matcher.scoring.candidates.packages import Packages
from matcher.scoring.candidates.tables import Floats, Ints, Longs, Singles, Terms, sealed
from matcher.scoring.eligibility import Edges, no_edges
from matcher.scoring.features import (
    FEATURE_OF,
    HALF,
    Inputs,
    region_table,
    repayment_table,
    standing_table,
)
from matcher.scoring.sums import OF_NEED, STEADY, added
from matcher.scoring.weights import FEATURE_NAMES, Weights

_BY_PAIR = ("amount", "collateral", "cost", "approval")


def tables_of(packages: Packages, weights: Weights) -> Terms:
    """Return the tables of the features that classes of needs and packages decide."""
    market = packages.market
    liked = _liked(int(packages.num_wishes.max(initial=0)))
    tables = (
        _steady(packages, weights),
        _part("region", region_table(market), weights),
        _part("relationship", np.array([0.0, 1.0, HALF]), weights),
        _part("time", _times(packages, weights), weights),
        liked,
        _part("appetite", np.where(np.isnan(liked), HALF, liked.astype(np.float64)), weights),
        _evidence(int(packages.num_states.max(initial=0))),
        np.array([_weight(name, weights) for name in _BY_PAIR]),
    )
    return Terms(*(sealed(table) for table in tables))


def base_of(market: Market, weights: Weights) -> Floats:
    """Return (N,) the sum of the terms that the need alone decides."""
    every = no_edges(market.num_needs, need=np.arange(market.num_needs, dtype=np.int32))
    columns = (_values(name, market, every, weights).astype(np.float32) for name in OF_NEED)
    return added(columns, _vector(OF_NEED, weights), market.num_needs)


def standing_of(market: Market, weights: Weights) -> Floats:
    """Return (N,) the factor of each firm's tax grade in the feature ``approval``."""
    return standing_table(market, weights)[market.words("tax_grade").codes]


def spans_of(market: Market, weights: Weights) -> tuple[Longs, Ints]:
    """Return the distinct numbers of workdays that ``time`` divides by, and (N,) which."""
    needs = market.need_columns
    span = np.where(needs.deadline_known, needs.workdays_left, weights.slow_workdays)
    spans, codes = np.unique(np.maximum(span, 1), return_inverse=True)
    return spans, codes.astype(np.int32)


def _steady(packages: Packages, weights: Weights) -> Floats:
    """Return (wishes, P) what ``sector`` and ``repayment`` add together."""
    market, num = packages.market, packages.num
    sector = _values("sector", market, no_edges(num, product=packages.products.copy()), weights)
    table = repayment_table(market)[:, packages.products].astype(np.float32)
    rows = [added((sector.astype(np.float32), row), _vector(STEADY, weights), num) for row in table]
    return np.array(rows).reshape(len(rows), num)


def _times(packages: Packages, weights: Weights) -> Floats:
    """Return (spans, distinct days) the feature ``time``."""
    spans = spans_of(packages.market, weights)[0]
    days = np.unique(packages.cash_workdays)
    return np.where(days < 0, 0.0, 1.0 - days / spans[:, None])


def _liked(most: int) -> Singles:
    """Return (preferences, sum of their states) the share that holds, NaN of none."""
    total = np.arange(most * State.PASS + 1)
    shares = [total / max(num, 1) / State.PASS for num in range(most + 1)]
    shares[0] = np.full(len(total), np.nan)
    return np.array(shares).astype(np.float32)


def _evidence(most: int) -> Singles:
    """Return (rules, undecided ones) the share that is known to pass."""
    of, undecided = np.arange(most + 1)[:, None], np.arange(most + 1)
    return ((of - undecided) / np.maximum(of, 1)).astype(np.float32)


def _values(name: str, market: Market, edges: Edges, weights: Weights) -> Floats:
    return np.clip(FEATURE_OF[name](Inputs(market, edges, weights)), 0.0, 1.0)


def _weight(name: str, weights: Weights) -> float:
    return float(weights.vector[FEATURE_NAMES.index(name)])


def _vector(names: tuple[str, ...], weights: Weights) -> Floats:
    return np.array([_weight(name, weights) for name in names])


def _part(name: str, values: NDArray[np.float64], weights: Weights) -> Floats:
    shown = np.clip(values, 0.0, 1.0).astype(np.float32)
    return shown.astype(np.float64) * _weight(name, weights)
