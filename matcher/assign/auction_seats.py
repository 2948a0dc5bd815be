"""Kernels that take up an earlier plan: who holds a place, loses it, would bid for it.

Everything here is compiled by numba; import it only where a problem is large enough to wait for
that.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from matcher.assign.auction_heaps import drop, lowest, refresh


@njit(cache=True, nogil=True)
def read_plan(plan, need, option, weight, plan_need, plan_option, plan_weight, count):  # type: ignore[no-untyped-def]
    """Copy needs, options and weights of the edges of a plan and count those of each option.

    Returns
    -------
    tuple
        The largest weight and the sum of all, not exact.
    """
    most, total = 0.0, 0.0
    for k in range(plan.size):
        e = np.uint64(plan[k])
        plan_need[k] = need[e]
        j = np.uint32(option[e])
        plan_option[k] = j
        count[j] += 1
        plan_weight[k] = weight[e]
        most = max(most, weight[e])
        total += weight[e]
    return most, total


@njit(cache=True, nogil=True)
def seat(  # type: ignore[no-untyped-def]
    plan, plan_need, plan_option, plan_weight, group, groups, taken, open_room,
    heap, fill, held, parent, set_parent, set_fill,
):  # fmt: skip
    """Let options hold the ascending edges of a plan that their needs may take; return how many.

    An edge without worth, of a need without room, or in a group that its need has already, stays
    out. Heaps are large enough.
    """
    seated = 0
    mine = np.full(groups, -1, np.int64)
    for k in range(plan.size):
        i, j = plan_need[k], plan_option[k]
        if open_room[i] <= 0 or plan_weight[k] <= 0 or (k > 0 and plan[k - 1] == plan[k]):
            continue
        if groups > 0:
            if mine[group[j]] == i:
                continue
            mine[group[j]] = i
        open_room[i] -= 1
        if taken.size > 0:
            taken[plan[k]] = 1
        held[heap[j] + fill[j]] = plan[k]
        fill[j] += 1
        seated += 1
        s = parent[j]
        while s >= 0:
            set_fill[s] += 1
            s = set_parent[s]
    return seated


@njit(cache=True, nogil=True)
def unseat(  # type: ignore[no-untyped-def]
    rows, heaps, open_room, places, parent, set_parent, low, high, members, set_room, set_fill, lost
):
    """Take the lowest bids from options, then from sets, that hold more than they may.

    ``lost`` is set for the needs that lose a place.
    """
    fill, bid = heaps[1], heaps[2]
    everyone = np.arange(places.size)
    for s in range(-places.size, set_room.size):
        j = s + places.size
        if s < 0 and (places[j] < 0 or fill[j] <= places[j]):
            continue
        if s >= 0 and set_fill[s] <= set_room[s]:
            continue
        mine = everyone[j : j + 1] if s < 0 else members[low[s] : high[s]]
        refresh(mine, rows, heaps)
        while (fill[j] > places[j]) if s < 0 else (set_fill[s] > set_room[s]):
            k, _ = lowest(bid, heaps[0], fill, mine)
            edge = drop(k, heaps)
            i = rows[1][edge]
            open_room[i] += 1
            lost[i] = 1
            if rows[6].size > 0:
                rows[6][edge] = 0
            t = parent[k]
            while t >= 0:
                set_fill[t] -= 1
                t = set_parent[t]


@njit(cache=True, nogil=True)
def _choice(begin, end, rows, seen, price, cheap, i):  # type: ignore[no-untyped-def]
    """Return the option that a need likes best at 0 for ``cheap`` ones, and by how much."""
    option, weight, group, taken = rows
    many, grouped = taken.size > 0, group.size > 0
    if grouped:
        for e in range(begin, end):
            if taken[e]:
                seen[group[option[e]]] = i
    first, second, best = 0.0, 0.0, np.int64(-1)
    for e in range(begin, end):
        j = np.uint32(option[e])
        if many and (taken[e] or (grouped and seen[group[j]] == i)):
            continue
        value = weight[e] - (0.0 if cheap[j] else price[j])
        if value > first:
            second = first
            first = value
            best = np.int64(j)
        elif value > second:
            second = value
    return best, first - second


@njit(cache=True, nogil=True)
def best_offers(  # type: ignore[no-untyped-def]
    edges, start, need, option, weight, group, groups, taken, open_room, price, cheap, least,
    who, wanted, offer,
):  # fmt: skip
    """Ask needs with room what they would bid for an option marked ``cheap``.

    Of each need that prefers one, at prices that are 0 for ``cheap`` options, the next entry of
    ``who`` becomes its number, of ``wanted`` that option, of ``offer`` by how much it is better
    than the best other edge. ``edges`` have all those of cheap options. Offers that are not above
    ``least`` of their option are left out, so only needs with an edge of a greater weight are
    read.

    Returns
    -------
    int
        How many these are.
    """
    count = 0
    seen = np.full(groups, -1, np.int64)
    asked = np.zeros(open_room.size, np.int8)
    rows = (option, weight, group, taken)
    for e in edges:
        i = need[e]
        j = option[e]
        if not cheap[j] or weight[e] <= least[j] or asked[i] or open_room[i] <= 0:
            continue
        asked[i] = 1
        begin, end = np.uint64(start[i]), np.uint64(start[i + 1])
        best, more = _choice(begin, end, rows, seen, price, cheap, np.int64(i))
        if best >= 0 and cheap[best] and more > least[best]:
            who[count] = i
            wanted[count] = best
            offer[count] = more
            count += 1
    return count


@njit(cache=True, nogil=True)
def merge_plan(  # type: ignore[no-untyped-def]
    edge, option, weight, changed, new, weights, merged, merged_weight
):
    """Merge ascending edges of options that are not ``changed`` with the ascending ``new`` ones.

    ``weights`` are those of all edges.

    Returns
    -------
    int
        How many edges ``merged`` has got.
    """
    count, k = 0, 0
    for n in range(edge.size):
        if changed[option[n]]:
            continue
        while k < new.size and new[k] < edge[n]:
            merged[count] = new[k]
            merged_weight[count] = weights[new[k]]
            count += 1
            k += 1
        merged[count] = edge[n]
        merged_weight[count] = weight[n]
        count += 1
    for e in new[k:]:
        merged[count] = e
        merged_weight[count] = weights[e]
        count += 1
    return count
