"""The auction taken up again where an earlier one ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.assign.arrays import Floats, Int64s
from matcher.assign.auction_bids import Bidding
from matcher.assign.auction_market import Market
from matcher.assign.certificate import bound
from matcher.assign.method import Start
from matcher.assign.problem import Problem
from matcher.assign.result import relative_gap


@dataclass(frozen=True, eq=False)
class Again:
    """A plan that was mended, and prices.

    Parameters
    ----------
    chosen
        Its edges, the pins among them, in any order.
    option, outer
        Prices of options and sets.
    bound
        What `bound` says of their multipliers.
    gap
        The relative gap.
    bids
        How many bids were made.
    """

    chosen: Int64s
    option: Floats
    outer: Floats
    bound: float
    gap: float
    bids: int


def bid_again(
    problem: Problem, market: Market, start: Start, gap: float, least_rise: float, deadline: float
) -> Again | None:
    """Mend an earlier plan where limits have changed; None if its prices are not known.

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
    plan = start.chosen if problem.all_free else start.chosen[problem.fixed[start.chosen] == -1]
    bidding = Bidding(market, option, least_rise, plan)
    bidding.settle_again(option, outer, deadline)
    chosen = np.concatenate([problem.pinned, bidding.chosen()])
    worth = problem.worth(chosen)
    best: Again | None = None
    for prices in (bidding.prices(outer), (option, outer)):
        limit = bound(problem, market.limits.multipliers(*prices))
        if best is None or limit < best.bound:
            best = Again(chosen, *prices, limit, relative_gap(worth, limit), bidding.bids)
        if best.gap <= gap:
            break
    return best
