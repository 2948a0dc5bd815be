"""Shortages: needs that together reach fewer places than they are, found before solving.

The needs and the limits on places form a network: source → needs → options → groups → sink,
each need with one unit to send, options and groups with their limits. A maximum flow serves as
many needs as can be served at once; a minimum cut names the needs that share too little and the
limits that bind. Needs with the same options are one node, so that the network stays small.

Quotas in fen are taken as the most places that the smallest amounts would leave, so what is
found is a true shortage, though not every shortage of money is found. Pools over options of
several groups are looked at one by one.

References
----------
Ford, L. R. and Fulkerson, D. R. (1956). Maximal flow through a network. Canadian Journal of
Mathematics 8, 399-404.
Hall, P. (1935). On representatives of subsets. J. London Mathematical Society 10, 26-30.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import networkx as nx
import numpy as np

from matcher.assign.arrays import Int64s
from matcher.assign.problem import Problem

MAX_ARCS = 200_000
"""The network is pure Python; a larger one is not built."""

MAX_RELAXED = 3_000
"""Up to so many arcs the fewest places are looked for, by a flow of least cost."""

_Node = tuple[Hashable, ...]
_Network: TypeAlias = "nx.DiGraph[_Node]"
_SOURCE: _Node = ("source",)
_SINK: _Node = ("sink",)


@dataclass(frozen=True, slots=True)
class Relief:
    """What one limit more would do.

    Parameters
    ----------
    row
        A row of the problem.
    more
        How many more of the needs would be served if this row alone did not bind.
    """

    row: int
    more: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """A set of needs, none of them idle in it, that share too few places.

    Parameters
    ----------
    needs
        Indices, ascending: the smallest set that shows the shortage.
    rows
        The rows of the problem that bind: all places that the needs can reach are theirs.
    places
        How many of the needs can be served at once.
    reliefs
        What lifting each of the rows alone would do, best first; those of no use left out.
    relaxation
        The fewest places more that let all of the needs be served, by row, the greatest first:
        ``more`` of each is how many. None where the network is too large to find them.
    """

    needs: tuple[int, ...]
    rows: tuple[int, ...]
    places: int
    reliefs: tuple[Relief, ...]
    relaxation: tuple[Relief, ...] | None = None

    @property
    def short(self) -> int:
        """How many of the needs cannot be served, whatever the plan."""
        return len(self.needs) - self.places


def shortages(problem: Problem) -> tuple[Shortage, ...] | None:
    """Return the shortages of a problem, the greatest first; None if it is too large for that.

    Only needs with a free edge of positive weight count, each as one, whatever its limit.
    """
    classes = _classes(problem)
    if sum(len(options) for options in classes) > MAX_ARCS:
        return None
    network = _network(problem, classes)
    found = [*_of_cut(problem, network, classes), *_of_pools(problem, classes)]
    return tuple(sorted(found, key=lambda s: (-s.short, s.needs)))


def _classes(problem: Problem) -> dict[tuple[int, ...], list[int]]:
    """Return the needs by the set of options that they could be matched with."""
    free = (problem.fixed != 0) & (problem.weight > 0) & (problem.need_limit[problem.need] > 0)
    options: dict[int, set[int]] = defaultdict(set)
    pairs = zip(problem.need[free].tolist(), problem.option[free].tolist(), strict=True)
    for need, option in pairs:
        options[need].add(option)
    classes: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for need in sorted(options):
        classes[tuple(sorted(options[need]))].append(need)
    return classes


def _network(problem: Problem, classes: dict[tuple[int, ...], list[int]]) -> _Network:
    network: _Network = nx.DiGraph()
    network.add_nodes_from([_SOURCE, _SINK])
    of_option, of_group = _places(problem)
    for options, needs in classes.items():
        network.add_edge(_SOURCE, ("needs", options), capacity=len(needs))
        for option in options:
            network.add_edge(("needs", options), ("option", option))  # no capacity: unlimited
    for option in sorted({o for options in classes for o in options}):
        owner = _SINK if problem.group is None else ("group", int(problem.group[option]))
        _limited(network, ("option", option), owner, of_option)
        if owner is not _SINK:
            _limited(network, owner, _SINK, of_group)
    return network


_Limits = dict[int, tuple[int, int]]


def _limited(network: _Network, tail: _Node, head: _Node, limits: _Limits) -> None:
    """Add an arc with the places of its tail, and the row that they are those of."""
    key = tail[1]
    if isinstance(key, int) and key in limits:
        places, row = limits[key]
        network.add_edge(tail, head, capacity=places, row=row)
    else:
        network.add_edge(tail, head)


def _places(problem: Problem) -> tuple[_Limits, _Limits]:
    """Return (places, row) of each limited option and group: the least of limit and quota."""
    found: dict[str, _Limits] = {"option": {}, "group": {}}
    for row in range(problem.num_rows):
        kind, index = problem.row_label(row)
        owner, _, what = kind.partition("_")
        if owner in found:
            capacity = int(problem.row_capacity[row])
            places = capacity if what == "limit" else _most(problem, row, capacity)
            found[owner][index] = min((places, row), found[owner].get(index, (places, row)))
    return found["option"], found["group"]


def _most(problem: Problem, row: int, capacity: int) -> int:
    """Return how many needs a capacity serves at most: those that draw least, one by one."""
    rows = problem.rows
    mine = rows.row_idx == row
    least: dict[int, int] = {}
    needs = problem.need[rows.edge_idx[mine]].tolist()
    for need, draw in zip(needs, rows.draw[mine].tolist(), strict=True):
        least[need] = min(draw, least.get(need, draw))
    free = len(set(problem.need[_owned_edges(problem, row)].tolist()) - set(least))
    return int(np.searchsorted(np.cumsum(sorted(least.values())), capacity, side="right")) + free


def _owned_edges(problem: Problem, row: int) -> Int64s:
    """Return the edges of the option or group that a row belongs to, also those that draw 0."""
    kind, index = problem.row_label(row)
    owner = problem.option
    if kind.startswith("group") and problem.group is not None:
        owner = problem.group[problem.option]
    return np.flatnonzero(owner == index)


def _of_cut(
    problem: Problem, network: _Network, classes: dict[tuple[int, ...], list[int]]
) -> Iterator[Shortage]:
    """Yield a shortage for each part of the smallest minimum cut's side of the source."""
    residual = nx.algorithms.flow.preflow_push(network, _SOURCE, _SINK)
    if residual.graph["flow_value"] == sum(len(needs) for needs in classes.values()):
        return
    side = _reached(residual)
    inside = network.subgraph(side - {_SOURCE}).to_undirected()
    for nodes in sorted(nx.connected_components(inside), key=lambda c: min(map(str, c))):
        needs = sorted(n for key in classes if ("needs", key) in nodes for n in classes[key])
        cut = [(t, h) for t in nodes for h in network.successors(t) if h not in side]
        places = sum(network.edges[arc]["capacity"] for arc in cut)
        rows = tuple(sorted(network.edges[arc]["row"] for arc in cut))
        if needs and len(needs) > places:
            members = {*nodes, *_downstream(network, nodes), _SOURCE, _SINK}
            part = network.subgraph(members)
            reliefs = _reliefs(part, cut, places)
            yield Shortage(tuple(needs), rows, places, reliefs, _relaxation(network, members))


def _reached(residual: _Network) -> set[_Node]:
    """Return what the source still reaches: the smallest side of a minimum cut."""
    seen: set[_Node] = {_SOURCE}
    front = [_SOURCE]
    while front:
        node = front.pop()
        for other, arc in residual[node].items():
            if other not in seen and arc["flow"] < arc["capacity"]:
                seen.add(other)
                front.append(other)
    return seen


def _downstream(network: _Network, nodes: set[_Node]) -> set[_Node]:
    found, front = set[_Node](), list(nodes)
    while front:
        for node in network.successors(front.pop()):
            if node not in found:
                found.add(node)
                front.append(node)
    return found


def _reliefs(part: _Network, cut: Sequence[tuple[_Node, _Node]], places: int) -> tuple[Relief, ...]:
    """Solve the part again with each binding limit lifted alone."""
    found = []
    for tail, head in cut:
        lifted = part.copy()
        row = lifted.edges[tail, head]["row"]
        del lifted.edges[tail, head]["capacity"]
        more = int(nx.maximum_flow_value(lifted, _SOURCE, _SINK)) - places
        if more > 0:
            found.append(Relief(row, more))
    return tuple(sorted(found, key=lambda r: (-r.more, r.row)))


def _relaxation(network: _Network, members: set[_Node]) -> tuple[Relief, ...] | None:
    """Return the fewest places more, by row, with which all needs of a part are served.

    Each limited arc has a twin without a limit that costs 1; a flow of least cost from all needs
    of the part uses as few of the twins as it can.
    """
    arcs = [a for a in network.edges if a[0] in members and a[1] in members and a[0] != _SOURCE]
    if len(arcs) > MAX_RELAXED:
        return None
    wider: _Network = nx.DiGraph()
    supply = 0
    for node in (n for n in network.nodes if n in members and (_SOURCE, n) in network.edges):
        wider.add_node(node, demand=-network.edges[_SOURCE, node]["capacity"])
        supply += network.edges[_SOURCE, node]["capacity"]
    wider.add_node(_SINK, demand=supply)
    for tail, head in arcs:
        wider.add_edge(tail, head, **network.edges[tail, head])
        if "row" in network.edges[tail, head]:
            wider.add_edge(tail, ("more", tail), weight=1)
            wider.add_edge(("more", tail), head)
    _, flow = nx.network_simplex(wider)
    found = [
        Relief(network.edges[tail, head]["row"], flow[tail]["more", tail])
        for tail, head in arcs
        if "row" in network.edges[tail, head] and flow[tail]["more", tail] > 0
    ]
    return tuple(sorted(found, key=lambda r: (-r.more, r.row)))


def _of_pools(problem: Problem, classes: dict[tuple[int, ...], list[int]]) -> Iterator[Shortage]:
    """Yield each pool that more needs depend on, with all their options, than it serves."""
    reach = {need: set(options) for options, needs in classes.items() for need in needs}
    rows = problem.rows
    for row in range(problem.num_rows):
        if problem.row_label(row)[0] != "pool":
            continue
        mine = rows.row_idx == row
        drawing: Int64s = rows.edge_idx[mine]
        draws = Counter[int]()
        edges = _free_edges(problem)
        depending = set(reach) - set(problem.need[np.setdiff1d(edges, drawing)].tolist())
        for edge, draw in zip(drawing.tolist(), rows.draw[mine].tolist(), strict=True):
            need = int(problem.need[edge])
            draws[need] = min(draw, draws.get(need, draw))
        needs = sorted(depending, key=lambda n: (draws[n], n))
        total = np.cumsum([draws[n] for n in needs])
        places = int(np.searchsorted(total, int(problem.row_capacity[row]), side="right"))
        if len(needs) > places:
            relief = Relief(row, len(needs) - places)
            yield Shortage(tuple(sorted(needs)), (row,), places, (relief,), (relief,))


def _free_edges(problem: Problem) -> Int64s:
    return np.flatnonzero((problem.fixed != 0) & (problem.weight > 0))
