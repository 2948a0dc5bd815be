"""Kernels that read the rows of needs: what each would pay, and where the market clears.

Everything here is compiled by numba; import it only where a problem is large enough to wait for
that. All kernels release the interpreter's lock, and none depends on the number of threads.
"""

from __future__ import annotations

import numpy as np
from numba import njit

BINS = 64
"""Bins of a demand curve around the present price."""

_BLOCK = 1024
"""After so many edges it is asked whether there is room for as many more."""


@njit(cache=True, nogil=True)
def read_order(need, option, num_needs, start):  # type: ignore[no-untyped-def]
    """Fill ``start`` and return 2 if pairs ascend strictly, 1 if they ascend, 0 if they do not."""
    verdict = 2
    last = -1
    for e in range(need.size):
        i = need[e]
        if i != last:
            if i < last:
                return 0
            for k in range(last + 1, i + 1):
                start[k] = e
            last = i
        elif option[e] <= option[e - 1]:
            if option[e] < option[e - 1]:
                return 0
            verdict = 1
    for k in range(last + 1, num_needs + 1):
        start[k] = need.size
    return verdict


@njit(cache=True, nogil=True)
def count(key, size):  # type: ignore[no-untyped-def]
    """Return how often each number in ``[0, size)`` occurs."""
    total = np.zeros(size, np.int64)
    for e in range(key.size):
        total[key[e]] += 1
    return total


@njit(cache=True, nogil=True)
def edges_of(option, marked, lo, hi):  # type: ignore[no-untyped-def]
    """Return the edges in ``[lo, hi)`` whose option is marked, sorted by option, stable.

    Options are marked by 1 and not 0. Those of option j end before ``end[j]``, which is returned
    too. Every edge is written down, and kept by counting it: that is quicker than any test of
    whether it should be.
    """
    count, found = 0, np.empty(_BLOCK, np.int64)
    for low in range(lo, hi, _BLOCK):
        if count + _BLOCK > found.size:
            longer = np.empty(2 * found.size, np.int64)
            longer[:count] = found[:count]
            found = longer
        for e in range(np.uint64(low), np.uint64(min(low + _BLOCK, hi))):
            found[np.uint64(count)] = e
            count += marked[np.uint32(option[e])]
    place = np.zeros(marked.size + 1, np.int64)
    for k in range(count):
        place[option[found[k]] + 1] += 1
    for j in range(marked.size):
        place[j + 1] += place[j]
    order = np.empty(count, np.int64)
    for k in range(count):
        j = option[found[k]]
        order[place[j]] = found[k]
        place[j] += 1
    return order, place[:-1]


@njit(cache=True, nogil=True)
def sort_by(key, before, size):  # type: ignore[no-untyped-def]
    """Return the edges of ``before`` sorted by ``key`` in ``[0, size)``, stable."""
    place = np.zeros(size + 1, np.int64)
    for e in range(key.size):
        place[key[e] + 1] += 1
    for k in range(size):
        place[k + 1] += place[k]
    order = np.empty(before.size, before.dtype)
    for k in range(before.size):
        e = before[k]
        order[place[key[e]]] = e
        place[key[e]] += 1
    return order


@njit(cache=True, nogil=True)
def read_prices(start, option, weight, room, price, width, curve, lo, hi, stride):  # type: ignore[no-untyped-def]
    """Add needs ``lo`` to ``hi`` to the demand curves; return what they gain at these prices.

    For needs that take one edge at most. An edge stands at θ_e = w_e − max(0, best of the
    others), the highest price at which its need would take it: bin k of option j counts those
    with θ_e − price_j in the k-th part of ``[-width, width)``, bin `BINS` those above. A width
    of 0 leaves the curves alone. Only every ``stride``-th need is read.
    """
    gain, lost = 0.0, 0.0
    per_bin = 0.5 * BINS / width if width > 0 else 0.0
    for i in range(lo, hi, stride):
        if room[i] <= 0:
            continue
        # Unsigned indices spare the test for negative ones, which takes half of the time.
        begin, end = np.uint64(start[i]), np.uint64(start[i + 1])
        first, second, best = 0.0, 0.0, end
        for e in range(begin, end):
            value = weight[e] - price[np.uint32(option[e])]
            if value > second:
                if value > first:
                    second = first
                    first = value
                    best = np.uint64(e)
                else:
                    second = value
        total = gain + first
        lost += (gain - total) + first
        gain = total
        if width <= 0:
            continue
        if best < end:
            at = (first - second + width) * per_bin
            curve[option[best], BINS if at >= BINS else int(at)] += 1
        floor = first - width
        if second <= floor:
            continue  # so are all other edges
        for e in range(begin, end):
            value = weight[e] - price[np.uint32(option[e])]
            if value > floor and e != best:
                curve[option[e], min(int((value - floor) * per_bin), BINS)] += 1
    return gain + lost


@njit(cache=True, nogil=True)
def row_margins(first, last, option, weight, most, group, price, margin, top, seen, two):  # type: ignore[no-untyped-def]
    """Write ``margin[k] = θ_e − price`` of the edges ``first + k`` of one need; return its gain.

    The need takes at most ``most`` edges, and one of a group if ``group`` has entries. ``top``
    is scratch for the best values, ``seen`` (of zeros) and ``two`` for groups.
    """
    grouped = group.size > 0
    many = min(most, last - first)
    for k in range(many + 1):
        top[k] = 0.0
    for e in range(first, last):
        value = weight[e] - price[option[e]]
        margin[e - first] = value
        if grouped:
            g = group[option[e]]
            if seen[g] == 0:
                seen[g] = 1
                two[g, 0] = 0.0
                two[g, 1] = 0.0
            if value > two[g, 0]:
                two[g, 1] = two[g, 0]
                two[g, 0] = value
            elif value > two[g, 1]:
                two[g, 1] = value
        elif value > top[many]:
            _place(top, many, value)
    if grouped:
        for e in range(first, last):
            g = group[option[e]]
            if seen[g] == 1:
                seen[g] = 2
                if two[g, 0] > top[many]:
                    _place(top, many, two[g, 0])
    gain = 0.0
    for k in range(many):
        gain += top[k]
    for e in range(first, last):
        value = margin[e - first]
        if grouped:
            g = group[option[e]]
            seen[g] = 0
            best = two[g, 0]
            # Of equal bests in a group both others are the best: neither has a margin.
            inside = two[g, 1] if value >= best else best
            across = top[many] if best >= top[many - 1] and best > 0 else top[many - 1]
            margin[e - first] = value - max(inside, across)
        else:
            margin[e - first] = value - (top[many] if value >= top[many - 1] else top[many - 1])
    return gain


@njit(cache=True, nogil=True)
def _place(top, many, value):  # type: ignore[no-untyped-def]
    """Put a value into the descending ``top[: many + 1]``; the least falls out."""
    k = many
    while k > 0 and top[k - 1] < value:
        top[k] = top[k - 1]
        k -= 1
    top[k] = value


@njit(cache=True, nogil=True)
def read_prices_any(  # type: ignore[no-untyped-def]
    start, option, weight, room, group, groups, price, width, curve, lo, hi, stride
):
    """Do what `read_prices` does for needs with any room, and one edge of a group."""
    longest = 0
    for i in range(lo, hi):
        longest = max(longest, start[i + 1] - start[i])
    margin, top = np.empty(longest), np.empty(longest + 2)
    seen, two = np.zeros(groups, np.int8), np.empty((groups, 2))
    gain, lost = 0.0, 0.0
    for i in range(lo, hi, stride):
        first, last = start[i], start[i + 1]
        if room[i] <= 0 or first == last:
            continue
        more = row_margins(
            first, last, option, weight, room[i], group, price, margin, top, seen, two
        )
        total = gain + more
        lost += (gain - total) + more
        gain = total
        if width <= 0:
            continue
        for e in range(first, last):
            at = (margin[e - first] + width) * (0.5 * BINS / width)
            if at >= 0:
                curve[option[e], BINS if at >= BINS else int(at)] += 1
    return gain + lost


@njit(cache=True, nogil=True)
def join_sectors(start, option, low, high, members, sector):  # type: ignore[no-untyped-def]
    """Fill ``sector`` with the same number for options that needs or sets connect."""
    for j in range(sector.size):
        sector[j] = j
    for i in range(start.size - 1):
        for e in range(start[i] + 1, start[i + 1]):
            _join(sector, option[e - 1], option[e])
    for s in range(low.size):
        for k in range(low[s] + 1, high[s]):
            _join(sector, members[k - 1], members[k])
    for j in range(sector.size):
        sector[j] = sector[sector[j]]  # the root of a lower number, which is settled already


@njit(cache=True, nogil=True)
def _join(sector, one, other):  # type: ignore[no-untyped-def]
    """Join the trees of two options; every parent has a lower number than its children."""
    while sector[one] != one:
        sector[one] = sector[sector[one]]
        one = sector[one]
    while sector[other] != other:
        sector[other] = sector[sector[other]]
        other = sector[other]
    if one != other:
        sector[max(one, other)] = min(one, other)


@njit(cache=True, nogil=True)
def gain_of_sectors(start, option, weight, room, group, groups, price, sector, gain):  # type: ignore[no-untyped-def]
    """Add what each need gains at these prices to ``gain`` of its sector."""
    longest = 0
    for i in range(room.size):
        longest = max(longest, start[i + 1] - start[i])
    margin, top = np.empty(longest), np.empty(longest + 2)
    seen, two = np.zeros(groups, np.int8), np.empty((groups, 2))
    for i in range(room.size):
        first, last = start[i], start[i + 1]
        if room[i] <= 0 or first == last:
            continue
        gain[sector[option[first]]] += row_margins(
            first, last, option, weight, room[i], group, price, margin, top, seen, two
        )


@njit(cache=True, nogil=True)
def mark_margins(start, option, weight, room, group, groups, price, width, mark):  # type: ignore[no-untyped-def]
    """Mark each edge: 2 its need takes it for sure, 1 its margin is within ``width``, else 0."""
    longest = 0
    for i in range(room.size):
        longest = max(longest, start[i + 1] - start[i])
    margin, top = np.empty(longest), np.empty(longest + 2)
    seen, two = np.zeros(groups, np.int8), np.empty((groups, 2))
    for i in range(room.size):
        first, last = start[i], start[i + 1]
        if room[i] <= 0 or first == last:
            continue
        row_margins(first, last, option, weight, room[i], group, price, margin, top, seen, two)
        for e in range(first, last):
            if margin[e - first] > width:
                mark[e] = 2
            elif margin[e - first] >= -width and weight[e] > 0:
                mark[e] = 1


@njit(cache=True, nogil=True)
def _demand(curve, price, width, level):  # type: ignore[no-untyped-def]
    """Return how many would take an option at a price ``level``, between bins in proportion."""
    at = (level - price + width) * (0.5 * BINS / width)
    if at <= 0:
        return float(curve[0])
    if at >= BINS:
        return float(curve[BINS])
    k = int(at)
    return curve[k + 1] + (k + 1 - at) * (curve[k] - curve[k + 1])


@njit(cache=True, nogil=True)
def clear_market(curve, price, width, places, leaf_price, low, high, members, room, set_price):  # type: ignore[no-untyped-def]
    """Move prices to where demand meets places, each as if no other price moved.

    ``curve`` counts per bin and is summed up from above in place. Options come first, then the
    sets from inner to outer ones: set s has the options ``members[low[s]:high[s]]``. A price
    moves by ``width`` at most. Places below 0 mean no limit, places of 0 keep their price.
    """
    num_options = price.size
    level = np.zeros(num_options)
    step = 2 * width / BINS
    for j in range(num_options):
        for k in range(BINS - 1, -1, -1):
            curve[j, k] += curve[j, k + 1]
        if places[j] < 0:
            leaf_price[j] = 0.0
        elif places[j] > 0:
            k = BINS
            while k >= 0 and curve[j, k] < places[j]:
                k -= 1
            if k == BINS:
                leaf_price[j] = price[j] + width
            elif k < 0:
                leaf_price[j] = max(0.0, leaf_price[j] - width)
            else:
                share = (places[j] - curve[j, k + 1]) / (curve[j, k] - curve[j, k + 1])
                leaf_price[j] = max(0.0, price[j] - width + step * (k + 1 - share))
        level[j] = leaf_price[j]
    for s in range(room.size):
        if room[s] > 0:
            set_price[s] = _clear_set(
                curve, price, width, level, members[low[s] : high[s]], room[s], set_price[s]
            )
        for j in members[low[s] : high[s]]:
            level[j] = max(level[j], set_price[s])


@njit(cache=True, nogil=True)
def _clear_set(curve, price, width, level, members, room, before):  # type: ignore[no-untyped-def]
    """Return the least price of a set, within ``width`` of before, that leaves no excess."""
    lo, hi = max(0.0, before - width), before + width
    for _ in range(40):
        middle = lo if _ == 0 else 0.5 * (lo + hi)
        demand = 0.0
        for j in members:
            demand += _demand(curve[j], price[j], width, max(middle, level[j]))
        if demand <= room:
            if _ == 0:
                return lo
            hi = middle
        else:
            lo = middle
    return hi
