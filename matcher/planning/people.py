"""People to tasks: advisers to visits, mentors to founders, a lead bank to each firm.

It is the assignment of `matcher.assign` again, with loads kept level: see `matcher.planning.levels`
for how. Every task has one person, whoever can be served is served, nobody's load is further from
another's than it must be, and among all such plans the sum of scores is greatest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from matcher.assign import Problem, Result, check
from matcher.assign.arrays import Int64s, owned
from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.planning.levels import Level, levels, spread_of, unlevelled
from matcher.planning.people_case import Pairs, PeopleCase, read_case
from matcher.planning.pricing import solve_priced

NOBODY = Text("没有可选的人员", "nobody is eligible")
ALL_FULL = Text(
    "可选的 {n} 人名额都已用完", "everybody eligible ({n}) has as many as they can take"
)


@dataclass(frozen=True, slots=True)
class Assigned:
    """One task and its person."""

    task_id: str
    person_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A task that nobody has, and why."""

    task_id: str
    reason: Text


@dataclass(frozen=True, eq=False, slots=True)
class PeoplePlan:
    """Who does what.

    Parameters
    ----------
    assigned, unassigned
        By task id; each task stands in exactly one of them.
    load
        How many tasks each person has, by id; everybody is named.
    spread
        The greatest load minus the least of those who could have taken more. Who has all they
        may do, by their limit or because they are eligible for no more, is not left behind.
    problem, result
        What was solved, and its certificate: `matcher.assign.check` has passed on it.
    """

    assigned: tuple[Assigned, ...]
    unassigned: tuple[Unassigned, ...]
    load: Mapping[str, int]
    spread: int
    problem: Problem
    result: Result

    @property
    def score(self) -> float:
        """The sum of the scores."""
        return math.fsum(one.score for one in self.assigned)

    @property
    def widest(self) -> int:
        """The greatest load minus the least, whoever could have taken more."""
        return max(self.load.values(), default=0) - min(self.load.values(), default=0)

    def of(self, person_id: str) -> tuple[str, ...]:
        """Return the tasks of one person."""
        return tuple(one.task_id for one in self.assigned if one.person_id == person_id)


def assign_people(
    tasks: Iterable[str],
    people: Iterable[str],
    pairs: Pairs | None = None,
    *,
    limit: int | Mapping[str, int] | None = None,
    spread: int | None = 1,
    method: str = "auto",
    time_limit: float = 60.0,
) -> PeoplePlan:
    """Give every task exactly one person, with level loads.

    Parameters
    ----------
    tasks, people
        Their ids, in any order: the answer does not depend on it.
    pairs
        Who may do what, as `Pairs`; None lets everybody do everything.
    limit
        The most tasks of a person: one number for all, or by id (who is not named has no
        limit); None for no limit.
    spread
        How far loads may lie apart, at least 1. Where eligibility makes that impossible it is
        raised by one until all who can be served are; None does not level loads at all.
    method, time_limit
        As for `matcher.assign.solve`, for each problem that is solved on the way.

    Returns
    -------
    PeoplePlan
        In this order: most tasks served, spread as small as it can be (but for ``spread``),
        greatest sum of scores.

    Raises
    ------
    InputError
        With every id that is not known or stands twice, and every score or limit that cannot
        be used.
    CheckError
        If the independent checker finds a fault with the optimiser's answer: a bug.
    """
    case = read_case(sorted(tasks), sorted(people), pairs, limit)
    _require_spread(spread)
    how = _How(method, time_limit)
    start = int(case.limit.max(initial=0)) if spread is None else spread
    return _described(case, _most_level(case, how, start))


@dataclass(frozen=True, slots=True)
class _How:
    """How to solve."""

    method: str
    time_limit: float


@dataclass(frozen=True, eq=False, slots=True)
class _Solved:
    """One checked answer, as tasks and people."""

    problem: Problem
    result: Result
    need: Int64s
    person: Int64s
    score: float


def _most_level(case: PeopleCase, how: _How, spread: int) -> _Solved:
    """Solve under one spread after the other, until all are served who can be."""
    hoped, top = case.num_servable, int(case.limit.max(initial=0))
    best = _best(case, how, hoped, spread) if spread < top else None
    if best is not None:
        return best
    free = _solved(case, how, unlevelled(case.limit))
    num_served = len(free.need)
    first = spread + 1 if num_served == hoped else spread
    tried = (_best(case, how, num_served, wider) for wider in range(first, top))
    return next((found for found in tried if found is not None), free)


def _best(case: PeopleCase, how: _How, num_served: int, spread: int) -> _Solved | None:
    """Return the best plan of a spread that serves so many, None if there is none."""
    found = [_solved(case, how, level) for level in levels(case.limit, num_served, spread)]
    whole = [one for one in found if len(one.need) == num_served]
    return max(whole, key=lambda one: round(one.score, 9), default=None)


def _solved(case: PeopleCase, how: _How, level: Level) -> _Solved:
    problem = case.problem(level)
    result = solve_priced(problem, how.method, how.time_limit)
    check(problem, result)
    need = problem.need[result.chosen].astype(np.int64)
    person = problem.option[result.chosen].astype(np.int64) % max(len(case.people), 1)
    score = math.fsum(problem.weight[result.chosen].tolist())
    return _Solved(problem, result, owned(need), owned(person), score)


def _described(case: PeopleCase, solved: _Solved) -> PeoplePlan:
    """Put an answer into ids."""
    score = {(i, p): s for i, p, s in zip(case.need, case.person, case.score, strict=True)}
    pairs = sorted(zip(solved.need.tolist(), solved.person.tolist(), strict=True))
    load = np.bincount(solved.person, minlength=len(case.people)).astype(np.int64)
    eligible = np.bincount(case.need, minlength=len(case.tasks)).tolist()
    left = sorted(set(range(len(case.tasks))) - {i for i, _ in pairs})
    return PeoplePlan(
        assigned=tuple(
            Assigned(case.tasks[i], case.people[p], float(score[i, p])) for i, p in pairs
        ),
        unassigned=tuple(Unassigned(case.tasks[i], _reason(eligible[i])) for i in left),
        load=dict(zip(case.people, load.tolist(), strict=True)),
        spread=spread_of(load, case.limit),
        problem=solved.problem,
        result=solved.result,
    )


def _reason(num_eligible: int) -> Text:
    return ALL_FULL.format(n=num_eligible) if num_eligible else NOBODY


def _require_spread(spread: int | None) -> None:
    faults = Faults()
    expected = Text("不小于 1 的整数，或 None", "a whole number of 1 or more, or None")
    faults.require(spread is None or spread >= 1, "spread", spread, expected)
    faults.raise_if_any()
