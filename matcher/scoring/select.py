"""Scored edges of a market, and the best of each need among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.market.columns import frozen
from matcher.scoring.eligibility import Edges, Nearest, by_need


@dataclass(frozen=True, eq=False)
class Candidates:
    """Edges by need, product and offer, their scores, and the nearest product of each need."""

    edges: Edges
    score: NDArray[np.float32]
    nearest: Nearest

    def best(self, most: int | None) -> Candidates:
        """Keep at most so many edges of each need; None keeps all.

        Those of the highest scores stay, of equals those of the lower product index, then those
        of the earlier offer; the order of what stays is as before.
        """
        if most is None:
            return self
        kept = best_rows(self.edges.need, self.score, most)
        if len(kept) == len(self.score):
            return self
        return Candidates(self.edges.take(kept), frozen(self.score[kept]), self.nearest)

    def __add__(self, other: Candidates) -> Candidates:
        """Join the edges that two sets of products have with the same needs."""
        edges = by_need([self.edges, other.edges])
        order = np.lexsort((edges.product, edges.need))
        need = np.concatenate([self.edges.need, other.edges.need])
        score = np.concatenate([self.score, other.score])[np.argsort(need, kind="stable")]
        nearest = self.nearest.or_nearer(other.nearest.product, other.nearest.distance)
        return Candidates(edges.take(order), frozen(score[order]), nearest)


def best_rows(need: NDArray[np.int32], score: NDArray[np.float32], most: int) -> NDArray[np.intp]:
    """Return the rows of the best edges of each need, ascending; ``need`` ascends."""
    order = np.lexsort((-score, need))
    counts = np.bincount(need)
    first = np.cumsum(counts) - counts
    rank = np.arange(len(need)) - first[need[order]]
    return np.sort(order[rank < most])
