"""One of two plans that are compared, read by identity instead of index."""

from __future__ import annotations

from functools import cached_property

from matcher.domain.criteria import State, Verdict
from matcher.planning.plan import Match
from matcher.planning.pools import PoolRow
from matcher.scoring.explain import Term, terms_of
from matcher.scoring.mending import judge
from matcher.scoring.pair import Pair
from matcher.whatif.solving import Solved
from matcher.whatif.warm import RowKey, claims_of, row_key

PairKey = tuple[str, str]
"""Need and product."""


class Side:
    """A solved setting, by identity."""

    def __init__(self, solved: Solved) -> None:
        self.solved = solved
        self.graph = solved.graph
        self.market = solved.graph.market
        self.problem = solved.problem
        self.needs = {n.need_id: i for i, n in enumerate(self.market.needs)}
        self.products = {p.product_id: j for j, p in enumerate(self.market.products)}

    @cached_property
    def matches(self) -> dict[PairKey, Match]:
        """The matches by need and product."""
        return {(m.need.need_id, m.product.product_id): m for m in self.solved.plan.matches}

    @cached_property
    def rows(self) -> dict[RowKey, PoolRow]:
        """What is scarce, by its name."""
        return {row_key(row): row for row in self.solved.encoded.rows}

    @cached_property
    def row_idx(self) -> dict[RowKey, int]:
        """The index of each row."""
        return {row_key(row): i for i, row in enumerate(self.solved.encoded.rows)}

    @cached_property
    def used(self) -> list[int]:
        """What the plan draws on each row."""
        return list(map(int, self.problem.rows.used(self.solved.result.chosen).tolist()))

    def capacity(self, key: RowKey) -> int | None:
        """Return what a row holds; None where there is no such limit."""
        row = self.row_idx.get(key)
        return None if row is None else int(self.problem.row_capacity[row])

    def left(self, key: RowKey) -> int | None:
        """Return what the plan leaves of a row; None where there is no such limit."""
        row = self.row_idx.get(key)
        return None if row is None else int(self.problem.row_capacity[row]) - self.used[row]

    def price(self, key: RowKey) -> float:
        """Return the multiplier of a row; 0 where there is no such limit."""
        row = self.row_idx.get(key)
        return 0.0 if row is None else float(self.solved.result.multipliers[row])

    def knows(self, pair: PairKey) -> bool:
        """Tell whether the market has both."""
        return pair[0] in self.needs and pair[1] in self.products

    def edges(self, pair: PairKey) -> list[int]:
        """Return the offers of a pair."""
        if not self.knows(pair):
            return []
        need, product = self.needs[pair[0]], self.products[pair[1]]
        columns = self.graph.edges.product
        return [e for e in self.graph.edges_of_need(need) if columns[e] == product]

    def edge_like(self, pair: PairKey, claims: tuple[str, ...]) -> int | None:
        """Return the offer of a pair that claims the same policies, else its heaviest."""
        offers = self.edges(pair)
        same = [e for e in offers if claims_of(self.graph, e) == claims]
        return max(same or offers, key=lambda e: (self.problem.weight[e], -e), default=None)

    def draws(self, edge: int) -> dict[RowKey, int]:
        """Return what an edge draws, by row."""
        start, row_idx, draw = self.problem.rows.by_edge
        span = range(int(start[edge]), int(start[edge + 1]))
        named = self.solved.encoded.rows
        return {row_key(named[int(row_idx[k])]): int(draw[k]) for k in span}

    def users(self, key: RowKey) -> list[PairKey]:
        """Return the pairs of the plan that draw on a row."""
        return [pair for pair, match in self.matches.items() if key in self.draws(match.edge)]

    def failing(self, pair: PairKey) -> tuple[Verdict, ...]:
        """Return the verdicts that fail of a pair that the market has."""
        found = judge(Pair.of(self.market, self.needs[pair[0]], self.products[pair[1]]))
        return tuple(v for v in found if v.state is State.FAIL)

    def terms(self, edge: int) -> tuple[Term, ...]:
        """Return the terms of an edge's score."""
        return terms_of(self.graph.features[edge].astype(float).tolist(), self.graph.weights)
