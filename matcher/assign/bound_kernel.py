"""The kernel of the bound where edges draw unlike quantities.

Everything here is compiled by numba; import it only where a problem is solved.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def gain_of_draws(  # type: ignore[no-untyped-def]
    start, option, weight, draws, room, group, groups, price, low, high
):
    """Return what the needs from ``low`` up to ``high`` gain, each on its own.

    An edge costs ``price[0, option]`` and ``price[k + 1, option]`` for each unit of
    ``draws[k, e]``. Sums are compensated: they are rounded as if they were twice as long.
    """
    longest = 1
    for i in range(low, high):
        longest = max(longest, start[i + 1] - start[i])
    net, top = np.empty(longest), np.empty(longest + 1)
    slot, best = np.full(groups, -1, np.int32), np.empty(longest)
    total, lost = 0.0, 0.0
    for i in range(low, high):
        first, degree = start[i], start[i + 1] - start[i]
        many = min(room[i], degree)
        if many <= 0:
            continue
        for k in range(degree):
            e = first + k
            net[k] = -np.inf
            if weight[e] > 0:
                net[k] = float(weight[e]) - price[0, option[e]]
                for s in range(draws.shape[0]):
                    net[k] -= price[s + 1, option[e]] * draws[s, e]
        count = degree
        if groups > 0:
            count = 0
            for k in range(degree):
                g = group[option[first + k]]
                if slot[g] < 0:
                    slot[g] = count
                    best[count] = net[k]
                    count += 1
                elif net[k] > best[slot[g]]:
                    best[slot[g]] = net[k]
            for k in range(degree):
                slot[group[option[first + k]]] = -1
            for k in range(count):
                net[k] = best[k]
        size = 0
        for k in range(count):
            value = net[k]
            if value <= 0 or (size == many and value <= top[size - 1]):
                continue
            size = min(size + 1, many)
            at = size - 1
            while at > 0 and top[at - 1] < value:
                top[at] = top[at - 1]
                at -= 1
            top[at] = value
        for k in range(size):
            after = total + top[k]
            lost += (total - after) + top[k] if total >= top[k] else (top[k] - after) + total
            total = after
    return total + lost
