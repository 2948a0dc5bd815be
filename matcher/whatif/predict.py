"""What a change can gain at most and at least, before solving: by the certificate, and by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.assign import bound
from matcher.assign.greedy import extend
from matcher.planning.encode import Encoded
from matcher.scoring.graph import ScoringGraph
from matcher.whatif.solving import Solved
from matcher.whatif.warm import fitting


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the plan gains by a change, in points of score.

    Parameters
    ----------
    gain
        By the prices: bound of the changed problem at the baseline's multipliers, less the
        baseline's bound. Of one more unit of a capacity it is the multiplier of a unit.
    low
        What is gained by keeping the baseline's plan and adding what now fits.
    high
        No plan gains more: ``gain`` plus the baseline's own slack.

    Notes
    -----
    Why the real gain is at most ``high``: for any y ≥ 0, bound'(y) is at least what any plan of
    the changed problem is worth; so objective' - objective ≤ bound'(y) - objective =
    (bound'(y) - bound(y)) + (bound(y) - objective). The bound is concave in capacities, so
    that the price holds for the first unit and flatters larger changes, never the other way.
    """

    gain: float
    low: float
    high: float

    @property
    def error(self) -> float:
        """How far the real gain can lie from ``gain``."""
        return max(self.high - self.gain, self.gain - self.low)

    def allows(self, real: float, tolerance: float = 1e-6) -> bool:
        """Tell whether a real gain is within what was predicted."""
        return self.low - tolerance <= real <= self.high + tolerance


def predict(baseline: Solved, graph: ScoringGraph, encoded: Encoded) -> Prediction:
    """Predict the gain of a changed problem from the baseline's answer, without solving."""
    problem, earlier = encoded.problem, baseline.earlier
    prices = earlier.prices_for(encoded.rows)
    same_floors = len(problem.floors) == len(baseline.problem.floors)
    paid = baseline.result.floor_multipliers if same_floors else np.zeros(len(problem.floors))
    limit = bound(problem, prices, paid)
    chosen = extend(problem, fitting(problem, earlier.edges_in(graph)))
    low = problem.worth(np.sort(chosen)) - baseline.objective
    gain = limit - (baseline.result.bound or 0.0)
    return Prediction(gain, low, limit - baseline.objective)
