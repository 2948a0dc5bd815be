"""The LP relaxation, solved for its prices."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import linprog

from matcher.assign.arrays import Floats, Int64s
from matcher.assign.matrices import (
    capacity_rows,
    floor_columns,
    group_rows,
    need_rows,
    stack,
    with_floors,
)
from matcher.assign.problem import Problem


def weight_scale(problem: Problem) -> float:
    """Return max |w_e| over the edges, or 1 where all are 0: what objectives are divided by.

    Solvers have absolute tolerances; weights of 1e-9 or 1e9 would be lost on them.
    """
    largest = float(np.abs(problem.weight).max(initial=0.0))
    return largest if largest > 0 else 1.0


def lp_multipliers(problem: Problem, time_limit: float) -> tuple[Floats, Floats] | None:
    """Return optimal prices in the LP relaxation: ``(num_rows,)`` and ``(num_floors,)``.

    Their certificate ``bound(problem, *prices)`` equals the optimum of the relaxation up to the
    solver's tolerance. None if no optimum was found in time, or if pins make it infeasible.

    Parameters
    ----------
    time_limit
        Seconds, above 0.
    """
    divisor = _row_scale(problem)
    sides = stack(need_rows(problem), group_rows(problem))
    limits = stack(sides, capacity_rows(problem, problem.row_capacity, divisor))
    scale = weight_scale(problem)
    more = floor_columns(problem)
    if problem.floors:
        limits = with_floors(limits, more)
    free = (problem.fixed == 1) | ((problem.fixed == -1) & (problem.weight > 0))
    bounds: Any = np.column_stack(
        [
            np.concatenate([problem.fixed == 1, np.zeros(len(more.upper))]),
            np.concatenate([free, more.upper]),
        ]
    )
    matrix: Any = limits.matrix  # scipy takes a sparse matrix, its stubs do not
    result = linprog(
        np.concatenate([-problem.weight.astype(np.float64), more.penalty]) / scale,
        A_ub=matrix,
        b_ub=limits.upper,
        bounds=bounds,
        method="highs",
        options={"time_limit": time_limit},
    )
    if result.status != 0:
        return None
    # scipy minimises: a marginal is the change of -objective per unit of capacity, so <= 0.
    marginals = np.asarray(result.ineqlin.marginals, dtype=np.float64)[len(sides.upper) :]
    prices = np.maximum(0.0, -marginals) * scale
    floors = prices[len(prices) - len(problem.floors) :]
    return prices[: len(divisor)] / divisor, np.minimum(floors, problem.floor_rows.penalty)


def _row_scale(problem: Problem) -> Int64s:
    """Return ``(num_rows,)`` what rows are divided by: their largest draw or, if less, capacity.

    A capacity far below the draws would otherwise vanish in the solver's tolerance.
    """
    rows = problem.rows
    largest = np.ones(len(rows), dtype=np.int64)
    np.maximum.at(largest, rows.row_idx, rows.draw)
    return np.where(rows.capacity > 0, np.minimum(largest, rows.capacity), largest)
