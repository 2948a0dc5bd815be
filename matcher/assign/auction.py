"""Auction: prices that nearly clear the market, then bids that settle who gets what."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from matcher.assign.arrays import Floats, Int64s
from matcher.assign.auction_again import Again, bid_again
from matcher.assign.auction_bids import Bidding
from matcher.assign.auction_flow import exact_end
from matcher.assign.auction_market import Market, open_market
from matcher.assign.auction_prices import Prices, clearing_prices
from matcher.assign.exact import exact_sum
from matcher.assign.laminar import why_not_laminar
from matcher.assign.method import Answer, Options
from matcher.assign.problem import Problem
from matcher.assign.result import Status, relative_gap
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text

_CANNOT = Text(
    "拍卖法不适用于此问题：{why}；请改用 dual 或 milp",
    "auction cannot take this problem: {why}; dual and milp can",
)
_AGAIN = Text("从先前方案起", "begun from an earlier plan")
_DONE = Text("拍卖法：{bids} 次出价后定案", "auction: settled after {bids} bids")
_EXACT = Text("其余已精确求解", "the rest was settled exactly")
_FLOORS = Text("有底线要求", "it has floors")
_SMOOTH = 1e-6
"""ε over the largest weight, where the optimum itself is asked for."""

_STEPS = 2e7
"""Arcs that the exact end looks at in a second; its share of the time is counted in these."""

EXACT = 1e-11
"""The relative gap that rounding may leave of an exact plan."""


def auction_takes(problem: Problem) -> Text | None:
    """Return why `solve_auction` cannot take a problem, None if it can.

    It takes every problem whose finite limits count edges and are nested: options in groups
    and pools, pools in pools. Needs may have any limit, pins, bans and ``one_per_group``.
    """
    if problem.floors:
        return _FLOORS
    return why_not_laminar(problem)


def solve_auction(problem: Problem, options: Options) -> Answer:
    """Find prices that clear the market, and the plan that the bids at these prices make.

    Deterministic, whatever the number of cores, as long as time does not run out. The seed is
    not used. The edges must be in canonical order.

    Notes
    -----
    1. `clearing_prices` minimises the bound; it reads all rows some six to ten times.
    2. A little below these prices needs bid (`Bidding`): for the best option at its price plus
       what it is better than the second best, plus ε. Options keep their best bids in a heap,
       and what is full has its lowest bid for a price.
    3. Where the gap is still too wide, `exact_end` settles the edges near indifference by a
       flow of least cost, each time with a wider notion of near, at last with all edges.

    With a start, an earlier plan and its prices, `bid_again` mends what has changed; only where
    its gap is too wide the steps above are made, beginning at its prices.

    Beyond the problem it needs for each edge one byte in step 3 and where needs may take
    several edges, and a copy of the weights where edges are pinned or banned.

    Raises
    ------
    InputError
        If `auction_takes` says why not.

    References
    ----------
    Bertsekas, D. P. (1988). The auction algorithm: a distributed relaxation method for the
    assignment problem. Annals of Operations Research 14, 105-123.
    Bertsekas, D. P. and Castañón, D. A. (1989). The auction algorithm for the transportation
    problem. Annals of Operations Research 20, 67-96.
    """
    if (why := auction_takes(problem)) is not None:
        raise InputError([Fault(_CANNOT.format(why=why), field="method", value="auction")])
    watch = _Watch(options, exact_sum(problem.weight[problem.pinned]))
    market = open_market(problem)
    again = None
    if options.start is not None:
        rise = _least_rise(options)
        again = bid_again(problem, market, options.start, options.gap, rise, watch.deadline)
    if again is not None and again.gap <= options.gap:
        return _taken_up(market, again)
    at = None if again is None else (again.option, again.outer)
    tolerance = max(options.gap / 4, 1e-7)
    prices = clearing_prices(market, tolerance, lambda bound: watch.go_on(None, bound), at)
    bidding = _bid(market, prices, options, watch.deadline)
    found = _Found(bidding.chosen(), prices.option, prices.outer, prices.bound)
    reason = _DONE.format(bids=bidding.bids)
    status = Status.FEASIBLE
    if _gap(market, found) > options.gap:
        found = _with_own_floors(market, bidding, found)
    if _gap(market, found) > options.gap:
        found = _finish(market, found, prices.step, options, watch)
        if _gap(market, found) <= EXACT:
            status, reason = Status.OPTIMAL, Text.join([reason, _EXACT], "；", "; ")
    y = market.limits.multipliers(found.option, found.outer)
    return Answer(status, np.concatenate([problem.pinned, found.chosen]), y, "auction", reason)


class _Watch:
    """Tells how far the auction is, and whether it may go on.

    Parameters
    ----------
    options
        Whose time limit and progress.
    pinned
        What the pinned edges are worth, which the market does not know of.
    """

    def __init__(self, options: Options, pinned: float) -> None:
        self.deadline = perf_counter() + options.time_limit
        self._progress = options.progress
        self._pinned = pinned

    def go_on(self, worth: float | None, bound: float) -> bool:
        """Tell the worth of the best plan, None before there is one, and the bound."""
        if self._progress is not None:
            plan = None if worth is None else worth + self._pinned
            if not self._progress(plan, bound + self._pinned):
                self.deadline = -math.inf
        return perf_counter() < self.deadline


def _taken_up(market: Market, again: Again) -> Answer:
    y = market.limits.multipliers(again.option, again.outer)
    reason = Text.join([_AGAIN, _DONE.format(bids=again.bids)], "，", ", ")
    exact = again.gap <= EXACT
    status = Status.OPTIMAL if exact else Status.FEASIBLE
    return Answer(
        status,
        again.chosen,
        y,
        "auction",
        reason,
        bound=again.bound,
        objective=again.objective,
        beats_start=True,
    )


@dataclass(frozen=True, eq=False)
class _Found:
    """The edges chosen besides the pins, prices of options and sets, and their bound."""

    chosen: Int64s
    option: Floats
    outer: Floats
    bound: float


def _bid(market: Market, prices: Prices, options: Options, deadline: float) -> Bidding:
    least_rise = _least_rise(options) * market.size
    price, _ = market.limits.nested(prices.option, prices.outer)
    below = 4 * min(prices.step, market.size / 100) + least_rise
    bidding = Bidding(market, np.maximum(price - below, 0.0), least_rise)
    bidding.settle(deadline)
    return bidding


def _least_rise(options: Options) -> float:
    """Return ε over the largest weight."""
    return max(options.gap / 2, _SMOOTH)


def _gap(market: Market, found: _Found) -> float:
    """Return the relative gap of what the market has left."""
    return relative_gap(market.worth(found.chosen), found.bound)


def _with_own_floors(market: Market, bidding: Bidding, found: _Found) -> _Found:
    """Return what was found with the prices that its bids justify, if their bound is better."""
    option, outer = bidding.floors()
    limit = market.bound(option, outer)
    return replace(found, option=option, outer=outer, bound=limit) if limit < found.bound else found


def _in_whole_numbers(market: Market, found: _Found) -> _Found:
    """Return what was found with whole prices, if all weights are whole and that is better.

    There are optimal prices that are whole then, since needs and limits are laminar on either
    side, and the clearing prices are often no more than a rounding away from them.
    """
    weight = market.needs.weight
    if not (weight[:1000] == np.rint(weight[:1000])).all() or (weight != np.rint(weight)).any():
        return found
    option, outer = np.rint(found.option), np.rint(found.outer)
    bound = market.bound(option, outer)
    better = bound < found.bound
    return replace(found, option=option, outer=outer, bound=bound) if better else found


def _finish(market: Market, found: _Found, step: float, options: Options, watch: _Watch) -> _Found:
    """Return the exact end, or the best there is when time is up."""
    found = _in_whole_numbers(market, found)
    if _gap(market, found) <= max(options.gap, EXACT):
        return found
    width = max(16 * step, 32 * max(options.gap, _SMOOTH) * market.size)
    while watch.go_on(market.worth(found.chosen), found.bound):
        left = watch.deadline - perf_counter()
        most = int(min(left * _STEPS, 1e18))
        end = exact_end(market, found.option, found.outer, found.chosen, width, most)
        if end is not None:
            limit = min(market.bound(end.option, end.outer), found.bound)
            if limit < found.bound:
                found = replace(found, option=end.option, outer=end.outer, bound=limit)
            if market.worth(end.chosen) > market.worth(found.chosen):
                found = replace(found, chosen=end.chosen)
        if _gap(market, found) <= max(options.gap, EXACT) or width > market.size:
            break
        width = np.inf if width > market.size / 16 else 8 * width
    return found
