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

_SPARE = 0.25
"""Heaps may have room for so many edges of all before it is asked how many there can be."""


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
    least_size
        ``(num_options,)`` how many edges options must be able to hold in any case.
    """

    def __init__(
        self, market: Market, price: Floats, least_rise: float, least_size: Int64s | None = None
    ) -> None:
        limits = market.limits
        size = _sizes(market)
        size = size if least_size is None else np.maximum(size, least_size)
        heap = np.concatenate([[0], np.cumsum(size)])
        self.market = market
        self.least_rise = least_rise
        self.bids = 0
        self.price = np.where(limits.shut(), np.inf, price)
        self._heap = heap.astype(np.int64)
        self._fill = np.zeros(len(price), dtype=np.int64)
        self._bid = np.zeros(heap[-1])
        self._held = np.zeros(heap[-1], dtype=np.int64)
        self._stale = np.zeros(len(price), dtype=np.int8)
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

    def floors(
        self, option: Floats | None = None, outer: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """Return the prices of options and sets that the held bids justify.

        What holds bids that nobody has asked for yet keeps the price given.
        """
        from matcher.assign import auction_kernel as kernel

        limits = self.market.limits
        option = np.zeros(len(self.price)) if option is None else option.copy()
        outer = np.zeros(len(limits.room)) if outer is None else outer.copy()
        kernel.floors(
            limits.places, self._heap, self._fill, self._bid, self._stale, limits.low, limits.high,
            limits.members, limits.room, self._set_fill, option, outer,
        )  # fmt: skip
        shut, shut_sets = limits.places == 0, limits.room == 0
        if shut.any() or shut_sets.any():
            option[shut] = outer[shut_sets] = self.market.size
        return option, outer

    def _hold(self, needs: Int64s, least_gain: float = 0.0) -> None:
        from matcher.assign import auction_kernel

        kernel: Any = auction_kernel
        rows, limits = self.market.needs, self.market.limits
        queue = np.zeros(len(rows.room), dtype=np.int32)
        queue[: len(needs)] = needs
        self._waits[needs] = 1
        most = MOST_BIDS * (len(rows.room) + len(self._held))
        self.bids += kernel.hold_auction(
            rows.start, rows.need, rows.option, rows.weight, self._open_room, *rows.groups,
            self._taken, limits.places, self._heap, self._fill, self._bid, self._held, self.price,
            self._stale, limits.parent, limits.set_parent, limits.low, limits.high, limits.members,
            limits.room, self._set_fill, self.least_rise, least_gain, queue, len(needs),
            self._waits, most - self.bids,
        )  # fmt: skip
        if self.bids >= most:
            self._waits[:] = 0


def _sizes(market: Market) -> Int64s:
    """Return how many edges each option may have to hold at a time."""
    places = market.limits.places
    size = np.where(places < 0, market.needs.num_edges, np.minimum(places, market.needs.num_edges))
    if size.sum() > _SPARE * market.needs.num_edges:
        size = np.minimum(size, market.degree)
    return size.astype(np.int64)
