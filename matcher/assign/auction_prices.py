"""Prices that clear the market, found by reading the rows of all needs again and again."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from matcher.assign.arrays import Floats
from matcher.assign.auction_market import Market
from matcher.assign.needs import mapper, read

PASSES = 24
"""The most passes over the rows."""

_DRIFT = 0.8
"""Where the mean move is so much of the root mean square, all prices drift; `_leap` tries that.

It is so where there is no slack: nearly as many places as needs, or more.
"""

_SLOW = 0.7
"""A move that is so much of the one before is one of many such; `_leap` tries to take them."""

_LEAPS = (4.0, 16.0, 64.0, 256.0)
"""How many moves a leap may be."""

_MOMENTUM = 0.4
"""The most of the last step that is made again with the next one."""

_WARM_UP = 4
"""So many passes are made in any case."""


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices of options and sets, and what they prove.

    Parameters
    ----------
    option, outer
        ``(num_options,)`` and ``(num_sets,)``, see `Laminar.nested`.
    bound
        No plan of what the market has left is worth more.
    step
        The root mean square by which prices still moved in the last pass.
    """

    option: Floats
    outer: Floats
    bound: float
    step: float


def clearing_prices(market: Market, tolerance: float, deadline: float) -> Prices:
    """Return prices that nearly clear the market, and their bound.

    The dual of the assignment is minimised by simultaneous coordinate steps:

    1. Start from prices at which nobody buys.
    2. Each need reads its row. For each edge e it finds θ_e, the highest price of e at which it
       would take it while all other prices stay: its weight less the best that the edge would
       displace. The θ_e near the present price of an option are its demand curve, a histogram.
    3. Each option, then each set from inner to outer ones, moves to the price at which as many
       θ_e are above as there are places, or to 0.
    4. Narrow the window to a few times the last moves and repeat, until the bound falls by less
       than ``tolerance`` of it.

    The demand for an option never falls when other prices rise (options are gross substitutes).
    So from above no price ever passes below the highest clearing price, apart from the grid,
    and competition, which makes steps from below tiny, is still absent when they are large.

    Parameters
    ----------
    tolerance
        Relative, at least 0.
    deadline
        On the clock of ``time.perf_counter``; at least one pass is made.

    References
    ----------
    Demange, G., Gale, D. and Sotomayor, M. (1986). Multi-item auctions. Journal of Political
    Economy 94, 863-872.
    """
    point = settled = np.concatenate(market.first_prices())
    width = step = market.size
    best: Prices | None = None
    run, before = 0, np.zeros_like(point)
    with mapper(market.needs) as each:
        for turn in range(PASSES):
            option, outer = np.split(point, [len(market.limits.places)])
            price, _ = market.limits.nested(option, outer)
            curve, gain = read(market.needs, price, width, each)
            bound = gain + market.cost(option, outer)
            fell = np.inf if best is None else best.bound - bound
            if best is None or fell > 0:
                best = Prices(option, outer, bound, step)
            if (turn >= _WARM_UP and fell <= tolerance * bound) or perf_counter() > deadline:
                break
            moved, step, most = _moved(market, price, width, curve, option, outer)
            width = min(width, max(4 * step, most / 2, width / 4, 1e-7 * market.size))
            move = moved - point
            run = run + 1 if move @ (moved - settled) > 0 else 0
            drift = float(move.mean())
            ahead = _leap(market, point, drift) if turn > 1 and abs(drift) > _DRIFT * step else None
            if ahead is None and turn > 1 and move @ before > _SLOW * float(before @ before):
                ahead = _leap(market, point, move)
            before = move
            if ahead is None:
                ahead = moved + min(run / (run + 3), _MOMENTUM) * (moved - settled)
                settled, point = moved, np.maximum(ahead, 0.0)
            else:
                settled = point = ahead
                run = 0
    return best


def _leap(market: Market, point: Floats, drift: Floats | float) -> Floats | None:
    """Return prices after the best of ever longer common moves, None if the first is too long."""
    best, least = None, np.inf
    for length in _LEAPS:
        ahead = np.maximum(point + length * drift, 0.0)
        bound = market.bound(*np.split(ahead, [len(market.limits.places)]))
        if bound >= least:
            break
        best, least = ahead, bound
    return best


def _moved(
    market: Market, price: Floats, width: float, curve: NDArray[np.int32], option: Floats,
    outer: Floats,
) -> tuple[Floats, float, float]:  # fmt: skip
    """Return new prices of options and sets, their root mean square move and the largest."""
    from matcher.assign import scan_kernel as kernel

    limits = market.limits
    new_option, new_outer = option.copy(), outer.copy()
    kernel.clear_market(
        curve, price, width, limits.places, new_option, limits.low, limits.high, limits.members,
        limits.room, new_outer,
    )  # fmt: skip
    moves = np.concatenate([limits.nested(new_option, new_outer)[0] - price, new_outer - outer])
    root_mean_square = float(np.sqrt(np.mean(moves**2)))
    most = float(np.abs(moves).max(initial=0.0))
    return np.concatenate([new_option, new_outer]), root_mean_square, most
