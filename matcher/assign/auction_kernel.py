"""The kernel of the auction: needs bid, options keep their best bids in heaps.

Everything here is compiled by numba; import it only where a problem is large enough to wait for
that.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, inline="always")
def _sink(bid, held, first, size, offer, edge):  # type: ignore[no-untyped-def]
    """Put a bid at the top of a heap of ``size`` whose top is free, and let it sink."""
    k = 0
    while True:
        child = 2 * k + 1
        if child >= size:
            break
        if child + 1 < size and bid[first + child + 1] < bid[first + child]:
            child += 1
        if bid[first + child] >= offer:
            break
        bid[first + k] = bid[first + child]
        held[first + k] = held[first + child]
        k = child
    bid[first + k] = offer
    held[first + k] = edge


@njit(cache=True, nogil=True, inline="always")
def _rise(bid, held, first, size, offer, edge):  # type: ignore[no-untyped-def]
    """Put a bid at the end of a heap of ``size`` and let it rise."""
    k = size
    while k > 0:
        parent = (k - 1) >> 1
        if bid[first + parent] <= offer:
            break
        bid[first + k] = bid[first + parent]
        held[first + k] = held[first + parent]
        k = parent
    bid[first + k] = offer
    held[first + k] = edge


@njit(cache=True, nogil=True, inline="always")
def _lowest(bid, heap, fill, members):  # type: ignore[no-untyped-def]
    """Return the member with the lowest bid, the first of equals, and that bid."""
    least, owner = np.inf, -1
    for j in members:
        if fill[j] > 0 and bid[heap[j]] < least:
            least = bid[heap[j]]
            owner = j
    return owner, least


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
    places, heap, fill, bid, held, price,
    parent, set_parent, low, high, members, set_room, set_fill,
    least_rise, queue, waiting, waits, most_bids,
):  # fmt: skip
    """Let the first ``waiting`` needs of ``queue`` bid until none of them wants more.

    A need bids for its best edge what leaves it as well off as its next best would, and
    ``least_rise`` more. A full option, or the innermost full set around it, drops its lowest
    bid; whoever bid that joins the queue again. It ends early after ``most_bids``.

    ``open_room`` counts the edges that each need may still take and ``fill`` and ``set_fill``
    what options and sets hold. ``taken`` marks held edges; it may be empty where no need may
    take more than one. The lowest bid of whatever is full is a floor of the price of all that
    it holds, so prices only rise. Sets are listed from inner to outer ones, -1 is no parent, and
    places of -1 mean no limit. ``waits`` marks who is in the queue.

    Returns
    -------
    int
        The number of bids.
    """
    head, bids = 0, 0
    many = taken.size > 0
    seen = np.zeros(groups, np.int8)
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
            offer = weight[edge] - second + least_rise
            out = -1
            if fill[j] == places[j]:
                out = held[heap[j]]
                _sink(bid, held, heap[j], fill[j], offer, edge)
            else:
                s = parent[j]
                while s >= 0 and set_fill[s] < set_room[s]:
                    s = set_parent[s]
                if s >= 0:
                    k, _ = _lowest(bid, heap, fill, members[low[s] : high[s]])
                    out = held[heap[k]]
                    fill[k] -= 1
                    at = heap[k] + fill[k]
                    _sink(bid, held, heap[k], fill[k], bid[at], held[at])
                    t = parent[k]
                    while t != s:
                        set_fill[t] -= 1
                        t = set_parent[t]
                _rise(bid, held, heap[j], fill[j], offer, edge)
                fill[j] += 1
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
                price[j] = max(price[j], bid[heap[j]])
            t = parent[j]
            while t >= 0:
                if set_fill[t] == set_room[t]:
                    _, least = _lowest(bid, heap, fill, members[low[t] : high[t]])
                    for k in members[low[t] : high[t]]:
                        price[k] = max(price[k], least)
                t = set_parent[t]
    return bids


@njit(cache=True, nogil=True)
def floors(places, heap, fill, bid, low, high, members, set_room, set_fill, leaf, outer):  # type: ignore[no-untyped-def]
    """Fill ``leaf`` and ``outer`` with what the held bids justify as prices.

    Of an option or set that is full its lowest bid, of any other 0.
    """
    for j in range(places.size):
        leaf[j] = bid[heap[j]] if fill[j] == places[j] and fill[j] > 0 else 0.0
    for s in range(set_room.size):
        outer[s] = 0.0
        if set_fill[s] == set_room[s] and set_fill[s] > 0:
            _, outer[s] = _lowest(bid, heap, fill, members[low[s] : high[s]])
