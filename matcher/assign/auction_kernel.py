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
def _alternative(own, rows, price):  # type: ignore[no-untyped-def]
    """Return what the best edge would gain that a need could hold in place of its edge ``own``."""
    start, need, option, weight, group, seen, taken = rows
    i, best, grouped = need[own], 0.0, group.size > 0
    first, last = start[i], start[i + 1]
    if taken.size == 0:
        begin, middle, end = np.uint64(first), np.uint64(own), np.uint64(last)
        for e in range(begin, middle):
            best = max(best, weight[e] - price[np.uint32(option[e])])
        for e in range(middle + np.uint64(1), end):
            best = max(best, weight[e] - price[np.uint32(option[e])])
        return best
    if grouped:
        for e in range(first, last):
            if taken[e] and e != own:
                seen[group[option[e]]] = 1
    for e in range(first, last):
        if e == own or taken[e] or (grouped and seen[group[option[e]]]):
            continue
        best = max(best, weight[e] - price[option[e]])
    if grouped:
        for e in range(first, last):
            seen[group[option[e]]] = 0
    return best


@njit(cache=True, nogil=True)
def _refresh(options, rows, heaps):  # type: ignore[no-untyped-def]
    """Heap the edges of stale options by the bids at which their needs would leave."""
    heap, fill, bid, held, price, stale = heaps
    for j in options:
        if not stale[j]:
            continue
        stale[j] = 0
        for k in range(fill[j]):
            edge = held[heap[j] + k]
            offer = rows[3][edge] - _alternative(edge, rows, price)
            _rise(bid, held, heap[j], k, offer, edge)


@njit(cache=True, nogil=True)
def _any(marked, options):  # type: ignore[no-untyped-def]
    """Return whether an option is marked."""
    found = False
    for j in options:
        found = found or marked[j] != 0
    return found


@njit(cache=True, nogil=True)
def _drop(j, heaps):  # type: ignore[no-untyped-def]
    """Take the lowest bid from option j and return its edge."""
    heap, fill, bid, held, _, _ = heaps
    out = held[heap[j]]
    fill[j] -= 1
    at = heap[j] + fill[j]
    _sink(bid, held, heap[j], fill[j], bid[at], held[at])
    return out


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
        _refresh(mine, rows, heaps)
        while (fill[j] > places[j]) if s < 0 else (set_fill[s] > set_room[s]):
            k, _ = _lowest(bid, heaps[0], fill, mine)
            edge = _drop(k, heaps)
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
                    _refresh(everyone[j : j + 1], rows, heaps)
                if bid[heap[j]] >= offer:  # of a plan taken up, whose prices were too low
                    price[j] = bid[heap[j]]
                    continue
                out = held[heap[j]]
                _sink(bid, held, heap[j], fill[j], offer, edge)
            else:
                s = parent[j]
                while s >= 0 and set_fill[s] < set_room[s]:
                    s = set_parent[s]
                if s >= 0:
                    k = np.int64(-1)
                    if warm and _any(stale, members[low[s] : high[s]]):
                        # The lowest bid of the option itself is near enough to that of the set.
                        _refresh(everyone[j : j + 1], rows, heaps)
                        if fill[j] > 0 and bid[heap[j]] < offer:
                            k = np.int64(j)
                        else:
                            _refresh(members[low[s] : high[s]], rows, heaps)
                    if k < 0:
                        k, least = _lowest(bid, heap, fill, members[low[s] : high[s]])
                        if least >= offer:
                            for m in members[low[s] : high[s]]:
                                price[m] = max(price[m], least)
                            continue
                    out = _drop(k, heaps)
                    t = parent[k]
                    while t != s:
                        set_fill[t] -= 1
                        t = set_parent[t]
                _rise(bid, held, heap[j], fill[j], offer, edge)
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
                    _refresh(everyone[j : j + 1], rows, heaps)
                price[j] = max(price[j], bid[heap[j]])
            t = parent[j]
            while t >= 0:
                if set_fill[t] == set_room[t] and not (
                    warm and _any(stale, members[low[t] : high[t]])
                ):
                    _, least = _lowest(bid, heap, fill, members[low[t] : high[t]])
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
            _, outer[s] = _lowest(bid, heap, fill, mine)
