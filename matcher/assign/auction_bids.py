"""The bidding of an auction: its state, its rounds, and the plan and prices it leaves."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np

from matcher.assign.arrays import Bools, Floats, Int64s
from matcher.assign.auction_market import Market
from matcher.assign.needs import in_parts

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
    plan
        The ascending edges of an earlier plan to begin with; what still fits is held.
    """

    def __init__(
        self, market: Market, price: Floats, least_rise: float, plan: Int64s | None = None
    ) -> None:
        limits = market.limits
        size = _sizes(market, plan)
        heap = np.concatenate([[0], np.cumsum(size)])
        self.market = market
        self.least_rise = least_rise
        self.bids = 0
        self.price = np.where(limits.shut(), np.inf, price)
        self._heap = heap.astype(np.int64)
        self._fill = np.zeros(len(price), dtype=np.int64)
        self._bid = np.zeros(heap[-1])
        self._held = np.zeros(heap[-1], dtype=np.int64)
        self._stale = np.full(len(price), plan is not None, dtype=np.int8)
        self._set_fill = np.zeros(len(limits.room), dtype=np.int64)
        self._open_room = market.needs.room.copy()
        self._taken = np.zeros(0 if market.needs.single else market.needs.num_edges, dtype=np.int8)
        self._waits = np.zeros(len(market.needs.room), dtype=np.int8)
        if plan is not None:
            self._take_up(plan)

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

    def settle_again(self, option: Floats, outer: Floats, deadline: float) -> None:
        """Let bid who has lost a place, and who would gain by what has come down.

        ``option`` and ``outer`` are the prices of options and sets that the plan was made at.
        What is not full comes down to the prices of the full sets around it. So only those rows
        are read that a change has reached.
        """
        self._hold(np.flatnonzero(self._waits))
        limits, before = self.market.limits, np.zeros(len(self.price), dtype=bool)
        for _ in range(ROUNDS):
            justified, _ = limits.nested(*self._held_to(option, outer))
            cheap: Bools = (self.price > justified) & ~self._full() & ~limits.shut() & ~before
            if not cheap.any() or perf_counter() > deadline:
                break
            before |= cheap
            self.price[cheap] = justified[cheap]
            self._hold(self._wanting(cheap))

    def prices(self, outer: Floats) -> tuple[Floats, Floats]:
        """Return the prices of options and sets that the bidding has come to.

        ``outer`` are the prices of sets that it began with.
        """
        option, outer = self.floors(self.price, outer)
        shut = self.market.limits.shut()
        return np.where(self._full() & ~shut, self.price, option), outer

    def _held_to(self, option: Floats, outer: Floats) -> tuple[Floats, Floats]:
        """Return prices of options and sets with 0 for those that have room."""
        set_full = self._set_fill == self.market.limits.room
        return np.where(self._full(), option, 0.0), np.where(set_full, outer, 0.0)

    def _full(self) -> Bools:
        full: Bools = self._fill == self.market.limits.places
        return full

    def _wanting(self, cheap: Bools) -> Int64s:
        """Return the needs with room that would gain by an option that has come down."""
        from matcher.assign import auction_kernel

        kernel: Any = auction_kernel
        rows = self.market.needs
        wanting = np.zeros(len(rows.room), dtype=np.int8)
        ends = (rows.start, rows.option, rows.weight, self._open_room, self.price, cheap, wanting)
        in_parts(rows, lambda lo, hi: kernel.mark_wanting(*ends, lo, hi))
        return np.flatnonzero(wanting)

    def _take_up(self, plan: Int64s) -> None:
        """Let options hold an earlier plan as far as limits allow."""
        from matcher.assign import auction_kernel

        kernel: Any = auction_kernel
        rows, limits = self.market.needs, self.market.limits
        seen = np.zeros(rows.num_groups, dtype=np.int8)
        table = (rows.start, rows.need, rows.option, rows.weight, rows.group, seen, self._taken)
        kernel.seat(
            plan, table, self._open_room, self._heap, self._fill, self._held, limits.parent,
            limits.set_parent, self._set_fill,
        )  # fmt: skip
        heaps = (self._heap, self._fill, self._bid, self._held, self.price, self._stale)
        kernel.unseat(
            table, heaps, self._open_room, limits.places, limits.parent, limits.set_parent,
            limits.low, limits.high, limits.members, limits.room, self._set_fill, self._waits,
        )  # fmt: skip

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
            self._stale, limits.parent, limits.set_parent, limits.low, limits.high, limits.members, limits.room,
            self._set_fill, self.least_rise, queue, len(needs), self._waits, most,
        )  # fmt: skip
        self._waits[:] = 0


def _sizes(market: Market, plan: Int64s | None) -> Int64s:
    """Return how many edges each option may have to hold at a time."""
    places = market.limits.places
    size = np.where(places < 0, market.needs.num_edges, np.minimum(places, market.needs.num_edges))
    if size.sum() > _SPARE * market.needs.num_edges:
        size = np.minimum(size, market.degree)
    if plan is not None:
        size = np.maximum(size, np.bincount(market.needs.option[plan], minlength=len(size)))
    return size.astype(np.int64)
