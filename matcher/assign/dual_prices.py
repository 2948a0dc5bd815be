"""Prices that minimise the bound, found from samples of needs to all, from coarse to fine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.assign.arrays import Floats, Int32s
from matcher.assign.dual_market import DualMarket
from matcher.assign.dual_newton import Descent, newton
from matcher.assign.dual_reader import Reader, Reading

_SAMPLES = ((64, 0.5, 6), (64, 0.1, 6), (16, 0.03, 6), (4, 0.01, 4))
"""One need in so many, γ over the size of a weight, Newton steps: what comes before all needs."""

_LEVELS = (0.01, 0.003, 0.001, 3e-4, 1e-4, 3e-5, 1e-5)
"""γ over the size of a weight, with all needs."""

_NEAR = 2
"""The first level from earlier prices: they are near, and coarser ones would lead away."""

_STEPS = 6
"""Newton steps of each level with all needs."""

_FEWEST = 2_000
"""The fewest needs in a sample."""

Watch = Callable[[float], bool]
"""Is shown every bound of the whole; returns whether to go on."""


@dataclass(frozen=True, eq=False)
class Priced:
    """Prices and the bound that they prove for what the pins leave."""

    prices: Floats
    bound: float


def price_levels(
    market: DualMarket,
    tolerance: float,
    seed: int,
    deadline: float,
    watch: Watch,
    start: Floats | None = None,
) -> Iterator[Priced]:
    """Yield the best prices so far after each level, better and better ones.

    The bound is the dual of the relaxation. Needs of samples choose under capacities in
    proportion, so their prices are near those of the whole, and reading a sample is cheap. The
    smoothing γ makes the dual smooth enough for Newton steps (`newton`); what it costs in the
    bound falls faster than γ. The true bound is computed in the same reading.

    Parameters
    ----------
    tolerance
        Relative fall of the bound at which a level ends.
    seed
        Draws the samples.
    start
        ``(num_prices,)`` prices to start from; samples are passed over then.

    References
    ----------
    Nesterov, Y. (2005). Smooth minimization of non-smooth functions. Mathematical Programming
    103, 127-152.
    """
    descent, size = open_descent(market)
    if start is None:
        _price_samples(market, descent, size, seed, deadline)
    else:
        inside = np.clip(start, 0.0, descent.most)
        descent.prices = np.where(descent.frozen, descent.prices, inside)
    reader = Reader(market, np.arange(market.num_needs, dtype=np.int32))
    best = Priced(descent.prices, np.inf)

    def keep(prices: Floats, reading: Reading) -> bool:
        nonlocal best
        if reading.bound < best.bound:
            best = Priced(prices, reading.bound)
        return watch(best.bound)

    for soft in _LEVELS if start is None else _LEVELS[_NEAR:]:
        newton(reader, descent, soft * size, _STEPS, tolerance, deadline, keep)
        yield best


def _price_samples(
    market: DualMarket, descent: Descent, size: float, seed: int, deadline: float
) -> None:
    order = np.random.default_rng(abs(seed)).permutation(market.num_needs).astype(np.int32)
    for part, soft, steps in _SAMPLES:
        count = min(max(market.num_needs // part, _FEWEST), market.num_needs)
        sample: Int32s = np.sort(order[:count])
        newton(Reader(market, sample), descent, soft * size, steps, 1e-4, deadline, _go_on)


def _go_on(prices: Floats, reading: Reading) -> bool:
    return True


def open_descent(market: DualMarket, stride: int = 1) -> tuple[Descent, float]:
    """Return prices of 0, closed where nothing is left, and the size of a weight.

    With a stride of more than 1 only the first part of the edges tells what edges draw; then all
    rows must have something left.
    """
    kernel = _kernel()
    first = slice(0, -(-market.num_edges // stride))
    draws = np.ascontiguousarray(market.draws[:, first])
    draws.setflags(write=False)
    shape = (market.num_classes, market.num_options)
    count, total, square, dearest = (np.zeros(shape) for _ in range(4))
    worth = kernel.option_sums(
        market.option[first], market.weight[first], draws, count, total, square, dearest
    )
    drawn = np.maximum(count, 1.0)
    row_size = market.size_by_row(total) / np.maximum(market.size_by_row(count), 1.0)
    free = np.zeros(len(market.floors), dtype=bool)
    frozen = np.concatenate([market.left <= 0, free])
    most = np.concatenate([np.full(market.num_rows, np.inf), market.floors.most])
    descent = Descent(
        prices=np.where(frozen, _closing(market, dearest), 0.0),
        most=most,
        frozen=frozen,
        mean=total / drawn,
        square=square / drawn,
        size=np.where(row_size > 0, row_size, 1.0),
        members=np.maximum(market.size_by_row(np.ones(shape)), 1.0),
        reach=1.0,
    )
    return descent, 2 * worth / max(float(count[0].sum()), 1.0) or 1.0


def _closing(market: DualMarket, dearest: Floats) -> Floats:
    """Return ``(num_prices,)`` the least prices at which no edge of the row gains."""
    table = market.spread.tocoo()
    price = np.zeros(market.num_rows + len(market.floors))
    np.maximum.at(price, table.col, dearest.ravel()[table.row])
    return price * (1 + 1e-9)


def _kernel() -> Any:
    """Return the compiled kernels, which mypy knows nothing of; they load only when needed."""
    from matcher.assign import dual_kernel

    return dual_kernel
