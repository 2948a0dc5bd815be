"""The all-in cost of one pair, compiled."""

from __future__ import annotations

import numpy as np
from numba import njit

MOST_MONTHLY = 10.0 / 12
"""A twelfth of `matcher.finance.cost.MOST_COST`."""

_STEPS = 100
_CLOSE = 1e-15


@njit(cache=True, nogil=True, error_model="numpy")
def yearly_return(once, yearly, accruing, monthly, level, n, start):  # type: ignore[no-untyped-def]
    """Return 12 i, i the internal rate of return, by Newton's method from a cost below it.

    The flows are those of `matcher.finance.cost.all_in_cost`. The present value rises with i
    and is concave, so steps from the left of the root stay there.
    """
    if once + yearly >= 1:
        return 12 * MOST_MONTHLY
    i = accruing / 12
    pays, last = i + monthly, 1.0
    if level:
        pays = monthly + (1.0 / n if i <= 0 else i / -np.expm1(-n * np.log1p(i)))
        last = 0.0
    i = start / 12
    for _ in range(_STEPS):
        v = 1.0 / (1.0 + i)
        annuity, annuity_slope, end = n, -n * (n + 1) / 2, 1.0
        if i > 0:
            less = np.expm1(-n * np.log1p(i))
            end = 1.0 + less
            annuity = -less / i
            annuity_slope = (n * end * v - annuity) / i
        value = 1.0 - once - pays * annuity - last * end
        slope = -pays * annuity_slope + last * n * end * v
        if yearly > 0:
            year, due, begun = v**12, yearly, 0.0
            while begun < n:
                value -= due
                slope += begun * due * v
                due *= year
                begun += 12.0
        step = -value / slope
        i += step
        if step <= _CLOSE or i >= MOST_MONTHLY:
            break
    return 12 * min(i, MOST_MONTHLY)
