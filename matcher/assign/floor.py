"""Floor: so many needs of a group shall be met, or so many edges of some options taken."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.assign.arrays import Floats, Int32s, Int64s, as_array, frozen, owned

Incidence = csr_array[np.float64, tuple[int, int]]


@dataclass(frozen=True, eq=False)
class Floor:
    """A soft lower limit: what lacks to it costs ``penalty`` a unit.

    It is read together with the rest when a `Problem` is made of it. Exactly one of ``needs``
    and ``options`` is given, and read as a set.

    Parameters
    ----------
    needs
        Indices of needs: as many of them as ``least`` shall have an edge. A need counts once,
        however many edges it has.
    options
        Indices of options: as many of their edges as ``least`` shall be chosen.
    least
        How many, at least 0.
    penalty
        What each one that lacks costs in the objective, above 0 and finite. Above the greatest
        loss that serving one more can cause, the floor is kept wherever it can be.
    """

    needs: NDArray[Any] | None = None
    options: NDArray[Any] | None = None
    least: int = 0
    penalty: float = 1.0

    def __post_init__(self) -> None:
        for name in ("needs", "options"):
            if (values := getattr(self, name)) is not None:
                object.__setattr__(self, name, owned(as_array(values)))


@dataclass(frozen=True, eq=False)
class FloorRows:
    """Every floor of a problem, side by side.

    Parameters
    ----------
    least, penalty
        ``(num_floors,)`` what each asks for and what each unit that lacks costs.
    of_needs
        ``(num_floors, num_needs)`` of 0 and 1: which needs a floor counts.
    of_options
        ``(num_floors, num_options)`` likewise for options.
    """

    least: Int64s
    penalty: Floats
    of_needs: Incidence
    of_options: Incidence

    def __len__(self) -> int:
        return len(self.least)

    @cached_property
    def counts_needs(self) -> bool:
        """Whether some floor counts needs."""
        return bool(self.of_needs.nnz)

    @cached_property
    def counts_options(self) -> bool:
        """Whether some floor counts edges of options."""
        return bool(self.of_options.nnz)

    def reached(self, need: Int32s, option: Int32s) -> Int64s:
        """Return ``(num_floors,)`` how many the chosen edges, given by their ends, serve."""
        met = np.zeros(self.of_needs.shape[1])
        met[need] = 1.0
        taken = np.bincount(option, minlength=self.of_options.shape[1]).astype(np.float64)
        counted = np.asarray(self.of_needs @ met + self.of_options @ taken, dtype=np.float64)
        reached: Int64s = np.rint(counted).astype(np.int64)
        return reached

    def lacking(self, need: Int32s, option: Int32s) -> Int64s:
        """Return ``(num_floors,)`` how many are missing, at least 0."""
        lacking: Int64s = np.maximum(self.least - self.reached(need, option), 0)
        return lacking

    def penalties(self, need: Int32s, option: Int32s) -> float:
        """Return what all that lacks costs."""
        return math.fsum((self.lacking(need, option) * self.penalty).tolist())

    def first_bonus(self, prices: Floats) -> Floats:
        """Return ``(num_needs,)`` what meeting each need at all is worth at the floors' prices."""
        return np.asarray(self.of_needs.T @ prices, dtype=np.float64)

    def edge_bonus(self, prices: Floats) -> Floats:
        """Return ``(num_options,)`` what each edge of an option is worth at the floors' prices."""
        return np.asarray(self.of_options.T @ prices, dtype=np.float64)


def build_floor_rows(floors: tuple[Floor, ...], num_needs: int, num_options: int) -> FloorRows:
    """Return the floors side by side."""
    return FloorRows(
        least=frozen(np.array([f.least for f in floors], dtype=np.int64)),
        penalty=frozen(np.array([f.penalty for f in floors], dtype=np.float64)),
        of_needs=_incidence([f.needs for f in floors], num_needs),
        of_options=_incidence([f.options for f in floors], num_options),
    )


def _incidence(members: list[NDArray[Any] | None], size: int) -> Incidence:
    sets = [np.unique(np.zeros(0, dtype=np.int64) if m is None else m) for m in members]
    start = np.concatenate([[0], np.cumsum([len(s) for s in sets], dtype=np.int64)])
    column = np.concatenate([np.zeros(0, dtype=np.int64), *sets])
    shape = (len(sets), size)
    return csr_array((np.ones(len(column)), column.astype(np.int32), start), shape=shape)
