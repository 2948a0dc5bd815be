"""One look at all edges, compiled: are they sound, and what do needs gain at the prices.

This is the auditor's own code and shares nothing with the optimiser's. `audit_bound` says the same
in numpy, for claims of every kind and size; tests hold both equal. numpy looks at every edge some
ten times where once will do, which is too slow beside a method that takes 30 ns for an edge.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_CHUNK = 4096
"""So many edges are looked at together; they stay near the processor from one look to the next."""

_STEP = np.uint32(1 << 31)

_ONE, _TWO, _THREE, _FOUR = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)


@njit(cache=True, nogil=True)
def _within(option, size, low, high):  # type: ignore[no-untyped-def]
    """Return whether options, without a sign, are below a size."""
    most = np.uint32(0)
    for e in range(np.uint64(low), np.uint64(high)):
        most = max(most, option[e])
    return most < size


@njit(cache=True, nogil=True)
def _ascends(need, size, low, high):  # type: ignore[no-untyped-def]
    """Return whether needs, without a sign, are below a size and none is below the one before it.

    A step down is one up by 2**31 or more where there is no sign.
    """
    most, step = need[low], np.uint32(0)
    for e in range(np.uint64(max(low, 1)), np.uint64(high)):
        most = max(most, need[e])
        step = max(step, np.uint32(need[e] - need[e - _ONE]))
    return most < size and step < _STEP


@njit(cache=True, nogil=True, inline="always")
def _end_of_row(need, e, guess, after):  # type: ignore[no-untyped-def]
    """Return where the edges of the need of edge e end; a good guess is found right at once.

    Needs ascend, so what lies between two edges of one need is of that need.
    """
    i, k = need[e], min(e + guess, after)
    while k < after and need[k] == i:
        k += _ONE
    while need[k - _ONE] != i:
        k -= _ONE
    return k


@njit(cache=True, nogil=True)
def _finite(bits, signless, most, least, low, high):  # type: ignore[no-untyped-def]
    """Return whether floats are finite, given their bits as integers with and without a sign.

    Of those above 0 infinity and what is no number have the largest bits, of those below 0 the
    largest without a sign: they must stay below ``most`` and ``least``.
    """
    above, below = bits[low], signless[low]
    for e in range(np.uint64(low), np.uint64(high)):
        above = max(above, bits[e])
        below = max(below, signless[e])
    return above < most and below < least


@njit(cache=True, nogil=True)
def _free(fixed, low, high):  # type: ignore[no-untyped-def]
    """Return whether all entries are -1."""
    most, least = np.int8(-1), np.int8(-1)
    for e in range(np.uint64(low), np.uint64(high)):
        most = max(most, fixed[e])
        least = min(least, fixed[e])
    return most == least


@njit(cache=True, nogil=True)
def _not_negative(draw, low, high):  # type: ignore[no-untyped-def]
    """Return whether no draw is below 0."""
    sign = np.int64(0)
    for e in range(np.uint64(low), np.uint64(high)):
        sign |= draw[e]
    return sign >= 0


@njit(cache=True, nogil=True)
def _sound(need, option, bits, fixed, draw, num_needs, size, low, high):  # type: ignore[no-untyped-def]
    """Return whether edges ``low`` to ``high`` can be read: see `gains`.

    No loop branches, so that each compares many edges at a time.
    """
    sound = _within(option, size, low, high) and _ascends(need, num_needs, low, high)
    sound = sound and _finite(bits[0], bits[1], bits[2], bits[3], low, high)
    if fixed.size > 0:
        sound = sound and _free(fixed, low, high)
    if draw.size > 0:
        sound = sound and _not_negative(draw, low, high)
    return sound


@njit(cache=True, nogil=True, inline="always")
def _net(option, weight, draw, count_cost, draw_cost, e):  # type: ignore[no-untyped-def]
    """Return the weight of an edge less what it costs."""
    j = option[e]
    if draw.size > 0:
        return weight[e] - count_cost[j] - draw_cost[j] * draw[e]
    return weight[e] - count_cost[j]


@njit(cache=True, nogil=True)
def _several(option, weight, draw, count_cost, draw_cost, e, end, top):  # type: ignore[no-untyped-def]
    """Return the sum of as many of the largest net weights above 0 as ``top`` has places."""
    top[:] = 0.0
    last = top.size - 1
    while e < end:
        value = _net(option, weight, draw, count_cost, draw_cost, e)
        if value > top[last]:
            k = last
            while k > 0 and top[k - 1] < value:
                top[k] = top[k - 1]
                k -= 1
            top[k] = value
        e += _ONE
    total = 0.0
    for value in top:
        total += value
    return total


@njit(cache=True, nogil=True)
def _gain_of_singles(need, option, weight, limit, cost, e, after):  # type: ignore[no-untyped-def]
    """Return what needs gain that take one edge at most, without draws.

    Also returned is what the sum has lost by rounding.
    """
    total, lost, guess = 0.0, 0.0, _ONE
    while e < after:
        i = np.uint64(need[e])
        k = _end_of_row(need, e, guess, after)
        guess = k - e
        a, b, c, d = 0.0, 0.0, 0.0, 0.0  # lanes that need not wait for one another
        while e + _FOUR <= k:
            a = max(a, weight[e] - cost[option[e]])
            b = max(b, weight[e + _ONE] - cost[option[e + _ONE]])
            c = max(c, weight[e + _TWO] - cost[option[e + _TWO]])
            d = max(d, weight[e + _THREE] - cost[option[e + _THREE]])
            e += _FOUR
        while e < k:
            a = max(a, weight[e] - cost[option[e]])
            e += _ONE
        if limit[i] > 0:
            more = max(max(a, b), max(c, d))
            new = total + more
            lost += (total - new) + more
            total = new
    return total, lost


@njit(cache=True, nogil=True)
def _gain_of_any(need, option, weight, draw, limit, count_cost, draw_cost, e, after):  # type: ignore[no-untyped-def]
    """Return what needs gain, as in the above."""
    total, lost, guess = 0.0, 0.0, _ONE
    while e < after:
        k = _end_of_row(need, e, guess, after)
        guess = k - e
        most = min(limit[np.uint64(need[e])], np.int64(guess))
        if most > 0:
            top = np.empty(most)
            more = _several(option, weight, draw, count_cost, draw_cost, e, k, top)
            new = total + more
            lost += (total - new) + more if total >= more else (more - new) + total
            total = new
        e = k
    return total, lost


@njit(cache=True, nogil=True)
def gains(  # type: ignore[no-untyped-def]
    need, option, weight, bits, fixed, draw, limit, single, count_cost, draw_cost,
    chosen, chosen_need, chosen_option, chosen_weight, low, high,
):  # fmt: skip
    """Return what the needs of the edges from ``low`` to before ``high`` gain, or -1.

    It is -1 where an edge is not sound: needs must ascend, options be within ``count_cost``,
    weights finite, all edges free and draws at least 0; or where a need is not within ``limit``.
    An edge of option j costs ``count_cost[j]`` and ``draw_cost[j]`` for each unit of its draw;
    ``fixed`` and ``draw`` may be empty, needs and options are without a sign, and ``bits`` are the
    first four arguments of `_finite`. ``single`` says that no limit is above 1. The sum is
    compensated. Of the ascending edges ``chosen`` in between, the facts are put down on the way.
    """
    total, lost = 0.0, 0.0
    at, mine = low, np.searchsorted(chosen, low)
    for begin in range(low, high, _CHUNK):
        end = min(begin + _CHUNK, high)
        sizes = (limit.size, count_cost.size)
        if not _sound(need, option, bits, fixed, draw, *sizes, begin, end):
            return -1.0
        while mine < chosen.size and chosen[mine] < end:
            edge = chosen[mine]
            chosen_need[mine], chosen_option[mine] = need[edge], option[edge]
            chosen_weight[mine] = weight[edge]
            mine += 1
        if end < high:  # the last need may go on
            stop = end
            while stop > at and need[stop - 1] == need[end - 1]:
                stop -= 1
            end = stop
        if end == at:
            continue
        first, after = np.uint64(at), np.uint64(end)
        if single and draw.size == 0:
            more, less = _gain_of_singles(need, option, weight, limit, count_cost, first, after)
        else:
            facts = (need, option, weight, draw, limit, count_cost, draw_cost)
            more, less = _gain_of_any(*facts, first, after)
        new = total + more
        lost += ((total - new) + more if total >= more else (more - new) + total) + less
        total = new
        at = end
    return total + lost
