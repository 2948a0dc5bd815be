"""Floors as the dual sees them: beyond what the pins serve, over the scale of its market."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import diags_array

from matcher.assign.arrays import Bools, Floats, Int32s, Int64s
from matcher.assign.floor import FloorRows
from matcher.assign.problem import Problem


@dataclass(frozen=True, eq=False)
class DualFloors:
    """What floors still ask for once the pins are in.

    Parameters
    ----------
    rows
        The floors, without the needs that pins meet; ``least`` is less by what pins serve, and
        may be negative; ``penalty`` is over the scale of the market.
    counted
        ``(num_needs,)`` which needs some floor counts.
    """

    rows: FloorRows
    counted: Bools

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def least(self) -> Int64s:
        return self.rows.least

    @property
    def most(self) -> Floats:
        """``(num_floors,)`` the greatest price of each floor."""
        return self.rows.penalty

    def first_bonus(self, prices: Floats) -> Floats:
        """Return ``(num_needs,)`` what floors pay for a need's first edge, empty without any."""
        return self.rows.first_bonus(prices) if self.rows.counts_needs else np.zeros(0)

    def noted_bonus(self, prices: Floats) -> Floats:
        """Return the same, but -1 for needs that no floor counts."""
        if not self.rows.counts_needs:
            return np.zeros(0)
        return np.where(self.counted, self.rows.first_bonus(prices), -1.0)

    def lifted(
        self, weight: NDArray[np.float32], option: Int32s, prices: Floats
    ) -> NDArray[np.float32]:
        """Return the weights with what floors pay for edges of options; the same without any."""
        if not self.rows.counts_options:
            return weight
        bonus = self.rows.edge_bonus(prices)[option]
        lifted: NDArray[np.float32] = np.where(weight > 0, weight + bonus, 0).astype(np.float32)
        lifted.setflags(write=False)
        return lifted

    def by_floor(self, met: Floats) -> Floats:
        """Return ``(num_floors,)`` sums of ``(num_needs,)`` values over the needs they count."""
        if not self.rows.counts_needs:
            return np.zeros(len(self))
        return np.asarray(self.rows.of_needs @ met, dtype=np.float64)

    def lacking(self, need: Int32s, option: Int32s) -> Int64s:
        """Return ``(num_floors,)`` how many the chosen edges, given by their ends, leave out."""
        return self.rows.lacking(need, option)

    def urged(self, prices: Floats, lacking: Int64s) -> Floats:
        """Return prices at which the floors that lack pay all that they can."""
        return np.where(lacking > 0, self.most, prices)

    def members(self, floor: int) -> tuple[Int32s, Int32s]:
        """Return the needs and the options that a floor counts."""
        return self.rows.of_needs[[floor]].indices, self.rows.of_options[[floor]].indices


def open_floors(problem: Problem, scale: float) -> DualFloors:
    """Return the floors of a problem over a scale, less what its pins serve."""
    rows = problem.floor_rows
    need, option = problem.need[problem.pinned], problem.option[problem.pinned]
    unmet = np.ones(problem.num_needs)
    unmet[need] = 0.0
    of_needs = (rows.of_needs @ diags_array(unmet)).tocsr()
    of_needs.eliminate_zeros()
    open_rows = replace(
        rows,
        least=rows.least - rows.reached(need, option),
        penalty=rows.penalty / scale,
        of_needs=of_needs,
    )
    return DualFloors(open_rows, np.asarray(of_needs.sum(axis=0)).ravel() > 0)
