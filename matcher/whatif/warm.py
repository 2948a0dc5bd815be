"""An earlier answer in the terms of another problem: its prices and its matches, by identity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from matcher.assign import Problem, Result
from matcher.assign.arrays import UNLIMITED, Floats, Int64s
from matcher.assign.greedy import extend
from matcher.planning.encode import Encoded
from matcher.planning.pools import PoolRow
from matcher.scoring.graph import ScoringGraph

RowKey = tuple[str, str, str]
EdgeKey = tuple[str, str, tuple[str, ...]]
"""Need, product and the policies claimed."""


def row_key(row: PoolRow) -> RowKey:
    """Return what names a row in every market: its kind, its owner and its day."""
    return (row.kind, row.identity, "" if row.day is None else row.day.isoformat())


@dataclass(frozen=True, eq=False, slots=True)
class Earlier:
    """What an earlier answer ended with, free of indices.

    Parameters
    ----------
    prices
        The multiplier of each row.
    matches
        The chosen edges, in the order of their indices.
    objective
        What they were worth.
    seconds
        How long it took; 0 where that is not known.
    capacities
        The capacity of each row; empty where that is not known.
    """

    prices: dict[RowKey, float]
    matches: tuple[EdgeKey, ...]
    objective: float | None = None
    seconds: float = 0.0
    capacities: dict[RowKey, int] = field(default_factory=dict)

    def capacities_for(self, rows: Iterable[PoolRow]) -> Int64s:
        """Return ``(num_rows,)`` capacities: of a row that is new, what no row has."""
        held = [self.capacities.get(row_key(row), UNLIMITED) for row in rows]
        return np.array(held, np.int64)

    def prices_for(self, rows: Iterable[PoolRow]) -> Floats:
        """Return ``(num_rows,)`` prices: of a row that is new, 0."""
        return np.array([self.prices.get(row_key(row), 0.0) for row in rows], np.float64)

    def edges_in(self, graph: ScoringGraph) -> Int64s:
        """Return the ascending edges of the matches that are still eligible.

        A match whose policies changed is found again as the first offer of its pair.
        """
        needs = _positions(n.need_id for n in graph.market.needs)
        products = _positions(p.product_id for p in graph.market.products)
        found = set[int]()
        for need_id, product_id, claims in self.matches:
            need, product = needs.get(need_id), products.get(product_id)
            if need is not None and product is not None:
                edge = _edge_of(graph, need, product, claims)
                found |= set() if edge is None else {edge}
        return np.array(sorted(found), np.int64)


def earlier_of(graph: ScoringGraph, encoded: Encoded, result: Result) -> Earlier:
    """Return an answer by identities."""
    keys = [row_key(row) for row in encoded.rows]
    prices = dict(zip(keys, result.multipliers.tolist(), strict=True))
    capacities = dict(zip(keys, encoded.problem.row_capacity.tolist(), strict=True))
    matches = tuple(edge_keys(graph, result.chosen))
    return Earlier(prices, matches, result.objective, result.runtime, capacities)


def edge_keys(graph: ScoringGraph, chosen: Int64s) -> Iterator[EdgeKey]:
    """Yield what names each of some edges in every market."""
    market, edges = graph.market, graph.edges
    columns = (edges.need[chosen], edges.product[chosen])
    for need, product, edge in zip(*(c.tolist() for c in columns), chosen.tolist(), strict=True):
        claims = claims_of(graph, edge)
        yield market.needs[need].need_id, market.products[product].product_id, claims


def claims_of(graph: ScoringGraph, edge: int) -> tuple[str, ...]:
    """Return the ids of the policies that an edge claims."""
    policies = graph.market.policies
    return tuple(policies[k].policy_id for k in graph.edges.claims[edge].tolist() if k >= 0)


def fitting(problem: Problem, edges: Int64s) -> Int64s:
    """Return a plan made of edges: the pins, then the heaviest that keep every limit, ascending."""
    kept = np.union1d(problem.pinned, edges[problem.fixed[edges] != 0])
    few = problem.take_edges(kept)
    plan: Int64s = np.sort(kept[extend(few, few.pinned)])
    return plan


def _edge_of(graph: ScoringGraph, need: int, product: int, claims: tuple[str, ...]) -> int | None:
    offers = [e for e in graph.edges_of_need(need) if graph.edges.product[e] == product]
    same = [e for e in offers if claims_of(graph, e) == claims]
    return next(iter(same or offers), None)


def _positions(identities: Iterable[str]) -> dict[str, int]:
    return {identity: i for i, identity in enumerate(identities)}
