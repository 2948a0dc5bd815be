"""A plan at given prices: wishes first, then what still fits, then exchanges that gain."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.assign.arrays import Floats, Int32s, Int64s
from matcher.assign.dual_market import DualMarket

_WIDTH = 256
"""How many edges of an option an exchange looks at."""

_LEAST = 1e-9
"""The least gain of an exchange, over the largest weight."""

_NEAR = 0.05
"""Edges that cost at most so much more than they are worth, over the largest weight, go first."""

_CHUNK = 5_000
"""Needs that exchange before the clock is looked at."""

_FULL_LIST = 5_000_000
"""The most edges that are sorted at once to fill what is left."""

_LONG = 200_000
"""From so many edges on two threads read the needs."""


@dataclass(frozen=True, eq=False)
class _Books:
    """The state of a plan; see `dual_plan_kernel`."""

    left: Int64s
    open_room: Int64s
    slot: Int64s
    held: Int32s
    after: Int32s
    before: Int32s
    head: Int32s

    @property
    def all(self) -> tuple[Any, ...]:
        return (
            self.left, self.open_room, self.slot, self.held, self.after, self.before, self.head,
        )  # fmt: skip


class Plan:
    """A plan in the making, without the pins; it keeps every limit at any time.

    Parameters
    ----------
    market
        The market.
    prices
        ``(num_prices,)`` at least 0: what a unit of each row is taken to be worth, then what
        floors pay.
    """

    def __init__(self, market: DualMarket, prices: Floats) -> None:
        places = np.minimum(market.room, np.diff(market.start))
        slot = np.concatenate([[0], np.cumsum(places)]).astype(np.int64)
        after, before = (np.full(slot[-1], -1, dtype=np.int32) for _ in range(2))
        held = np.full(slot[-1], -1, dtype=np.int32)
        head = np.full(market.num_options, -1, dtype=np.int32)
        rows, paid = prices.copy(), prices[market.num_rows :]
        rows[market.num_rows :] = 0.0
        self.market = market
        self.price = market.by_option(rows)
        self.prices = prices
        self._first = market.floors.first_bonus(paid)
        self._weight = market.floors.lifted(market.weight, market.option, paid)
        self._size = float(market.weight.max(initial=0.0))
        self._books = _Books(market.left.copy(), places, slot, held, after, before, head)
        self._gain = np.zeros(market.num_needs)

    @property
    def chosen(self) -> Int64s:
        """The edges of the plan, ascending."""
        held = self._books.held
        return np.sort(held[held >= 0]).astype(np.int64)

    def take_wishes(self, before: Int64s | None = None) -> None:
        """Take what needs choose at the prices, first what would be missed most, while it fits.

        What they hold in an earlier plan, ``before``, and still choose comes before all else.
        """
        market = self.market
        facts = (
            market.start, market.option, self._weight, market.draws, market.room, *market.groups,
            self.price, self._first, self._gain,
        )  # fmt: skip
        parts = self._in_parts(lambda lo, hi: _kernel().wishes(*facts, lo, hi))
        edge, margin = (np.concatenate(values) for values in zip(*parts, strict=True))
        if before is not None:
            held = np.zeros(market.num_edges, dtype=bool)
            held[before] = True
            kept = held[edge]
            self.take(edge[kept])
            edge, margin = edge[~kept], margin[~kept]
        self.take(edge[np.argsort(-margin, kind="stable")])

    def take(self, edges: Int32s) -> None:
        """Take edges in the order given if no limit is broken."""
        kernel = _kernel()
        kernel.take_in_order(*self._facts()[1:], *self._books.all, edges)

    def fill(self, *, at_once: bool = False) -> None:
        """Take what fits, by net weight, until nothing of positive weight does.

        What did not fit once never will, as edges only join; so all are listed once, those that
        cost too much apart (``at_once`` together), where the list holds them.
        """
        for least in (-np.inf,) if at_once else (-_NEAR * self._size, -np.inf):
            whole = False
            while not whole:
                edges, whole = self._addable(least)
                self.take(edges)

    def exchange(self, near: float, going: Callable[[], bool]) -> float:
        """Push in what needs miss where that gains; return the weight gained, over the scale.

        Parameters
        ----------
        near
            If not negative, needs also try what is worth less to them at the prices: by up to
            so much, over the largest weight, and what is left over of the rows.
        going
            Is asked now and then whether to go on.
        """
        every = np.arange(self.market.num_needs, dtype=np.int32)
        return self.exchange_of(self._missing() if near < 0 else every, near, going)

    def exchange_of(self, needs: Int32s, near: float, going: Callable[[], bool]) -> float:
        """Let some needs exchange, in the order given; see `exchange`."""
        gained = 0.0
        for low in range(0, len(needs), _CHUNK):
            if not going():
                break
            gained += _kernel().exchange(
                *self._facts(), self._first, *self._books.all, needs[low : low + _CHUNK],
                self.prices, near * self._size, _LEAST * self._size, _WIDTH,
            )  # fmt: skip
        return gained

    def repack(self) -> float:
        """Fill places that have a price where no quota is left; return the weight gained.

        What draws most from an option whose places are not all taken goes for several that draw
        less, where these together weigh more.
        """
        market, space = self.market, self._space()
        cramped = np.flatnonzero((space[0] > 0) & (self.price[0] > 0))
        edges = market.memo.edges_of(market.option, cramped, market.num_options)
        if not (edges.size and market.num_classes > 1):
            return 0.0
        ends = np.flatnonzero(np.diff(market.option[edges])) + 1
        return sum(self._repack(of_option, space) for of_option in np.split(edges, ends))

    def _repack(self, edges: Int64s, space: Int64s) -> float:
        """Repack one option, given all its edges; those that draw least come first."""
        market, option = self.market, int(self.market.option[edges[0]])
        draws = market.draws[:, edges]
        net = self._weight[edges] - self.price[0, option] - self.price[1:, option] @ draws
        scarce = int(np.argmin(space[1:, option] / np.maximum(draws.mean(axis=1), 1)))
        order = np.argsort(draws[scarce], kind="stable")
        near = edges[order[net[order] > -_NEAR * self._size]].astype(np.int32)
        facts = (*self._facts()[1:], self._first, *self._books.all)
        return float(_kernel().repack(*facts, near, scarce, _LEAST * self._size))

    def helpers(self, floor: int) -> Int32s:
        """Return the needs that could serve a floor and do not yet, the cheapest first."""
        market, chosen = self.market, self.chosen
        of_needs, of_options = market.floors.members(floor)
        inside = np.zeros(market.num_options, dtype=bool)
        inside[of_options] = True
        unmet = np.zeros(market.num_needs, dtype=bool)
        unmet[of_needs] = True
        unmet[market.need[chosen]] = False
        waiting = (unmet[market.need] | inside[market.option]) & (market.weight > 0)
        waiting[chosen] = False
        edges = np.flatnonzero(waiting)
        net = self._weight[edges] - self.price[0][market.option[edges]]
        for kind, draw in enumerate(market.draws, start=1):
            net = net - self.price[kind][market.option[edges]] * draw[edges]
        best = np.full(market.num_needs, -np.inf)
        np.maximum.at(best, market.need[edges], net)
        needs = np.flatnonzero(best > -np.inf)
        return needs[np.argsort(-best[needs], kind="stable")].astype(np.int32)

    def _missing(self) -> Int32s:
        """Return the needs that miss something at the prices, those that miss most first."""
        market, books = self.market, self._books
        missed = np.empty(market.num_needs)
        _kernel().losses(
            market.option, self._weight, market.draws, self.price, self._first,
            books.slot, books.held, self._gain, missed,
        )  # fmt: skip
        order = np.argsort(-missed, kind="stable")
        count = int((missed > _LEAST * self._size).sum())
        return order[:count].astype(np.int32)

    def _facts(self) -> tuple[Any, ...]:
        market = self.market
        return (
            market.start, market.need, market.option, self._weight, market.draws, market.group,
            market.row_start, market.row_of, market.row_class, self.price,
        )  # fmt: skip

    def _addable(self, least: float) -> tuple[Int32s, bool]:
        """Return edges that fit alone and net more than ``least``, best first; and if all."""
        market, books = self.market, self._books
        facts = (
            market.start, market.option, self._weight, market.draws, market.group, self.price,
            self._first, books.open_room, books.slot, books.held, self._space(), least, _FULL_LIST,
        )  # fmt: skip
        parts = self._in_parts(lambda lo, hi: _kernel().addable(*facts, lo, hi))
        edge, net = (np.concatenate([part[k] for part in parts]) for k in (0, 1))
        whole = sum(part[2] for part in parts) <= _FULL_LIST
        best_first = np.argsort(-net, kind="stable")[:_FULL_LIST]
        return edge[best_first], whole

    def _in_parts(self, one: Callable[[int, int], Any]) -> list[Any]:
        """Return what ``one`` makes of the first half of the needs and of the second."""
        middle = int(np.searchsorted(self.market.start, self.market.num_edges // 2))
        middle = min(middle, self.market.num_needs)
        if self.market.num_edges < _LONG:
            return [one(0, middle), one(middle, self.market.num_needs)]
        with ThreadPoolExecutor(1) as other:
            later = other.submit(one, middle, self.market.num_needs)
            return [one(0, middle), later.result()]

    def _space(self) -> Int64s:
        """Return ``(num_classes, num_options)`` the least that is left of an option's rows."""
        market = self.market
        space = np.full((market.num_classes, market.num_options), np.iinfo(np.int64).max)
        option = np.repeat(np.arange(market.num_options), np.diff(market.row_start))
        at = (market.row_class[market.row_of], option)
        np.minimum.at(space, at, self._books.left[market.row_of])
        return space


def _kernel() -> Any:
    """Return the compiled kernels, which mypy knows nothing of; they load only when needed."""
    from matcher.assign import dual_plan_kernel

    return dual_plan_kernel
