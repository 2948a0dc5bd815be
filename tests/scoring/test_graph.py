from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from matcher.domain.criteria import State
from matcher.market import Market
from matcher.scoring.explain import explain
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.mending import judge
from matcher.scoring.pair import Pair
from matcher.scoring.weights import FEATURE_NAMES, default_weights
from tests.strategies import markets

WEIGHTS = default_weights()


@given(markets())
def test_the_edges_are_the_pairs_of_which_no_rule_fails(market: Market) -> None:
    """Column eligibility finds every pair that the row reading admits, and no other."""
    graph = ScoringGraph.build(market, WEIGHTS)
    found = set(zip(graph.edges.need.tolist(), graph.edges.product.tolist(), strict=True))
    expected = {
        (i, j)
        for i in range(market.num_needs)
        for j in range(market.num_products)
        if all(v.state is not State.FAIL for v in judge(Pair.of(market, i, j)))
    }
    assert found == expected


@given(markets())
def test_the_terms_shown_are_the_terms_of_the_sum(market: Market) -> None:
    """Reasons add up to the score, features lie in 0 … 1, and explain tells the same story."""
    graph = ScoringGraph.build(market, WEIGHTS)
    assert graph.features.shape == (graph.num_edges, len(FEATURE_NAMES))
    assert ((graph.features >= 0) & (graph.features <= 1)).all()
    np.testing.assert_allclose(graph.terms.sum(axis=1), graph.score, atol=1e-6)
    for edge in range(graph.num_edges):
        told = explain(market, WEIGHTS, int(graph.edges.need[edge]), int(graph.edges.product[edge]))
        assert told.eligible
        assert told.score == pytest.approx(float(graph.score[edge]), abs=1e-6)
        parts = [t.part for t in told.terms]
        np.testing.assert_allclose(parts, graph.terms[edge], atol=1e-6)


@given(markets())
def test_edges_are_sorted_by_need_and_indexed_by_indptr(market: Market) -> None:
    """The compressed rows hold exactly the edges of their need."""
    graph = ScoringGraph.build(market, WEIGHTS)
    assert graph.indptr[0] == 0
    assert graph.indptr[-1] == graph.num_edges
    for need in range(market.num_needs):
        span = graph.edges_of_need(need)
        assert (graph.edges.need[span.start : span.stop] == need).all()
        assert (np.diff(graph.edges.product[span.start : span.stop]) >= 0).all()
        offers = [(graph.edges.product[e], *graph.edges.claims[e]) for e in span]
        assert len(set(offers)) == len(offers)


@given(markets())
def test_the_nearest_product_fails_the_fewest_rules(market: Market) -> None:
    """Among products of an accepted instrument, if any, none fails fewer rules."""
    graph = ScoringGraph.build(market, WEIGHTS)
    for i, need in enumerate(market.needs):
        distance = [
            (
                product.instrument not in need.instruments,
                sum(v.state is State.FAIL for v in judge(Pair.of(market, i, j))),
            )
            for j, product in enumerate(market.products)
        ]
        if distance:
            assert distance[graph.nearest.product[i]] == min(distance)
            assert graph.nearest.num_failed[i] == min(distance)[1]
        else:
            assert graph.nearest.product[i] == -1


@given(markets())
def test_the_networkx_graph_is_bipartite_and_carries_the_scores(market: Market) -> None:
    """Export keeps every node and every pair, each with the score of its best offer."""
    scoring = ScoringGraph.build(market, WEIGHTS)
    graph = scoring.to_networkx()
    edges = zip(scoring.edges.need.tolist(), scoring.edges.product.tolist(), strict=True)
    best: dict[tuple[str, str], float] = {}
    for (i, j), score in zip(edges, scoring.score.tolist(), strict=True):
        pair = (market.needs[i].need_id, market.products[j].product_id)
        best[pair] = max(score, best.get(pair, -np.inf))
    assert graph.number_of_nodes() == market.num_needs + market.num_products
    assert nx.is_bipartite(graph)
    exported = {(a[1], b[1]): data["score"] for a, b, data in graph.edges(data=True)}
    assert exported == best


@given(markets(max_needs=2, max_products=2))
@settings(max_examples=5)
def test_arrays_of_market_and_graph_cannot_be_written(market: Market) -> None:
    """A snapshot stays what it was: every array of it is read-only."""
    graph = ScoringGraph.build(market, WEIGHTS)
    columns = [market.need_columns, market.product_columns]
    arrays = [getattr(c, name) for c in columns for name in c.__slots__]
    arrays += [graph.indptr, graph.features, graph.score, market.institution_idx]
    arrays += [getattr(graph.edges, name) for name in graph.edges.__slots__]
    assert not any(array.flags.writeable for array in arrays)


@given(markets())
def test_the_score_is_the_shares_of_the_three_sides(market: Market) -> None:
    """Each side's own ranking is a part of the score: 45 % the firm's, 30 % the bank's, 25 %."""
    graph = ScoringGraph.build(market, WEIGHTS)
    shares = {"enterprise": 0.45, "bank": 0.30, "public": 0.25}
    total = sum(share * graph.group_score(group) for group, share in shares.items())
    np.testing.assert_allclose(total, graph.score, atol=1e-6)
