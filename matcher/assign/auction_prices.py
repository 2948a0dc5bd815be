"""Prices that clear the market, found by reading the rows of all needs again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.assign.arrays import Floats
from matcher.assign.auction_market import Market
from matcher.assign.needs import mapper, read

PASSES = 24
"""The most passes over the rows."""

_SLOW = 0.5
"""Where a move goes so far along the one before, many more will follow; `_leap` looks ahead."""

_DRIFT = 0.8
"""Where the mean move is so much of the root mean square, all prices of a sector drift.

It is so where there is no slack: nearly as many places as needs, or more.
"""

_LEAPS = (4.0, 16.0, 64.0, 256.0)
"""How many moves a leap may be."""

_MOMENTUM = 0.4
"""The most of the last step that is made again with the next one."""

_STRIDES = (4, 2)
"""The first passes read every fourth and every second need; prices are rough then anyway."""

_CROWD = 30
"""Only with so many needs for each option, though."""

_NEAR = 1 / 16
"""The first move from prices that are thought to be near, over the largest weight, at most."""

_WARM_UP = 3
"""So many passes are made in any case before it is asked whether more of them help."""


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


def clearing_prices(
    market: Market,
    tolerance: float,
    go_on: Callable[[float], bool],
    at: tuple[Floats, Floats] | None = None,
) -> Prices:
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

    The first passes read a part of the needs only, moves carry some momentum, and where all
    prices of a sector (what no edge connects with the rest) drift the same way by small steps,
    ever longer ones are tried at once. Only bounds of full passes count.

    The demand for an option never falls when other prices rise (options are gross substitutes).
    So from above no price ever passes below the highest clearing price, apart from the grid,
    and competition, which makes steps from below tiny, is still absent when they are large.

    Parameters
    ----------
    tolerance
        Relative, at least 0.
    go_on
        Is told the bound after each full pass; returns whether to make another.
    at
        Prices of options and sets that are thought to be near; None begins where nobody buys.

    References
    ----------
    Demange, G., Gale, D. and Sotomayor, M. (1986). Multi-item auctions. Journal of Political
    Economy 94, 863-872.
    """
    first = market.first_prices() if at is None else at
    descent = _Descent(market, first, market.size if at is None else _NEAR * market.size)
    best = Prices(*first, np.inf, descent.width)
    rough = at is None and len(market.needs.room) >= _CROWD * len(market.limits.places)
    strides = _STRIDES if rough else ()
    with mapper(market.needs) as each:
        for turn in range(PASSES):
            option, outer = np.split(descent.point, [len(market.limits.places)])
            price, _ = market.limits.nested(option, outer)
            stride = strides[turn] if turn < len(strides) else 1
            curve, gain = read(market.needs, price, descent.width, each, stride)
            bound = gain + market.cost(option, outer)
            fell = best.bound - bound
            if fell > 0 and stride == 1:
                best = Prices(option, outer, bound, descent.step)
            if stride == 1 and (
                not go_on(best.bound) or (turn >= _WARM_UP and fell <= tolerance * bound)
            ):
                break
            moved = _moved(market, price, descent.width, curve, option, outer)
            descent.follow(price, moved, turn)
    return best


class _Descent:
    """Where the prices of options and sets, side by side, stand and how they move on.

    Parameters
    ----------
    market
        Whose prices.
    first
        Prices of options and sets to begin at.
    width
        By how much prices may move at first.
    """

    def __init__(self, market: Market, first: tuple[Floats, Floats], width: float) -> None:
        self.market = market
        self.point = np.concatenate(first)
        self.width = self.step = width
        self._settled = self.point
        self._move = np.zeros_like(self.point)
        self._run = 0

    def follow(self, price: Floats, moved: Floats, turn: int) -> None:
        """Go where ``moved`` points to: with some momentum, or far where all prices drift.

        ``price``, as all prices of options, includes those of sets.
        """
        self._resize(price, moved)
        before, self._move = self._move, moved - self.point
        drifts = turn >= _WARM_UP and float(before @ self._move) > _SLOW * float(before @ before)
        far = self._leap(self._move) if drifts else None
        if far is not None:
            self.point = self._settled = far
            self._run = 0
            return
        last = moved - self._settled
        self._run = self._run + 1 if (moved - self.point) @ last > 0 else 0
        ahead = moved + min(self._run / (self._run + 3), _MOMENTUM) * last
        self._settled, self.point = moved, np.maximum(ahead, 0.0)

    def _resize(self, price: Floats, moved: Floats) -> None:
        """Fit the window to the moves."""
        new, _ = self.market.limits.nested(*np.split(moved, [len(price)]))
        moves = np.concatenate([new - price, (moved - self.point)[len(price) :]])
        self.step = float(np.sqrt(np.mean(moves**2)))
        most = float(np.abs(moves).max(initial=0.0))
        least = max(4 * self.step, most / 2, self.width / 4, 1e-7 * self.market.size)
        self.width = min(self.width, least)

    def _leap(self, move: Floats) -> Floats | None:
        """Return the point after the best of ever longer common moves of each sector.

        Only sectors leap whose prices drift, and only as long as their part of the bound falls.
        None if no sector is better off even after the shortest.
        """
        market, sector = self.market, self.market.sector
        size = np.bincount(sector)
        drift = np.bincount(sector, move) / size
        open_ = np.abs(drift) > _DRIFT * np.sqrt(np.bincount(sector, move**2) / size)
        free = np.concatenate([market.limits.places, market.limits.room]) > 0
        split = [len(market.limits.places)]
        best, least = None, market.sector_bounds(*np.split(self.point, split))
        for length in _LEAPS:
            if not open_.any():
                break
            ahead = np.maximum(self.point + length * drift[sector], 0.0)
            there = market.sector_bounds(*np.split(np.where(free, ahead, self.point), split))
            open_ &= there < least
            if open_.any():
                least = np.where(open_, there, least)
                stay = self.point if best is None else best
                best = np.where(free & open_[sector], ahead, stay)
        return best


def _moved(
    market: Market, price: Floats, width: float, curve: NDArray[np.int32], option: Floats,
    outer: Floats,
) -> Floats:  # fmt: skip
    """Return where prices of options and sets would go if each moved alone."""
    from matcher.assign import scan_kernel as kernel

    limits = market.limits
    new_option, new_outer = option.copy(), outer.copy()
    kernel.clear_market(
        curve, price, width, limits.places, new_option, limits.low, limits.high, limits.members,
        limits.room, new_outer,
    )  # fmt: skip
    return np.concatenate([new_option, new_outer])
