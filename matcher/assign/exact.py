"""Sums of many weights, rounded once."""

from __future__ import annotations

import math

import numpy as np

from matcher.assign.arrays import Floats, Weights

_MANY = 10_000
"""From so many values on compiled code adds them; below, numba is not loaded for it."""

_LEAST = 1074
"""The smallest positive float64 is 2 to the minus this."""


def exact_sum(values: Weights) -> float:
    """Return the sum of finite values rounded once, like ``math.fsum``, whatever their order."""
    wide: Floats = values.astype(np.float64)
    if len(wide) < _MANY:
        return math.fsum(wide.tolist())
    return rounded(exact_total(wide))


def exact_total(values: Floats) -> int:
    """Return the sum of finite values itself, in units of 2 to the minus 1074."""
    from matcher.assign.gain_kernel import add_by_exponent

    low, high = np.zeros(2048, dtype=np.int64), np.zeros(2048, dtype=np.int64)
    add_by_exponent(values.view(np.int64), low, high)
    total = 0
    for k in np.flatnonzero((low != 0) | (high != 0)).tolist():
        total += ((int(high[k]) << 32) + int(low[k])) << (k - 1)
    return total


def rounded(total: int) -> float:
    """Return the float64 that is nearest to a sum of `exact_total`."""
    return total / (1 << _LEAST)
