"""Dual: prices on every row, needs that choose at them, and a plan that keeps every limit."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from matcher.assign.arrays import Floats, Int64s
from matcher.assign.certificate import bound
from matcher.assign.dual_again import followed
from matcher.assign.dual_market import DualMarket, open_dual_market
from matcher.assign.dual_plan import Plan
from matcher.assign.dual_prices import Priced, price_levels
from matcher.assign.method import Answer, Options, Start
from matcher.assign.problem import Problem
from matcher.assign.result import Status, relative_gap
from matcher.domain.text import Text

_EXCHANGES = 4
"""The most rounds of exchanges of one kind."""

_MISSED = -1.0
"""Needs exchange for what they miss at the prices, see `Plan.exchange`; this is quick."""

_LEFT_OVER = 0.0
"""They also exchange for what could use what is left of the rows."""

_SHAKEN_EDGES = 1_000_000
"""Plans of problems with more edges are not shaken."""

_SHAKES = 40
"""So many shakes in turn without a better plan are the last."""

_SHARES = (0.2, 0.1)
"""The share of edges, and in turn of options, that a shake empties."""

_NOISE = 0.02
"""The standard deviation of the logarithm by which a shake changes prices."""

_NEARBY = 1e-3
"""Where earlier prices and plan leave a wider gap, prices are sought afresh."""

_CLOSE = Text("已达到要求的差距", "the gap asked for was reached")
_BEST = Text("再降价也不见改善", "finer prices made it no better")
_LATE = Text("时间已到", "time was up")
_STOPPED = Text("已被叫停", "it was told to stop")
_DONE = Text(
    "对偶价格法：求价、取整、互换，共 {plans} 个方案；{why}",
    "dual: prices, rounding, exchanges, {plans} plans; {why}",
)

_NONE: Int64s = np.zeros(0, dtype=np.int64)


def solve_dual(problem: Problem, options: Options) -> Answer:
    """Find prices for every row that nearly clear the market, and a plan at these prices.

    Deterministic for a seed and for any number of threads, as long as time does not run out.

    Parameters
    ----------
    problem
        Its edges are in canonical order (see `solve.canonical_order`).
    options
        The seed draws the samples of needs. At least one plan is made whatever the time limit.
        It begins at the prices of ``start``; of the edges of its plan, what still keeps every
        limit is the first incumbent. Where capacities have changed by more than the gap is worth,
        prices follow first (`followed`). ``progress`` is called after every reading of all needs
        and after every plan.

    Notes
    -----
    1. `price_levels` minimises the bound (see `certificate.bound`), which is the dual of the
       relaxation, by Newton steps on a smoothed dual.
    2. After each level of smoothing `Plan` lets needs choose at the prices. What would be
       missed most is taken first, in exact integers, while every limit holds; then whatever
       fits, by net weight; where an option has places but no quota left, several small amounts
       come for the largest (`Plan.repack`); then a need may push in an edge that it misses,
       where another edge of the same option goes and its need takes something else, if weights
       gain in total.
    3. Floors pay for what they count, at prices that move in between (`FloorPrices`). A floor
       that a plan leaves short then pays all that it can, until it has enough (`_mend`).
    4. It ends when best plan and best bound are within the gap. Where two levels in turn do not
       narrow it, needs also try what is worth less to them but may use what is left of the rows.
       Last, plans of problems that are not large are shaken: parts are emptied at random and
       filled again at slightly other prices, as long as that finds better ones now and then.

    References
    ----------
    Lourenço, H. R., Martin, O. C. and Stützle, T. (2003). Iterated local search. Handbook of
    Metaheuristics, 320-353.

    Memory beyond the problem: float32 weights if those of the problem are float64; another copy
    of the draws if there are pools with draws of their own; a few integers for each place of a
    need; and for each need some notes of edges between which it hardly decides.
    """
    deadline = perf_counter() + options.time_limit
    market, start = open_dual_market(problem), options.start or Start(_NONE)
    search = _Search(problem, market, options)
    why = search.begin(start, deadline) or search.descend(deadline)
    reason = _DONE.format(plans=search.plans, why=why)
    plan = np.concatenate([problem.pinned, search.chosen])
    return Answer(
        Status.FEASIBLE,
        plan,
        search.multipliers,
        "dual",
        reason,
        floor_multipliers=search.floor_multipliers,
        bound=search.proved,
    )


@dataclass
class _Search:
    """The incumbent and the bound, both over the scale of the market and without the pins.

    ``proved`` is the bound of the problem itself at these prices, where it was computed.
    """

    problem: Problem
    market: DualMarket
    options: Options
    worth: float = -np.inf
    bound: float = np.inf
    plans: int = 0
    told_to_stop: bool = False
    proved: float | None = None
    _begun: bool = False
    chosen: Int64s = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    prices: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        pinned = self.problem.weight[self.market.pinned].sum(dtype=np.float64)
        self._pinned = float(pinned) / self.market.scale
        self.prices = np.zeros(self.market.num_rows + len(self.market.floors))

    @property
    def multipliers(self) -> Floats:
        return self.prices[: self.market.num_rows] * self.market.scale

    @property
    def floor_multipliers(self) -> Floats:
        floors = self.prices[self.market.num_rows :] * self.market.scale
        return np.minimum(floors, self.problem.floor_rows.penalty)

    @property
    def gap(self) -> float:
        """The relative gap, pins included; infinite before there are plan and bound."""
        if not (np.isfinite(self.worth) and np.isfinite(self.bound)):
            return np.inf
        return relative_gap(self.worth + self._pinned, self.bound + self._pinned)

    def begin(self, start: Start, deadline: float) -> Text | None:
        """Take up earlier prices and an earlier plan; return why to end at once, if so."""
        if start.prices is not None:
            floors = np.zeros(len(self.market.floors)) if start.floors is None else start.floors
            floors = np.minimum(floors, self.problem.floor_rows.penalty)
            self.prices = np.concatenate([start.prices, floors]) / self.market.scale
            self._begun = True
            if start.chosen.size and self._matters(start):
                self._follow(start, deadline)
            if not self.plans:
                self.proved = bound(self.problem, start.prices, floors)
                self.bound = self.proved / self.market.scale - self._pinned
        if start.chosen.size and self._over(deadline) is None:
            plan = Plan(self.market, self.prices)
            plan.take(start.chosen[self.problem.fixed[start.chosen] == -1].astype(np.int32))
            plan.fill(at_once=True)
            self._take(plan)
        return self._over(deadline) if self.plans and self._begun else None

    def _follow(self, start: Start, deadline: float) -> None:
        """Move all prices as a change of capacities asks for, and plan at these."""
        assert start.capacity is not None
        before = self.prices[: self.market.num_rows]
        more = self.problem.row_capacity - start.capacity
        spare = start.capacity - self.problem.rows.used(start.chosen)
        prices = followed(self.market, before, spare, more, deadline)
        if prices is None:
            return
        limit = bound(self.problem, prices * self.market.scale)
        if limit / self.market.scale - self._pinned < self.bound:
            self.prices, self.proved = prices, limit
            self.bound = limit / self.market.scale - self._pinned
        plan = Plan(self.market, prices)
        plan.take_wishes(start.chosen)
        _fill(plan)
        self._take(plan)
        if self._over(deadline) is None:
            self._exchange(plan, _MISSED, deadline)

    def _matters(self, start: Start) -> bool:
        """Return whether the change of capacities is worth more than the gap that is allowed."""
        if start.capacity is None or start.prices is None:
            return False
        more = np.abs(self.problem.row_capacity - start.capacity)
        allowed = self.options.gap * self.problem.worth(start.chosen)
        return float((more * start.prices).sum()) > allowed

    def descend(self, deadline: float) -> Text:
        """Make plans at finer and finer prices, then look wider; return why it ended."""
        if self._begun and self.gap <= _NEARBY:
            self._make_plans(self.prices, deadline)
        if not self.plans or self._over(deadline) is None:
            self._make_plans(None, deadline)
        self._resume(self.prices, self.chosen, deadline)
        if self.market.num_edges <= _SHAKEN_EDGES:
            self._shake(deadline)
        return self._over(deadline) or _BEST

    def _make_plans(self, start: Floats | None, deadline: float) -> None:
        """Make plans at finer and finer prices, from earlier ones or afresh."""
        tolerance = min(max(self.options.gap / 50, 1e-7), 1e-5)
        seed, stale = self.options.seed, 0
        for priced in price_levels(self.market, tolerance, seed, deadline, self._told, start):
            before = self.gap
            self._plan_at(priced, deadline)
            stale = stale + 1 if self.gap > 0.98 * before else 0
            if stale == 2 or self._over(deadline):
                break

    def _over(self, deadline: float) -> Text | None:
        """Return why to end now, None if there is no reason."""
        if self.gap <= self.options.gap:
            return _CLOSE
        if self.told_to_stop:
            return _STOPPED
        return _LATE if perf_counter() > deadline else None

    def _plan_at(self, priced: Priced, deadline: float) -> None:
        if priced.bound < self.bound:
            self.prices, self.bound, self.proved = priced.prices, priced.bound, None
        plan = Plan(self.market, priced.prices)
        plan.take_wishes()
        _fill(plan)
        self._exchange(plan, _MISSED, deadline)

    def _resume(self, prices: Floats, edges: Int64s, deadline: float) -> None:
        """Go on from some edges of a plan: fill and exchange with more edges in view."""
        if self._over(deadline) is None:
            plan = Plan(self.market, prices)
            plan.take(edges.astype(np.int32))
            _fill(plan)
            self._exchange(plan, _LEFT_OVER, deadline)

    def _shake(self, deadline: float) -> None:
        """Empty parts of the best plan and make it whole at slightly other prices, many times."""
        rng = np.random.default_rng(abs(self.options.seed))
        turn = last = 0
        while turn - last < _SHAKES and self._over(deadline) is None:
            before = self.worth
            prices = self.prices * np.exp(_NOISE * rng.standard_normal(len(self.prices)))
            if turn % 2 == 0:
                kept = rng.random(len(self.chosen)) >= _SHARES[0]
            else:
                kept = (rng.random(self.market.num_options) >= _SHARES[1])[self._options_chosen()]
            self._resume(prices, self.chosen[kept], deadline)
            turn += 1
            last = turn if self.worth > before else last

    def _options_chosen(self) -> NDArray[np.int32]:
        return self.market.option[self.chosen]

    def _exchange(self, plan: Plan, near: float, deadline: float) -> None:
        self._take(plan)
        for _ in range(_EXCHANGES):
            if plan.exchange(near, lambda: self._over(deadline) is None) <= 0:
                break
            plan.fill()
            self._take(plan)
        if len(self.market.floors):
            self._mend(plan, deadline)

    def _mend(self, plan: Plan, deadline: float) -> None:
        """Let floors that a plan leaves short pay all they can, until they have enough."""
        chosen = plan.chosen
        for floor in range(len(self.market.floors)):
            lacking = self._lacking(chosen)
            if lacking[floor] == 0 or self._over(deadline) is not None:
                continue
            paid = self.market.floors.urged(plan.prices[self.market.num_rows :], lacking)
            prices = np.concatenate([plan.prices[: self.market.num_rows], paid])
            mended = Plan(self.market, prices)
            mended.take(chosen.astype(np.int32))
            needs, low = mended.helpers(floor), 0
            while lacking[floor] > 0 and low < len(needs):
                some = needs[low : low + int(lacking[floor])]
                mended.exchange_of(some, _MISSED, lambda: self._over(deadline) is None)
                low += len(some)
                lacking = self._lacking(mended.chosen)
            chosen = mended.chosen
            self._take(mended)

    def _lacking(self, chosen: Int64s) -> Int64s:
        return self.market.floors.lacking(self.market.need[chosen], self.market.option[chosen])

    def _worth(self, chosen: Int64s) -> float:
        """Return the weights of the chosen edges less what floors lack, over the scale."""
        total = float(self.market.weight[chosen].sum(dtype=np.float64))
        if not len(self.market.floors):
            return total
        return total - float(self._lacking(chosen) @ self.market.floors.most)

    def _take(self, plan: Plan) -> None:
        self.plans += 1
        chosen = plan.chosen
        if (worth := self._worth(chosen)) > self.worth:
            self.worth, self.chosen = worth, chosen
        self._told(self.bound)

    def _told(self, bound: float) -> bool:
        """Tell the progress, in the units of the problem; return whether to go on."""
        progress = self.options.progress
        if progress is not None and not self.told_to_stop:
            scale, pinned = self.market.scale, self._pinned
            worth = None if np.isinf(self.worth) else (self.worth + pinned) * scale
            limit = (min(bound, self.bound) + pinned) * scale
            self.told_to_stop = not progress(worth, limit)
        return not self.told_to_stop


def _fill(plan: Plan) -> None:
    """Take what fits, also in place of what takes more than it is worth."""
    plan.fill()
    if plan.repack() > 0:
        plan.fill()
