"""The bound of the claimed multipliers, computed again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.verify.audit_case import Case, Floats, Ints


def bound(case: Case) -> tuple[float, float]:
    """Return the bound of the claimed multipliers, and the sum of its terms' magnitudes.

    A unit of row p costs y_p. The plan's owner is paid Σ_p c_p y_p for all there is, and each
    need takes from the market what serves it best, net of what its edges cost. Floors pay for
    needs that are met and edges that are chosen, and are owed for all that they ask for.
    """
    terms = [_rows(case), _owed(case), *_needs(case, _nets(case))]
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


def _nets(case: Case) -> Floats:
    """Return what each edge is worth to its need: weight and bonus, less the cost of its draws.

    Prices are added up by option first, apart for each array of draws.
    """
    price, used = np.asarray(case.claim.multipliers, dtype=np.float64), 0
    size = case.claim.num_options
    costs: dict[int, tuple[NDArray[np.generic] | None, Floats]] = {
        id(None): (None, -case.bonuses("options", size))
    }
    for block in case.blocks():
        finite = block.finite
        mine = np.zeros(len(block.limits) + 1)  # owner -1 is the last entry, which costs nothing
        mine[:-1][finite] = price[used : used + int(finite.sum())]
        used += int(finite.sum())
        _, total = costs.setdefault(id(block.draw), (block.draw, np.zeros(size)))
        total += mine[block.owner]
    net = case.weight.astype(np.float64)
    for draw, cost in costs.values():
        if cost.any():
            each = cost[case.option]
            net -= each if draw is None else each * draw
    return net


def _needs(case: Case, net: Floats) -> list[Floats]:
    """Return the net weights that the needs choose when each has the market to itself.

    A need that is met at all has its bonus, for whose sake it may take what it would not.
    """
    bonus = case.bonuses("needs", case.claim.num_needs)
    pinned = case.need[case.pins]
    terms = [net[case.pins], bonus[np.unique(pinned)]]
    bonus[pinned] = 0.0
    room = case.need_limit - np.bincount(pinned, minlength=case.claim.num_needs)
    grouped = case.claim.one_per_group and case.group is not None
    if not grouped and case.free is None and not bonus.any() and (room <= 1).all():
        return [*terms, _best_of_each(case, net)[room > 0]]
    edges = _wanted(case, net, bonus)
    if grouped:
        edges = edges[~np.isin(case.pairs(edges), case.pairs(case.pins))]
        edges = _first_of(case.pairs(edges), edges, net)
    need = case.need[edges]
    order = np.lexsort((-net[edges], need))
    edges, need = edges[order], need[order]
    rank = np.arange(len(edges)) - np.searchsorted(need, need)
    taken = (rank < room[need]) & ((rank == 0) | (net[edges] > 0))
    first = (rank == 0) & taken
    return [*terms, net[edges[taken]], bonus[need[first]]]


def _best_of_each(case: Case, net: Floats) -> Floats:
    """Return ``(num_needs,)`` the best net weight of each need, 0 where nothing gains."""
    best = np.zeros(case.claim.num_needs)
    if not case.num_edges:
        return best
    usable = np.where(case.weight > 0, net, 0.0)
    if (case.need[1:] >= case.need[:-1]).all():
        start = np.flatnonzero(np.concatenate([[True], case.need[1:] != case.need[:-1]]))
        best[case.need[start]] = np.maximum.reduceat(usable, start)
    else:
        np.maximum.at(best, case.need, usable)
    return np.maximum(best, 0.0)


def _wanted(case: Case, net: Floats, bonus: Floats) -> Ints:
    worth = net + bonus[case.need] if bonus.any() else net
    wanted = (worth > 0) & (case.weight > 0)
    if case.free is not None:
        wanted &= case.free
    return np.flatnonzero(wanted)


def _first_of(key: Ints, edges: Ints, net: Floats) -> Ints:
    """Return the best edge of each key."""
    order = np.lexsort((-net[edges], key))
    key = key[order]
    first = np.concatenate([[True], key[1:] != key[:-1]]) if len(key) else key > 0
    return edges[order][first]
