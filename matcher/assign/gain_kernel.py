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
def gain_of_singles(start, option, weight, room, price, lo, hi, gain):  # type: ignore[no-untyped-def]
    """Fill ``gain`` with what needs ``lo`` to ``hi`` gain, which take one edge at most."""
    for i in range(lo, hi):
        gain[i] = _gain(start[i], start[i + 1], option, weight, price) if room[i] > 0 else 0.0


@njit(cache=True, nogil=True)
def _gain(first, last, option, weight, price):  # type: ignore[no-untyped-def]
    """Return the best net weight of a row, at least 0."""
    # Four maxima side by side, as each alone would wait for the one before it; unsigned indices
    # spare the test for negative ones.
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    e, end = np.uint64(first), np.uint64(last)
    while e + _FOUR <= end:
        a = max(a, weight[e] - price[np.uint32(option[e])])
        b = max(b, weight[e + _ONE] - price[np.uint32(option[e + _ONE])])
        c = max(c, weight[e + _TWO] - price[np.uint32(option[e + _TWO])])
        d = max(d, weight[e + _THREE] - price[np.uint32(option[e + _THREE])])
        e += _FOUR
    while e < end:
        a = max(a, weight[e] - price[np.uint32(option[e])])
        e += _ONE
    return max(max(a, b), max(c, d))


@njit(cache=True, nogil=True)
def gain_anew(edges, need, rows, before, price, gain, known, new, who):  # type: ignore[no-untyped-def]
    """Fill ``who`` with the needs that gain something else than before, ``new`` with what.

    ``edges`` are those of all options whose price is not what it was ``before``, when needs had
    ``gain``. A need whose best edge has become worse is read anew; for any other it is enough to
    look at the edges that have become better. ``known`` (of zeros) and ``new`` are scratch, an
    entry for each need.

    Returns
    -------
    int
        How many these needs are.
    """
    start, option, weight, room = rows
    count = 0
    for e in edges:
        i = need[e]
        if known[i] == 2 or room[i] <= 0:
            continue
        j = np.uint32(option[e])
        was, now = weight[e] - before[j], weight[e] - price[j]
        if now < was:
            if was < gain[i] or was <= 0:
                continue
            now = _gain(start[i], start[i + 1], option, weight, price)
            state = 2
        elif now > (new[i] if known[i] else gain[i]):
            state = 1
        else:
            continue
        if known[i] == 0:
            who[count] = i
            count += 1
        known[i] = state
        new[i] = now
    return count


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
