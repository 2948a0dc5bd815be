"""One number over a range: what the plan is worth at each value, and what is proved of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.planning.effort import Effort
from matcher.scoring.graph import ScoringGraph
from matcher.whatif.facts import Facts
from matcher.whatif.lanes import cut, solve_lanes
from matcher.whatif.lever import Lever, Number
from matcher.whatif.scenario import Scenario
from matcher.whatif.setting import Setting
from matcher.whatif.warm import Earlier
from matcher.whatif.watch import UNWATCHED, Watch

MAX_POINTS = 1_000


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a lever and what comes of it.

    Parameters
    ----------
    price
        What one more unit is worth at this value, in points of score, if the lever is a capacity.
    """

    value: Number
    facts: Facts
    price: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """A lever over a range; the points ascend."""

    lever: Lever
    points: tuple[Point, ...]


def sweep(
    setting: Setting,
    lever: Lever,
    values: Sequence[Number],
    effort: Effort,
    earlier: Earlier | None = None,
    like: ScoringGraph | None = None,
    workers: int | None = None,
    watch: Watch = UNWATCHED,
) -> Curve:
    """Solve a setting at every value of a lever; each point starts from its neighbour.

    Raises
    ------
    InputError
        With the faults of the first value that cannot be used.
    """
    ordered = sorted(set(values))[:MAX_POINTS]
    scenarios = [Scenario(str(value), (lever.change_in(setting, value),)) for value in ordered]
    # Every value is judged before any is solved.
    for scenario in scenarios:
        scenario.apply(setting)
    found = solve_lanes(
        setting, cut(scenarios), effort, earlier, like=like, workers=workers, watch=watch
    )
    kind = lever.row_kind
    points = [
        Point(value, facts, None if kind is None else facts.price_of(kind, lever.identity))
        for value, facts in zip(ordered, found, strict=True)
    ]
    return Curve(lever, tuple(points))
