"""The bipartite scoring graph: eligible edges with their features and scores, by need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from matcher.market import Market
from matcher.market.columns import frozen
from matcher.scoring.eligibility import Edges, Nearest
from matcher.scoring.features import feature_matrix
from matcher.scoring.roads import find_best
from matcher.scoring.weights import Weights


@dataclass(frozen=True, eq=False)
class ScoringGraph:
    """Needs × products, sparse: compressed rows (CSR) by need, all arrays read-only.

    Parameters
    ----------
    edges
        (E,) columns, sorted by need, then product; those of need ``i`` are
        ``indptr[i]:indptr[i + 1]``.
    indptr
        (N + 1,) int64.
    score
        (E,) float32, Σ weight × feature, in [0, 1].
    nearest
        For each need the product that fails the fewest rules.
    """

    market: Market
    weights: Weights
    edges: Edges
    indptr: NDArray[np.int64]
    score: NDArray[np.float32]
    nearest: Nearest

    @classmethod
    def build(cls, market: Market, weights: Weights, best: int | None = None) -> ScoringGraph:
        """Find and score the eligible pairs of a market.

        Parameters
        ----------
        best
            Keep so many edges of each need: those of the highest scores, of equals those of the
            lower product index, then of the earlier offer. None keeps all.

        Notes
        -----
        Small markets are read product by product; from `matcher.scoring.roads.FAST_FROM` pairs
        on a scan is compiled, which finds the same edges. Beside the edges (48 bytes each) that
        needs no memory that grows with the number of pairs.
        """
        if best is not None and best < 1:
            raise ValueError(f"best must be at least 1, not {best}")
        found = find_best(market, weights, best)
        counts = np.bincount(found.edges.need, minlength=market.num_needs)
        return cls(
            market=market,
            weights=weights,
            edges=found.edges,
            indptr=frozen(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)),
            score=frozen(found.score),
            nearest=found.nearest,
        )

    @cached_property
    def features(self) -> NDArray[np.float32]:
        """The (E, F) features in [0, 1], columns in the order of `FEATURE_NAMES`.

        They are reckoned when they are first asked for.
        """
        return frozen(feature_matrix(self.market, self.edges, self.weights))

    @property
    def num_edges(self) -> int:
        return len(self.score)

    def edges_of_need(self, need_idx: int) -> range:
        """Return the indices of a need's edges."""
        return range(int(self.indptr[need_idx]), int(self.indptr[need_idx + 1]))

    def group_score(self, group: str) -> NDArray[np.float32]:
        """Return the (E,) score of one side alone: how ``enterprise`` or ``bank`` would rank."""
        return (self.features @ self.weights.of_group(group)).astype(np.float32)

    @cached_property
    def terms(self) -> NDArray[np.float64]:
        """The (E, F) terms of the sum, weight × feature: the reasons shown to people."""
        return frozen(self.features * self.weights.vector)

    def to_networkx(self) -> nx.Graph[tuple[str, str]]:
        """Return the graph for analysis: nodes ``("need", id)`` and ``("product", id)``.

        Nodes carry ``bipartite`` 0 and 1, edges ``score`` and ``offered_fen``: those of the
        best offer of a pair.
        """
        graph: nx.Graph[tuple[str, str]] = nx.Graph()
        needs = [("need", n.need_id) for n in self.market.needs]
        products = [("product", p.product_id) for p in self.market.products]
        graph.add_nodes_from(needs, bipartite=0)
        graph.add_nodes_from(products, bipartite=1)
        columns = (self.edges.need, self.edges.product, self.score, self.edges.offered_fen)
        for need, product, score, offered in zip(*(c.tolist() for c in columns), strict=True):
            known = graph.get_edge_data(needs[need], products[product])
            if known is None or score > known["score"]:
                graph.add_edge(needs[need], products[product], score=score, offered_fen=offered)
        return graph
