"""The auction taken up again where an earlier one ended."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from matcher.assign.arrays import Bools, Floats, Int32s, Int64s, Weights, ascending
from matcher.assign.auction_bids import ROUNDS, Bidding
from matcher.assign.auction_market import Market
from matcher.assign.certificate import bound
from matcher.assign.exact import exact_sum
from matcher.assign.laminar import Laminar
from matcher.assign.method import Start
from matcher.assign.needs import Needs
from matcher.assign.problem import Problem
from matcher.assign.result import relative_gap

_Offers = tuple[Int64s, Int32s, Floats]
"""Needs, the options that they want, and by how much more than anything else."""

_SLACK = 0.2
"""What needs that lost their place may forgo together, over the gap that is allowed."""

_LEAST_GAIN = 0.02
"""What one of them may forgo at most, over the largest weight.

A need that has to go elsewhere displaces another, and so on, until one has little to lose; with
many edges each, that takes hundreds of moves where a few come as close as anyone can ask.
"""

_FEW = 8
"""Where at most one option in so many comes down, its edges alone are looked at."""

_NEAR = 0.02
"""How far below prices offers are asked for at first, over the largest weight."""


@dataclass(frozen=True, eq=False)
class Again:
    """A plan that was mended, and prices.

    Parameters
    ----------
    chosen
        Its edges, the pins among them.
    option, outer
        Prices of options and sets.
    bound
        What `bound` says of their multipliers.
    objective, gap
        The worth of the plan, and its relative gap.
    bids
        How many bids were made.
    """

    chosen: Int64s
    option: Floats
    outer: Floats
    bound: float
    objective: float
    gap: float
    bids: int


def bid_again(
    problem: Problem, market: Market, start: Start, gap: float, least_rise: float, deadline: float
) -> Again | None:
    """Mend an earlier plan where limits have changed; None if its prices are not known.

    ``least_rise`` is ε over the largest weight of the plan.

    1. Options take up the plan as far as its needs and groups still allow. What holds more than
       it may drops its lowest bids.
    2. Whoever lost a place bids again at the earlier prices. What has room and a price comes
       down, and needs with room that gain by it bid. Bids of what was held before are made up
       when an option is first asked for them, so only rows that the change reaches are read.
    3. The bound is evaluated at the prices so found and, if they do not prove ``gap``, at the
       earlier ones.
    """
    if start.prices is None:
        return None
    option, outer = market.limits.prices(start.prices)
    plan = ascending(start.chosen)
    plan = plan if problem.all_free else plan[problem.fixed[plan] == -1]
    if not plan.size:
        return None
    size = problem.num_options
    read = problem.memo.plan(plan, lambda edges: _read_plan(market.needs, edges, size))
    changed = _changed(problem, market.limits, start.capacity)
    bidding = _BiddingAgain(market, option, outer, least_rise, read, gap, changed)
    bidding.settle(deadline)
    free, weight = bidding.outcome()
    worth = exact_sum(np.concatenate([problem.weight[problem.pinned], weight]))
    chosen = np.concatenate([problem.pinned, free])
    best: Again | None = None
    for prices in (bidding.prices(), (option, outer)):
        limit = bound(problem, market.limits.multipliers(*prices))
        if best is None or limit < best.bound:
            best = Again(chosen, *prices, limit, worth, relative_gap(worth, limit), bidding.bids)
        if best.gap <= gap:
            break
    return best


def _changed(problem: Problem, limits: Laminar, capacity: Int64s | None) -> Bools:
    """Return ``(num_options,)`` whose limits, or those of sets around, may not be as they were."""
    if capacity is None or len(capacity) != problem.num_rows:
        return np.ones(problem.num_options, dtype=bool)
    moved = np.append(problem.row_capacity != capacity, False)
    changed: Bools = moved[limits.option_row]
    for s in np.flatnonzero(moved[limits.row]).tolist():
        changed[limits.members[limits.low[s] : limits.high[s]]] = True
    return changed


@dataclass(frozen=True, eq=False)
class _Plan:
    """The ascending edges of an earlier plan, with what is known of them.

    ``count`` tells how many each option has, ``most`` and ``total`` what they weigh.
    """

    edge: Int64s
    need: Int32s
    option: Int32s
    weight: Weights
    count: Int64s
    most: float
    total: float


def _read_plan(needs: Needs, edges: Int64s, num_options: int) -> _Plan:
    from matcher.assign import auction_seats

    kernel: Any = auction_seats
    size = len(edges)
    need, option = np.empty(size, np.int32), np.empty(size, np.int32)
    weight, count = np.empty(size, needs.weight.dtype), np.zeros(num_options, np.int64)
    given = (edges, needs.need, needs.option, needs.weight, need, option, weight, count)
    most, total = kernel.read_plan(*given)
    return _Plan(edges, need, option, weight, count, most, total)


class _BiddingAgain(Bidding):
    """A bidding that begins with an earlier plan.

    Parameters
    ----------
    market
        Who may bid for what.
    option, outer
        The prices of options and sets that the plan was made at.
    least_rise
        ε over the largest weight of the plan.
    plan
        What still fits is held.
    gap
        The relative gap that is allowed.
    changed
        ``(num_options,)`` options whose limits may have changed. Whatever the change does not
        reach stays as it is, with its price.
    """

    def __init__(
        self,
        market: Market,
        option: Floats,
        outer: Floats,
        least_rise: float,
        plan: _Plan,
        gap: float,
        changed: Bools,
    ) -> None:
        size = max(plan.most, 1e-280)
        super().__init__(market, option, least_rise * size, plan.count)
        self._plan = plan
        self._most_forgone = _LEAST_GAIN * size
        self._slack = _SLACK * gap * plan.total
        self._before = option, outer
        self._began = self.price.copy()
        self._changed = changed
        self._stale[:] = 1
        self._all_seated = self._seat() == len(plan.edge)
        self._unseat()

    def settle(self, deadline: float) -> None:
        """Let bid who has lost a place, and who would gain by what has come down.

        What has room comes down until needs with room of their own fill it.
        """
        lost = np.flatnonzero(self._waits)
        self._lost = len(lost)
        least_gain = min(self._slack / max(len(lost), 1), self._most_forgone)
        self._hold(lost, least_gain)
        for _ in range(ROUNDS):
            justified, _ = self.market.limits.nested(*self.floors(*self._before))
            room = self._room()
            cheap: Bools = (self.price > justified + self.least_rise) & (room[0] > 0)
            cheap &= self._reached()[0]
            if not cheap.any() or perf_counter() > deadline:
                break
            self._hold(self._come_down(cheap, justified, *room, least_gain), least_gain)

    def prices(self) -> tuple[Floats, Floats]:
        """Return the prices of options and sets that the bidding has come to."""
        options, sets = self._reached()
        option, outer = self.floors(self.price, self._before[1])
        option = np.where(self._full() & ~self.market.limits.shut(), self.price, option)
        return np.where(options, option, self._before[0]), np.where(sets, outer, self._before[1])

    def _reached(self) -> tuple[Bools, Bools]:
        """Return the options and sets that the change has reached.

        An option may have given back places of a set around it, which all of the set may take.
        """
        limits = self.market.limits
        options: Bools = self._changed | (self._stale != 1)
        if limits.inner:
            for low, high in zip(limits.low.tolist(), limits.high.tolist(), strict=True):
                mine = limits.members[low:high]
                options[mine] = options[mine].any()
        sets = limits.sums(options.astype(np.int64)) > 0
        options[limits.members[np.repeat(sets, limits.high - limits.low)]] = True
        return options, sets

    def outcome(self) -> tuple[Int64s, Weights]:
        """Return the edges that are held and their weights.

        The earlier plan, if it still holds and is worth more.
        """
        plan, weights = self._plan, self.market.needs.weight
        if not self._all_seated:
            edges = np.sort(self.chosen())
            return edges, weights[edges]
        changed = self._stale != 1
        ends = zip(self._heap[:-1][changed], self._fill[changed], strict=True)
        new = np.concatenate([plan.edge[:0], *(self._held[k : k + size] for k, size in ends)])
        new.sort()
        if not self._lost and weights[new].sum() < plan.weight[changed[plan.option]].sum():
            return plan.edge, plan.weight
        return self._merged(changed, new)

    def _merged(self, changed: Bools, new: Int64s) -> tuple[Int64s, Weights]:
        """Return the plan with the ascending edges ``new`` for those of changed options."""
        from matcher.assign import auction_seats

        kernel: Any = auction_seats
        plan, weights = self._plan, self.market.needs.weight
        size = len(plan.edge) + len(new)
        edge, weight = np.empty(size, np.int64), np.empty(size, weights.dtype)
        given = (plan.edge, plan.option, plan.weight, changed, new, weights)
        count = kernel.merge_plan(*given, edge, weight)
        return edge[:count], weight[:count]

    def _full(self) -> Bools:
        full: Bools = self._fill == self.market.limits.places
        return full

    def _room(self) -> tuple[Int64s, Int64s]:
        """Return ``(num_options,)`` how many edges more each option may hold, and what says so.

        The second array has the option's own number, or that of a set after all options.
        """
        limits = self.market.limits
        left = np.append(limits.room - self._set_fill, self.market.needs.num_edges)
        by = np.arange(len(left))
        for s in limits.inner:
            outer = limits.set_parent[s]
            if left[outer] < left[s]:
                left[s], by[s] = left[outer], by[outer]
        own = np.where(limits.places < 0, left[-1] + 1, limits.places - self._fill)
        inside = own <= left[limits.parent]
        size = len(own)
        return (
            np.where(inside, own, left[limits.parent]),
            np.where(inside, np.arange(size), size + by[limits.parent]),
        )

    def _come_down(
        self, cheap: Bools, justified: Floats, room: Int64s, by: Int64s, least_gain: float
    ) -> Int64s:
        """Lower options to where as many needs gain as there is room; return these needs.

        At first only offers a little below the prices are asked for, which seldom are too few:
        further below where there is more room for what is held already.
        """
        # Last what has no limit at all: nothing is counted there.
        held = np.concatenate([self._fill, self._set_fill, [0]])[by]
        width = np.minimum(_NEAR + 2 * room / np.maximum(held, 1), 1.0) * self.market.size
        near = np.maximum(justified, self.price - width)
        needs, wanted, offer = self._offers(cheap, near)
        if (np.bincount(by[wanted], minlength=by.max() + 1)[by] < room)[cheap].any():
            needs, wanted, offer = self._offers(cheap, justified)
        of = by[wanted]
        order = np.lexsort((needs, -offer, of))
        needs, wanted, offer, of = needs[order], wanted[order], offer[order], of[order]
        options = np.flatnonzero(cheap)
        begin, end = (np.searchsorted(of, by[options], side) for side in ("left", "right"))
        last = begin + room[options] - 1
        enough = last < end
        level = np.zeros(len(options))
        level[enough] = offer[last[enough]] - max(self.least_rise, 1.01 * least_gain)
        lower = np.maximum(justified[options], level)
        self.price[options] = np.minimum(self.price[options], lower)
        rank = np.arange(len(needs)) - np.searchsorted(of, of)
        return np.sort(needs[rank < room[wanted]])

    def _offers(self, cheap: Bools, least: Floats) -> _Offers:
        """Return which needs would bid more than ``least`` for cheap options, and how much."""
        from matcher.assign import auction_seats

        kernel: Any = auction_seats
        rows = self.market.needs
        options, size = np.flatnonzero(cheap), len(cheap)
        if _FEW * len(options) <= size:
            # The bound will ask for those whose price has moved.
            moved = np.flatnonzero(cheap | (self.price != self._began))
            if _FEW * len(moved) <= size:
                rows.memo.seek(rows.option, moved, size)
            edges = rows.memo.edges_of(rows.option, options, size)
        else:
            edges = np.arange(rows.num_edges)
        given = (rows.start, rows.need, rows.option, rows.weight, *rows.groups, self._taken)
        most = min(len(edges), len(rows.room))
        found = (np.empty(most, np.int64), np.empty(most, np.int32), np.empty(most))
        count = kernel.best_offers(edges, *given, self._open_room, self.price, cheap, least, *found)
        return found[0][:count], found[1][:count], found[2][:count]

    def _seat(self) -> int:
        """Let options hold the plan as far as needs allow; return how many edges they hold."""
        from matcher.assign import auction_seats

        kernel: Any = auction_seats
        plan, rows, limits = self._plan, self.market.needs, self.market.limits
        return int(
            kernel.seat(
                plan.edge, plan.need, plan.option, plan.weight, *rows.groups, self._taken,
                self._open_room, self._heap, self._fill, self._held, limits.parent,
                limits.set_parent, self._set_fill,
            )
        )  # fmt: skip

    def _unseat(self) -> None:
        """Take from options and sets what they hold beyond their limits."""
        from matcher.assign import auction_seats

        kernel: Any = auction_seats
        rows, limits = self.market.needs, self.market.limits
        seen = np.zeros(rows.num_groups, dtype=np.int8)
        table = (rows.start, rows.need, rows.option, rows.weight, rows.group, seen, self._taken)
        heaps = (self._heap, self._fill, self._bid, self._held, self.price, self._stale)
        kernel.unseat(
            table, heaps, self._open_room, limits.places, limits.parent, limits.set_parent,
            limits.low, limits.high, limits.members, limits.room, self._set_fill, self._waits,
        )  # fmt: skip
