"""Result: a plan, what is proved about it, and why it is what it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from matcher.assign.arrays import Floats, Int64s, owned
from matcher.domain.text import Text


class Status(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    """No plan is better by more than the relative gap that was asked for."""
    FEASIBLE = "feasible"
    """A plan that keeps every limit; better ones may exist."""
    INFEASIBLE = "infeasible"
    """The pins alone break a limit, so no plan exists."""
    NOTHING = "nothing"
    """The best plan is empty: nothing is pinned and no edge could be chosen even alone."""
    UNKNOWN = "unknown"
    """Time was up before any plan was found."""


@dataclass(frozen=True, eq=False)
class Result:
    """The outcome of one solve. None always means "not known".

    Parameters
    ----------
    status
        How the solve ended.
    chosen
        ``(num_chosen,)`` ascending indices of the chosen edges; ``problem.weight[chosen]`` are
        their weights. Empty unless the status is optimal or feasible.
    objective
        Sum of the chosen weights less what the floors lack, see `Problem.worth`; None where
        there is no plan.
    bound
        The certified bound ``bound(problem, multipliers, floor_multipliers)``: no plan is worth
        more. It never rests on a solver's word. None if no plan exists.
    gap
        `relative_gap` of objective and bound, at least 0; None where one of them is.
    multipliers
        ``(num_rows,)`` at least 0, aligned with ``problem.rows``: the price of one unit (or
        one fen) of each row.
    runtime
        Seconds of wall clock.
    method
        Name of the method that made the plan.
    reason
        Why the status is what it is.
    solver_bound
        What an exact solver claims as its own bound; unverified, often tighter than ``bound``.
    floor_multipliers
        ``(num_floors,)`` from 0 to each floor's penalty: what asking for one more costs.
    capacity
        ``(num_rows,)`` the capacity of each row when this was solved, aligned with the multipliers:
        a warm start looks where it differs. None if not known.
    """

    status: Status
    chosen: Int64s
    objective: float | None
    bound: float | None
    gap: float | None
    multipliers: Floats
    runtime: float
    method: str
    reason: Text
    solver_bound: float | None = None
    floor_multipliers: Floats = field(default_factory=lambda: np.zeros(0))
    capacity: Int64s | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "chosen", owned(self.chosen))
        object.__setattr__(self, "multipliers", owned(self.multipliers))
        object.__setattr__(self, "floor_multipliers", owned(self.floor_multipliers))
        if self.capacity is not None:
            object.__setattr__(self, "capacity", owned(self.capacity))


def relative_gap(objective: float, bound: float) -> float:
    """Return ``(bound - objective) / max(|bound|, |objective|)``, and 0 where that is negative.

    With no negative weight pinned this is ``(bound - objective) / bound``, a value in [0, 1].
    The denominator is zero only where both are, and then the gap is 0.
    """
    if bound <= objective:
        return 0.0
    return (bound - objective) / max(abs(bound), abs(objective))
