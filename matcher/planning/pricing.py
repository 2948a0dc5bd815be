"""Many edges by way of few: solve on the promising ones, and let the certificate judge the rest."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import numpy as np

from matcher.assign import Problem, Result, Status, bound, solve
from matcher.assign.arrays import Floats, Int64s
from matcher.assign.result import relative_gap

FEW = 15_000
"""Up to so many edges a problem is solved as it is."""

FIRST, MORE = 12, 6
"""Edges of each need, and of each option, to begin with; edges of each need added at a time."""

PROVED = 1e-9
"""Relative gap at which the plan is proved for all edges."""


def solve_priced(problem: Problem, method: str, time_limit: float) -> Result:
    """Solve a problem in which each need takes one edge, with a certificate for all of it.

    1. Keep the best edges of each need and of each option.
    2. Solve the problem of the kept edges.
    3. Its multipliers y bound the whole problem too. Where the bound is what the plan is worth,
       the plan is best of all: stop.
    4. Else keep also the edges whose weight less y is above all that their need has, and go to 2.

    References
    ----------
    Dantzig, G. B. and Wolfe, P. (1960). Decomposition principle for linear programs. Operations
    Research 8(1), 101-111: columns are priced out, not listed.
    """
    if problem.num_edges <= FEW:
        return solve(problem, method=method, gap=0.0, time_limit=time_limit)
    started = perf_counter()
    kept = _to_begin_with(problem)
    while True:
        left = max(time_limit - (perf_counter() - started), 1e-3)
        found = solve(problem.take_edges(kept), method=method, gap=0.0, time_limit=left)
        whole = _for_all(problem, found, kept, perf_counter() - started)
        more = _promising(problem, found.multipliers, kept)
        if whole.status is Status.OPTIMAL or not more.size or found.status is not Status.OPTIMAL:
            return whole
        kept = np.union1d(kept, more)


def _to_begin_with(problem: Problem) -> Int64s:
    need, option = problem.need.astype(np.int64), problem.option.astype(np.int64)
    weight: Floats = problem.weight.astype(np.float64)
    of_needs = _best_of_each(need, weight, option - need)
    return np.union1d(of_needs, _best_of_each(option, weight, need - option))


def _best_of_each(owner: Int64s, weight: Floats, turn: Int64s) -> Int64s:
    """Return the `FIRST` heaviest edges of each owner; of equals, each owner takes others."""
    order = np.lexsort((turn % (int(np.abs(turn).max()) + 1), -weight, owner))
    sorted_owner = owner[order]
    rank = np.arange(len(order)) - np.searchsorted(sorted_owner, sorted_owner)
    return order[rank < FIRST]


def _for_all(problem: Problem, found: Result, kept: Int64s, runtime: float) -> Result:
    """Return a result of the kept edges as one of the whole problem, with its bound."""
    limit = bound(problem, found.multipliers)
    gap = None if found.objective is None else relative_gap(found.objective, limit)
    is_proved = found.status is Status.OPTIMAL and gap is not None and gap <= PROVED
    has_plan = found.status in (Status.OPTIMAL, Status.FEASIBLE)
    return replace(
        found,
        status=Status.OPTIMAL if is_proved else Status.FEASIBLE if has_plan else found.status,
        chosen=np.sort(kept[found.chosen]),
        bound=limit,
        gap=gap,
        runtime=runtime,
        solver_bound=None,
    )


def _promising(problem: Problem, multipliers: Floats, kept: Int64s) -> Int64s:
    """Return the edges that their needs would rather have at these prices, `MORE` of each."""
    net = problem.weight - problem.rows.priced(multipliers)
    has = np.zeros(problem.num_needs)
    np.maximum.at(has, problem.need[kept], net[kept])
    gain = net - has[problem.need]
    better = np.flatnonzero(gain > 1e-9 * float(np.abs(problem.weight).max()))
    order = better[np.lexsort((-gain[better], problem.need[better]))]
    need = problem.need[order]
    rank = np.arange(len(order)) - np.searchsorted(need, need)
    return order[rank < MORE]
