"""Kernels that make a plan at given prices: wishes, what fits, and better plans by exchange.

A plan is ``left``, what is left of each row; ``open_room``, what is left of each need's limit;
``slot`` and ``held``: need i holds the edges ``held[slot[i]:slot[i + 1]]``, -1 where a place is
free; and the places of each option as a list from ``head[option]`` on by ``after`` and
``before``. All counts are exact integers. Everything here is compiled by numba; import it only
where a problem is solved. Arrays are passed one by one: in tuples they cost ten times as much.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_LIST = 1024
"""A list begins with room for so many, and doubles."""


@njit(cache=True, nogil=True)
def _net(option, weight, draws, price, e):  # type: ignore[no-untyped-def]
    """Return the weight of an edge less what it draws at the prices."""
    j = option[e]
    value = weight[e] - price[0, j]
    for q in range(draws.shape[0]):
        value -= price[q + 1, j] * draws[q, e]
    return value


@njit(cache=True, nogil=True)
def _fits(option, draws, row_start, row_of, row_class, left, e, f):  # type: ignore[no-untyped-def]
    """Return whether the rows have room for edge e once edge f, if not -1, is gone."""
    j = option[e]
    for k in range(row_start[j], row_start[j + 1]):
        p = row_of[k]
        kind = row_class[p]
        lacks = (draws[kind - 1, e] if kind > 0 else 1) - left[p]
        if lacks <= 0:
            continue
        if f < 0:
            return False
        frees = 0
        for s in range(row_start[option[f]], row_start[option[f] + 1]):
            if row_of[s] == p:
                frees = draws[kind - 1, f] if kind > 0 else 1
        if frees < lacks:
            return False
    return True


@njit(cache=True, nogil=True)
def _draw(option, draws, row_start, row_of, row_class, left, e, sign):  # type: ignore[no-untyped-def]
    """Add to the rows ``sign`` times what an edge draws."""
    j = option[e]
    for k in range(row_start[j], row_start[j + 1]):
        p = row_of[k]
        kind = row_class[p]
        left[p] += sign * (draws[kind - 1, e] if kind > 0 else 1)


@njit(cache=True, nogil=True)
def _link(option, slot, held, after, before, head, i, e):  # type: ignore[no-untyped-def]
    """Put edge e into a free place of need i."""
    s = slot[i]
    while held[s] >= 0:
        s += 1
    j = option[e]
    held[s] = e
    before[s] = -1
    after[s] = head[j]
    if head[j] >= 0:
        before[head[j]] = s
    head[j] = s


@njit(cache=True, nogil=True)
def _unlink(option, slot, held, after, before, head, i, e):  # type: ignore[no-untyped-def]
    """Free the place of need i that holds edge e."""
    s = slot[i]
    while held[s] != e:
        s += 1
    if before[s] >= 0:
        after[before[s]] = after[s]
    else:
        head[option[e]] = after[s]
    if after[s] >= 0:
        before[after[s]] = before[s]
    held[s] = -1


@njit(cache=True, nogil=True)
def _in_the_way(option, weight, draws, group, price, open_room, slot, held, i, e):  # type: ignore[no-untyped-def]
    """Return the held edge that must go if need i takes e: -1 for none, -2 if it holds e.

    It is the one of the same group, or the one with the least net weight where need i is full.
    """
    worst, least, full = -1, np.inf, open_room[i] <= 0
    for s in range(slot[i], slot[i + 1]):
        f = held[s]
        if f < 0:
            continue
        if f == e:
            return -2
        if group.size and group[option[f]] == group[option[e]]:
            return f
        if full:
            value = _net(option, weight, draws, price, f)
            if value < least:
                worst, least = f, value
    if full and worst < 0:
        return -2
    return worst


@njit(cache=True, nogil=True)
def _unmet_bonus(first_bonus, slot, held, i):  # type: ignore[no-untyped-def]
    """Return what need i would gain by being met at all: 0 if it is, or if no floor counts it."""
    if first_bonus.size == 0:
        return 0.0
    for s in range(slot[i], slot[i + 1]):
        if held[s] >= 0:
            return 0.0
    return first_bonus[i]


@njit(cache=True, nogil=True)
def wishes(  # type: ignore[no-untyped-def]
    start, option, weight, draws, room, group, groups, price, first_bonus, gain, lo, hi
):
    """Return what needs ``lo`` to ``hi`` want most, and by what it is better than the next.

    ``gain[i]`` becomes what need i gains with all it wants.
    """
    longest, most = 1, 0
    for i in range(lo, hi):
        most += min(max(room[i], 0), start[i + 1] - start[i])
        longest = max(longest, start[i + 1] - start[i])
    net, picked = np.empty(longest), np.zeros(longest, np.int8)
    seen = np.zeros(groups, np.int8)
    edge, margin = np.empty(most, np.int32), np.empty(most)
    grouped = group.size > 0
    count = 0
    for i in range(lo, hi):
        first, degree = start[i], start[i + 1] - start[i]
        gain[i] = 0.0
        if room[i] <= 0:
            continue
        bonus = first_bonus[i] if first_bonus.size else 0.0
        for k in range(degree):
            net[k] = _net(option, weight, draws, price, first + k)
            picked[k] = 0
        begin = count
        for _ in range(min(room[i], degree)):
            best, value = -1, -bonus if count == begin else 0.0
            for k in range(degree):
                if net[k] > value and not picked[k] and weight[first + k] > 0:
                    if grouped and seen[group[option[first + k]]]:
                        continue
                    best, value = k, net[k]
            if best < 0:
                break
            picked[best] = 1
            if grouped:
                seen[group[option[first + best]]] = 1
            edge[count] = first + best
            margin[count] = value
            gain[i] += value + (bonus if count == begin else 0.0)
            count += 1
        # A need that is met by one edge alone loses its bonus with it, or takes the next.
        lone = bonus > 0 and count - begin == 1
        spare = -bonus if lone else 0.0
        for k in range(degree):
            closed = picked[k] or (grouped and seen[group[option[first + k]]])
            if not closed and net[k] > spare and weight[first + k] > 0:
                spare = net[k]
        if not lone and count - begin < min(room[i], degree):
            spare = 0.0
        for n in range(begin, count):
            other = spare
            if grouped:
                g = group[option[edge[n]]]
                seen[g] = 0
                for k in range(degree):
                    if not picked[k] and net[k] > other and group[option[first + k]] == g:
                        other = net[k]
            margin[n] -= other
    return edge[:count], margin[:count]


@njit(cache=True, nogil=True)
def take_in_order(  # type: ignore[no-untyped-def]
    need,
    option,
    weight,
    draws,
    group,
    row_start,
    row_of,
    row_class,
    price,
    left,
    open_room,
    slot,
    held,
    after,
    before,
    head,
    edges,
):
    """Put edges into the plan, one after the other, if nothing is in the way and they fit."""
    count = 0
    for e in edges:
        i = need[e]
        if open_room[i] <= 0:
            continue
        if not _fits(option, draws, row_start, row_of, row_class, left, e, -1):
            continue
        if _in_the_way(option, weight, draws, group, price, open_room, slot, held, i, e) != -1:
            continue
        _link(option, slot, held, after, before, head, i, e)
        open_room[i] -= 1
        _draw(option, draws, row_start, row_of, row_class, left, e, -1)
        count += 1
    return count


@njit(cache=True, nogil=True)
def addable(  # type: ignore[no-untyped-def]
    start,
    option,
    weight,
    draws,
    group,
    price,
    first_bonus,
    open_room,
    slot,
    held,
    space,
    least,
    most,
    lo,
    hi,
):
    """List edges of needs ``lo`` to ``hi`` that could join alone and net more than ``least``.

    ``space[class, option]`` is the least that is left of the rows of an option in a class.

    Returns
    -------
    tuple
        The edges, ``most`` of them at the most, their net weights, and how many there are in all.
    """
    count = 0
    out, net = np.empty(min(most, _LIST), np.int32), np.empty(min(most, _LIST))
    for i in range(lo, hi):
        if open_room[i] <= 0:
            continue
        bonus = _unmet_bonus(first_bonus, slot, held, i)
        for e in range(start[i], start[i + 1]):
            j = option[e]
            if space[0, j] < 1 or weight[e] <= 0:
                continue
            fits = True
            for k in range(draws.shape[0]):
                fits = fits and draws[k, e] <= space[k + 1, j]
            if not fits:
                continue
            value = _net(option, weight, draws, price, e) + bonus
            if value <= least:
                continue
            if _in_the_way(option, weight, draws, group, price, open_room, slot, held, i, e) == -1:
                if count == out.size and count < most:
                    size = min(most, 2 * count)
                    out, net = _longer(out, size), _longer(net, size)
                if count < out.size:
                    out[count] = e
                    net[count] = value
                count += 1
    return out[: min(count, most)], net[: min(count, most)], count


@njit(cache=True, nogil=True)
def _longer(array, size):  # type: ignore[no-untyped-def]
    """Return a copy with room for more."""
    longer = np.empty(size, array.dtype)
    longer[: array.size] = array
    return longer


@njit(cache=True, nogil=True)
def repack(  # type: ignore[no-untyped-def]
    need, option, weight, draws, group, row_start, row_of, row_class, price, first_bonus, left,
    open_room, slot, held, after, before, head, edges, kind, least,
):  # fmt: skip
    """Let edges of one option come for the one that draws most; return the weight gained.

    They come in the order given, those that nothing is in the way of and that fit. If together
    they weigh more than what goes, by ``least``, that is done and tried again. ``draws[kind]`` is
    what there is too little of.
    """
    total, come = 0.0, np.empty(edges.size, np.int32)
    while edges.size:
        gone, most = -1, -1
        s = head[option[edges[0]]]
        while s >= 0:
            if draws[kind, held[s]] > most:
                gone, most = held[s], draws[kind, held[s]]
            s = after[s]
        if gone < 0:
            break
        o = need[gone]
        _unlink(option, slot, held, after, before, head, o, gone)
        open_room[o] += 1
        _draw(option, draws, row_start, row_of, row_class, left, gone, 1)
        gain, count = -float(weight[gone]) - _unmet_bonus(first_bonus, slot, held, o), 0
        for e in edges:
            i = need[e]
            if e == gone or open_room[i] <= 0:
                continue
            if not _fits(option, draws, row_start, row_of, row_class, left, e, -1):
                continue
            if _in_the_way(option, weight, draws, group, price, open_room, slot, held, i, e) != -1:
                continue
            gain += float(weight[e]) + _unmet_bonus(first_bonus, slot, held, i)
            _link(option, slot, held, after, before, head, i, e)
            open_room[i] -= 1
            _draw(option, draws, row_start, row_of, row_class, left, e, -1)
            come[count] = e
            count += 1
        if gain > least:
            total += gain
            continue
        for e in come[:count]:
            _unlink(option, slot, held, after, before, head, need[e], e)
            open_room[need[e]] += 1
            _draw(option, draws, row_start, row_of, row_class, left, e, 1)
        _link(option, slot, held, after, before, head, o, gone)
        open_room[o] -= 1
        _draw(option, draws, row_start, row_of, row_class, left, gone, -1)
        break
    return total


@njit(cache=True, nogil=True)
def losses(option, weight, draws, price, first_bonus, slot, held, gain, out):  # type: ignore[no-untyped-def]
    """Write what each need misses at the prices: what it could gain less what it holds."""
    for i in range(gain.size):
        value = gain[i]
        if first_bonus.size:
            value += _unmet_bonus(first_bonus, slot, held, i) - first_bonus[i]
        for s in range(slot[i], slot[i + 1]):
            if held[s] >= 0:
                value -= _net(option, weight, draws, price, held[s])
        out[i] = value


@njit(cache=True, nogil=True)
def _refuge(  # type: ignore[no-untyped-def]
    start,
    option,
    weight,
    draws,
    group,
    row_start,
    row_of,
    row_class,
    price,
    left,
    open_room,
    slot,
    held,
    i,
    gone,
    least,
):
    """Return the best edge that need i, which lost ``gone``, can take, if it gains over ``least``.

    It may replace an edge that the need holds. Returned are the edge or -1, the replaced one or
    -1, and the gain in weight.
    """
    best, out, most = -1, -1, least
    for e in range(start[i], start[i + 1]):
        if weight[e] <= most or e == gone:
            continue
        f = _in_the_way(option, weight, draws, group, price, open_room, slot, held, i, e)
        if f == -2:
            continue
        value = float(weight[e]) - (float(weight[f]) if f >= 0 else 0.0)
        if value > most and _fits(option, draws, row_start, row_of, row_class, left, e, f):
            best, out, most = e, f, value
    return best, out, most


@njit(cache=True, nogil=True)
def _push_in(  # type: ignore[no-untyped-def]
    start,
    need,
    option,
    weight,
    draws,
    group,
    row_start,
    row_of,
    row_class,
    price,
    first_bonus,
    left,
    open_room,
    slot,
    held,
    after,
    before,
    head,
    e,
    least,
    width,
):
    """Put edge e in if that raises the total weight by more than ``least``; return by how much.

    What is in the way at its need goes. If it does not fit then, one of the first ``width``
    edges of its option goes, and the need of that one takes the best that fits it instead.
    """
    i = need[e]
    f = _in_the_way(option, weight, draws, group, price, open_room, slot, held, i, e)
    if f == -2:
        return 0.0
    gain = float(weight[e]) - (float(weight[f]) if f >= 0 else 0.0)
    if f < 0:
        gain += _unmet_bonus(first_bonus, slot, held, i)
    victim, into, out, most = -1, -1, -1, least
    if f >= 0:
        _unlink(option, slot, held, after, before, head, i, f)
        open_room[i] += 1
        _draw(option, draws, row_start, row_of, row_class, left, f, 1)
    done = False
    if _fits(option, draws, row_start, row_of, row_class, left, e, -1):
        done = gain > least
        most = gain
    else:
        s = head[option[e]]
        for _ in range(width):
            if s < 0:
                break
            g = held[s]
            s = after[s]
            o = need[g]
            if o == i:
                continue
            if not _fits(option, draws, row_start, row_of, row_class, left, e, g):
                continue
            lost = gain - float(weight[g])
            _draw(option, draws, row_start, row_of, row_class, left, g, 1)
            _draw(option, draws, row_start, row_of, row_class, left, e, -1)
            _unlink(option, slot, held, after, before, head, o, g)
            open_room[o] += 1
            lone = _unmet_bonus(first_bonus, slot, held, o)
            k, r, value = _refuge(
                start, option, weight, draws, group, row_start, row_of, row_class, price,
                left, open_room, slot, held, o, g, max(most - lost, 0.0),
            )  # fmt: skip
            if k >= 0 or lost - lone > most:
                done = True
                victim, into, out, most = g, k, r, lost + (value if k >= 0 else -lone)
            _link(option, slot, held, after, before, head, o, g)
            open_room[o] -= 1
            _draw(option, draws, row_start, row_of, row_class, left, e, 1)
            _draw(option, draws, row_start, row_of, row_class, left, g, -1)
    if not done:
        if f >= 0:
            _link(option, slot, held, after, before, head, i, f)
            open_room[i] -= 1
            _draw(option, draws, row_start, row_of, row_class, left, f, -1)
        return 0.0
    for gone in (victim, out):
        if gone >= 0:
            _unlink(option, slot, held, after, before, head, need[gone], gone)
            open_room[need[gone]] += 1
            _draw(option, draws, row_start, row_of, row_class, left, gone, 1)
    for come in (e, into):
        if come >= 0:
            _link(option, slot, held, after, before, head, need[come], come)
            open_room[need[come]] -= 1
            _draw(option, draws, row_start, row_of, row_class, left, come, -1)
    return most


@njit(cache=True, nogil=True)
def exchange(  # type: ignore[no-untyped-def]
    start,
    need,
    option,
    weight,
    draws,
    group,
    row_start,
    row_of,
    row_class,
    price,
    first_bonus,
    left,
    open_room,
    slot,
    held,
    after,
    before,
    head,
    needs,
    row_price,
    near,
    least,
    width,
):
    """Let needs, in the order given, push in what they miss; return the weight gained.

    They also try edges that are worth less to them at the prices, if ``near`` is not negative:
    by no more than that and what is left over of the rows, which such an edge might use.
    """
    total = 0.0
    for i in needs:
        for _ in range(4):
            moved = False
            worst = np.inf
            if open_room[i] > 0:
                worst = -_unmet_bonus(first_bonus, slot, held, i)
            for s in range(slot[i], slot[i + 1]):
                if held[s] >= 0:
                    worst = min(worst, _net(option, weight, draws, price, held[s]))
            for e in range(start[i], start[i + 1]):
                below = worst - _net(option, weight, draws, price, e)
                if weight[e] <= 0 or (below >= 0 and near < 0):
                    continue
                if below >= near:
                    spare = near
                    for k in range(row_start[option[e]], row_start[option[e] + 1]):
                        spare += row_price[row_of[k]] * left[row_of[k]]
                    if below >= spare:
                        continue
                more = _push_in(
                    start, need, option, weight, draws, group, row_start, row_of, row_class,
                    price, first_bonus, left, open_room, slot, held, after, before, head, e,
                    least, width,
                )  # fmt: skip
                if more > 0:
                    total += more
                    moved = True
            if not moved:
                break
    return total
