"""Kernels of the dual: what needs choose at given prices, smoothed, and how that bends.

Everything here is compiled by numba; import it only where a problem is solved. All kernels
release the interpreter's lock, and none depends on the number of threads.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_FAR = 1e30
"""The net weight, made negative, of an edge that may not be chosen, where floors add to it."""


@njit(cache=True, nogil=True)
def option_sums(option, weight, draws, count, total, square, dearest):  # type: ignore[no-untyped-def]
    """Sum up the draws of edges of positive weight by class and option; return their weights.

    ``count[k, j]`` becomes how many edges of option j draw in class k, ``total`` what they draw,
    ``square`` the squares of that, ``dearest`` the greatest weight of a unit drawn.
    """
    worth = 0.0
    for e in range(option.size):
        if weight[e] <= 0:
            continue
        worth += weight[e]
        j = option[e]
        for k in range(count.shape[0]):
            draw = float(draws[k - 1, e]) if k > 0 else 1.0
            if draw > 0:
                count[k, j] += 1
                total[k, j] += draw
                square[k, j] += draw * draw
                dearest[k, j] = max(dearest[k, j], weight[e] / draw)
    return worth


@njit(cache=True, nogil=True, inline="always")
def _fill_nets(net, first, last, option, weight, draws, price):  # type: ignore[no-untyped-def]
    """Write ``net[k] = w_e - Σ_p a_pe y_p`` of the edges ``first + k``."""
    for e in range(first, last):
        net[e - first] = weight[e] - price[0, option[e]]
    for q in range(draws.shape[0]):
        for e in range(first, last):
            net[e - first] -= price[q + 1, option[e]] * draws[q, e]


@njit(cache=True, nogil=True, inline="always")
def _place(top, many, value):  # type: ignore[no-untyped-def]
    """Put a value into the descending ``top[: many + 1]``; the least falls out."""
    k = many
    while k > 0 and top[k - 1] < value:
        top[k] = top[k - 1]
        k -= 1
    top[k] = value


@njit(cache=True, nogil=True)
def _threshold(value, size, top, many, soft):  # type: ignore[no-untyped-def]
    """Return λ ≥ 0 with Σ clip((v + γ/2 - λ) / γ, 0, 1) = ``many``, 0 if the sum is less there.

    ``top`` holds the ``many + 1`` greatest values, descending; γ is ``soft``.
    """
    half = 0.5 * soft
    if size <= many or top[many] <= -half:
        return 0.0
    low, high = top[many - 1] - half, top[many] + half
    if low >= high:
        return high
    low = max(low, 0.0)
    at = low
    for turn in range(60):
        total, slope = 0.0, 0.0
        for k in range(size):
            x = (value[k] + half - at) / soft
            if x >= 1.0:
                total += 1.0
            elif x > 0.0:
                total += x
                slope += 1.0
        more = total - many
        if turn == 0 and at == 0.0 and more <= 0:
            return 0.0
        if abs(more) <= 1e-12 * many:
            break
        if more > 0:
            low = at
        else:
            high = at
        after = at + more * soft / slope if slope > 0 else 0.5 * (low + high)
        at = after if low < after < high else 0.5 * (low + high)
    return at


@njit(cache=True, nogil=True)
def _soft_best(net, cell, mine, degree, best, soft, share):  # type: ignore[no-untyped-def]
    """Fill the shares p of a group's edges and return max_p Σ p r + γ/2 Σ p (1 - p).

    p is the projection of r / γ on the simplex, found by dropping what falls below.
    """
    low = best - soft
    while True:
        total, count = 0.0, 0
        for k in range(degree):
            if cell[k] == mine and net[k] > low:
                total += net[k]
                count += 1
        at = (total - soft) / count
        if at <= low:
            break
        low = at
    value = 0.5 * soft
    for k in range(degree):
        if cell[k] == mine:
            p = max(0.0, (net[k] - low) / soft)
            share[k] = p
            value += p * net[k] - 0.5 * soft * p * p
    return value


@njit(cache=True, nogil=True)
def read_needs(  # type: ignore[no-untyped-def]
    needs,
    start,
    option,
    weight,
    draws,
    room,
    group,
    groups,
    price,
    first_bonus,
    soft,
    demand,
    met,
    met_curve,
    curve,
    cross,
    edge,
    part,
    set_at,
    set_share,
    need_at,
    tied,
):
    """Let needs choose at the prices ``price[class, option]``, smoothed by ``soft``.

    A need takes the share p of each edge within its group and the share q of the group, so that
    it gains most; both are regularised by γ/2 Σ x (1 - x). ``demand[class, option]`` receives
    what is drawn. Where shares bend, the edges are noted for `bend`: need n of the notes has the
    groups ``need_at[n]:need_at[n + 1]``, group s the edges ``set_at[s]:set_at[s + 1]`` with
    parts p, and ``tied[n]`` says whether the limit of the need holds. ``set_share`` is q, made
    negative where q itself bends. ``curve`` gets the diagonal of the second derivative and
    ``cross[class - 1, option]`` what belongs to the first class and another together.

    With floors on needs, ``first_bonus[i]`` is what need i gains by having an edge at all, -1 if
    no floor counts it; ``met[i]`` receives the share by which it has one and ``met_curve[i]``
    how that rises with the bonus. All three are empty without. A need that its edges alone do
    not surely meet chooses one of them, bonus included; ``tied[n]`` is 2 more for it.

    Returns
    -------
    tuple
        The smoothed gain of all needs, their true gain, and how many needs were noted.
    """
    longest = 1
    for i in needs:
        longest = max(longest, start[i + 1] - start[i])
    net, share = np.empty(longest), np.ones(longest)
    top, value = np.empty(longest + 2), np.empty(longest)
    cell, size_of = np.zeros(longest, np.int32), np.zeros(longest, np.int32)
    slot = np.full(groups, -1, np.int32)
    grouped = group.size > 0
    half = 0.5 * soft
    smooth, true = 0.0, 0.0
    notes, sets, ends = 0, 0, 0
    need_at[0] = 0
    set_at[0] = 0
    for i in needs:
        first, last = start[i], start[i + 1]
        degree = last - first
        if room[i] <= 0 or degree == 0:
            continue
        _fill_nets(net, first, last, option, weight, draws, price)
        bonus = first_bonus[i] if first_bonus.size else -1.0
        floored, best = bonus >= 0, -np.inf
        bonus = max(bonus, 0.0)
        if floored:
            for k in range(degree):
                if weight[first + k] <= 0:
                    net[k] = -_FAR
                best = max(best, net[k])
            true += bonus if best > 0 else max(best + bonus, 0.0)
        single = floored and best < half
        many = min(room[i], degree)
        for k in range(many + 1):
            top[k] = -np.inf
        size = degree
        if grouped:
            size = 0
            for k in range(degree):
                g = group[option[first + k]]
                c = slot[g]
                if c < 0:
                    c = size
                    slot[g] = c
                    value[c] = net[k]
                    size_of[c] = 1
                    size += 1
                elif net[k] > value[c]:
                    size_of[c] = size_of[c] + 1 if net[k] - soft < value[c] else 1
                    value[c] = net[k]
                elif net[k] > value[c] - soft:
                    size_of[c] += 1
                cell[k] = c
                share[k] = 0.0
            for k in range(degree):
                slot[group[option[first + k]]] = -1
            many = min(many, size)
            for c in range(size):
                if value[c] > top[many]:
                    _place(top, many, value[c])
            for k in range(many):
                if top[k] > 0:
                    true += top[k]
                top[k] = -np.inf
            top[many] = -np.inf
            for c in range(size):
                if size_of[c] > 1 and value[c] + bonus > -soft:
                    value[c] = _soft_best(net, cell, c, degree, value[c], soft, share)
                elif value[c] + bonus > -soft:
                    size_of[c] = 1
                if value[c] > top[many]:
                    _place(top, many, value[c])
            for k in range(degree):
                if size_of[cell[k]] == 1 and net[k] == value[cell[k]]:
                    share[k] = 1.0
                    size_of[cell[k]] = -1
        else:
            for k in range(degree):
                v = net[k]
                value[k] = v
                if many == degree:
                    true += max(v, 0.0)
                elif v > top[many]:
                    _place(top, many, v)
            for k in range(many):
                if top[k] > 0:
                    true += top[k]
        if single:
            many = 1
            top[0] = top[1] = -np.inf
            for c in range(size):
                value[c] += bonus
                if value[c] > top[1]:
                    _place(top, 1, value[c])
        elif floored:
            smooth += bonus
        if size > many and top[0] <= -half:
            continue
        level = _threshold(value, size, top, many, soft)
        sets_before, ends_before = sets, ends
        keep = notes + 1 < need_at.size
        fractional = 0
        for c in range(size):
            q = (value[c] + half - level) / soft
            if q <= 0.0:
                continue
            q = min(q, 1.0)
            if floored:
                met[i] = min(met[i] + q, 1.0)
            smooth += q * value[c] + half * q * (1.0 - q)
            bends = q < 1.0
            fractional += bends
            noted = bends or (grouped and size_of[c] > 1)
            room_left = keep and sets + 1 < set_at.size
            for k in range(degree) if grouped else range(c, c + 1):
                if grouped and (cell[k] != c or share[k] <= 0.0):
                    continue
                e = first + k
                p = share[k] if grouped else 1.0
                j = option[e]
                x = q * p
                demand[0, j] += x
                for s in range(draws.shape[0]):
                    demand[s + 1, j] += x * draws[s, e]
                if noted and room_left:
                    if ends < edge.size:
                        edge[ends] = e
                        part[ends] = p
                        ends += 1
                    else:
                        keep = False
            if noted and room_left:
                set_share[sets] = -q if bends else q
                sets += 1
                set_at[sets] = ends
            elif noted:
                keep = False
        if keep and sets > sets_before:
            tied[notes] = (1 if level > 0 else 0) + (2 if single else 0)
            notes += 1
            need_at[notes] = sets
            less = 1.0 / fractional if level > 0 and fractional > 0 else 0.0
            if single and level <= 0:
                met_curve[i] = fractional / soft
            for m in range(sets_before, sets):
                inner = set_at[m + 1] - set_at[m]
                q = abs(set_share[m])
                for t in range(set_at[m], set_at[m + 1]):
                    h = q * (1.0 - 1.0 / inner)
                    if set_share[m] < 0:
                        h += part[t] * part[t] * (1.0 - less)
                    h /= soft
                    e = edge[t]
                    j = option[e]
                    curve[0, j] += h
                    for s in range(draws.shape[0]):
                        draw = float(draws[s, e])
                        curve[s + 1, j] += h * draw * draw
                        cross[s, j] += h * draw
        else:
            sets, ends = sets_before, ends_before
    return smooth, true, notes


@njit(cache=True, nogil=True)
def bend(  # type: ignore[no-untyped-def]
    notes,
    need,
    option,
    draws,
    soft,
    edge,
    part,
    set_at,
    set_share,
    need_at,
    tied,
    price,
    bonus,
    out,
    fall,
):
    """Add to ``out[class, option]`` how demand falls where prices rise by ``price``: H · price.

    The bonus of need i rises by ``bonus[i]``, and ``fall[i]`` receives how far it is met less.
    """
    cost = np.empty(1024)
    mean = np.empty(1024)
    for n in range(notes):
        low, high = need_at[n], need_at[n + 1]
        first, last = set_at[low], set_at[high]
        if last - first > cost.size:
            cost = np.empty(2 * (last - first))
        if high - low > mean.size:
            mean = np.empty(2 * (high - low))
        for t in range(first, last):
            e = edge[t]
            j = option[e]
            c = price[0, j]
            for s in range(draws.shape[0]):
                c += price[s + 1, j] * draws[s, e]
            if tied[n] >= 2:
                c -= bonus[need[e]]
            cost[t - first] = c
        middle, count = 0.0, 0
        for s in range(low, high):
            m = 0.0
            for t in range(set_at[s], set_at[s + 1]):
                m += part[t] * cost[t - first]
            mean[s - low] = m
            if set_share[s] < 0:
                middle += m
                count += 1
        middle = middle / count if tied[n] % 2 == 1 and count > 0 else 0.0
        for s in range(low, high):
            inner = set_at[s + 1] - set_at[s]
            plain = 0.0
            if inner > 1:
                for t in range(set_at[s], set_at[s + 1]):
                    plain += cost[t - first]
                plain /= inner
            outer = mean[s - low] - middle if set_share[s] < 0 else 0.0
            q = abs(set_share[s])
            for t in range(set_at[s], set_at[s + 1]):
                h = part[t] * outer
                if inner > 1:
                    h += q * (cost[t - first] - plain)
                h /= soft
                e = edge[t]
                j = option[e]
                out[0, j] += h
                if tied[n] >= 2:
                    fall[need[e]] += h
                for x in range(draws.shape[0]):
                    out[x + 1, j] += h * draws[x, e]
