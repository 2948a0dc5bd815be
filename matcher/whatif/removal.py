"""How much a change can gain at most, from what the best plan without it is worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matcher.assign import Problem
from matcher.assign.arrays import Floats, Int64s
from matcher.whatif.solving import Solved


def most_without(baseline: Solved) -> float | None:
    """Return what no plan of the baseline is worth more than, by the exact solver's word.

    That is no certificate. None where there is none or it says no more than the bound.
    """
    said, bound = baseline.result.solver_bound, baseline.result.bound
    return said if said is not None and bound is not None and said < bound else None


def gain_of_capacity(problem: Problem, row: int, extra: int) -> float | None:
    """Return the most that ``extra`` more on one row adds to the worth of the best plan.

    Parameters
    ----------
    problem
        With the extra capacity.

    Returns
    -------
    float | None
        None where floors pay for matches: those are worth more than their weight.

    Notes
    -----
    Take the best plan with the extra. If it fits without, nothing is gained. Else it draws more
    than c, so that it has at least n = ⌊c / a_max⌋ + 1 edges on the row; taking k = ⌈extra /
    a_min⌉ of them away makes it a plan of the problem as it was, and costs at most the k
    lightest: no more than the weights of ranks n - k + 1 to n on the row. Pins stay, which are
    set apart with what they draw. A need has one edge at most of a group.
    """
    if problem.floors:
        return None
    edges, draws, pinned = _on(problem, row)
    room = int(problem.row_capacity[row]) - extra - pinned
    if not len(edges):
        return 0.0
    num_least = max(room, 0) // int(draws.max()) + 1
    num_out = -(-extra // int(draws.min()))
    weights = _heaviest(problem, edges)
    if num_out > num_least:
        return float(weights[:num_out].sum())
    return float(weights[num_least - num_out : num_least].sum())


def gain_of_need(problem: Problem, need: int) -> float | None:
    """Return the most that a change of one need adds: what it may take at best, and no other.

    None where floors pay for matches, or where the need has a pin, which cannot be taken away.
    """
    theirs = problem.need == need
    if problem.floors or (problem.fixed[theirs] == 1).any():
        return None
    edges = np.flatnonzero(theirs & (problem.fixed == -1) & (problem.weight > 0))
    return float(_heaviest(problem, edges)[: int(problem.need_limit[need])].sum())


def _on(problem: Problem, row: int) -> tuple[Int64s, Int64s, int]:
    """Return the free edges that draw on a row, what they draw, and what pins draw."""
    rows = problem.rows
    inside = (rows.row_idx == row) & (rows.draw > 0)
    edges, draws = rows.edge_idx[inside], rows.draw[inside]
    free = (problem.fixed[edges] == -1) & (problem.weight[edges] > 0)
    pins = problem.fixed[edges] == 1
    return edges[free], draws[free], int(draws[pins].sum())


def _heaviest(problem: Problem, edges: Int64s) -> Floats:
    """Return weights in descending order, of each need and group the heaviest alone."""
    weight = problem.weight[edges].astype(np.float64)
    order = np.argsort(-weight, kind="stable")
    if problem.need_group is None:
        return weight[order]
    _, first = np.unique(problem.need_group[edges][order], return_index=True)
    return weight[order][np.sort(first)]


def row_alone(rows: Sequence[int]) -> int | None:
    """Return the row of a capacity that has one; of a fund with one a day there is none."""
    return rows[0] if len(rows) == 1 else None
