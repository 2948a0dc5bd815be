"""The kernel of the auction: needs bid, options keep their best bids in heaps.

Everything here is compiled by numba; import it only where a problem is large enough to wait for
that.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from matcher.assign.auction_heaps import any_marked, drop, lowest, refresh, rise, sink


@njit(cache=True, nogil=True)
def _offer(option, weight, first, last, group, seen, taken, price):  # type: ignore[no-untyped-def]
    """Return the best edge that a need may still take, and what the next best would gain."""
    best, value, second = np.int64(-1), 0.0, 0.0
    begin, end = np.uint64(first), np.uint64(last)  # spares the test for negative indices
    if taken.size == 0:
        for e in range(begin, end):
            gain = weight[e] - price[np.uint32(option[e])]
            if gain > second:
                if gain > value:
                    second = value
                    value = gain
                    best = np.int64(e)
                else:
                    second = gain
        return best, second
    grouped = group.size > 0
    if grouped:
        for e in range(begin, end):
            if taken[e]:
                seen[group[option[e]]] = 1
    for e in range(begin, end):
        j = np.uint32(option[e])
        if taken[e] or (grouped and seen[group[j]]):
            continue
        gain = weight[e] - price[j]
        if gain > value:
            second = value
            value = gain
            best = np.int64(e)
        elif gain > second:
            second = gain
    if grouped:
        for e in range(begin, end):
            seen[group[option[e]]] = 0
    return best, second


@njit(cache=True, nogil=True)
def hold_auction(  # type: ignore[no-untyped-def]
    start, need, option, weight, open_room, group, groups, taken,
    places, heap, fill, bid, held, price, stale,
    parent, set_parent, low, high, members, set_room, set_fill,
    least_rise, least_gain, queue, waiting, waits, most_bids,
):  # fmt: skip
    """Let the first ``waiting`` needs of ``queue`` bid until none of them wants more.

    A need bids for its best edge what leaves it as well off as its next best would, and
    ``least_rise`` more, if it gains ``least_gain`` at least. A full option, or the innermost
    full set around it, drops its lowest bid; whoever bid that joins the queue again. It ends
    early after ``most_bids``.

    ``open_room`` counts the edges that each need may still take and ``fill`` and ``set_fill``
    what options and sets hold. ``taken`` marks held edges; it may be empty where no need may
    take more than one. The lowest bid of whatever is full is a floor of the price of all that
    it holds, so prices only rise. Sets are listed from inner to outer ones, -1 is no parent, and
    places of -1 mean no limit. ``waits`` marks who is in the queue. ``stale`` marks options that
    hold edges of an earlier plan, with 2 if others too; their bids are made up when they are
    first asked for.

    Returns
    -------
    int
        The number of bids.
    """
    head, bids = 0, 0
    many, warm = taken.size > 0, stale.any()
    seen = np.zeros(groups, np.int8)
    rows = (start, need, option, weight, group, seen, taken)
    heaps = (heap, fill, bid, held, price, stale)
    everyone = np.arange(places.size)
    while waiting > 0 and bids < most_bids:
        i = queue[head]
        waits[i] = 0
        head = head + 1 if head + 1 < queue.size else 0
        waiting -= 1
        while open_room[i] > 0:
            edge, second = _offer(option, weight, start[i], start[i + 1], group, seen, taken, price)
            bids += 1
            if edge < 0:
                break
            j = option[edge]
            if weight[edge] - price[j] < least_gain:
                break
            offer = weight[edge] - second + least_rise
            out = -1
            if fill[j] == places[j]:
                if stale[j]:
                    refresh(everyone[j : j + 1], rows, heaps)
                if bid[heap[j]] >= offer:  # of a plan taken up, whose prices were too low
                    price[j] = bid[heap[j]]
                    continue
                out = held[heap[j]]
                sink(bid, held, heap[j], fill[j], offer, edge)
            else:
                s = parent[j]
                while s >= 0 and set_fill[s] < set_room[s]:
                    s = set_parent[s]
                if s >= 0:
                    k = np.int64(-1)
                    if warm and any_marked(stale, members[low[s] : high[s]]):
                        # The lowest bid of the option itself is near enough to that of the set.
                        refresh(everyone[j : j + 1], rows, heaps)
                        if fill[j] > 0 and bid[heap[j]] < offer:
                            k = np.int64(j)
                        else:
                            refresh(members[low[s] : high[s]], rows, heaps)
                    if k < 0:
                        k, least = lowest(bid, heap, fill, members[low[s] : high[s]])
                        if least >= offer:
                            for m in members[low[s] : high[s]]:
                                price[m] = max(price[m], least)
                            continue
                    out = drop(k, heaps)
                    t = parent[k]
                    while t != s:
                        set_fill[t] -= 1
                        t = set_parent[t]
                rise(bid, held, heap[j], fill[j], offer, edge)
                fill[j] += 1
                if stale[j]:
                    stale[j] = 2
                t = parent[j]
                while t != s:
                    set_fill[t] += 1
                    t = set_parent[t]
            open_room[i] -= 1
            if many:
                taken[edge] = 1
            if out >= 0:
                loser = need[out]
                if many:
                    taken[out] = 0
                open_room[loser] += 1
                if loser != i and not waits[loser]:
                    waits[loser] = 1
                    tail = head + waiting
                    queue[tail if tail < queue.size else tail - queue.size] = loser
                    waiting += 1
            if fill[j] == places[j]:
                if stale[j]:
                    refresh(everyone[j : j + 1], rows, heaps)
                price[j] = max(price[j], bid[heap[j]])
            t = parent[j]
            while t >= 0:
                if set_fill[t] == set_room[t] and not (
                    warm and any_marked(stale, members[low[t] : high[t]])
                ):
                    _, least = lowest(bid, heap, fill, members[low[t] : high[t]])
                    for k in members[low[t] : high[t]]:
                        price[k] = max(price[k], least)
                t = set_parent[t]
    return bids


@njit(cache=True, nogil=True)
def floors(  # type: ignore[no-untyped-def]
    places, heap, fill, bid, stale, low, high, members, set_room, set_fill, leaf, outer
):
    """Fill ``leaf`` and ``outer`` with what the held bids justify as prices.

    Of an option or set that is full its lowest bid, of any other 0. Full ones that are stale, or
    have stale members, are left as they are.
    """
    for j in range(places.size):
        if fill[j] != places[j] or fill[j] == 0:
            leaf[j] = 0.0
        elif not stale[j]:
            leaf[j] = bid[heap[j]]
    for s in range(set_room.size):
        mine = members[low[s] : high[s]]
        if set_fill[s] != set_room[s] or set_fill[s] == 0:
            outer[s] = 0.0
            continue
        fresh = True
        for j in mine:
            fresh = fresh and (fill[j] == 0 or not stale[j])
        if fresh:
            _, outer[s] = lowest(bid, heap, fill, mine)
