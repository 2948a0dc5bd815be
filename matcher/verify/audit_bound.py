"""The bound of the claimed multipliers, computed again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matcher.verify.audit_case import Case, Floats, Ints

Draw: TypeAlias = NDArray[Any] | None

_PART = 1 << 16
"""So many edges are looked at together."""

_THREADS = 2


def bound(case: Case) -> tuple[float, float]:
    """Return the bound of the claimed multipliers, and the sum of its terms' magnitudes.

    A unit of row p costs y_p. The plan's owner is paid Σ_p c_p y_p for all there is, and each
    need takes from the market what serves it best, net of what its edges cost. Floors pay for
    needs that are met and edges that are chosen, and are owed for all that they ask for.
    """
    needs = _needs(case) if case.look is None else [np.array([case.look.gain])]
    terms = [_rows(case), _owed(case), *needs]
    return (
        float(sum(part.sum() for part in terms)),
        float(sum(np.abs(part).sum() for part in terms)),
    )


def _rows(case: Case) -> Floats:
    limits = [block.limits[block.finite] for block in case.blocks()]
    if not limits:
        return np.zeros(0)
    prices = np.asarray(case.claim.multipliers, dtype=np.float64)
    return np.concatenate(limits).astype(np.float64) * prices


def _owed(case: Case) -> Floats:
    least = np.array([float(floor.least) for floor in case.claim.floors])
    return -least * np.asarray(case.claim.floor_multipliers, dtype=np.float64)


def costs(case: Case) -> list[tuple[Draw, Floats]]:
    """Return ``(num_options,)`` what a unit of each array of draws costs; None draws 1.

    What floors pay for edges of an option is a cost below 0.
    """
    price, used = np.asarray(case.claim.multipliers, dtype=np.float64), 0
    size = case.claim.num_options
    found: dict[int, tuple[Draw, Floats]] = {id(None): (None, -case.bonuses("options", size))}
    for block in case.blocks():
        finite = block.finite
        mine = np.zeros(len(block.limits) + 1)  # owner -1 is the last entry, which costs nothing
        mine[:-1][finite] = price[used : used + int(finite.sum())]
        used += int(finite.sum())
        _, total = found.setdefault(id(block.draw), (block.draw, np.zeros(size)))
        total += mine[block.owner]
    return [(draw, cost) for draw, cost in found.values() if cost.any()]


def _nets(case: Case, prices: list[tuple[Draw, Floats]], edges: NDArray[Any] | slice) -> Floats:
    """Return what some edges are worth: weight and bonus, less the cost of their draws."""
    net = case.weight[edges].astype(np.float64)
    option = case.option[edges]
    for draw, cost in prices:
        each = cost[option]
        net -= each if draw is None else each * draw[edges]
    return net


def _needs(case: Case) -> list[Floats]:
    """Return the net weights that the needs choose when each has the market to itself.

    A need that is met at all has its bonus, for whose sake it may take what it would not.
    """
    prices, num_needs = costs(case), case.claim.num_needs
    bonus = case.bonuses("needs", num_needs)
    pinned = case.need[case.pins]
    terms = [_nets(case, prices, case.pins), bonus[np.unique(pinned)]]
    bonus[pinned] = 0.0
    room = case.need_limit - np.bincount(pinned, minlength=num_needs)
    edges, net = _wanted(case, prices, bonus)
    if case.claim.one_per_group and case.group is not None:
        apart = ~np.isin(case.pairs(edges), case.pairs(case.pins))
        edges, net = _best_of_pairs(case, edges[apart], net[apart])
    need = case.need[edges]
    first = np.full(num_needs, -np.inf)
    if bonus.any():
        np.maximum.at(first, need, net)
    # The best edge may be worth exactly nothing: prices of an exact solver often make it so.
    met = (bonus > 0) & (room > 0) & (first > -np.inf)
    first = np.where(met, first, 0.0)
    # The best edge of a need with a bonus may be worth less than nothing; no other may.
    positive = net > 0
    edges, need, net = edges[positive], need[positive], net[positive]
    many = np.bincount(need, minlength=num_needs)
    crowded = (many > room)[need]
    return [
        *terms,
        bonus[met],
        np.minimum(first, 0.0),
        net[~crowded],
        *_largest(need[crowded], net[crowded], room),
    ]


def _wanted(case: Case, prices: list[tuple[Draw, Floats]], bonus: Floats) -> tuple[Ints, Floats]:
    """Return the free edges that are worth more than their need's bonus takes off, and by what.

    They are looked for part by part, so that what is computed stays near the processor.
    """
    paid = bool(bonus.any())

    def part(low: int) -> tuple[Ints, Floats]:
        here = slice(low, low + _PART)
        net = _nets(case, prices, here)
        wanted = net + bonus[case.need[here]] > 0 if paid else net > 0
        wanted &= case.weight[here] > 0
        if case.free is not None:
            wanted &= case.free[here]
        found = np.flatnonzero(wanted)
        return found + low, net[found]

    with ThreadPoolExecutor(_THREADS) as pool:
        parts = list(pool.map(part, range(0, case.num_edges, _PART)))
    none = (np.zeros(0, np.int64), np.zeros(0))
    edges, nets = zip(*parts, strict=True) if parts else ((none[0],), (none[1],))
    return np.concatenate(edges), np.concatenate(nets)


def _largest(need: NDArray[Any], net: Floats, room: Ints) -> list[Floats]:
    """Return of each need as many of the largest as it has room for; quickly where that is one."""
    if (need[1:] < need[:-1]).any():
        order = np.argsort(need, kind="stable")
        need, net = need[order], net[order]
    one = room[need] == 1
    single, several = net[one], ~one
    start = np.flatnonzero(np.diff(need[one], prepend=-1))
    best = np.maximum.reduceat(single, start) if len(single) else single
    need, net = need[several], net[several]
    order = np.lexsort((-net, need))
    need = need[order]
    rank = np.arange(len(need)) - np.searchsorted(need, need)
    return [best, net[order][rank < room[need]]]


def _best_of_pairs(case: Case, edges: Ints, net: Floats) -> tuple[Ints, Floats]:
    """Return the best edge of each need and group."""
    key = case.pairs(edges)
    order = np.lexsort((-net, key))
    key = key[order]
    first = np.ones(len(key), dtype=bool)
    first[1:] = key[1:] != key[:-1]
    return edges[order][first], net[order][first]
