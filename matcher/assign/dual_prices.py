"""Prices that minimise the bound: Newton steps on a smoothed dual, from coarse to fine."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.assign.arrays import Floats, Int32s
from matcher.assign.dual_market import DualMarket

PARTS = 2
"""The number of parts that needs are read in, whatever the number of cores."""

_BIG = 200_000
"""From so many edges on the parts are read side by side."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What needs choose at some prices.

    Parameters
    ----------
    smooth, bound
        The smoothed dual and the true bound at the prices, without the pins.
    rough
        How far the smoothing may be off: γ/2 Σ x (1 - x).
    slack
        ``(num_rows,)`` the slope of the smoothed dual: what is left less what is drawn.
    curve
        ``(num_rows,)`` the diagonal of its second derivative.
    own, cross
        ``(num_classes, num_options)`` and ``(num_options,)`` the same by option and class, and
        of the first two classes together.
    notes
        For each part, where it bends (see `dual_kernel.read_needs`).
    """

    smooth: float
    bound: float
    rough: float
    slack: Floats
    curve: Floats
    own: Floats
    cross: Floats
    notes: list[tuple[Any, ...]]
    soft: float


class Reader:
    """Reads some of the needs, with capacities in proportion.

    Parameters
    ----------
    market
        The market.
    needs
        ``(num_read,)`` the needs to read.
    """

    def __init__(self, market: DualMarket, needs: Int32s) -> None:
        self.market = market
        self.needs = needs
        self.share = len(needs) / max(market.num_needs, 1)
        self.left = market.left * self.share
        degree = np.diff(market.start)[needs]
        ends = np.searchsorted(np.cumsum(degree), np.linspace(0, degree.sum(), PARTS + 1)[1:-1])
        self._parts = np.split(needs, ends)
        self._edges = [int(np.diff(market.start)[part].sum()) for part in self._parts]
        self._big = int(degree.sum()) >= _BIG
        self.passes = 0

    def read(self, prices: Floats, soft: float) -> Reading:
        """Let the needs choose at ``(num_rows,)`` prices, smoothed by ``soft``."""
        self.passes += 1
        market = self.market
        price = market.by_option(prices)
        parts = self._each(lambda k: self._read_part(k, price, soft))
        gain = [sum(part[0][k] for part in parts) for k in range(3)]
        cost = float(self.left @ prices)
        return Reading(
            smooth=cost + gain[0],
            bound=cost + gain[1],
            rough=gain[2],
            slack=self.left - market.by_row(sum(part[1] for part in parts)),
            curve=market.by_row(sum(part[2] for part in parts)),
            own=sum(part[2] for part in parts),
            cross=sum(part[3] for part in parts),
            notes=[part[4] for part in parts],
            soft=soft,
        )

    def bend(self, reading: Reading, step: Floats, hold: float) -> Floats:
        """Return ``(num_rows,)`` (H + μ D) · ``step``, with ``hold`` for μ; see `newton`."""
        price = self.market.by_option(step)
        parts = self._each(lambda k: self._bend_part(reading.notes[k], price, reading.soft))
        return self.market.by_row(sum(parts) + self.lone(hold, price))

    def lone(self, hold, price):
        own, cross = hold
        lone = own * price
        lone[0] += cross * price[1]
        lone[1] += cross * price[0]
        return lone

    def _read_part(self, k: int, price: Floats, soft: float) -> tuple[Any, ...]:
        from matcher.assign import dual_kernel as kernel

        needs = self._parts[k]
        most = min(self._edges[k], max(8 * len(needs), 1_000_000))
        edge, part = np.empty(most, np.int32), np.empty(most, np.float32)
        set_at, set_share = np.empty(most + 1, np.int32), np.empty(most, np.float32)
        need_at, tied = np.empty(len(needs) + 2, np.int32), np.empty(len(needs) + 1, np.int8)
        demand, curve = np.zeros_like(price), np.zeros_like(price)
        cross = np.zeros(self.market.num_options)
        smooth, true, rough, count, sets, ends = kernel.read_needs(
            needs, *self.market.edges, *self.market.groups, price, soft,
            demand, curve, cross, edge, part, set_at, set_share, need_at, tied,
        )  # fmt: skip
        notes = (count, edge, part, set_at, set_share, need_at, tied)
        return (smooth, true, rough), demand, curve, cross, notes

    def _bend_part(self, notes: tuple[Any, ...], price: Floats, soft: float) -> Floats:
        from matcher.assign import dual_kernel as kernel

        market = self.market
        out = np.zeros_like(price)
        kernel.bend(
            notes[0], market.option, market.amount, market.extra, soft, *notes[1:], price, out
        )
        return out

    def _each(self, work: Callable[[int], Any]) -> list[Any]:
        if not self._big:
            return [work(k) for k in range(PARTS)]
        with ThreadPoolExecutor(PARTS) as pool:
            return list(pool.map(work, range(PARTS)))


@dataclass(eq=False)
class Descent:
    """Prices on their way down.

    Parameters
    ----------
    prices
        ``(num_rows,)`` at least 0.
    scale
        ``(num_rows,)`` what an edge of the row draws on average.
    frozen
        ``(num_rows,)`` rows with nothing left: their prices shut them and stay.
    damp
        μ, how much moves of the costs of edges are held back; it adapts.
    """

    prices: Floats
    scale: Floats
    frozen: NDArray[np.bool_]
    reach: float = 1.0
    members: Any=None
    first: Any=None
    second: Any=None


def newton(
    reader: Reader, descent: Descent, soft: float, steps: int, tolerance: float, deadline: float,
    reading: Reading | None = None, watch: Callable[[Floats, Reading], None] | None = None,
) -> Reading:  # fmt: skip
    """Go down by at most so many projected Newton steps; the descent's prices are moved.

    Each step solves (H + μ D) d = -slope on the rows whose price is not held at 0, by conjugate
    gradients, and goes to max(0, y + d) if the smoothed dual falls there; μ falls then and
    rises else. D is what H would be without competition between options: it holds back moves
    of what edges cost, but lets prices of rows of the same option make up for each other.

    References
    ----------
    Bertsekas, D. P. (1982). Projected Newton methods for optimization problems with simple
    constraints. SIAM Journal on Control and Optimization 20, 221-246.
    Marquardt, D. W. (1963). An algorithm for least-squares estimation of nonlinear parameters.
    Journal of the Society for Industrial and Applied Mathematics 11, 431-441.
    """
    if reading is None or reading.soft != soft:
        reading = reader.read(descent.prices, soft)
        if watch is not None:
            watch(descent.prices, reading)
    for _ in range(steps):
        if perf_counter() > deadline:
            break
        step = _direction(reader, descent, reading)
        prices = np.maximum(0.0, descent.prices + step)
        slope = float(reading.slack @ (prices - descent.prices))
        after = reader.read(prices, soft)
        if watch is not None:
            watch(prices, after)
        fell = reading.smooth - after.smooth
        if VERB: print('      reach',descent.reach, 'ratio', fell/-slope)
        if fell >= -0.4 * slope:
            descent.reach *= 3
        elif fell < -0.2 * slope:
            descent.reach *= 0.25
        if fell > 0:
            descent.prices, reading = prices, after
            if fell <= tolerance * abs(reading.bound):
                break
    return reading

VERB=0
MU = 0.02
ROUNDS = 4
def _direction(reader: Reader, descent: Descent, reading: Reading) -> Floats:
    slope = reading.slack
    m = reader.market
    free = ~descent.frozen & ((descent.prices > 0) | (slope < 0))
    most = MOST * reading.soft / descent.scale
    excess = np.where(free, np.abs(slope) / descent.scale, 0.0) / descent.members
    e = m.by_option(excess)   # sums over classes
    floor = e.sum(axis=0) / descent.reach
    own = MU * reading.own + floor * descent.second
    cross = MU * reading.cross + floor * descent.first[1]
    curve = m.by_row(own)
    damp = 1e-4 * (reading.curve + curve) + 1e-300
    target = np.where(free, -slope, 0.0)
    step = np.zeros_like(target)
    at = free.copy()
    for r in range(ROUNDS):
        if r: target2 = np.where(at, target - (reader.bend(reading, step, (own,cross)) + damp*step), 0.0)
        else: target2 = target
        step = step + _conjugate(reader, reading, target2, damp, (own, cross), curve, at)
        below = at & (descent.prices + step <= 0)
        if VERB>1: print('    round', r, below.sum(), 'max', np.abs(step*descent.scale).max()/reading.soft)
        step = np.where(at, np.clip(step, np.maximum(-most,-descent.prices), most), step)
        if not below.any(): break
        at &= ~below
    if float(step @ slope) >= 0:
        diagonal = reading.curve + curve + damp
        step = np.clip(target / diagonal, -most, most)
    return step

MOST = 100.0

def _conjugate(
    reader: Reader, reading: Reading, target: Floats, damp: Floats, hold, lone,
    free: NDArray[np.bool_],
) -> Floats:  # fmt: skip
    x = np.zeros_like(target)
    r = target.copy()
    diagonal = reading.curve + damp + lone
    z = np.where(free, r / diagonal, 0.0)
    p = z.copy()
    rho = float(r @ z)
    stop = 0.01 * rho
    for _ in range(40):
        if rho <= stop or rho <= 0:
            break
        hp = np.where(free, reader.bend(reading, p, hold) + damp * p, 0.0)
        curve = float(p @ hp)
        if curve <= 0:
            break
        alpha = rho / curve
        x += alpha * p
        r -= alpha * hp
        z = np.where(free, r / diagonal, 0.0)
        before, rho = rho, float(r @ z)
        p = z + rho / before * p
    return x
