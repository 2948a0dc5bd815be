"""Kernels that take up an earlier plan: who holds a place, loses it, would bid for it.

Everything here is compiled by numba; import it only where a problem is large enough to wait for
that.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from matcher.assign.auction_heaps import drop, lowest, refresh


@njit(cache=True, nogil=True)
def read_plan(plan, option, weight, plan_option, plan_weight, lo, hi):  # type: ignore[no-untyped-def]
    """Copy options and weights of the edges ``plan[lo:hi]``."""
    for k in range(lo, hi):
        e = np.uint64(plan[k])
        plan_option[k] = option[e]
        plan_weight[k] = weight[e]


@njit(cache=True, nogil=True)
def seat(  # type: ignore[no-untyped-def]
    plan, start, plan_option, plan_weight, group, groups, taken, open_room,
    heap, fill, held, parent, set_parent, set_fill,
):  # fmt: skip
    """Let options hold the ascending edges of a plan that their needs may take; return how many.

    An edge without worth, of a need without room, or in a group that its need has already, stays
    out. Heaps are large enough.
    """
    seated, i = 0, 0
    mine = np.full(groups, -1, np.int64)
    for k in range(plan.size):
        j = plan_option[k]
        while start[i + 1] <= plan[k]:
            i += 1
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
def best_offers(  # type: ignore[no-untyped-def]
    start, option, weight, group, groups, taken, open_room, price, cheap, who, wanted, offer, lo, hi
):
    """Ask needs ``lo`` to ``hi`` with room what they would bid for an option marked ``cheap``.

    Of each need that prefers one, at prices that are 0 for ``cheap`` options, the next entry of
    ``who`` becomes its number, of ``wanted`` that option, of ``offer`` by how much it is better
    than the best other edge.

    Returns
    -------
    int
        How many these are; those beyond the length of ``who`` are only counted.
    """
    count, many = 0, taken.size > 0
    seen = np.full(groups, -1, np.int64)
    for i in range(lo, hi):
        if open_room[i] <= 0:
            continue
        begin, end = np.uint64(start[i]), np.uint64(start[i + 1])
        asked = False
        for e in range(begin, end):
            if cheap[np.uint32(option[e])]:
                asked = True
                break
        if not asked:
            continue
        if groups > 0:
            for e in range(begin, end):
                if taken[e]:
                    seen[group[option[e]]] = i
        first, second, best = 0.0, 0.0, np.int64(-1)
        for e in range(begin, end):
            j = np.uint32(option[e])
            if many and (taken[e] or (groups > 0 and seen[group[j]] == i)):
                continue
            value = weight[e] - (0.0 if cheap[j] else price[j])
            if value > first:
                second = first
                first = value
                best = np.int64(j)
            elif value > second:
                second = value
        if best >= 0 and cheap[best]:
            if count < who.size:
                who[count] = i
                wanted[count] = best
                offer[count] = first - second
            count += 1
    return count
