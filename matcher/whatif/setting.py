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
    """What a plan is made from; a scenario turns one into another.

    Parameters
    ----------
    fair
        The groups among which the worst-off come first, as for `matcher.planning.make.make_plan`:
        their levels are found anew in every market. None leaves the score alone to decide.
    """

    market: Market
    weights: Weights
    fixings: Fixings = NO_FIXINGS
    floors: tuple[GroupFloor, ...] = ()
    fair: str | None = None
