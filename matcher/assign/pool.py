"""Pool: a capacity that several options share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from matcher.assign.arrays import as_array, owned

UNITS = ("count", "fen")


@dataclass(frozen=True, eq=False)
class Pool:
    """A capacity shared by the edges of some options: a risk pool, a budget, visits.

    A pool is checked together with the rest when a `Problem` is made of it, so that all faults
    are told at once.

    Parameters
    ----------
    options
        Indices of the options that draw on the pool, each in ``[0, num_options)``. It is read
        as a set: naming an option twice changes nothing.
    capacity
        What there is, in the unit of the pool, at least 0; `UNLIMITED` for no limit.
    unit
        ``"count"``: each chosen edge draws 1. ``"fen"``: it draws its ``amount``.
    draw
        ``(num_edges,)`` what each edge draws instead, in the unit of the pool, at least 0. Only
        entries of edges whose option is in ``options`` are used.
    """

    options: NDArray[Any]
    capacity: int
    unit: str = "count"
    draw: NDArray[Any] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", owned(as_array(self.options)))
        if self.draw is not None:
            object.__setattr__(self, "draw", owned(as_array(self.draw)))
