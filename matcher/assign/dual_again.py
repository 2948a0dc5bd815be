"""Prices that follow a change of capacities, found from a sample of the needs."""

from __future__ import annotations

import numpy as np

from matcher.assign.arrays import Floats, Int64s
from matcher.assign.dual_market import DualMarket
from matcher.assign.dual_newton import newton
from matcher.assign.dual_prices import open_descent
from matcher.assign.dual_reader import Reader, Reading

_FEWEST = 5_000
"""At least so many needs are read, if there are."""

_PER_OPTION = 5
"""At least so many needs are read for each option."""

_SOFT = (0.003, 0.001)
"""γ over the size of a weight, from coarse to fine."""

_LITTLE = 0.02
"""Where less than this share of rows, and of what they are worth, changes, γ is fine at once."""

_STEPS = 3
"""Newton steps of each."""

_FALL = 1e-7
"""They end where the dual of the sample falls by less than so much of itself."""


def followed(
    market: DualMarket, prices: Floats, spare: Int64s, more: Int64s, deadline: float
) -> Floats | None:
    """Return prices that follow from earlier ones where rows hold more than they did, or less.

    The earlier prices are taken to have cleared the market: whatever the needs of a sample draw at
    them from a row with a price is what they may have, and with the change they may have more in
    proportion. So what is by chance in the sample does not count, only how its needs answer, and
    a few steps of `newton` on the sample move all prices together.

    Parameters
    ----------
    prices
        ``(num_rows,)`` at least 0.
    spare
        ``(num_rows,)`` what the earlier plan left of each row.
    more
        ``(num_rows,)`` by how much the capacity of each row has grown.

    Returns
    -------
    Floats | None
        None where a row has nothing left or the problem has floors.
    """
    if len(market.floors) or (market.left <= 0).any():
        return None
    stride = max(1, market.num_needs // max(_FEWEST, _PER_OPTION * market.num_options))
    needs = np.arange(0, market.num_needs, stride, dtype=np.int32)
    descent, size = open_descent(market, stride)
    descent.prices = prices.copy()
    reader = Reader(market, needs)
    before, share = reader.left, len(needs) / market.num_needs
    worth, few = np.abs(more) @ prices, np.count_nonzero(more) < _LITTLE * len(more)
    little = few and bool(worth < _LITTLE * (market.left @ prices))
    for soft in _SOFT[-1:] if little else _SOFT:
        reader.left = before
        drawn = before - reader.read(prices, soft * size).slack
        reader.left = drawn + share * (more + np.where(prices > 0, 0, spare))
        newton(reader, descent, soft * size, _STEPS, _FALL, deadline, _go_on)
    return descent.prices


def _go_on(prices: Floats, reading: Reading) -> bool:
    return True
