"""The offers that can be in time for one need: when each pays, and what it costs a year, all in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matcher.domain.criteria import State
from matcher.domain.text import Text
from matcher.planning.urgent import cash_date, reachable, slack_workdays
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.mending import judge
from matcher.scoring.pair import Pair


@dataclass(frozen=True, slots=True)
class TimedOffer:
    """An offer that can be in time.

    Parameters
    ----------
    score
        How well it fits, from 0 to 1.
    cash_date, slack_workdays
        When the money could be there, and the workdays to spare then; None where not known.
    cost_low, cost_high
        The all-in yearly cost with the policies that help most, as fractions; None where no rate
        is quoted.
    papers
        What must be shown before it stands.
    """

    pair: Pair
    score: float
    cash_date: date | None
    slack_workdays: int | None
    cost_low: Decimal | None
    cost_high: Decimal | None
    papers: tuple[Text, ...]

    @property
    def order(self) -> tuple[date, Decimal, float, str]:
        """The soonest first, then the cheapest, then the best."""
        return (
            self.cash_date or date.max,
            Decimal("Infinity") if self.cost_high is None else self.cost_high,
            -self.score,
            self.pair.product.product_id,
        )


def offers_in_time(graph: ScoringGraph, need_idx: int) -> tuple[TimedOffer, ...]:
    """Return the offers of money or cover that can be in time, the soonest first."""
    found = []
    for edge in reachable(graph, need_idx):
        pair = Pair.of(graph.market, need_idx, int(graph.edges.product[edge]))
        if pair.product.gives_money:
            found.append(_offer(pair, float(graph.score[edge])))
    return tuple(sorted(found, key=lambda offer: offer.order))


def _offer(pair: Pair, score: float) -> TimedOffer:
    best = pair.best
    return TimedOffer(
        pair,
        score,
        cash_date(pair),
        slack_workdays(pair),
        None if best is None else best.low,
        None if best is None else best.high,
        tuple(v.missing for v in judge(pair) if v.state is State.UNKNOWN),
    )
