"""The exact end of an auction: what the prices leave open, as a flow of least cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.assign.arrays import Floats, Int64s
from matcher.assign.auction_market import Market

_BITS = 44
"""Weights become integers of so many bits; sums along any path then fit into 63."""

_UNLIMITED = 2**40


@dataclass(frozen=True, eq=False)
class Exact:
    """An optimal plan of what was open, and prices.

    Parameters
    ----------
    chosen
        Edges in any order, those taken for sure among them.
    option, outer
        ``(num_options,)`` and ``(num_sets,)`` prices.
    """

    chosen: Int64s
    option: Floats
    outer: Floats


@dataclass(frozen=True, eq=False)
class _Arcs:
    """Arcs ``tail → head`` of a network and what each carries at most and costs."""

    tail: Int64s
    head: Int64s
    room: Int64s
    cost: Int64s


@dataclass(frozen=True, eq=False)
class _Open:
    """What the prices leave open: edges near indifference, and what is left of the limits.

    Parameters
    ----------
    sure
        The edges that their needs take whatever happens to the open ones.
    edge
        ``(num_open,)`` the edges to decide on.
    need, need_room
        ``(num_open,)`` needs numbered from 0; what is left for each of them.
    pair, pair_need
        ``(num_open,)`` pairs of need and group numbered from 0, the need of each; both empty
        unless a need may take one of a group only.
    places, room
        ``(num_options,)`` and ``(num_sets,)`` what is left there.
    """

    sure: Int64s
    edge: Int64s
    need: Int64s
    need_room: Int64s
    pair: Int64s
    pair_need: Int64s
    places: Int64s
    room: Int64s


def exact_end(
    market: Market, option: Floats, outer: Floats, chosen: Int64s, width: float, most_steps: int
) -> Exact | None:
    """Return an optimal plan and prices, given that only edges near the prices are in question.

    Each need is held against the prices. An edge that it would take at a price higher by
    ``width`` is taken, one that it would not take at a price lower by ``width`` is left; the
    rest are the arcs of a flow from the root to needs, groups of a need, options, sets and back.
    The flow is repaired from the prices and from ``chosen`` (see `repair_flow`). Whether
    the assumption was right is for the bound of the new prices to show; at an infinite width it
    holds in any case.

    Returns
    -------
    Exact | None
        None if the edges taken for sure overdraw a limit, or after ``most_steps``.

    References
    ----------
    Edmonds, J. and Karp, R. M. (1972). Theoretical improvements in algorithmic efficiency for
    network flow problems. Journal of the ACM 19, 248-264.
    """
    from matcher.assign import flow_kernel as kernel

    price, floor = market.limits.nested(option, outer)
    case = _open(market, price, width)
    if (case.places[market.limits.places >= 0] < 0).any() or (case.room < 0).any():
        return None
    scale = 2.0 ** min(_BITS - int(np.ceil(np.log2(market.size))), 1000)
    arcs = _network(market, case, scale)
    level = _levels(market, case, price, floor, scale)
    first, ends = _incidence(arcs, len(level))
    flow = np.zeros(len(arcs.tail), dtype=np.int64)
    _warm(market, case, arcs, chosen, flow)
    most = min(most_steps, 2**62)
    if not kernel.repair_flow(
        arcs.tail, arcs.head, arcs.room, arcs.cost, flow, level, first, ends, most
    ):
        return None
    begin = len(case.need_room) + len(case.pair_need)
    taken = case.edge[flow[begin : begin + len(case.edge)] > 0]
    prices = np.maximum((level[0] - level) / scale, 0.0)
    options, sets = len(case.places), len(case.room)
    return Exact(
        np.concatenate([case.sure, taken]),
        prices[1 : options + 1],
        prices[options + 1 : options + 1 + sets],
    )


def _open(market: Market, price: Floats, width: float) -> _Open:
    from matcher.assign import scan_kernel

    kernel: Any = scan_kernel
    needs = market.needs
    mark: NDArray[np.int8] = np.zeros(needs.num_edges, dtype=np.int8)
    kernel.mark_margins(*needs.rows, *needs.groups, price, width, mark)
    sure, edge = np.flatnonzero(mark == 2), np.flatnonzero(mark == 1)
    room = needs.room - np.bincount(needs.need[sure], minlength=len(needs.room))
    edge = edge[room[needs.need[edge]] > 0]
    pairs = np.zeros(0, dtype=np.int64)
    if needs.group.size:
        key = needs.need.astype(np.int64) * needs.num_groups + needs.group[needs.option]
        edge = edge[~np.isin(key[edge], key[sure])]
        pairs = key[edge]
    names, need = np.unique(needs.need[edge], return_inverse=True)
    pair_keys, pair = np.unique(pairs, return_inverse=True)
    used = np.bincount(needs.option[sure], minlength=len(price)).astype(np.int64)
    places = market.limits.places
    return _Open(
        sure=sure,
        edge=edge,
        need=need.astype(np.int64),
        need_room=room[names],
        pair=pair.astype(np.int64),
        pair_need=np.searchsorted(names, pair_keys // max(needs.num_groups, 1)),
        places=np.where(places < 0, _UNLIMITED, places - used),
        room=market.limits.room - market.limits.sums(used),
    )


def _network(market: Market, case: _Open, scale: float) -> _Arcs:
    """Return the arcs: into needs, into their groups, edges, out of options, out of sets.

    Node 0 is the root; then come options, sets, needs and groups of needs.
    """
    limits = market.limits
    options, sets = len(case.places), len(case.room)
    first_need = 1 + options + sets
    first_pair = first_need + len(case.need_room)
    source = first_pair + case.pair if case.pair.size else first_need + case.need
    weight = market.needs.weight[case.edge].astype(np.float64)
    out = np.concatenate([limits.parent, limits.set_parent])
    parts: list[tuple[ArrayLike, ...]] = [
        (0, first_need + np.arange(len(case.need_room)), case.need_room, 0),
        (first_need + case.pair_need, first_pair + np.arange(len(case.pair_need)), 1, 0),
        (source, 1 + market.needs.option[case.edge], 1, -np.rint(weight * scale).astype(np.int64)),
        (1 + np.arange(options + sets), np.where(out < 0, 0, 1 + options + out),
         np.concatenate([case.places, case.room]), 0),
    ]  # fmt: skip
    columns = zip(*(np.broadcast_arrays(*part) for part in parts), strict=True)
    return _Arcs(*(np.concatenate(column).astype(np.int64) for column in columns))


def _levels(market: Market, case: _Open, price: Floats, floor: Floats, scale: float) -> Int64s:
    """Return ``(num_nodes,)`` levels: minus the price of an option or set, the gain of a need.

    The gain is what the last edge that fits into the room of the need is worth, at least 0; the
    level of a need's group is what its best edge is worth.
    """
    weight = market.needs.weight[case.edge].astype(np.float64)
    value = np.rint((weight - price[market.needs.option[case.edge]]) * scale).astype(np.int64)
    prices = -np.rint(np.concatenate([[0.0], price, floor]) * scale).astype(np.int64)
    best, owner = value, case.need
    if case.pair_need.size:
        best = np.full(len(case.pair_need), np.iinfo(np.int64).min)
        np.maximum.at(best, case.pair, value)
        owner = case.pair_need
    order = np.lexsort((-best, owner))
    rank = np.arange(len(order)) - np.searchsorted(owner[order], owner[order])
    last = order[rank == case.need_room[owner[order]] - 1]
    gain = np.zeros(len(case.need_room), dtype=np.int64)
    gain[owner[last]] = np.maximum(best[last], 0)
    return np.concatenate([prices, gain, best if case.pair_need.size else best[:0]])


def _incidence(arcs: _Arcs, nodes: int) -> tuple[Int64s, Int64s]:
    """Return each node's arcs, see `repair_flow`."""
    node = np.column_stack([arcs.tail, arcs.head]).ravel()
    ends = np.argsort(node, kind="stable").astype(np.int64)
    return np.concatenate([[0], np.cumsum(np.bincount(node, minlength=nodes))]), ends


def _warm(market: Market, case: _Open, arcs: _Arcs, chosen: Int64s, flow: Int64s) -> None:
    """Put the chosen edges among the open ones into the flow."""
    from matcher.assign import flow_kernel as kernel

    needs, pairs = len(case.need_room), len(case.pair_need)
    picked = np.zeros(market.needs.num_edges, dtype=bool)
    picked[chosen] = True
    at = np.flatnonzero(picked[case.edge])
    middle = needs + case.pair[at] if pairs else np.full(len(at), -1)
    up = np.full(1 + len(case.places) + len(case.room), -1, dtype=np.int64)
    up[1:] = needs + pairs + len(case.edge) + np.arange(len(up) - 1)
    kernel.warm_flow(needs + pairs + at, case.need[at], middle, up, arcs.head, arcs.room, flow)
