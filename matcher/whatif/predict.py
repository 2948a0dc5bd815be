"""What a change can gain at most and at least, before solving: by the certificate, and by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.assign import Problem, bound
from matcher.planning.encode import Encoded
from matcher.scoring.graph import ScoringGraph
from matcher.whatif.removal import gain_of_capacity, gain_of_need, most_without, row_alone
from matcher.whatif.solving import Solved
from matcher.whatif.swaps import swapped
from matcher.whatif.warm import fitting


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the plan gains by a change, in points of score.

    Parameters
    ----------
    by_price
        By the prices: bound of the changed problem at the baseline's multipliers, less the
        baseline's bound. Of one more unit of a capacity it is the multiplier of a unit.
    low
        What is gained by keeping the baseline's plan, adding what now fits, and moving one need.
    high
        No plan gains more.
    is_certified
        Whether ``high`` rests on the certificate alone; else on the exact solver's word that
        no plan of the baseline is better by more than its own gap.

    Notes
    -----
    Why the real gain is at most bound'(y) - objective: for any y ≥ 0, bound'(y) is at least what
    any plan of the changed problem is worth. The bound is concave in capacities, so that the
    price holds for the first unit and flatters larger changes, never the other way.

    That limit has all of the baseline's own gap in it, which is an exact solver's at most in
    part. Where the solver says that the best plan without the change is worth at most s, the
    gain is at most s - objective + what the change adds to the best plan; see `removal`.
    """

    by_price: float
    low: float
    high: float
    is_certified: bool = True

    @property
    def gain(self) -> float:
        """The gain that is expected: by the prices, as far as it can be so much or so little."""
        return min(max(self.by_price, self.low), self.high)

    @property
    def error(self) -> float:
        """How far the real gain can lie from ``gain``."""
        return max(self.high - self.gain, self.gain - self.low)

    def allows(self, real: float, tolerance: float = 1e-6) -> bool:
        """Tell whether a real gain is within what was predicted."""
        return self.low - tolerance <= real <= self.high + tolerance


def predict(
    baseline: Solved,
    graph: ScoringGraph,
    encoded: Encoded,
    rows: Sequence[int] = (),
    extra: int = 0,
    need_id: str | None = None,
) -> Prediction:
    """Predict the gain of a changed problem from the baseline's answer, without solving.

    Parameters
    ----------
    rows, extra
        The rows of a capacity and how much more they hold, where that is the whole change.
    need_id
        The need that differs, where that is the whole change.
    """
    problem, earlier = encoded.problem, baseline.earlier
    prices = earlier.prices_for(encoded.rows)
    same_floors = len(problem.floors) == len(baseline.problem.floors)
    paid = baseline.result.floor_multipliers if same_floors else np.zeros(len(problem.floors))
    limit = bound(problem, prices, paid)
    kept = fitting(problem, earlier.edges_in(graph))
    low = problem.worth(swapped(problem, kept, np.array(rows, np.int64))) - baseline.objective
    certified, said = limit - baseline.objective, None
    if rows or need_id is not None:
        need = None if need_id is None else graph.market.index("needs", need_id)
        said = _said(baseline, problem, row_alone(rows), extra, need)
    high = certified if said is None else min(certified, said)
    by_price = limit - (baseline.result.bound or 0.0)
    return Prediction(by_price, low, max(high, low), high == certified)


def _said(
    baseline: Solved, problem: Problem, row: int | None, extra: int, need: int | None
) -> float | None:
    """Return what a change gains at most by the solver's word; None where it says nothing."""
    most = most_without(baseline)
    if most is None or (row is None and need is None):
        return None
    added = gain_of_need(problem, need) if need is not None else None
    if row is not None:
        added = gain_of_capacity(problem, row, extra)
    return None if added is None else max(most - baseline.objective, 0.0) + added
