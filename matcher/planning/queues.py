"""Who waits for a fund whose money comes back, in which place, and until when."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta

import numpy as np

from matcher.assign import Result
from matcher.domain.institution import Pool
from matcher.domain.ledger import Draw, FundRequest, Queued, RevolvingPool, allocate
from matcher.planning.encode import Encoded
from matcher.planning.pools import Use, uses
from matcher.scoring.graph import ScoringGraph

MAX_DAYS = 3_660
"""Money without a known day of return is reckoned as out for so long."""


class Queues:
    """The queues of one solved problem, each worked out when first asked for.

    Those who wait stand in the order of their best score with the fund, the higher first. Each
    holds the first day on which the whole amount is there, beside what the plan pays out and
    what is held for those before.
    """

    def __init__(self, graph: ScoringGraph, encoded: Encoded, result: Result) -> None:
        self.graph = graph
        self.encoded = encoded
        self.result = result
        self._found: dict[str, dict[str, Queued]] = {}

    def of(self, need_idx: int, pool_ids: Collection[str]) -> tuple[Pool, Queued] | None:
        """Return the fund of which a need could have money first, and its place there."""
        market = self.graph.market
        need_id = market.needs[need_idx].need_id
        funds = [market.pools[market.index("pools", i)] for i in sorted(pool_ids)]
        places = [(fund, self._queue(fund).get(need_id)) for fund in funds]
        known = [(fund, place) for fund, place in places if place is not None]
        return min(known, key=lambda waiting: waiting[1].first_day, default=None)

    def _queue(self, pool: Pool) -> dict[str, Queued]:
        if pool.pool_id not in self._found:
            waiting = allocate(self._ledger(pool), list(self._requests(pool)))
            self._found[pool.pool_id] = {q.request.request_id: q for q in waiting.queued}
        return self._found[pool.pool_id]

    def _drawing(self, pool: Pool) -> dict[int, tuple[int, Use]]:
        """Return the edges that draw on a pool, with how much and when."""
        draw = np.zeros(self.encoded.problem.num_edges, np.int64)
        pairs = zip(self.encoded.shared, self.encoded.problem.pools, strict=True)
        for row, shared in pairs:
            if row.kind == "pool" and row.identity == pool.pool_id:
                drawing = np.isin(self.encoded.problem.option, shared.options)
                drawn = self.graph.edges.offered_fen if shared.draw is None else shared.draw
                draw = np.maximum(draw, np.where(drawing, drawn, 0))
        edges = np.flatnonzero(draw).tolist()
        return {e: (int(draw[e]), use) for e, use in uses(self.graph, edges).items()}

    def _ledger(self, pool: Pool) -> RevolvingPool:
        """Return the fund with what is out of it and what the plan pays out."""
        market = self.graph.market
        draws = [
            Draw(f"return-{i}", quantity, market.as_of, day)
            for i, (day, quantity) in enumerate(pool.returns)
            if quantity and day > market.as_of
        ]
        drawing, chosen = self._drawing(pool), set(self.result.chosen.tolist())
        for edge in sorted(chosen & drawing.keys()):
            amount, use = drawing[edge]
            draws.append(_request(f"match-{edge}", amount, use).draw_from(use.out))
        size = pool.capacity + sum(quantity for _, quantity in pool.returns)
        return RevolvingPool(size, draws=tuple(draws))

    def _requests(self, pool: Pool) -> Iterator[FundRequest]:
        """Yield what those without a match would draw, by score.

        Who asked for no contacts does not wait, and nobody waits for what is banned.
        """
        problem, market = self.encoded.problem, self.graph.market
        served = {int(problem.need[e]) for e in self.result.chosen}
        served |= set(np.flatnonzero(problem.need_limit == 0).tolist())
        drawing = self._drawing(pool)
        for edge in sorted(drawing, key=lambda e: (-problem.weight[e], e)):
            need = int(problem.need[edge])
            if need not in served and problem.fixed[edge] != 0:
                served.add(need)
                amount, use = drawing[edge]
                yield _request(market.needs[need].need_id, amount, use)


def _request(identity: str, amount_fen: int, use: Use) -> FundRequest:
    span = timedelta(days=MAX_DAYS) if use.back is None else use.back - use.out
    return FundRequest(identity, amount_fen, use.out, min(span.days, MAX_DAYS))
