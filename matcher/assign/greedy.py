"""Greedy: what a desk does by hand, the baseline that every report compares with."""

from __future__ import annotations

import numpy as np

from matcher.assign.arrays import Int64s
from matcher.assign.certificate import closing_prices
from matcher.assign.feasibility import addable, need_load
from matcher.assign.method import Answer, Options
from matcher.assign.problem import Problem
from matcher.assign.result import Status
from matcher.domain.text import Text

_REASON = Text(
    "贪心法：先放锁定项，再按权重从高到低，不破上限即取；不保证最优",
    "greedy: pins first, then edges by weight, each taken if every limit holds; "
    "no promise of the optimum",
)


def solve_greedy(problem: Problem, options: Options) -> Answer:
    """Take the pins, then edges by descending weight while every limit holds.

    Ties go to the lower need, then to the lower option. Time limit and seed are not used. The
    multipliers only close rows without capacity (see `closing_prices`), so the gap is wide.
    """
    chosen = extend(problem, problem.pinned)
    return Answer(Status.FEASIBLE, chosen, closing_prices(problem), "greedy", _REASON)


def extend(problem: Problem, chosen: Int64s) -> Int64s:
    """Return ``chosen`` and every edge that greedy can still add to it.

    The chosen edges must keep all limits. No free edge of positive weight fits afterwards.
    """
    room = _Room(problem, chosen)
    edges = np.flatnonzero(addable(problem, chosen))
    keys = (problem.option[edges], problem.need[edges], -problem.weight[edges])
    added = [edge for edge in edges[np.lexsort(keys)].tolist() if room.take(edge)]
    return np.concatenate([chosen, np.array(added, dtype=np.int64)])


class _Room:
    """What is left of every limit. Plain lists: a Python loop reads them faster than arrays."""

    def __init__(self, problem: Problem, chosen: Int64s) -> None:
        start, row, draw = problem.rows.by_edge
        self._start, self._row, self._draw = start.tolist(), row.tolist(), draw.tolist()
        self._row_left = (problem.row_capacity - problem.rows.used(chosen)).tolist()
        self._need_left = (problem.need_limit - need_load(problem, chosen)).tolist()
        self._need = problem.need.tolist()
        group = problem.need_group
        self._group = None if group is None else group.tolist()
        self._taken = set() if group is None else set(group[chosen].tolist())

    def take(self, edge: int) -> bool:
        """Take the edge if every limit allows it; return whether it was taken."""
        draws = range(self._start[edge], self._start[edge + 1])
        if not self._fits(edge, draws):
            return False
        self._need_left[self._need[edge]] -= 1
        if self._group is not None:
            self._taken.add(self._group[edge])
        for k in draws:
            self._row_left[self._row[k]] -= self._draw[k]
        return True

    def _fits(self, edge: int, draws: range) -> bool:
        if self._need_left[self._need[edge]] <= 0:
            return False
        if self._group is not None and self._group[edge] in self._taken:
            return False
        return all(self._draw[k] <= self._row_left[self._row[k]] for k in draws)
