"""Kernels that make a plan at given prices: wishes, what fits, and better plans by exchange.

A plan is a tuple ``(left, open_room, slot, held, after, before, head)``: what is left of each
row and need; need i holds the edges ``held[slot[i]:slot[i + 1]]``, -1 where a place is free;
the slots of each option form a list that starts at ``head[option]`` and goes on by ``after``
and ``before``. A market is the tuple of `DualMarket.facts`. Everything that counts is in exact
integers. Everything is compiled by numba; import it only where a problem is solved.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, inline="always")
def _draw(market, e, kind):  # type: ignore[no-untyped-def]
    """Return what an edge draws in a class."""
    if kind == 0:
        return np.int64(1)
    if kind == 1:
        return market[3][e]
    return market[4][kind - 2, e]


@njit(cache=True, nogil=True, inline="always")
def _net(market, price, e):  # type: ignore[no-untyped-def]
    """Return the weight of an edge less what it draws at the prices."""
    j = market[1][e]
    value = market[2][e] - price[0, j]
    if market[3].size:
        value -= price[1, j] * market[3][e]
    for q in range(market[4].shape[0]):
        value -= price[q + 2, j] * market[4][q, e]
    return value


@njit(cache=True, nogil=True)
def _fits(market, left, e, f):  # type: ignore[no-untyped-def]
    """Return whether the rows have room for edge e once edge f, if not -1, is gone."""
    _, option, _, _, _, _, row_start, row_of, row_class, _ = market
    j = option[e]
    for k in range(row_start[j], row_start[j + 1]):
        p = row_of[k]
        kind = row_class[p]
        lacks = _draw(market, e, kind) - left[p]
        if lacks > 0:
            if f < 0:
                return False
            i = option[f]
            frees = np.int64(0)
            for s in range(row_start[i], row_start[i + 1]):
                if row_of[s] == p:
                    frees = _draw(market, f, kind)
            if frees < lacks:
                return False
    return True


@njit(cache=True, nogil=True)
def _draw_on(market, left, e, sign):  # type: ignore[no-untyped-def]
    """Take what an edge draws off its rows (sign -1) or give it back (sign 1)."""
    _, option, _, _, _, _, row_start, row_of, row_class, _ = market
    j = option[e]
    for k in range(row_start[j], row_start[j + 1]):
        p = row_of[k]
        left[p] += sign * _draw(market, e, row_class[p])


@njit(cache=True, nogil=True)
def _add(market, plan, e):  # type: ignore[no-untyped-def]
    """Put an edge into the plan; its need has room."""
    left, open_room, slot, held, after, before, head = plan
    i = market[9][e]
    s = slot[i]
    while held[s] >= 0:
        s += 1
    j = market[1][e]
    held[s] = e
    before[s] = -1
    after[s] = head[j]
    if head[j] >= 0:
        before[head[j]] = s
    head[j] = s
    open_room[i] -= 1
    _draw_on(market, left, e, -1)


@njit(cache=True, nogil=True)
def _drop(market, plan, e):  # type: ignore[no-untyped-def]
    """Take an edge out of the plan."""
    left, open_room, slot, held, after, before, head = plan
    i = market[9][e]
    s = slot[i]
    while held[s] != e:
        s += 1
    if before[s] >= 0:
        after[before[s]] = after[s]
    else:
        head[market[1][e]] = after[s]
    if after[s] >= 0:
        before[after[s]] = before[s]
    held[s] = -1
    open_room[i] += 1
    _draw_on(market, left, e, 1)


@njit(cache=True, nogil=True)
def _holds(plan, i, e):  # type: ignore[no-untyped-def]
    slot, held = plan[2], plan[3]
    for s in range(slot[i], slot[i + 1]):
        if held[s] == e:
            return True
    return False


@njit(cache=True, nogil=True)
def _in_the_way(market, plan, price, e):  # type: ignore[no-untyped-def]
    """Return the held edge that must go if the need of e takes it: -1 for none, -2 for too many.

    It is the one of the same group, or the one with the least net weight where the need is full.
    """
    option, group, need = market[1], market[5], market[9]
    slot, held = plan[2], plan[3]
    i = need[e]
    worst, least, full = -1, np.inf, plan[1][i] <= 0
    for s in range(slot[i], slot[i + 1]):
        f = held[s]
        if f < 0:
            continue
        if f == e:
            return -2
        if group.size and group[option[f]] == group[option[e]]:
            return f
        if full:
            value = _net(market, price, f)
            if value < least:
                worst, least = f, value
    if full and worst < 0:
        return -2
    return worst


@njit(cache=True, nogil=True)
def wishes(market, room, price, groups, edge, margin, gain):  # type: ignore[no-untyped-def]
    """Write what each need wants most at the prices, and by what it is better than the next.

    ``gain[i]`` becomes what need i gains with all it wants. Returns the number of wishes.
    """
    start, option, group = market[0], market[1], market[5]
    longest = 1
    for i in range(room.size):
        longest = max(longest, start[i + 1] - start[i])
    net, picked = np.empty(longest), np.zeros(longest, np.int8)
    seen = np.zeros(groups, np.int8)
    count = 0
    for i in range(room.size):
        first, degree = start[i], start[i + 1] - start[i]
        gain[i] = 0.0
        if room[i] <= 0:
            continue
        for k in range(degree):
            net[k] = _net(market, price, first + k)
            picked[k] = 0
        begin = count
        for _ in range(min(room[i], degree)):
            best, value = -1, 0.0
            for k in range(degree):
                if net[k] > value and not picked[k]:
                    if group.size and seen[group[option[first + k]]]:
                        continue
                    best, value = k, net[k]
            if best < 0:
                break
            picked[best] = 1
            if group.size:
                seen[group[option[first + best]]] = 1
            edge[count] = first + best
            margin[count] = value
            gain[i] += value
            count += 1
        spare = 0.0
        for k in range(degree):
            if not picked[k] and net[k] > spare:
                if not (group.size and seen[group[option[first + k]]]):
                    spare = net[k]
        for n in range(begin, count):
            other = spare
            if group.size:
                g = group[option[edge[n]]]
                seen[g] = 0
                for k in range(degree):
                    if not picked[k] and net[k] > other and group[option[first + k]] == g:
                        other = net[k]
            margin[n] -= other
    return count


@njit(cache=True, nogil=True)
def take_in_order(market, plan, price, edges):  # type: ignore[no-untyped-def]
    """Put edges into the plan, one after the other, if nothing is in the way and they fit."""
    count = 0
    for e in edges:
        i = market[9][e]
        if plan[1][i] <= 0 or not _fits(market, plan[0], e, -1):
            continue
        if _in_the_way(market, plan, price, e) != -1:
            continue
        _add(market, plan, e)
        count += 1
    return count


@njit(cache=True, nogil=True)
def addable_edges(market, plan, price, out, net):  # type: ignore[no-untyped-def]
    """List the edges that could join the plan alone, and their net weights."""
    start, weight = market[0], market[2]
    count = 0
    for i in range(start.size - 1):
        if plan[1][i] <= 0:
            continue
        for e in range(start[i], start[i + 1]):
            if weight[e] > 0 and count < out.size and _fits(market, plan[0], e, -1):
                if _in_the_way(market, plan, price, e) == -1:
                    out[count] = e
                    net[count] = _net(market, price, e)
                    count += 1
    return count


@njit(cache=True, nogil=True)
def losses(market, plan, price, gain, out):  # type: ignore[no-untyped-def]
    """Write what each need misses at the prices: what it could gain less what it holds."""
    slot, held = plan[2], plan[3]
    for i in range(gain.size):
        value = gain[i]
        for s in range(slot[i], slot[i + 1]):
            if held[s] >= 0:
                value -= _net(market, price, held[s])
        out[i] = value


@njit(cache=True, nogil=True)
def _refuge(market, plan, price, i, gone, least):  # type: ignore[no-untyped-def]
    """Return the edge that fits need i best after it lost ``gone``, if weight exceeds ``least``.

    The edge may push out one that the need holds; returned are the edge, the one pushed out (-1
    for none) and the gain in weight.
    """
    start, weight = market[0], market[2]
    best, out, most = -1, -1, least
    for e in range(start[i], start[i + 1]):
        if weight[e] <= most or e == gone:
            continue
        f = _in_the_way(market, plan, price, e)
        if f == -2:
            continue
        value = float(weight[e]) - (float(weight[f]) if f >= 0 else 0.0)
        if value > most and _fits(market, plan[0], e, f):
            best, out, most = e, f, value
    return best, out, most


@njit(cache=True, nogil=True)
def _put(market, plan, e, f):  # type: ignore[no-untyped-def]
    if f >= 0:
        _drop(market, plan, f)
    _add(market, plan, e)


@njit(cache=True, nogil=True)
def _undo(market, plan, e, f):  # type: ignore[no-untyped-def]
    _drop(market, plan, e)
    if f >= 0:
        _add(market, plan, f)


@njit(cache=True, nogil=True)
def _push_in(market, plan, price, e, least, width, deep):  # type: ignore[no-untyped-def]
    """Put edge e in by pushing another out of its option, if that raises the total weight.

    Returns the gain, 0 where nothing was done. Need of e gives up what is in the way. Whoever
    is pushed out takes the best that fits it; if ``deep``, it may push out another in turn.
    """
    option, weight, need = market[1], market[2], market[9]
    left, _, slot, held, after, before, head = plan
    f = _in_the_way(market, plan, price, e)
    if f == -2:
        return 0.0
    gain = float(weight[e]) - (float(weight[f]) if f >= 0 else 0.0)
    if f >= 0:
        _drop(market, plan, f)
    if _fits(market, left, e, -1):
        if gain > least:
            _add(market, plan, e)
            return gain
        if f >= 0:
            _add(market, plan, f)
        return 0.0
    best, into, out, most = -1, -1, -1, least
    s = head[option[e]]
    turns = 0
    while s >= 0 and turns < width:
        g = held[s]
        s = after[s]
        turns += 1
        if need[g] == need[e] or not _fits(market, left, e, g):
            continue
        lost = gain - float(weight[g])
        _drop(market, plan, g)
        _draw_on(market, left, e, -1)
        k, o, value = _refuge(market, plan, price, need[g], g, max(most - lost, 0.0))
        if k < 0 and lost > most:
            value = 0.0
            k = -2
        if k != -1:
            best, into, out, most = g, k, o, lost + value
        _draw_on(market, left, e, 1)
        _add(market, plan, g)
        # The list now starts with g, so s, which came after it, still goes on behind it.
    if best >= 0:
        _drop(market, plan, best)
        _add(market, plan, e)
        if into >= 0:
            _put(market, plan, into, out)
        return most
    if f >= 0:
        _add(market, plan, f)
    return 0.0


@njit(cache=True, nogil=True)
def exchange(market, plan, price, gain, needs, least, width, deep):  # type: ignore[no-untyped-def]
    """Let needs, in the order given, push their missed wishes in; return the weight gained."""
    start = market[0]
    slot, held = plan[2], plan[3]
    total = 0.0
    for i in needs:
        moved = True
        turns = 0
        while moved and turns < 4:
            moved = False
            turns += 1
            worst = np.inf
            if plan[1][i] > 0:
                worst = 0.0
            for s in range(slot[i], slot[i + 1]):
                if held[s] >= 0:
                    worst = min(worst, _net(market, price, held[s]))
            for e in range(start[i], start[i + 1]):
                if market[2][e] <= 0 or _net(market, price, e) <= worst - deep:
                    continue
                more = _push_in(market, plan, price, e, least, width, deep)
                if more > 0:
                    total += more
                    moved = True
    return total
