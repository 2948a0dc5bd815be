"""Reading what needs choose at given prices, in parts, side by side."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.assign.arrays import Floats, Int32s
from matcher.assign.dual_market import DualMarket

_PARTS = 2
"""The number of parts, whatever the number of cores: sums must not depend on those."""

_BIG = 200_000
"""From so many edges or notes on, the parts are read side by side."""

_NOTES = 1_000_000
"""Edges noted for the second derivative in one part, if that is more than eight a need."""


@dataclass(frozen=True, eq=False)
class Bend:
    """What the second derivative would be if options did not compete.

    Parameters
    ----------
    own
        ``(num_classes, num_options)`` its diagonal.
    cross
        ``(num_classes - 1, num_options)`` what belongs to the first class and another.
    """

    own: Floats
    cross: Floats

    def times(self, price: Floats) -> Floats:
        """Return it times ``(num_classes, num_options)`` prices."""
        out = self.own * price
        out[0] += (self.cross * price[1:]).sum(axis=0)
        out[1:] += self.cross * price[0]
        return out


@dataclass(frozen=True, eq=False)
class Reading:
    """What needs choose at some prices.

    Parameters
    ----------
    soft
        γ, the smoothing.
    smooth, bound
        The smoothed dual and the true bound at the prices, without the pins.
    slack
        ``(num_prices,)`` the slope of the smoothed dual: what is left of rows less what is
        drawn, what floors have less what they ask for.
    lone
        Its second derivative without competition.
    lone_floors
        ``(num_floors,)`` its diagonal for floors on needs.
    notes
        For each part, where it bends (see `dual_kernel.read_needs`).
    """

    soft: float
    smooth: float
    bound: float
    slack: Floats
    lone: Bend
    lone_floors: Floats
    notes: list[tuple[Any, ...]]


class Reader:
    """Reads some of the needs, with capacities in proportion.

    Parameters
    ----------
    market
        The market.
    needs
        ``(num_read,)`` the needs to read, ascending.
    """

    def __init__(self, market: DualMarket, needs: Int32s) -> None:
        degree = np.diff(market.start)[needs]
        total = int(degree.sum())
        middle = np.linspace(0, total, _PARTS + 1)[1:-1]
        self.market = market
        asked = np.concatenate([market.left, -market.floors.least])
        self.left = asked * (len(needs) / max(market.num_needs, 1))
        self._parts = np.split(needs, np.searchsorted(np.cumsum(degree), middle))
        self._edges = [int(np.diff(market.start)[part].sum()) for part in self._parts]
        self._big = total >= _BIG

    def read(self, prices: Floats, soft: float) -> Reading:
        """Let the needs choose at ``(num_prices,)`` prices, smoothed by ``soft``."""
        price = self.market.by_option(prices)
        floors = self.market.floors
        bonus = floors.noted_bonus(prices[self.market.num_rows :])
        met, bends = np.zeros_like(bonus), np.zeros_like(bonus)
        parts = _each(lambda k: self._read_part(k, price, bonus, soft, met, bends), self._big)
        cost = float(np.sum(self.left * prices))
        demand, own, cross = (sum(part[k] for part in parts) for k in (2, 3, 4))
        return Reading(
            soft=soft,
            smooth=cost + sum(part[0] for part in parts),
            bound=cost + sum(part[1] for part in parts),
            slack=self.left - self._by_price(demand, -met),
            lone=Bend(own, cross),
            lone_floors=floors.by_floor(bends),
            notes=[part[5] for part in parts],
        )

    def bend(self, reading: Reading, damp: Bend, step: Floats) -> Floats:
        """Return ``(num_prices,)`` (H + D) · ``step``: second derivative and damping."""
        price = self.market.by_option(step)
        bonus = self.market.floors.first_bonus(step[self.market.num_rows :])
        fall = np.zeros_like(bonus)
        big = sum(notes[0] for notes in reading.notes) >= _BIG
        parts = _each(
            lambda k: self._bend_part(reading.notes[k], price, bonus, reading.soft, fall), big
        )
        return self._by_price(sum(parts) + damp.times(price), -fall)

    def _by_price(self, drawn: Floats, met: Floats) -> Floats:
        """Return ``(num_prices,)`` sums over what rows and floors count, by their sign."""
        total = self.market.by_row(drawn)
        total[self.market.num_rows :] += self.market.floors.by_floor(met)
        return total

    def _read_part(
        self, k: int, price: Floats, bonus: Floats, soft: float, met: Floats, bends: Floats
    ) -> tuple[Any, ...]:
        kernel = _kernel()
        needs, market = self._parts[k], self.market
        most = max(min(self._edges[k], max(8 * len(needs), _NOTES)), 1)
        edge, part = np.empty(most, np.int32), np.empty(most, np.float32)
        set_at, set_share = np.empty(most + 1, np.int32), np.empty(most, np.float32)
        need_at, tied = np.empty(len(needs) + 2, np.int32), np.empty(len(needs) + 1, np.int8)
        demand, own, cross = np.zeros_like(price), np.zeros_like(price), np.zeros_like(price[1:])
        smooth, true, count = kernel.read_needs(
            needs, *market.edges, *market.groups, price, bonus, soft, demand, met, bends,
            own, cross, edge, part, set_at, set_share, need_at, tied,
        )  # fmt: skip
        notes = (count, edge, part, set_at, set_share, need_at, tied)
        return smooth, true, demand, own, cross, notes

    def _bend_part(
        self, notes: tuple[Any, ...], price: Floats, bonus: Floats, soft: float, fall: Floats
    ) -> Floats:
        kernel = _kernel()
        market, out = self.market, np.zeros_like(price)
        facts = (market.need, market.option, market.draws)
        kernel.bend(notes[0], *facts, soft, *notes[1:], price, bonus, out, fall)
        return out


def _each(work: Callable[[int], Any], side_by_side: bool) -> list[Any]:
    if not side_by_side:
        return [work(k) for k in range(_PARTS)]
    with ThreadPoolExecutor(_PARTS) as pool:
        return list(pool.map(work, range(_PARTS)))


def _kernel() -> Any:
    """Return the compiled kernels, which mypy knows nothing of; they load only when needed."""
    from matcher.assign import dual_kernel

    return dual_kernel
