"""From a setting to an answer, arrays only: score, solve from an earlier answer, check."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matcher.assign import Problem, Result, Status, bound, check, solve
from matcher.assign.result import relative_gap
from matcher.assign.solve import FEW
from matcher.domain.text import Text
from matcher.planning.bottlenecks import bottlenecks
from matcher.planning.effort import Effort
from matcher.planning.encode import Encoded, encode
from matcher.planning.fairness import FairLevels, fair_floors
from matcher.planning.floors import FloorBook, FloorReport
from matcher.planning.make import describe
from matcher.planning.plan import Plan
from matcher.scoring.graph import ScoringGraph
from matcher.whatif.rescoring import scored
from matcher.whatif.setting import Setting
from matcher.whatif.warm import Earlier, earlier_of, fitting
from matcher.whatif.watch import UNWATCHED, Watch


@dataclass(frozen=True, eq=False)
class Solved:
    """The answer to a setting, which has passed the checker.

    Parameters
    ----------
    levels
        What max-min asks of each group, where the setting asks for it; their floors are the
        last ones of ``encoded``.
    """

    setting: Setting
    graph: ScoringGraph
    encoded: Encoded
    result: Result
    levels: FairLevels | None = None

    @property
    def problem(self) -> Problem:
        return self.encoded.problem

    @property
    def objective(self) -> float:
        """What the plan is worth; 0 where there is none."""
        return self.result.objective or 0.0

    @property
    def slack(self) -> float:
        """How much more a better plan could be worth at most: bound less objective."""
        if self.result.bound is None:
            return 0.0
        return max(self.result.bound - self.objective, 0.0)

    @property
    def doubt(self) -> float:
        """As ``slack``, where an exact solver says less by its word, which is no certificate."""
        said = self.result.solver_bound
        return self.slack if said is None else min(self.slack, max(said - self.objective, 0.0))

    @property
    def score(self) -> float:
        """Σ of the scores of the matches; the objective is this less what floors lack."""
        return math.fsum(self.problem.weight[self.result.chosen].astype(np.float64).tolist())

    @cached_property
    def floors(self) -> tuple[FloorReport, ...]:
        """What became of each floor."""
        book = FloorBook(self.problem, self.setting.market, self.encoded.floors)
        prices = self.result.floor_multipliers.tolist()
        return book.report(self.result.chosen, prices)

    @cached_property
    def earlier(self) -> Earlier:
        """The answer free of indices, to begin another solve with."""
        return earlier_of(self.graph, self.encoded, self.result)

    @cached_property
    def plan(self) -> Plan:
        """The answer in the words of the round."""
        return replace(describe(self.graph, self.encoded, self.result), fair=self.levels)

    @cached_property
    def matched(self) -> frozenset[str]:
        """The ids of the needs that have a match."""
        needs = self.graph.market.needs
        found = np.unique(self.problem.need[self.result.chosen]).tolist()
        return frozenset(needs[i].need_id for i in found)

    @property
    def held(self) -> Setting:
        """The setting with the levels of max-min held where they are, as floors like others.

        Questions about one more unit of something need a goal that stands still: levels that
        rise with what there is would change what a plan is worth.
        """
        return replace(self.setting, floors=self.encoded.floors, fair=None)


def encode_setting(
    setting: Setting, like: ScoringGraph | None = None
) -> tuple[ScoringGraph, Encoded]:
    """Score a setting and make its problem, without the levels of max-min.

    Parameters
    ----------
    like
        The graph of a setting from which this one may differ in capacities alone.

    Raises
    ------
    InputError
        If a pin cannot be used.
    """
    graph = scored(setting.market, setting.weights, like)
    return graph, encode(graph, setting.fixings, setting.floors)


def solve_setting(
    setting: Setting,
    effort: Effort,
    earlier: Earlier | None = None,
    like: ScoringGraph | None = None,
    watch: Watch = UNWATCHED,
) -> Solved:
    """Answer a setting, from an earlier answer where there is one; ``like`` as `encode_setting`.

    Of plans that are equally good within the gap asked for, one near the earlier plan is
    preferred, so that a comparison shows what the scenario changed and not how a tie was broken.

    Raises
    ------
    InputError
        If an option or a pin cannot be used.
    CheckError
        If the checker finds a fault with the optimiser's answer: a bug.
    WithdrawnError
        If the answer is wanted no more; the best plan so far is no answer.
    """
    watch.check()
    graph, encoded = encode_setting(setting, like)
    levels = None
    if setting.fair is not None:
        levels = fair_floors(setting.market, encoded, setting.fair, effort.time_limit)
        encoded = with_levels(setting, encoded, levels)
    alike = like is not None
    return solve_encoded(setting, graph, encoded, effort, earlier, levels, watch, alike=alike)


def with_levels(setting: Setting, encoded: Encoded, levels: FairLevels) -> Encoded:
    """Return a problem with the floors of max-min after its own."""
    floors = (*setting.floors, *levels.floors)
    problem = FloorBook(encoded.problem, setting.market, floors).problem()
    return replace(encoded, problem=problem, floors=floors)


def solve_encoded(
    setting: Setting,
    graph: ScoringGraph,
    encoded: Encoded,
    effort: Effort,
    earlier: Earlier | None = None,
    levels: FairLevels | None = None,
    watch: Watch = UNWATCHED,
    *,
    alike: bool = False,
) -> Solved:
    """Answer a problem that is made already; see `solve_setting`.

    ``alike`` says that it differs from the earlier one in capacities alone: then only what these
    reach is looked at again.
    """
    problem = encoded.problem
    start = None if earlier is None else _start(problem, encoded, graph, earlier, alike)
    watch.check()
    result = _solve(problem, effort, start, watch)
    watch.check()
    check(problem, result)
    return Solved(setting, graph, encoded, result, levels)


def full_plan(solved: Solved, effort: Effort, watch: Watch = UNWATCHED) -> Plan:
    """Return an answer with all that a plan file has: bottlenecks, and what floors cost."""
    plan = replace(solved.plan, bottlenecks=bottlenecks(solved.graph, solved.encoded))
    if not solved.encoded.floors:
        return plan
    free = _solve(solved.problem.replace(floors=()), effort, None, watch)
    return replace(plan, score_without_floors=free.objective)


def _start(
    problem: Problem, encoded: Encoded, graph: ScoringGraph, earlier: Earlier, alike: bool
) -> Result:
    """Return the earlier answer as one of this problem: a plan that holds, and its prices."""
    chosen = fitting(problem, earlier.edges_in(graph))
    return Result(
        status=Status.FEASIBLE,
        chosen=chosen,
        objective=problem.worth(chosen),
        bound=None,
        gap=None,
        multipliers=earlier.prices_for(encoded.rows),
        runtime=0.0,
        method="earlier",
        reason=Text("先前的方案", "an earlier plan"),
        floor_multipliers=np.zeros(len(problem.floors)),
        capacity=earlier.capacities_for(encoded.rows) if alike and earlier.capacities else None,
    )


def _solve(problem: Problem, effort: Effort, start: Result | None, watch: Watch) -> Result:
    how = {"method": effort.method, "time_limit": effort.time_limit, "seed": effort.seed}
    stays = start is not None and start.chosen.size and effort.method in ("auto", "milp")
    if start is None or not stays or problem.num_edges > FEW:
        return solve(
            problem,
            gap=effort.gap,
            warm_start=start,
            progress=watch.progress,
            **how,  # type: ignore[arg-type]
        )
    bonus = effort.gap * abs(problem.worth(start.chosen)) / (2 * start.chosen.size)
    weight = problem.weight.astype(np.float64)
    weight[start.chosen] += bonus
    found = solve(problem.replace(weight=weight), gap=effort.gap / 2, warm_start=start, **how)  # type: ignore[arg-type]
    return _without_bonus(problem, found, effort.gap)


def _without_bonus(problem: Problem, found: Result, gap: float) -> Result:
    """Return the answer to the problem with a bonus as one to the problem without it."""
    if found.status is Status.INFEASIBLE or found.objective is None:
        return found
    objective = problem.worth(found.chosen)
    limit = bound(problem, found.multipliers, found.floor_multipliers)
    return replace(found, objective=objective, bound=limit, gap=relative_gap(objective, limit))
