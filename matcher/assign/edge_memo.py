"""What has been found out about edges that several problems share."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.assign.arrays import Floats, Int32s, Int64s, Weights

_KEPT = 0.25
"""The edges of options are kept up to so many of all."""

_LONG = 2_000_000
"""From so many edges on, two halves are looked through side by side."""


@dataclass(frozen=True, eq=False)
class Gains:
    """What needs that take one edge at most gain at prices.

    Attributes
    ----------
    price
        ``(num_options,)`` the prices.
    each
        ``(num_needs,)`` what each need gains.
    total
        The sum, as `exact_total` tells it.
    """

    price: Floats
    each: Floats
    total: int


class EdgeMemo:
    """Facts that variants of a problem share: those with the same edges, needs and pins.

    It saves time and changes no answer: whatever it returns is what would be found without it, to
    the last bit. So it is neither compared nor sent to other processes.

    Attributes
    ----------
    gains
        What needs gained when all of them were read last; each variant begins with what its
        original knows and goes on alone.
    edges
        The edges of options that were asked for, by option.
    """

    def __init__(self) -> None:
        self.gains: Gains | None = None
        self.edges: dict[int, Int64s] = {}
        self._plans: list[tuple[Int64s, Any]] = []
        self._largest: float | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return EdgeMemo, ()

    def child(self) -> EdgeMemo:
        """Return the memo of a variant."""
        other = EdgeMemo()
        other.__dict__.update(self.__dict__)
        return other

    def edges_of(self, option: Int32s, options: Int64s, num_options: int) -> Int64s:
        """Return the edges of some options, side by side by option; those not known are sought."""
        known = self._known(option, options, num_options)
        return np.concatenate([np.zeros(0, np.int64), *(known[j] for j in options.tolist())])

    def seek(self, option: Int32s, options: Int64s, num_options: int) -> None:
        """Find the edges of options that will be asked for, in one look for all of them."""
        self._known(option, options, num_options)

    def _known(self, option: Int32s, options: Int64s, num_options: int) -> dict[int, Int64s]:
        wanted = options.tolist()
        known = {j: self.edges[j] for j in wanted if j in self.edges}
        missing = np.array([j for j in wanted if j not in known], dtype=np.int64)
        if missing.size:
            known |= _sought(option, missing, num_options)
            if sum(map(len, [*self.edges.values(), *known.values()])) > _KEPT * len(option):
                self.edges.clear()
            self.edges.update(known)
        return known

    def largest(self, weight: Weights) -> float:
        """Return the largest weight, at least 0."""
        if self._largest is None:
            self._largest = float(weight.max(initial=0.0))
        return self._largest

    def plan(self, edges: Int64s, read: Callable[[Int64s], Any]) -> Any:
        """Return ``read(edges)``; if these very edges were read last, what was found then.

        Variants share it, as many are solved from one plan.
        """
        for known, facts in self._plans[:]:
            if known is edges:
                return facts
        facts = read(edges)
        if edges.base is None and not edges.flags.writeable:  # nobody can change them
            self._plans[:] = [(edges, facts)]
        return facts


def _sought(option: Int32s, options: Int64s, num_options: int) -> dict[int, Int64s]:
    from matcher.assign import scan_kernel

    kernel: Any = scan_kernel
    marked = np.zeros(num_options, dtype=np.int32)
    marked[options] = 1

    def part(lo: int, hi: int) -> tuple[Int64s, Int64s]:
        found, end = kernel.edges_of(option, marked, lo, hi)
        return found, np.concatenate([[0], end])

    size = len(option)
    if size < _LONG:
        parts = [part(0, size)]
    else:
        with ThreadPoolExecutor(1) as other:
            later = other.submit(part, size // 2, size)
            parts = [part(0, size // 2), later.result()]
    return {
        j: np.concatenate([found[end[j] : end[j + 1]] for found, end in parts])
        for j in options.tolist()
    }
