"""Kernels that a certificate needs: what needs gain at prices, and sums without rounding.

Everything here is compiled by numba; import it only where a problem is large enough to wait for
that.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_FOUR = np.uint64(4)
_ONE, _TWO, _THREE = np.uint64(1), np.uint64(2), np.uint64(3)


@njit(cache=True, nogil=True)
def gain_of_singles(start, option, weight, room, price, lo, hi):  # type: ignore[no-untyped-def]
    """Return what needs ``lo`` to ``hi``, which take one edge at most, gain at these prices."""
    gain, lost = 0.0, 0.0
    for i in range(lo, hi):
        if room[i] <= 0:
            continue
        # Four maxima side by side, as each alone would wait for the one before it; unsigned
        # indices spare the test for negative ones.
        a, b, c, d = 0.0, 0.0, 0.0, 0.0
        e, end = np.uint64(start[i]), np.uint64(start[i + 1])
        while e + _FOUR <= end:
            a = max(a, weight[e] - price[np.uint32(option[e])])
            b = max(b, weight[e + _ONE] - price[np.uint32(option[e + _ONE])])
            c = max(c, weight[e + _TWO] - price[np.uint32(option[e + _TWO])])
            d = max(d, weight[e + _THREE] - price[np.uint32(option[e + _THREE])])
            e += _FOUR
        while e < end:
            a = max(a, weight[e] - price[np.uint32(option[e])])
            e += _ONE
        first = max(max(a, b), max(c, d))
        total = gain + first
        lost += (gain - total) + first
        gain = total
    return gain + lost


@njit(cache=True, nogil=True)
def add_by_exponent(bits, low, high):  # type: ignore[no-untyped-def]
    """Add the mantissas of float64 values, given as int64, in two halves for each exponent."""
    for k in range(bits.size):
        exponent = (bits[k] >> 52) & 0x7FF
        mantissa = bits[k] & 0xFFFFFFFFFFFFF
        if exponent > 0:
            mantissa |= 0x10000000000000
        else:
            exponent = 1
        sign = -1 if bits[k] < 0 else 1
        low[exponent] += sign * (mantissa & 0xFFFFFFFF)
        high[exponent] += sign * (mantissa >> 32)
