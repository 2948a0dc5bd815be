"""The least extra capacity that serves a firm, or a share of a group: found, and proved."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from matcher.assign import Problem, Result, Status, solve
from matcher.assign.arrays import Int64s
from matcher.domain.text import Text
from matcher.planning.effort import Effort
from matcher.planning.floors import GroupFloor
from matcher.planning.pools import PoolRow
from matcher.whatif.capacity import rows_of, with_more
from matcher.whatif.lever import Lever
from matcher.whatif.side import PairKey
from matcher.whatif.solving import Solved
from matcher.whatif.watch import UNWATCHED, Watch

SLACK = 1e-6
"""Counts are whole: a bound this far below a whole number is below it."""


class Proof(StrEnum):
    """How well the answer is known."""

    PROVED = "proved"
    """A plan is there at this capacity, and a certified bound rules out the next lower one."""
    SOLVER = "solver"
    """A plan is there; that less does not do is the exact solver's word, not a certificate."""
    PLAN_ONLY = "plan_only"
    """A plan is there; whether less would do is not known."""
    NOT_NEEDED = "not_needed"
    """The capacity as it is does."""
    NOT_ENOUGH = "not_enough"
    """However much of it there were, it would not do."""
    UNKNOWN = "unknown"
    """Time was up before anything was found."""


PROOF_TEXTS = {
    Proof.PROVED: Text("已证明：少一点也不行", "proved: no less would do"),
    Proof.SOLVER: Text(
        "有方案；更少不行是精确求解器的结论，没有证书",
        "a plan is there; that no less would do is the exact solver's word, without a certificate",
    ),
    Proof.PLAN_ONLY: Text(
        "有方案；更少是否可行未知", "a plan is there; whether less would do is not known"
    ),
    Proof.NOT_NEEDED: Text("现有容量已足够", "what there is does"),
    Proof.NOT_ENOUGH: Text(
        "再多也不够：受别的限制", "however much there were, it would not do: other limits bind"
    ),
    Proof.UNKNOWN: Text("时间内没有结论", "not decided in the time given"),
}


@dataclass(frozen=True, slots=True)
class Goal:
    """Who shall be served.

    Parameters
    ----------
    floor
        A group and how many of it; a single need is a group by id.
    need_id
        The need, if it is one alone.
    keeps_others
        Whether every need that the baseline serves must be served still.
    """

    floor: GroupFloor | None = None
    need_id: str | None = None
    keeps_others: bool = True


@dataclass(frozen=True, slots=True)
class Least:
    """The answer.

    Parameters
    ----------
    extra
        How much more is needed, in places or fen; None where no answer is known.
    below
        The greatest extra that was looked at and does not do; None where none was.
    rows
        The capacity, one row for each day of a fund whose money comes back.
    num_asked, num_members, num_reachable
        How many of how many are to be served, and how many of these any product fits at all.
    plan
        (need, product) pairs that do it: one for each need that counts.
    new
        Those of them whose need the baseline does not serve.
    binding
        Other capacities that stand in the way, where it is not enough.
    """

    lever: Lever
    proof: Proof
    extra: int | None
    below: int | None
    rows: tuple[PoolRow, ...]
    num_asked: int
    num_members: int
    num_reachable: int
    plan: tuple[PairKey, ...] = ()
    new: tuple[PairKey, ...] = ()
    binding: tuple[PoolRow, ...] = ()


def least(
    baseline: Solved,
    lever: Lever,
    goal: Goal,
    effort: Effort,
    watch: Watch = UNWATCHED,
) -> Least:
    """Find the least extra of a capacity at which a plan serves all that are asked for.

    Whether some plan does is monotone in the capacity: a plan stays one when there is more. So
    the least is found by bisection, over the values at which another match could fit. A plan
    proves that a value does; that one does not is proved by the certified bound of the problem
    "serve as many as can be": it is below what is asked for.
    """
    return _Search(baseline, lever, goal, effort, watch).run()


@dataclass(frozen=True, eq=False, slots=True)
class _Trial:
    """What is known of one value: whether it does, and by which proof it does not."""

    holds: bool
    is_certified: bool
    is_exact: bool
    result: Result


class _Search:
    """One search; `least` says what for."""

    def __init__(
        self, baseline: Solved, lever: Lever, goal: Goal, effort: Effort, watch: Watch
    ) -> None:
        self.baseline = baseline
        self.market = baseline.graph.market
        self.lever = lever
        self.effort = effort
        self.watch = watch
        self.targets = self._targets(goal)
        self.num_asked = 1 if goal.floor is None else goal.floor.asked_of(len(self.targets))
        served = np.unique(baseline.problem.need[baseline.result.chosen])
        kept = served if goal.keeps_others else np.zeros(0, np.int64)
        self.others: Int64s = np.setdiff1d(kept, self.targets).astype(np.int64)
        kind = lever.row_kind
        self.rows = [] if kind is None else rows_of(baseline.encoded, kind, lever.identity)

    def _targets(self, goal: Goal) -> Int64s:
        if goal.need_id is not None:
            return np.array([self.market.index("needs", goal.need_id)], np.int64)
        assert goal.floor is not None
        members: Int64s = goal.floor.members(self.market)
        return members

    @cached_property
    def worth_of_other(self) -> int:
        """What a need that must be kept counts: more than all targets together."""
        return len(self.targets) + 1

    @cached_property
    def asked(self) -> int:
        """What a plan that does is worth."""
        return self.worth_of_other * len(self.others) + self.num_asked

    @cached_property
    def coverage(self) -> Problem:
        """The problem of serving as many as can be: each need counts once, all else nothing."""
        problem = self.baseline.problem
        worth = np.zeros(problem.num_needs)
        worth[self.others], worth[self.targets] = self.worth_of_other, 1
        pins = np.bincount(problem.need[problem.pinned], minlength=problem.num_needs)
        weight = worth[problem.need]
        # Of several pins of a need one counts.
        pinned = problem.pinned
        _, first = np.unique(problem.need[pinned], return_index=True)
        weight[np.delete(pinned, first)] = 0
        limit = np.minimum(problem.need_limit, np.maximum(pins, 1))
        return problem.replace(weight=weight, need_limit=limit, floors=())

    def run(self) -> Least:
        """Bisect over the values at which another match could fit."""
        now = self._try(0)
        if now.holds:
            return self._answer(Proof.NOT_NEEDED, 0, None, now)
        values = self._values()
        most = self._try(values[-1]) if values else now
        if not most.holds:
            known = most.is_certified or most.is_exact
            return self._answer(Proof.NOT_ENOUGH if known else Proof.UNKNOWN, None, None, most)
        low, high = -1, len(values) - 1
        below, above = now, most
        steps = max(math.ceil(math.log2(len(values) + 1)), 1)
        for step in range(1, steps + 2):
            if high - low <= 1:
                break
            middle = (low + high) // 2
            trial = self._try(values[middle])
            low, below, high, above = (
                (low, below, middle, trial) if trial.holds else (middle, trial, high, above)
            )
            self.watch.step(step, steps)
        proof = (
            Proof.PROVED
            if below.is_certified
            else Proof.SOLVER
            if below.is_exact
            else Proof.PLAN_ONLY
        )
        return self._answer(proof, values[high], values[low] if low >= 0 else 0, above)

    def _try(self, extra: int) -> _Trial:
        """Look whether so much more does."""
        problem = with_more(self.coverage, self.rows, extra)
        how = self.effort
        self.watch.check()
        result = solve(
            problem,
            method=how.method,
            gap=0.0,
            time_limit=how.time_limit,
            seed=how.seed,
            progress=self.watch.progress,
        )
        holds = result.objective is not None and result.objective >= self.asked - SLACK
        bounds = [result.bound, result.solver_bound]
        under = [b is not None and math.floor(b + SLACK) < self.asked for b in bounds]
        exact = under[1] or (result.method == "milp" and result.status is Status.OPTIMAL)
        return _Trial(holds, under[0], exact, result)

    def _values(self) -> range:
        """Return the ascending extras at which another match could fit, up to the most needed.

        What matches draw on a row adds up to multiples of the greatest common divisor of the
        draws, so a row is filled exactly at such capacities, and only those count. On several
        rows (days) the values of all of them lie on one finer grid.
        """
        firsts, divisors, most = list[int](), list[int](), 0
        for row in self.rows:
            draws, total = self._draws(row)
            if draws:
                divisor, holds = math.gcd(*draws), int(self.coverage.row_capacity[row])
                divisors.append(divisor)
                firsts.append(divisor - holds % divisor)
                most = max(most, total - holds)
        if not firsts:
            return range(0)
        grid = math.gcd(*divisors, *(first - firsts[0] for first in firsts))
        return range((firsts[0] - 1) % grid + 1, most + 1, grid)

    def _draws(self, row: int) -> tuple[list[int], int]:
        """Return what matches that count draw on a row, and the most that they all draw at once."""
        problem, rows = self.coverage, self.coverage.rows
        counts = np.isin(problem.need, np.concatenate([self.targets, self.others]))
        counts |= problem.fixed == 1
        inside = (rows.row_idx == row) & counts[rows.edge_idx]
        draws, needs = rows.draw[inside], problem.need[rows.edge_idx[inside]]
        most = np.zeros(problem.num_needs, np.int64)
        np.maximum.at(most, needs, draws)
        pinned = [int(d) for d in draws[problem.fixed[rows.edge_idx[inside]] == 1].tolist()]
        return list(map(int, draws.tolist())), sum(map(int, most.tolist())) + sum(pinned)

    def _answer(self, proof: Proof, extra: int | None, below: int | None, trial: _Trial) -> Least:
        named = self.baseline.encoded.rows
        plan = tuple(self._pairs(trial.result.chosen.tolist())) if trial.holds else ()
        binding: tuple[PoolRow, ...] = ()
        if proof is Proof.NOT_ENOUGH:
            priced = np.flatnonzero(trial.result.multipliers > SLACK).tolist()
            binding = tuple(named[r] for r in priced if r not in self.rows)
        return Least(
            lever=self.lever,
            proof=proof,
            extra=extra,
            below=below,
            rows=tuple(named[r] for r in self.rows),
            num_asked=self.num_asked,
            num_members=len(self.targets),
            num_reachable=int(np.isin(self.targets, self.baseline.problem.need).sum()),
            plan=plan,
            new=tuple(pair for pair in plan if pair[0] not in self.baseline.matched),
            binding=binding,
        )

    def _pairs(self, chosen: Iterable[int]) -> Iterable[PairKey]:
        problem, market = self.coverage, self.market
        for edge in chosen:
            if problem.weight[edge] > 0:
                need, product = int(problem.need[edge]), int(problem.option[edge])
                yield market.needs[need].need_id, market.products[product].product_id
