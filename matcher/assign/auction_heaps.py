"""Heaps of bids, one for each option, side by side in one array.

Everything here is compiled by numba; import it only where a problem is large enough to wait for
that.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, inline="always")
def sink(bid, held, first, size, offer, edge):  # type: ignore[no-untyped-def]
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
def rise(bid, held, first, size, offer, edge):  # type: ignore[no-untyped-def]
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
def lowest(bid, heap, fill, members):  # type: ignore[no-untyped-def]
    """Return the member with the lowest bid, the first of equals, and that bid."""
    least, owner = np.inf, -1
    for j in members:
        if fill[j] > 0 and bid[heap[j]] < least:
            least = bid[heap[j]]
            owner = j
    return owner, least


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
def refresh(options, rows, heaps):  # type: ignore[no-untyped-def]
    """Heap the edges of stale options by the bids at which their needs would leave."""
    heap, fill, bid, held, price, stale = heaps
    for j in options:
        if not stale[j]:
            continue
        stale[j] = 0
        for k in range(fill[j]):
            edge = held[heap[j] + k]
            offer = rows[3][edge] - _alternative(edge, rows, price)
            rise(bid, held, heap[j], k, offer, edge)


@njit(cache=True, nogil=True)
def any_marked(marked, options):  # type: ignore[no-untyped-def]
    """Return whether an option is marked."""
    found = False
    for j in options:
        found = found or marked[j] != 0
    return found


@njit(cache=True, nogil=True)
def drop(j, heaps):  # type: ignore[no-untyped-def]
    """Take the lowest bid from option j and return its edge."""
    heap, fill, bid, held, _, _ = heaps
    out = held[heap[j]]
    fill[j] -= 1
    at = heap[j] + fill[j]
    sink(bid, held, heap[j], fill[j], bid[at], held[at])
    return out
