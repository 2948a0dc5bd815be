"""Order among meetings: circles, and how many come before and after each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter


def cycle_in(arcs: Iterable[tuple[str, str]]) -> Sequence[str]:
    """Return the ids along a circle of (before, after) arcs, ends alike; empty if there is none."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for before, after in arcs:
        sorter.add(after, before)
    try:
        sorter.prepare()
    except CycleError as error:
        return tuple(error.args[1])
    return ()
