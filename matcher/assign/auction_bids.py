"""The bidding of an auction: its state, its rounds, and the plan and prices it leaves."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np

from matcher.assign.arrays import Bools, Floats, Int64s
from matcher.assign.auction_market import Market

MOST_BIDS = 8
"""Bids for each place that needs have, on average, after which bidding ends."""

ROUNDS = 12
"""The most rounds in which options that were too dear come down."""


class Bidding:
    """Options, each with a heap of the best bids made for it.

    Parameters
    ----------
    market
        Who may bid for what.
    price
        ``(num_options,)`` the least prices to begin with.
    least_rise
        ε: by how much a bid goes beyond what a need is indifferent at, above 0.
    """

    def __init__(self, market: Market, price: Floats, least_rise: float) -> None:
        limits = market.limits
        size = np.where(limits.places < 0, market.degree, limits.places)
        heap = np.concatenate([[0], np.cumsum(np.minimum(size, market.degree))])
        self.market = market
        self.least_rise = least_rise
        self.bids = 0
        self.price = np.where(limits.shut(), np.inf, price)
        self._heap = heap.astype(np.int64)
        self._fill = np.zeros(len(price), dtype=np.int64)
        self._bid = np.zeros(heap[-1])
        self._held = np.zeros(heap[-1], dtype=np.int64)
        self._set_fill = np.zeros(len(limits.room), dtype=np.int64)
        self._open_room = market.needs.room.copy()
        self._taken = np.zeros(0 if market.needs.single else market.needs.num_edges, dtype=np.int8)
        self._waits = np.zeros(len(market.needs.room), dtype=np.int8)

    def settle(self, deadline: float) -> None:
        """Let needs bid until none wants more and no option with room is dearer than it should be.

        First all needs bid. An option that is not full then, although it has a price to begin
        with, comes down to what is justified, 0 if it and the sets around it have room; needs
        with room of their own bid again. Needs that are served stay: what they miss is in the
        gap.
        """
        self._hold(np.flatnonzero(self._open_room > 0))
        for _ in range(ROUNDS):
            justified, _ = self.market.limits.nested(*self.floors())
            dear: Bools = np.isfinite(self.price) & (self.price > justified)
            if not dear.any() or perf_counter() > deadline:
                break
            self.price[dear] = justified[dear]
            self._hold(np.flatnonzero(self._open_room > 0))

    def chosen(self) -> Int64s:
        """Return the edges whose bids are held."""
        ends = self._heap[:-1] + self._fill
        mine = np.zeros(len(self._held) + 1, dtype=np.int64)
        np.add.at(mine, self._heap[:-1], 1)
        np.add.at(mine, ends, -1)
        return self._held[np.cumsum(mine[:-1]) > 0]

    def floors(self) -> tuple[Floats, Floats]:
        """Return the prices of options and sets that the held bids justify."""
        from matcher.assign import auction_kernel as kernel

        limits = self.market.limits
        option, outer = np.zeros(len(self.price)), np.zeros(len(limits.room))
        kernel.floors(
            limits.places, self._heap, self._fill, self._bid, limits.low, limits.high,
            limits.members, limits.room, self._set_fill, option, outer,
        )  # fmt: skip
        option[limits.places == 0] = self.market.size
        outer[limits.room == 0] = self.market.size
        return option, outer

    def _hold(self, needs: Int64s) -> None:
        from matcher.assign import auction_kernel

        kernel: Any = auction_kernel
        rows, limits = self.market.needs, self.market.limits
        queue = np.zeros(len(rows.room), dtype=np.int32)
        queue[: len(needs)] = needs
        self._waits[needs] = 1
        most = MOST_BIDS * (len(rows.room) + len(self._held)) - self.bids
        self.bids += kernel.hold_auction(
            rows.start, rows.need, rows.option, rows.weight, self._open_room, *rows.groups,
            self._taken, limits.places, self._heap, self._fill, self._bid, self._held, self.price,
            limits.parent, limits.set_parent, limits.low, limits.high, limits.members, limits.room,
            self._set_fill, self.least_rise, queue, len(needs), self._waits, most,
        )  # fmt: skip
        self._waits[:] = 0
