"""The few figures of an answer that curves and fronts show: from arrays, free of the market."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.whatif.solving import Solved
from matcher.whatif.warm import RowKey, row_key


@dataclass(frozen=True, slots=True)
class Facts:
    """What one answer comes to.

    Parameters
    ----------
    score
        Σ of the scores of the matches; ``objective`` is this less what floors lack.
    slack
        Bound less objective: no plan is better by more.
    doubt
        The same by an exact solver's word, where that is less.
    matched
        Ids of the needs with a match, ascending.
    amount_fen
        Money on offer: of each need the largest amount that one match offers, in fen.
    mean_cost
        Mean all-in yearly cost of the matches, at the lowest rates quoted, to six decimals;
        None where none is known.
    prices
        The multipliers above 0, by row.
    """

    status: str
    objective: float
    score: float
    bound: float | None
    gap: float | None
    slack: float
    doubt: float
    matched: tuple[str, ...]
    num_matches: int
    amount_fen: int
    mean_cost: float | None
    prices: tuple[tuple[RowKey, float], ...]

    def price_of(self, table_kind: str, identity: str) -> float:
        """Return the sum of the prices of the rows of one owner, one of each day."""
        return sum(
            p for (kind, owner, _), p in self.prices if (kind, owner) == (table_kind, identity)
        )


def facts_of(solved: Solved) -> Facts:
    """Return the figures of an answer."""
    result, edges = solved.result, solved.graph.edges
    chosen = result.chosen
    low = edges.low[chosen]
    known = low[~np.isnan(low)]
    rows = zip(solved.encoded.rows, result.multipliers.tolist(), strict=True)
    return Facts(
        status=result.status.value,
        objective=solved.objective,
        score=solved.score,
        bound=result.bound,
        gap=result.gap,
        slack=solved.slack,
        doubt=solved.doubt,
        matched=tuple(sorted(solved.matched)),
        num_matches=len(chosen),
        amount_fen=_amount(solved),
        mean_cost=round(float(known.mean()), 6) if known.size else None,
        prices=tuple((row_key(row), price) for row, price in rows if price > 0),
    )


def _amount(solved: Solved) -> int:
    chosen = solved.result.chosen
    largest = np.zeros(solved.problem.num_needs, np.int64)
    np.maximum.at(largest, solved.problem.need[chosen], solved.graph.edges.offered_fen[chosen])
    return sum(map(int, largest.tolist()))
