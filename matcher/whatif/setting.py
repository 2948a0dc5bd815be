"""All that a plan is made from: the market, what a match is worth, and what is asked of a plan."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.market import Market
from matcher.planning.encode import Fixings
from matcher.planning.floors import GroupFloor
from matcher.scoring.weights import Weights

NO_FIXINGS = Fixings()


@dataclass(frozen=True, eq=False)
class Setting:
    """What a plan is made from; a scenario turns one into another."""

    market: Market
    weights: Weights
    fixings: Fixings = NO_FIXINGS
    floors: tuple[GroupFloor, ...] = ()
