"""A better plan by hand: take one match in, one of the same need out, and what then fits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from matcher.assign import Problem
from matcher.assign.arrays import Int64s
from matcher.assign.feasibility import is_plan
from matcher.assign.greedy import extend

MAX_TRIALS = 120
MAX_EDGES = 20_000
"""Beyond, a trial takes longer than what it finds is worth."""


def swapped(problem: Problem, chosen: Int64s, rows: Int64s) -> Int64s:
    """Return a plan that is worth no less than one that is extended as far as can be.

    Parameters
    ----------
    chosen
        A plan.
    rows
        Where there is room that the plan does not use: matches that draw on it are tried, the
        heaviest first.
    """
    best = np.sort(extend(problem, chosen))
    if problem.num_edges > MAX_EDGES:
        return best
    worth = problem.worth(best)
    for trial in _trials(problem, chosen, rows):
        plan = np.sort(extend(problem, trial))
        if (found := problem.worth(plan)) > worth:
            best, worth = plan, found
    return best


def _trials(problem: Problem, chosen: Int64s, rows: Int64s) -> Iterator[Int64s]:
    """Yield plans with one match more on the rows and at most one less of the same need."""
    inside = np.isin(problem.rows.row_idx, rows)
    edges = np.setdiff1d(problem.rows.edge_idx[inside], chosen)
    edges = edges[(problem.fixed[edges] == -1) & (problem.weight[edges] > 0)]
    heaviest = edges[np.lexsort((edges, -problem.weight[edges]))][:MAX_TRIALS]
    left = problem.row_capacity - problem.rows.used(chosen)
    for edge in heaviest.tolist():
        theirs = chosen[(problem.need[chosen] == problem.need[edge]) & (problem.fixed[chosen] != 1)]
        for out in theirs.tolist():
            trial = np.append(chosen[chosen != out], edge)
            if _fits(problem, edge, out, left) and is_plan(problem, np.sort(trial)):
                yield trial


def _fits(problem: Problem, edge: int, out: int, left: Int64s) -> bool:
    """Tell quickly whether a row has no room for one match in the place of another."""
    start, row, draw = problem.rows.by_edge
    freed = {int(row[k]): int(draw[k]) for k in range(int(start[out]), int(start[out + 1]))}
    span = range(int(start[edge]), int(start[edge + 1]))
    return all(int(draw[k]) <= int(left[row[k]]) + freed.get(int(row[k]), 0) for k in span)
