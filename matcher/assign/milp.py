"""Milp: exact, by the branch and cut of HiGHS through scipy."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult
from scipy.optimize import milp as highs

from matcher.assign.arrays import Int64s
from matcher.assign.certificate import closing_prices
from matcher.assign.feasibility import addable
from matcher.assign.greedy import extend
from matcher.assign.matrices import (
    Block,
    capacity_rows,
    cut_rows,
    floor_columns,
    group_rows,
    need_rows,
    stack,
    with_floors,
)
from matcher.assign.method import Answer, Options
from matcher.assign.problem import Problem
from matcher.assign.relaxation import lp_multipliers, weight_scale
from matcher.assign.result import Status
from matcher.domain.text import Text

_COST_SIZE = 1e4
"""The largest cost HiGHS sees. Its absolute gap of 1e-6 is then 1e-10 of the largest weight."""

_LARGEST_DRAW = 2**20
"""The largest draw HiGHS sees; its tolerance of 1e-6 is then 1e-12 of that draw."""

_PROVED = Text(
    "HiGHS 已证明与最优的相对差距不超过 {gap:g}", "HiGHS proved a relative gap of at most {gap:g}"
)
_STOPPED = Text(
    "时间已到，给出目前最好的方案", "time was up; this is the best plan found until then"
)
_NO_PLAN = Text("时间已到，尚未找到方案", "time was up before any plan was found")
_FAILED = Text("HiGHS 未给出方案：{message}", "HiGHS gave no plan: {message}")

Cut = tuple[Int64s, int]


@dataclass(frozen=True, eq=False)
class _Found:
    """One plan that keeps every limit, or the reason why there is none."""

    status: Status
    reason: Text
    chosen: Int64s
    solver_bound: float | None = None


def solve_milp(problem: Problem, options: Options) -> Answer:
    """Solve the problem exactly, and its LP relaxation for the multipliers.

    Deterministic as long as time does not run out. The seed is not used.

    Notes
    -----
    Money is exact although HiGHS computes in floating point. Rows are divided by the greatest
    common divisor of their draws, so that the usual round amounts become small integers. The
    rounded plan is checked in exact integers, and a row that was overdrawn within tolerance
    gets a cover cut, which excludes that overdraw and no plan, before HiGHS runs again. There
    are finitely many covers, so this ends.

    It is meant for small problems. HiGHS looks at the clock only between its phases: 40,000
    edges took it half a minute, and at 400,000 edges it overran a limit of 60 s by minutes.
    """
    deadline = perf_counter() + options.time_limit
    # Half of the time at most: prices without a plan are of little use.
    prices = lp_multipliers(problem, options.time_limit / 2)
    found = _search(problem, options, deadline)
    chosen = found.chosen
    if found.status is not Status.UNKNOWN:
        # HiGHS may leave out edges whose weight is below its tolerance.
        chosen = extend(problem, chosen)
    return Answer(
        found.status,
        chosen,
        closing_prices(problem) if prices is None else prices[0],
        "milp",
        found.reason,
        found.solver_bound,
        None if prices is None else prices[1],
    )


def _search(problem: Problem, options: Options, deadline: float) -> _Found:
    """Run HiGHS until its plan breaks no row in exact integers."""
    limits = _limits(problem)
    cuts: list[Cut] = []
    while (left := deadline - perf_counter()) > 0:
        outcome = _run(problem, stack(limits, cut_rows(cuts, problem)), options.gap, left)
        if outcome.x is None:
            return _without_plan(outcome)
        chosen = np.flatnonzero(outcome.x[: problem.num_edges] > 0.5)
        overdrawn = np.flatnonzero(problem.rows.used(chosen) > problem.row_capacity)
        if not overdrawn.size:
            return _with_plan(problem, options, outcome, chosen)
        cuts += [cover_cut(problem, chosen, int(row)) for row in overdrawn]
    return _Found(Status.UNKNOWN, _NO_PLAN, np.zeros(0, dtype=np.int64))


def _limits(problem: Problem) -> Block:
    """Every family of constraints; pins and bans are bounds of the variables instead."""
    divisor = _common_divisors(problem)
    capacity = problem.row_capacity // divisor * divisor
    scale = _row_scale(problem, divisor)
    return stack(need_rows(problem), group_rows(problem), capacity_rows(problem, capacity, scale))


def _run(problem: Problem, limits: Block, gap: float, time_limit: float) -> OptimizeResult:
    more = floor_columns(problem)
    if problem.floors:
        limits = with_floors(limits, more)
    cost = np.concatenate([-problem.weight.astype(np.float64), more.penalty])
    pinned = problem.fixed == 1
    # An edge that cannot join the pins is in no plan, and its large draw would only hurt.
    possible = pinned | addable(problem, problem.pinned)
    edges, others = np.ones(problem.num_edges), np.zeros(len(more.upper))
    return highs(
        cost * (_COST_SIZE / weight_scale(problem)),
        integrality=np.concatenate([edges, others]),
        bounds=Bounds(
            np.concatenate([pinned, others]).astype(np.float64),
            np.concatenate([possible, more.upper]).astype(np.float64),
        ),
        constraints=LinearConstraint(limits.matrix, -np.inf, limits.upper),
        options={"time_limit": time_limit, "mip_rel_gap": gap},
    )


def _with_plan(
    problem: Problem, options: Options, outcome: OptimizeResult, chosen: Int64s
) -> _Found:
    proved = outcome.status == 0
    claim = None
    if outcome.mip_dual_bound is not None and np.isfinite(outcome.mip_dual_bound):
        claim = -float(outcome.mip_dual_bound) * weight_scale(problem) / _COST_SIZE
    reason = _PROVED.format(gap=options.gap) if proved else _STOPPED
    return _Found(Status.OPTIMAL if proved else Status.FEASIBLE, reason, chosen, claim)


def _without_plan(outcome: OptimizeResult) -> _Found:
    # Infeasible cannot be: solve() has made sure that the pins alone are a plan.
    timed_out = outcome.status == 1
    reason = _NO_PLAN if timed_out else _FAILED.format(message=str(outcome.message))
    return _Found(Status.UNKNOWN, reason, np.zeros(0, dtype=np.int64))


def _common_divisors(problem: Problem) -> Int64s:
    """Return ``(num_rows,)`` the greatest common divisor of each row's draws, 1 if it has none."""
    rows = problem.rows
    divisor = np.zeros(len(rows), dtype=np.int64)
    np.gcd.at(divisor, rows.row_idx, rows.draw)
    return np.maximum(divisor, 1)


def _row_scale(problem: Problem, divisor: Int64s) -> Int64s:
    """Return ``(num_rows,)`` what rows are divided by: their divisor and a power of two.

    The power brings the largest draw down to `_LARGEST_DRAW`. HiGHS takes noise on larger
    numbers for broken rows and loses good plans over it; a power of two rounds nothing.
    """
    rows = problem.rows
    largest = np.zeros(len(rows), dtype=np.int64)
    np.maximum.at(largest, rows.row_idx, rows.draw)
    scale = divisor.copy()
    while (big := largest // scale > _LARGEST_DRAW).any():
        scale[big] *= 2
    return scale


def cover_cut(problem: Problem, chosen: Int64s, row: int) -> Cut:
    """Return an extended cover inequality that the chosen edges break on an overdrawn row.

    Let C be the fewest chosen edges, largest draws first, that overdraw the row, and E(C) be C
    with every edge of the row that draws at least as much as the largest of C. Then any |C|
    edges of E(C) overdraw it too, so every plan keeps Σ_{e ∈ E(C)} x_e ≤ |C| − 1.

    References
    ----------
    Balas, E. (1975). Facets of the knapsack polytope. Mathematical Programming 8, 146-164.
    """
    rows = problem.rows
    here = rows.row_idx == row
    edges, draw = rows.edge_idx[here], rows.draw[here]
    members = np.flatnonzero(np.isin(edges, chosen))
    members = members[np.argsort(-draw[members], kind="stable")]
    size = int(np.searchsorted(np.cumsum(draw[members]), rows.capacity[row], side="right")) + 1
    cover = np.zeros(len(edges), dtype=bool)
    cover[members[:size]] = True
    cover |= draw >= draw[members[0]]
    return edges[cover], size - 1
