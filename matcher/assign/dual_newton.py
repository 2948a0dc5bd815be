"""Newton steps down a smoothed dual, with prices of at least 0."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from matcher.assign.arrays import Bools, Floats
from matcher.assign.dual_market import DualMarket
from matcher.assign.dual_reader import Bend, Reader, Reading

_HOLD = 0.02
"""The part of the second derivative without competition that is added as damping."""

_LITTLE = 1e-4
"""The part of its diagonal that is added for each price."""

_FAR = 3.0
"""How far the price of a row may move on its own, over the reach."""

_MOST = 100.0
"""The greatest step of a price, over γ and what an edge draws on average."""

_ROUNDS = 4
"""How often a step is solved again once prices have run into 0."""

_TURNS = 40
"""The most conjugate gradient turns of one solve."""

_ENOUGH = 0.01
"""The part of the squared slope at which a solve ends."""

Watch = Callable[[Floats, Reading], bool]
"""Is shown every reading and its prices; returns whether to go on."""


@dataclass(eq=False)
class Descent:
    """Prices on their way down.

    Parameters
    ----------
    prices
        ``(num_prices,)`` of rows, then of floors, at least 0.
    most
        ``(num_prices,)`` what they are at most: infinity for rows, the penalty for floors.
    frozen
        ``(num_prices,)`` rows with nothing left: their prices shut them and stay.
    mean, square
        ``(num_classes, num_options)`` mean and mean square of what an edge draws.
    size
        ``(num_prices,)`` what an edge of the row draws on average.
    members
        ``(num_prices,)`` how many options draw on the row.
    reach
        About how far the cost of an edge may move in one step; it adapts.
    """

    prices: Floats
    most: Floats
    frozen: Bools
    mean: Floats
    square: Floats
    size: Floats
    members: Floats
    reach: float


def newton(
    reader: Reader,
    descent: Descent,
    soft: float,
    steps: int,
    tolerance: float,
    deadline: float,
    watch: Watch,
) -> None:
    """Move the prices of ``descent`` down by at most so many Newton steps.

    Each step minimises the second-order model of the smoothed dual, with damping, over steps
    that leave prices at least 0. Where the dual falls there, it is taken; where the model was
    good the reach grows, where it was not it shrinks. It ends early where the dual falls by no
    more than ``tolerance`` of itself, or would by the model.

    References
    ----------
    Bertsekas, D. P. (1982). Projected Newton methods for optimization problems with simple
    constraints. SIAM Journal on Control and Optimization 20, 221-246.
    Moré, J. J. (1983). Recent developments in algorithms and software for trust region methods.
    Mathematical Programming: The State of the Art, 258-287.
    """
    descent.reach = float(np.clip(descent.reach, soft, 3 * soft))
    reading = reader.read(descent.prices, soft)
    going = watch(descent.prices, reading)
    for _ in range(steps):
        if not going or perf_counter() > deadline:
            break
        prices = descent.prices + _step(reader, descent, reading)
        prices = np.clip(prices, 0.0, descent.most)
        hoped = -_dot(reading.slack, prices - descent.prices)
        if hoped <= tolerance * abs(reading.bound):
            break
        after = reader.read(prices, soft)
        going = watch(prices, after)
        fell = reading.smooth - after.smooth
        if fell >= 0.4 * hoped:
            descent.reach *= 3
        elif fell < 0.2 * hoped:
            descent.reach /= 4
        if fell > 0:
            descent.prices, reading = prices, after
            if fell <= tolerance * abs(reading.bound):
                break


def _step(reader: Reader, descent: Descent, reading: Reading) -> Floats:
    """Return the step that minimises the damped model; prices that would leave their range end.

    Those are found by solving without a range. Then they are moved to its end and the others
    solved again from the start: they would otherwise make up for a move that is not made.
    """
    slope, prices = reading.slack, descent.prices
    moving = ~descent.frozen & ((prices > 0) | (slope < 0))
    moving &= (prices < descent.most) | (slope > 0)
    damp = _damping(reader.market, descent, reading, moving)
    reach = _MOST * reading.soft / descent.size
    step, rest = np.zeros_like(slope), np.where(moving, -slope, 0.0)
    enough = _ENOUGH * _dot(rest, rest / damp.diagonal)
    for turn in range(_ROUNDS):
        ended = np.where(moving, 0.0, step)
        step = ended + _conjugate(reader, reading, damp, rest, moving, enough)
        beyond = moving & ((prices + step < 0) | (prices + step > descent.most))
        if turn == _ROUNDS - 1 or not beyond.any():
            break
        moving &= ~beyond
        step = np.where(beyond, np.clip(prices + step, 0.0, descent.most) - prices, ended)
        rest = np.where(moving, -slope - reader.bend(reading, damp.cost, step), 0.0)
    least, most = np.maximum(-reach, -prices), np.minimum(reach, descent.most - prices)
    step = np.clip(step, least, most)
    if _dot(step, slope) < 0:
        return step
    return np.clip(np.where(descent.frozen, 0.0, -slope / damp.diagonal), -reach, reach)


@dataclass(frozen=True, eq=False)
class _Damping:
    """What is added to the second derivative.

    Parameters
    ----------
    cost
        Holds back moves of what edges cost, not prices that make up for each other.
    price
        ``(num_prices,)`` holds back moves of each price.
    diagonal
        ``(num_prices,)`` about the diagonal of the second derivative with both.
    """

    cost: Bend
    price: Floats
    diagonal: Floats


def _damping(market: DualMarket, descent: Descent, reading: Reading, moving: Bools) -> _Damping:
    """Return damping that keeps steps where the second derivative means something.

    An option whose rows lack or spare n edges could on its own move its cost by the reach, and a
    row its price by a few times that. There is also a little of the second derivative as it
    would be without competition.
    """
    edges = np.abs(reading.slack) / descent.size
    excess = np.where(moving, edges / descent.members, 0.0)
    excess[market.num_rows :] = 0.0  # floors are held back by themselves alone
    floor = market.by_option(excess).sum(axis=0) / descent.reach
    own = _HOLD * reading.lone.own + floor * descent.square
    cost = Bend(own, _HOLD * reading.lone.cross + floor * descent.mean[1:])
    bent = market.size_by_row(reading.lone.own + own)
    bent[market.num_rows :] += reading.lone_floors
    price = _LITTLE * bent + edges * descent.size**2 / (_FAR * descent.reach)
    diagonal = bent + price
    return _Damping(cost, price, np.where(diagonal > 0, diagonal, 1.0))


def _conjugate(
    reader: Reader,
    reading: Reading,
    damp: _Damping,
    target: Floats,
    moving: Bools,
    enough: float,
) -> Floats:
    """Solve (H + D) x = ``target`` on the moving rows by conjugate gradients.

    It ends where the squared residual over the diagonal is ``enough``.
    """
    x, r = np.zeros_like(target), target.copy()
    z = r / damp.diagonal
    p, rho = z.copy(), _dot(r, z)
    for _ in range(_TURNS):
        if rho <= enough:
            break
        hp = np.where(moving, reader.bend(reading, damp.cost, p) + damp.price * p, 0.0)
        bend = _dot(p, hp)
        if bend <= 0:
            break
        x += rho / bend * p
        r -= rho / bend * hp
        z = r / damp.diagonal
        before, rho = rho, _dot(r, z)
        p = z + rho / before * p
    return x


def _dot(a: Floats, b: Floats) -> float:
    """Return Σ a b; a BLAS would sum in an order that depends on the number of threads."""
    return float(np.sum(a * b))
