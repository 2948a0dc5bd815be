"""The score as a sum in one fixed order, so that every road to it ends at the same bits."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from matcher.scoring.weights import FEATURE_NAMES

OF_NEED = ("term", "priority", "urgency", "smallness", "first_loan")
"""Features that the need alone decides; they are added first."""
OF_PAIR = (
    "sector",
    "region",
    "relationship",
    "repayment",
    "amount",
    "collateral",
    "cost",
    "time",
    "appetite",
    "approval",
)
"""All others, in the order in which they are added."""
ORDER = tuple(FEATURE_NAMES.index(name) for name in (*OF_NEED, *OF_PAIR))


def score_of(features: NDArray[np.float32], vector: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return (E,) Σ weight × feature of (E, F) features, added in `ORDER` in double precision."""
    return added((features[:, k] for k in ORDER), vector[list(ORDER)], len(features)).astype(
        np.float32
    )


def added(
    columns: Iterable[NDArray[np.float32]], weights: NDArray[np.float64], num: int
) -> NDArray[np.float64]:
    """Return (num,) the weighted columns, added one after the other."""
    total = np.zeros(num)
    for column, weight in zip(columns, weights.tolist(), strict=True):
        total += column.astype(np.float64) * weight
    return total
