"""solve(): one door to every method; objective and bound are computed here and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from matcher.assign.arrays import COMPILED, Floats, Int64s, as_array, ascending, taken
from matcher.assign.auction import auction_takes, solve_auction
from matcher.assign.certificate import bound, closing_prices
from matcher.assign.dual import solve_dual
from matcher.assign.feasibility import any_choosable, broken_by_pins, is_plan
from matcher.assign.greedy import solve_greedy
from matcher.assign.method import Answer, Method, Options, Progress, Start
from matcher.assign.milp import solve_milp
from matcher.assign.problem import Problem
from matcher.assign.result import Result, Status, relative_gap
from matcher.assign.stable import solve_stable
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text

_EMPTY: Int64s = np.zeros(0, dtype=np.int64)
_NOTHING = Text(
    "没有可选的边：都被禁止、权重不为正或放不进任何上限",
    "no edge can be chosen: each is banned, has no positive weight or fits no limit",
)
FEW = 20_000
"""Up to so many edges ``auto`` takes the exact method, which needs nothing compiled."""

_WARM = Text("采用了给定的更好方案", "the given earlier plan is better and was kept")


def solve(
    problem: Problem,
    method: str = "auto",
    gap: float = 1e-4,
    time_limit: float = 60.0,
    seed: int = 0,
    warm_start: Result | Start | ArrayLike | None = None,
    progress: Progress | None = None,
) -> Result:
    """Find a plan of great weight, and prove how good it is.

    Parameters
    ----------
    problem
        What to solve; it is not changed.
    method
        A name in `METHODS`. ``"auto"`` takes the exact ``"milp"`` up to `FEW` edges (greedy's
        plan where time was up before it had one), above that ``"auction"`` where all limits
        count and are nested, else ``"dual"``; its reason says which and why.
    gap
        Relative gap at which to stop, at least 0.
    time_limit
        Seconds, above 0.
    seed
        Seed of methods that draw lots.
    warm_start
        An earlier result for the same edges, its chosen edge indices, or a `Start`. If it is a
        plan of this problem and better than what the method found, it is kept instead: after a time
        out, within the gap, or against greedy. One that is no longer a plan is passed over.
        ``"auction"`` and ``"dual"`` begin at its plan and, if it is a result with as many rows,
        at its prices.
    progress
        Called now and then by ``"auction"`` and ``"dual"`` with the worth of the best plan (None
        before there is one) and the bound; returns whether to go on.

    Returns
    -------
    Result
        Its status says how it went: no plan and no time are statuses, not errors.

    Raises
    ------
    InputError
        For an unknown method, an option out of range or a warm start out of range.

    Notes
    -----
    Methods see the edges sorted by need, option, weight and the rest, so the order in which
    edges were given changes nothing: the same (need, option) pairs are chosen.
    """
    run = _known(method)
    started = perf_counter()
    earlier = _warm_edges(problem, warm_start)
    options = Options(gap, time_limit, seed, _start(problem, warm_start, earlier), progress)
    answer = _settled(problem, method)
    if answer is not None:
        return _finished(problem, problem, answer, options, started)
    order = None if problem.in_order else canonical_order(problem)
    sorted_problem = problem if order is None else problem.take_edges(order)
    answer = run(sorted_problem, _reordered(options, order))
    chosen = answer.chosen if order is None else order[answer.chosen]
    answer = _better(problem, replace(answer, chosen=ascending(chosen)), earlier)
    return _finished(problem, sorted_problem, answer, options, started)


def canonical_order(problem: Problem) -> Int64s:
    """Return ``(num_edges,)`` the edges by need, option, weight, amount, fixing and draws.

    Edges that tie in all of these are interchangeable.
    """
    if problem.in_order:
        return np.arange(problem.num_edges)
    if problem.num_edges >= COMPILED and (order := _counted_order(problem)) is not None:
        return order
    draws = [pool.draw for pool in problem.pools if pool.draw is not None]
    amount = [] if problem.amount is None else [problem.amount]
    keys = (problem.need, problem.option, problem.weight, *amount, problem.fixed, *draws)
    return np.lexsort(keys[::-1])


def _counted_order(problem: Problem) -> Int64s | None:
    """Return the edges sorted by need and option in linear time; None if pairs occur twice."""
    from matcher.assign.scan_kernel import sort_by

    order = sort_by(problem.option, np.arange(problem.num_edges), problem.num_options)
    order = sort_by(problem.need, order, problem.num_needs)
    need, option = problem.need[order], problem.option[order]
    twice = ((need[1:] == need[:-1]) & (option[1:] == option[:-1])).any()
    return None if twice else order


def _solve_auto(problem: Problem, options: Options) -> Answer:
    """Take the exact method where it is quick, else the fast one that takes the problem."""
    if problem.num_edges <= FEW:
        why = Text("自动选用精确方法 milp", "auto took the exact method milp")
        answer = _exact_or_greedy(problem, options)
    elif auction_takes(problem) is None:
        why = Text(
            "上限都按名额计且层层包含，自动选用 auction",
            "all limits count and are nested: auto took auction",
        )
        answer = solve_auction(problem, options)
    else:
        why = Text(
            "问题规模大且有金额上限，自动选用 dual",
            "large, and not of nested counts: auto took dual",
        )
        answer = solve_dual(problem, options)
    return replace(answer, reason=Text.join([why, answer.reason], "；", "; "))


def _exact_or_greedy(problem: Problem, options: Options) -> Answer:
    answer = solve_milp(problem, options)
    if answer.status is Status.UNKNOWN:
        plan = solve_greedy(problem, options)
        answer = replace(plan, multipliers=answer.multipliers, reason=_also(answer, plan.reason))
    return answer


METHODS: dict[str, Method] = {
    "auto": _solve_auto,
    "milp": solve_milp,
    "auction": solve_auction,
    "dual": solve_dual,
    "stable": solve_stable,
    "greedy": solve_greedy,
}
"""Every method by its name."""


def _known(method: str) -> Method:
    if method in METHODS:
        return METHODS[method]
    told = Text("没有名为 {method} 的方法", "there is no method {method}")
    names = Text.join([Text.same(name) for name in METHODS])
    fault = Fault(told.format(method=repr(method)), field="method", expected=names)
    raise InputError([fault])


def _settled(problem: Problem, method: str) -> Answer | None:
    """Answer what needs no method: pins that break a limit, and nothing to choose from."""
    if problem.pinned.size and (broken := broken_by_pins(problem)):
        reason = Text.join(broken, "；", "; ")
        return Answer(Status.INFEASIBLE, _EMPTY, np.zeros(problem.num_rows), method, reason)
    if not problem.pinned.size and not any_choosable(problem):
        return Answer(Status.NOTHING, _EMPTY, closing_prices(problem), method, _NOTHING)
    return None


def _warm_edges(problem: Problem, warm_start: Result | Start | ArrayLike | None) -> Int64s | None:
    """Return the ascending edges of an earlier plan, None if there is none."""
    if warm_start is None:
        return None
    edges = warm_start.chosen if isinstance(warm_start, Result | Start) else warm_start
    given = as_array(edges)
    whole = given.ndim == 1 and (given.dtype.kind in "iu" or not given.size)
    if not whole or (given.size and not 0 <= given.min() <= given.max() < problem.num_edges):
        told = Text(
            "warm_start 应为 0 到 {last} 的边序号",
            "warm_start must be edge indices from 0 to {last}",
        )
        raise InputError([Fault(told.format(last=problem.num_edges - 1), field="warm_start")])
    return ascending(taken(given, np.int64))


def _start(
    problem: Problem, warm_start: Result | Start | ArrayLike | None, chosen: Int64s | None
) -> Start | None:
    """Return where to begin: the earlier edges, and prices where they are those of these rows."""
    if chosen is None:
        return None
    if not isinstance(warm_start, Result | Start):
        return Start(chosen)
    prices, floors = _known_prices(warm_start)
    prices = _fit(prices, problem.num_rows)
    held = None if prices is None else warm_start.capacity
    return Start(chosen, prices, _fit(floors, len(problem.floors)), held)


def _known_prices(warm_start: Result | Start) -> tuple[Floats | None, Floats | None]:
    if isinstance(warm_start, Result):
        return warm_start.multipliers, warm_start.floor_multipliers
    return warm_start.prices, warm_start.floors


def _fit(prices: Floats | None, length: int) -> Floats | None:
    return prices if prices is not None and len(prices) == length else None


def _reordered(options: Options, order: Int64s | None) -> Options:
    """Return the options with the edges of the start in canonical order."""
    if order is None or options.start is None:
        return options
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return replace(options, start=replace(options.start, chosen=place[options.start.chosen]))


def _better(problem: Problem, answer: Answer, earlier: Int64s | None) -> Answer:
    """Return the earlier plan in place of the answer's, if it holds and is worth more."""
    if earlier is None or answer.beats_start or answer.method == "stable":
        return answer
    unknown, worth = answer.status is Status.UNKNOWN, problem.worth(earlier)
    if not (unknown or worth > _objective(problem, answer)) or not _holds(problem, earlier):
        return answer
    status = Status.FEASIBLE if unknown else answer.status
    reason = _also(answer, _WARM)
    return replace(answer, status=status, chosen=earlier, objective=worth, reason=reason)


def _holds(problem: Problem, chosen: Int64s) -> bool:
    """Return whether edges are a plan; most that are none overdraw a row, which is soon told."""
    within = bool((problem.rows.used(chosen) <= problem.row_capacity).all())
    return within and is_plan(problem, chosen)


def _objective(problem: Problem, answer: Answer) -> float:
    return problem.worth(answer.chosen) if answer.objective is None else answer.objective


def _finished(
    problem: Problem, same: Problem, answer: Answer, options: Options, started: float
) -> Result:
    """Compute objective, bound and gap from the plan and the multipliers alone.

    ``same`` is the problem with its edges in whichever order makes the bound cheap.
    """
    has_plan = answer.status not in (Status.INFEASIBLE, Status.UNKNOWN)
    objective = _objective(problem, answer) if has_plan else None
    paid = answer.floor_multipliers
    paid = np.zeros(len(problem.floors)) if paid is None else paid
    limit = None
    if answer.status is not Status.INFEASIBLE:
        limit = answer.bound
        limit = bound(same, answer.multipliers, paid) if limit is None else limit
    gap = None if objective is None or limit is None else relative_gap(objective, limit)
    proved = answer.status is Status.FEASIBLE and gap is not None and gap <= options.gap
    return Result(
        status=Status.OPTIMAL if proved else answer.status,
        chosen=answer.chosen,
        objective=objective,
        bound=limit,
        gap=gap,
        multipliers=answer.multipliers,
        runtime=perf_counter() - started,
        method=answer.method,
        reason=_also(answer, _certified(gap)) if proved and gap is not None else answer.reason,
        solver_bound=answer.solver_bound,
        floor_multipliers=paid,
        capacity=problem.row_capacity,
    )


def _certified(gap: float) -> Text:
    return Text("证书证明差距不超过 {gap:.2g}", "its certificate proves a gap of {gap:.2g}").format(
        gap=gap
    )


def _also(answer: Answer, more: Text) -> Text:
    return Text.join([answer.reason, more], "；", "; ")
