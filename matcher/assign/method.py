"""What every method is given and what it answers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.assign.arrays import Floats, Int64s
from matcher.assign.problem import Problem
from matcher.assign.result import Status
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text

Progress = Callable[[float | None, float], bool]
"""Is told the worth of the best plan so far, None before there is one, and the bound; returns
whether to go on."""


@dataclass(frozen=True, eq=False)
class Start:
    """Where a method may begin: what an earlier solve of nearly the same problem ended with.

    Parameters
    ----------
    chosen
        ``(num_chosen,)`` edges of the problem at hand.
    prices
        ``(num_rows,)`` multipliers; None where those known belong to other rows.
    floors
        ``(num_floors,)`` multipliers of the floors; None where they are not known.
    capacity
        ``(num_rows,)`` what the rows held then; None where that is not known.
    """

    chosen: Int64s
    prices: Floats | None = None
    floors: Floats | None = None
    capacity: Int64s | None = None


@dataclass(frozen=True)
class Options:
    """How far and how long a method may go.

    Parameters
    ----------
    gap
        Relative gap at which a method may stop, at least 0.
    time_limit
        Seconds, above 0; infinity is allowed.
    seed
        Seed of the methods that draw lots; none of ``milp`` and ``greedy`` does.
    start
        Where to begin; ``auction`` and ``dual`` do, other methods begin afresh.
    progress
        Called now and then by ``auction`` and ``dual``; other methods do not call it.

    Raises
    ------
    InputError
        With every option that is out of its range.
    """

    gap: float = 1e-4
    time_limit: float = 60.0
    seed: int = 0
    start: Start | None = None
    progress: Progress | None = None

    def __post_init__(self) -> None:
        faults = []
        if not (_is_number(self.gap) and math.isfinite(self.gap) and self.gap >= 0):
            faults.append(_option_fault("gap", self.gap, "非负有限数", "a finite number >= 0"))
        if not (_is_number(self.time_limit) and self.time_limit > 0):
            faults.append(_option_fault("time_limit", self.time_limit, "正数", "a number > 0"))
        if not isinstance(self.seed, int | np.integer) or isinstance(self.seed, bool):
            faults.append(_option_fault("seed", self.seed, "整数", "an integer"))
        if faults:
            raise InputError(faults)


@dataclass(frozen=True, eq=False)
class Answer:
    """What a method found, before objective and bound are computed from it.

    Parameters
    ----------
    status
        ``OPTIMAL``, ``FEASIBLE`` or ``UNKNOWN``; a method is only given feasible problems.
    chosen
        ``(num_chosen,)`` edges in any order; empty if unknown.
    multipliers
        ``(num_rows,)`` of at least 0; any are valid, good ones make a small gap.
    method, reason
        Who says so and why.
    solver_bound
        An unverified bound of an exact solver.
    floor_multipliers
        ``(num_floors,)`` prices of the floors; None for prices of 0.
    bound, objective
        What `certificate.bound` says of the multipliers, and what the plan is worth by
        `Problem.worth`, where the method has asked already.
    beats_start
        Whether the method knows that its plan is no worse than that of the start, if that holds.
    """

    status: Status
    chosen: Int64s
    multipliers: Floats
    method: str
    reason: Text
    solver_bound: float | None = None
    floor_multipliers: Floats | None = None
    bound: float | None = None
    objective: float | None = None
    beats_start: bool = False


Method = Callable[[Problem, Options], Answer]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def _option_fault(field: str, value: object, zh: str, en: str) -> Fault:
    told = Text("{field} = {value} 不可用", "{field} = {value} cannot be used")
    return Fault(told.format(field=field, value=repr(value)), field=field, expected=Text(zh, en))
