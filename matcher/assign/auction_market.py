"""The market of an auction: the needs, and what pins leave of every limit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from matcher.assign.arrays import Floats, Int64s
from matcher.assign.laminar import Laminar, read_laminar
from matcher.assign.needs import Needs, gain, open_needs
from matcher.assign.problem import Problem


@dataclass(frozen=True, eq=False)
class Market:
    """What is left to decide once pins and bans are settled."""

    needs: Needs
    limits: Laminar

    @cached_property
    def size(self) -> float:
        """The largest weight, or what is small enough to be nothing and still has an inverse."""
        return max(self.needs.largest, 1e-280)

    @cached_property
    def degree(self) -> Int64s:
        """``(num_options,)`` the number of edges of each option."""
        from matcher.assign.scan_kernel import count

        degree: Int64s = count(self.needs.option, len(self.limits.places))
        return degree

    def first_prices(self) -> tuple[Floats, Floats]:
        """Return prices at which nobody buys; options without a limit are free."""
        options = np.where(self.limits.places < 0, 0.0, self.size)
        return options, np.full(len(self.limits.room), self.size)

    @cached_property
    def sector(self) -> Int64s:
        """``(num_options + num_sets,)`` one number for all that needs or sets connect."""
        from matcher.assign.scan_kernel import join_sectors

        limits = self.limits
        sector = np.zeros(len(limits.places), dtype=np.int64)
        ends = limits.low, limits.high, limits.members
        join_sectors(self.needs.start, self.needs.option, *ends, sector)
        first = np.append(limits.members, 0)[limits.low]
        _, number = np.unique(np.append(sector, sector[first]), return_inverse=True)
        return number.astype(np.int64)

    def sector_bounds(self, option_price: Floats, set_price: Floats) -> Floats:
        """Return ``(num_sectors,)`` the parts of `bound`, one for each sector."""
        from matcher.assign import scan_kernel

        kernel: Any = scan_kernel
        cost = np.concatenate(self._costs(option_price, set_price))
        bounds: Floats = np.bincount(self.sector, cost).astype(np.float64)
        price, _ = self.limits.nested(option_price, set_price)
        kernel.gain_of_sectors(*self.needs.rows, *self.needs.groups, price, self.sector, bounds)
        return bounds

    def cost(self, option_price: Floats, set_price: Floats) -> float:
        """Return what all that is left of the rows costs at these prices."""
        options, sets = self._costs(option_price, set_price)
        return float(options.sum() + sets.sum())

    def _costs(self, option_price: Floats, set_price: Floats) -> tuple[Floats, Floats]:
        limits = self.limits
        price, floor = limits.nested(option_price, set_price)
        around = np.append(floor, 0.0)
        options = np.maximum(limits.places, 0) * (price - around[limits.parent])
        return options, limits.room * (floor - around[limits.set_parent])

    def bound(self, option_price: Floats, set_price: Floats) -> float:
        """Return what no plan of the needs is worth more than, by these prices."""
        price, _ = self.limits.nested(option_price, set_price)
        return gain(self.needs, price) + self.cost(option_price, set_price)

    def worth(self, chosen: Int64s) -> float:
        """Return the sum of the weights of free edges."""
        return float(self.needs.weight[chosen].sum(dtype=np.float64))


def open_market(problem: Problem) -> Market:
    """Return the market of a problem whose edges are in canonical order."""
    limits, pinned = read_laminar(problem), problem.pinned
    if pinned.size:
        used = np.bincount(problem.option[pinned], minlength=problem.num_options).astype(np.int64)
        places = np.where(limits.places < 0, -1, limits.places - used)
        limits = replace(limits, places=places, room=limits.room - limits.sums(used))
    return Market(open_needs(problem), limits)
