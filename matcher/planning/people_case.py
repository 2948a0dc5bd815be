"""Who may do what as arrays: ids become indices here, and nowhere else."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from matcher.assign import Problem
from matcher.assign.arrays import Floats, Int64s, owned
from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.planning.levels import Level

Pairs: TypeAlias = Mapping[tuple[str, str], float] | Iterable[tuple[str, str]]
"""(task, person) pairs that may be, each with its score of 0 or more; without scores, all 1."""


@dataclass(frozen=True, eq=False)
class PeopleCase:
    """The question as arrays.

    ``need`` and ``person`` are ``(num_pairs,)`` indices of ``tasks`` and ``people``, ``score``
    their scores; ``limit`` is ``(num_people,)``, never more than the tasks the person may do.
    """

    tasks: tuple[str, ...]
    people: tuple[str, ...]
    need: Int64s
    person: Int64s
    score: Floats
    limit: Int64s

    @property
    def num_servable(self) -> int:
        """How many tasks have anybody eligible."""
        return len(np.unique(self.need))

    @cached_property
    def weight(self) -> Floats:
        """``(num_pairs,)`` scores scaled to [0, 1], plus more than they can add up to.

        One task more is then worth more than any scores: tasks served come first.
        """
        largest = float(self.score.max(initial=0.0)) or 1.0
        scaled: Floats = len(self.tasks) + 1.0 + self.score / largest
        return scaled

    def problem(self, level: Level) -> Problem:
        """Return the assignment under one level: a base and an extra option for each person."""
        num_people = len(self.people)
        limits = np.concatenate([level.base, level.extra])
        both = np.concatenate([self.person, self.person + num_people])
        kept = np.flatnonzero(limits[both] > 0)
        return Problem.from_arrays(
            np.tile(self.need, 2)[kept],
            both[kept],
            np.tile(self.weight, 2)[kept],
            num_needs=len(self.tasks),
            num_options=2 * num_people,
            option_limit=limits,
            pools=[level.pool(num_people)],
        )


def read_case(
    tasks: list[str],
    people: list[str],
    pairs: Pairs | None,
    limit: int | Mapping[str, int] | None,
) -> PeopleCase:
    """Turn sorted ids into indices.

    Raises
    ------
    InputError
        With everything that cannot be used.
    """
    faults = Faults()
    _require_distinct(faults, "tasks", tasks)
    _require_distinct(faults, "people", people)
    scores = _scores(tasks, people, pairs)
    task_at = {task: i for i, task in enumerate(tasks)}
    person_at = {person: p for p, person in enumerate(people)}
    for (task, person), score in scores.items():
        at = f"pairs[{task}, {person}]"
        faults.require(task in task_at, at, task, Text("tasks 中的编号", "an id of tasks"))
        faults.require(person in person_at, at, person, Text("people 中的编号", "an id of people"))
        holds = math.isfinite(score) and score >= 0
        faults.require(holds, at, score, Text("不小于 0 的数", "a number of 0 or more"))
    limits = _limits(faults, people, limit)
    faults.raise_if_any()
    rows = sorted((task_at[t], person_at[p], float(score)) for (t, p), score in scores.items())
    need_idx = np.array([i for i, _, _ in rows], np.int64)
    person_idx = np.array([p for _, p, _ in rows], np.int64)
    able = np.bincount(person_idx, minlength=len(people))
    most = [min(limits.get(name, n), n) for name, n in zip(people, able.tolist(), strict=True)]
    return PeopleCase(
        tuple(tasks),
        tuple(people),
        owned(need_idx),
        owned(person_idx),
        owned(np.array([s for _, _, s in rows], np.float64)),
        owned(np.array(most, np.int64)),
    )


def _scores(
    tasks: list[str], people: list[str], pairs: Pairs | None
) -> Mapping[tuple[str, str], float]:
    if pairs is None:
        pairs = itertools.product(tasks, people)
    return pairs if isinstance(pairs, Mapping) else dict.fromkeys(pairs, 1.0)


def _require_distinct(faults: Faults, name: str, ids: list[str]) -> None:
    for identity, count in Counter(ids).items():
        faults.require(count == 1, name, identity, Text("每个编号只出现一次", "each id once"))


def _limits(
    faults: Faults, people: list[str], limit: int | Mapping[str, int] | None
) -> Mapping[str, int]:
    """Return the limit of everybody who has one."""
    if limit is None:
        return {}
    limits = limit if isinstance(limit, Mapping) else dict.fromkeys(people, limit)
    everybody = set(people)
    for person, most in limits.items():
        known = Text("people 中的编号", "an id of people")
        faults.require(person in everybody, "limit", person, known)
        holds = isinstance(most, int) and not isinstance(most, bool) and most >= 0
        at = f"limit[{person}]" if isinstance(limit, Mapping) else "limit"
        faults.require(holds, at, most, Text("不小于 0 的整数", "a whole number of 0 or more"))
        if not isinstance(limit, Mapping) and not holds:
            break
    return limits
