"""The score as a sum in one fixed order, so that every road to it ends at the same bits."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from matcher.scoring.weights import FEATURE_NAMES

OF_NEED = ("term", "priority", "urgency", "smallness", "first_loan")
"""Features that the need alone decides; they are added up first."""
STEADY = ("sector", "repayment")
"""Features of the product and the wish of the need; their sum is added next."""
OF_PAIR = (
    "region",
    "relationship",
    "amount",
    "collateral",
    "cost",
    "time",
    "appetite",
    "approval",
)
"""All others, in the order in which they are added one by one."""


def score_of(features: NDArray[np.float32], vector: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return (E,) Σ weight × feature of (E, F) features, added in double precision."""
    total = np.zeros(len(features))
    for names in (OF_NEED, STEADY, *((name,) for name in OF_PAIR)):
        places = [FEATURE_NAMES.index(name) for name in names]
        total += added((features[:, k] for k in places), vector[places], len(features))
    return total.astype(np.float32)


def added(
    columns: Iterable[NDArray[np.float32]], weights: NDArray[np.float64], num: int
) -> NDArray[np.float64]:
    """Return (num,) the weighted columns, added one after the other."""
    total = np.zeros(num)
    for column, weight in zip(columns, weights.tolist(), strict=True):
        total += column.astype(np.float64) * weight
    return total
