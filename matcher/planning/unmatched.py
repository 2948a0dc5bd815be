"""Why a need has no match."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.assign import Result, Status
from matcher.domain.choices import PoolUnit
from matcher.domain.criteria import State
from matcher.domain.text import Text
from matcher.planning.encode import Encoded
from matcher.planning.plan import Unmatched
from matcher.planning.pools import PoolRow
from matcher.planning.queues import Queues
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.mending import judge, smallest_change
from matcher.scoring.pair import Pair

FEN_PER_WAN = 1_000_000
"""Prices of money pools are shown for 10,000 yuan, since one fen's price is tiny."""


class UnmatchedReasons:
    """Finds the reason of each unmatched need of one solved problem."""

    def __init__(self, graph: ScoringGraph, encoded: Encoded, result: Result) -> None:
        self.graph = graph
        self.problem = problem = encoded.problem
        self.result = result
        self.rows = encoded.rows
        self.left: NDArray[np.int64] = problem.row_capacity - problem.rows.used(result.chosen)
        self.queues = Queues(graph, encoded, result)

    def of(self, need_idx: int) -> Unmatched:
        """Return why a need is not in the plan."""
        edges = self.graph.edges_of_need(need_idx)
        if not edges:
            return self._not_eligible(need_idx)
        if self.graph.market.needs[need_idx].contacts == 0:
            reason = Text("企业不希望被联系", "the firm asked for no contacts")
            return self._make(need_idx, "no_contacts", reason)
        if self.result.status in (Status.INFEASIBLE, Status.UNKNOWN):
            return self._make(need_idx, "no_plan", self.result.reason)
        free = [e for e in edges if self.problem.fixed[e] != 0]
        if not free:
            reason = Text("所有适用产品都被禁止", "every fitting product is banned")
            return self._make(need_idx, "banned", reason)
        return self._outbid(need_idx, free)

    def _make(self, need_idx: int, kind: str, reason: Text) -> Unmatched:
        market = self.graph.market
        return Unmatched(market.needs[need_idx], market.enterprise_of[need_idx], kind, reason)

    def _not_eligible(self, need_idx: int) -> Unmatched:
        market = self.graph.market
        need, enterprise = market.needs[need_idx], market.enterprise_of[need_idx]
        product_idx = int(self.graph.nearest.product[need_idx])
        if product_idx < 0:
            reason = Text("目录中没有产品", "the catalogue has no product")
            return Unmatched(need, enterprise, "not_eligible", reason)
        pair = Pair.of(market, need_idx, product_idx)
        failing = tuple(v for v in judge(pair) if v.state is State.FAIL)
        reason = Text(
            "没有适用产品；最接近的是{i}的“{p}”：{v}",
            "no eligible product; nearest is {i}, {p}: {v}",
        ).format(
            i=market.institution_of(product_idx).text,
            p=pair.product.text,
            v=Text.join([v.sentence for v in failing], zh="；", en="; "),
        )
        return Unmatched(
            need,
            enterprise,
            "not_eligible",
            reason,
            nearest=pair.product,
            failing=failing,
            changes=smallest_change(pair),
        )

    def _outbid(self, need_idx: int, edges: Sequence[int]) -> Unmatched:
        full = self._full_rows(edges)  # row → the least that an edge of the need would draw
        market = self.graph.market
        need, enterprise = market.needs[need_idx], market.enterprise_of[need_idx]
        if not full:
            reason = Text(
                "有 {n} 个适用产品，但方法 {m} 未选入",
                "{fit}, but the method {m} left it out",
            ).format(**self._fitting(edges), m=self.result.method)
            return Unmatched(need, enterprise, "outbid", reason)
        reason = Text(
            "有 {n} 个适用产品，但名额或资金不足：{p}",
            "{fit}, but what it takes is given to others or too small: {p}",
        ).format(
            **self._fitting(edges),
            p=Text.join([self._why(r, d) for r, d in full.items()], zh="；", en="; "),
        )
        blocking = tuple(self.rows[r] for r in full)
        found = self.queues.of(need_idx, {self.rows[r].identity for r in full if self._waits(r)})
        if found is None:
            return Unmatched(need, enterprise, "outbid", reason, blocking=blocking)
        fund, place = found
        reason = Text.join([reason, place.sentence], zh="；", en="; ")
        return Unmatched(
            need, enterprise, "outbid", reason, blocking=blocking, queued=place, fund=fund
        )

    def _waits(self, row: int) -> bool:
        """Tell whether the row is a day of a fund whose money comes back."""
        return self.rows[row].day is not None

    def _fitting(self, edges: Sequence[int]) -> dict[str, object]:
        num = len({int(self.graph.edges.product[e]) for e in edges})
        return {"n": num, "fit": "1 product fits" if num == 1 else f"{num} products fit"}

    def _full_rows(self, edges: Sequence[int]) -> dict[int, int]:
        """Return the rows with less left than an edge of the need draws, and the least draw."""
        start, row_idx, draw = self.problem.rows.by_edge
        found: dict[int, int] = {}
        for edge in edges:
            span = range(int(start[edge]), int(start[edge + 1]))
            for row, wanted in ((int(row_idx[k]), int(draw[k])) for k in span):
                if wanted > self.left[row]:
                    found[row] = min(wanted, found.get(row, wanted))
        return dict(sorted(found.items()))

    def _why(self, row: int, wanted: int) -> Text:
        """Say that a pool is too small for the need, or taken, and its price if it has one."""
        capacity, named = int(self.problem.row_capacity[row]), self.rows[row]
        if wanted > capacity:
            template = Text("{t}（共 {c}，需要 {w}）", "{t} (holds {c}, needs {w})")
            return template.format(t=named.text, c=named.show(capacity), w=named.show(wanted))
        multiplier = float(self.result.multipliers[row])
        if not multiplier:
            return named.text
        price = price_text(named, multiplier)
        return Text("{t}（{p}）", "{t} ({p})").format(t=named.text, p=price)


def price_text(row: PoolRow, multiplier: float) -> Text:
    """Print a multiplier: points of score for one place, or for 10,000 yuan."""
    if row.unit is PoolUnit.FEN:
        price = multiplier * FEN_PER_WAN
        return Text(f"每万元价格 {price:.4f}", f"price {price:.4f} per 10,000 yuan")
    return Text(f"每名额价格 {multiplier:.4f}", f"price {multiplier:.4f} per place")
