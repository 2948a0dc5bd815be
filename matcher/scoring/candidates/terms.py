"""What each feature adds to the score, as far as tables can say it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.market import Market
from matcher.scoring.candidates.packages import Packages
from matcher.scoring.candidates.tables import Floats, Terms, sealed
from matcher.scoring.eligibility import Edges, no_edges
from matcher.scoring.features import (
    FEATURE_OF,
    HALF,
    Inputs,
    region_table,
    repayment_table,
    standing_table,
)
from matcher.scoring.sums import OF_NEED, OF_PAIR, added
from matcher.scoring.weights import FEATURE_NAMES, Weights

_IN_TABLES = 4
"""How many of `OF_PAIR`, the first ones, tables give."""


def tables_of(packages: Packages, weights: Weights) -> Terms:
    """Return the tables of the features that depend on classes of needs and on packages."""
    market = packages.market
    every = _edges_to(packages.products)
    sector = _values("sector", market, every, weights)
    return Terms(
        sealed(_part("sector", sector, weights)),
        sealed(_part("region", region_table(market), weights)),
        sealed(_part("relationship", np.array([0.0, 1.0, HALF]), weights)),
        sealed(_part("repayment", repayment_table(market)[:, packages.products], weights)),
        sealed(np.array([_weight(name, weights) for name in OF_PAIR[_IN_TABLES:]])),
    )


def base_of(market: Market, weights: Weights) -> Floats:
    """Return (N,) the sum of the terms that the need alone decides."""
    every = _edges_of_needs(market.num_needs)
    columns = (_values(name, market, every, weights).astype(np.float32) for name in OF_NEED)
    vector = np.array([_weight(name, weights) for name in OF_NEED])
    return added(columns, vector, market.num_needs)


def standing_of(market: Market, weights: Weights) -> Floats:
    """Return (N,) the factor of each firm's tax grade in the feature ``approval``."""
    return standing_table(market, weights)[market.words("tax_grade").codes]


def _values(name: str, market: Market, edges: Edges, weights: Weights) -> Floats:
    return np.clip(FEATURE_OF[name](Inputs(market, edges, weights)), 0.0, 1.0)


def _weight(name: str, weights: Weights) -> float:
    return float(weights.vector[FEATURE_NAMES.index(name)])


def _part(name: str, values: Floats, weights: Weights) -> Floats:
    return values.astype(np.float32).astype(np.float64) * _weight(name, weights)


def _edges_of_needs(num_needs: int) -> Edges:
    return no_edges(num_needs, need=np.arange(num_needs, dtype=np.int32))


def _edges_to(products: NDArray[np.int32]) -> Edges:
    return no_edges(len(products), product=products.copy())
