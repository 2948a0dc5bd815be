"""A scoring graph as an assignment problem: needs, options, groups and pools become indices."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.assign import UNLIMITED, Problem
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.planning.floors import FloorBook, GroupFloor
from matcher.planning.pools import PoolRow, budget_pools, owned_row, package_pools
from matcher.scoring.graph import ScoringGraph

SCORE_PLACES = 6
"""Scores are rounded to this many decimals, so that a printed plan adds up exactly."""


@dataclass(frozen=True, slots=True)
class Fixings:
    """Pairs of (need id, product id) that must be in the plan, and that must not."""

    pins: frozenset[tuple[str, str]] = frozenset()
    bans: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, eq=False, slots=True)
class Encoded:
    """A problem with the names of its rows, in the order of the multipliers.

    ``shared`` names the problem's ``pools`` one by one, also those that make no row; ``floors``
    are those of the problem, in its order.
    """

    problem: Problem
    rows: tuple[PoolRow, ...]
    shared: tuple[PoolRow, ...]
    floors: tuple[GroupFloor, ...] = ()


def encode(
    graph: ScoringGraph, fixings: Fixings | None = None, floors: Sequence[GroupFloor] = ()
) -> Encoded:
    """Return the assignment problem of a scoring graph.

    Options are the market's products with their packages, groups its institutions, fen the
    amounts offered; a need takes at most one product of an institution and at most as many as
    it wants contacts. Parallel edges are the offers of one pair: with a subsidy and without.
    Floors ask for no more than could be served at all.

    Raises
    ------
    InputError
        If a pin names a pair that is not eligible or a floor an institution that is not there,
        naming each.
    """
    market, edges = graph.market, graph.edges
    pools = [*budget_pools(graph), *package_pools(market)]
    shared = {(row.kind, row.identity) for row, _ in pools}
    products = [p.product_id for p in market.products]
    institutions = [i.institution_id for i in market.institutions]
    problem = Problem.from_arrays(
        edges.need,
        edges.product,
        np.round(graph.score.astype(np.float64), SCORE_PLACES),
        num_needs=market.num_needs,
        num_options=market.num_products,
        need_limit=np.array([n.contacts for n in market.needs], np.int64),
        option_limit=_limits("option_limit", products, [p.leads for p in market.products], shared),
        amount=edges.offered_fen,
        option_quota=_limits(
            "option_quota", products, [p.quota_fen for p in market.products], shared
        ),
        group=market.institution_idx,
        group_limit=_limits(
            "group_limit", institutions, [i.leads for i in market.institutions], shared
        ),
        group_quota=_limits(
            "group_quota", institutions, [i.quota_fen for i in market.institutions], shared
        ),
        one_per_group=True,
        pools=[pool for _, pool in pools],
        fixed=_fixed(graph, fixings or Fixings()),
    )
    named = tuple(row for row, _ in pools)
    labels = [problem.row_label(row) for row in range(problem.num_rows)]
    rows = tuple(
        named[index] if kind == "pool" else owned_row(market, kind, index) for kind, index in labels
    )
    return Encoded(FloorBook(problem, market, floors).problem(), rows, named, tuple(floors))


def _limits(
    kind: str,
    identities: Sequence[str],
    values: Sequence[int | None],
    shared: Collection[tuple[str, str]],
) -> NDArray[np.int64] | None:
    """Return limits; those that packages of others draw on too are pools instead."""
    own = [
        None if (kind, identity) in shared else value
        for identity, value in zip(identities, values, strict=True)
    ]
    if all(v is None for v in own):
        return None
    return np.array([UNLIMITED if v is None else v for v in own], np.int64)


def _fixed(graph: ScoringGraph, fixings: Fixings) -> NDArray[np.int8]:
    fixed = np.full(graph.num_edges, -1, np.int8)
    faults: list[Fault] = []
    for pairs, value in ((fixings.bans, 0), (fixings.pins, 1)):
        edges, unknown = _edges_of(graph, pairs, every=value == 0)
        fixed[edges] = value
        # A ban on a pair that cannot be matched anyway asks for nothing impossible.
        faults += [_not_eligible(pair) for pair in unknown if value == 1]
    both = sorted(fixings.pins & fixings.bans)
    message = Text("同时被指定和禁止", "is both pinned and banned")
    faults += [Fault(message, field="pins", value=" × ".join(pair)) for pair in both]
    if faults:
        raise InputError(faults)
    return fixed


def _edges_of(
    graph: ScoringGraph, pairs: Iterable[tuple[str, str]], *, every: bool
) -> tuple[list[int], list[tuple[str, str]]]:
    """Return the edges of pairs of ids, and the pairs that are no edge.

    Parameters
    ----------
    every
        Whether to take all offers of a pair, or only its first, which draws on no budget
        unless nothing else is within what the firm accepts.

    Raises
    ------
    UnknownIdError
        If the market does not have an id.
    """
    found, missing = list[int](), []
    for need_id, product_id in sorted(pairs):
        need = graph.market.index("needs", need_id)
        product = graph.market.index("products", product_id)
        edges = [e for e in graph.edges_of_need(need) if graph.edges.product[e] == product]
        if not edges:
            missing.append((need_id, product_id))
        found += edges if every else edges[:1]
    return found, missing


def _not_eligible(pair: tuple[str, str]) -> Fault:
    message = Text(
        "不能指定：该产品不适用于该需求（用 matcher explain 查看原因）",
        "cannot be pinned: the product is not eligible (matcher explain says why)",
    )
    return Fault(message, field="pins", value=" × ".join(pair))
