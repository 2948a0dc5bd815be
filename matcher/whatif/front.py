"""Two goals: the total score, and the rate at which the worst-off group is served."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from matcher.assign.arrays import Int64s
from matcher.assign.floor import Floor
from matcher.planning.dimensions import Dimension
from matcher.planning.effort import Effort
from matcher.planning.encode import Encoded
from matcher.planning.floors import DEFAULT_PENALTY, reachable
from matcher.whatif.facts import Facts, facts_of
from matcher.whatif.setting import Setting
from matcher.whatif.solving import Solved, encode_setting, solve_encoded
from matcher.whatif.warm import Earlier
from matcher.whatif.watch import UNWATCHED, Watch

MAX_PLANS = 40
SECONDS = 15.0
"""The longest that one plan of a front may take: its certified gap says how good it is."""

STEP = Fraction(1, 50)
"""The rates that are asked for lie at least this far apart."""


@dataclass(frozen=True, slots=True)
class GroupRate:
    """How many of those in a group who can be served at all have a match."""

    key: str
    num_reachable: int
    num_matched: int

    @property
    def rate(self) -> Fraction:
        return Fraction(self.num_matched, self.num_reachable)


@dataclass(frozen=True, slots=True)
class FrontPoint:
    """A plan that no other plan found beats in both goals.

    Parameters
    ----------
    asked
        The least rate that was asked of every group.
    rates
        Of each group, the worst-off first.
    """

    asked: Fraction
    facts: Facts
    rates: tuple[GroupRate, ...]

    @property
    def worst(self) -> Fraction:
        """The rate of the worst-off group."""
        return self.rates[0].rate


@dataclass(frozen=True, slots=True)
class Front:
    """The plans between the greatest score and the fairest rates, by ascending rate.

    Parameters
    ----------
    left_out
        Groups of which no need can be served, whatever the plan.
    num_dominated
        Plans found on the way and dropped.
    """

    dimension: str
    points: tuple[FrontPoint, ...]
    left_out: tuple[str, ...]
    num_dominated: int


def front(
    setting: Setting,
    dimension: Dimension,
    effort: Effort,
    earlier: Earlier | None = None,
    watch: Watch = UNWATCHED,
) -> Front:
    """Walk from the best plan towards equal rates.

    Each plan asks every group for more than the worst-off one had in the plan before, by soft
    floors, so that within the gap asked for no plan between two neighbours is missed, except
    where rates lie nearer than `STEP`. It ends where a group cannot be given more.
    """
    effort = replace(effort, time_limit=min(effort.time_limit, SECONDS))
    graph, encoded = encode_setting(replace(setting, floors=(), fair=None))
    groups, left_out = _groups(setting, encoded, dimension)
    found: list[FrontPoint] = []
    asked = Fraction(0)
    while groups and len(found) < MAX_PLANS:
        floored = _floored(encoded, groups, asked)
        solved = solve_encoded(setting, graph, floored, effort, earlier, watch=watch)
        rates = _rates(solved, groups)
        if found and rates[0].rate < asked:
            break
        found.append(FrontPoint(asked, facts_of(solved), rates))
        watch.step(len(found), MAX_PLANS)
        earlier = solved.earlier
        if rates[0].rate >= 1:
            break
        asked = _next(rates[0].rate, groups)
    kept = tuple(_undominated(found))
    return Front(dimension.name, kept, left_out, len(found) - len(kept))


def _groups(
    setting: Setting, encoded: Encoded, dimension: Dimension
) -> tuple[dict[str, Int64s], tuple[str, ...]]:
    """Return the reachable needs of each group, and the groups that have none."""
    market = setting.market
    is_open = reachable(encoded.problem)
    members: dict[str, list[int]] = {}
    for i, (need, firm) in enumerate(zip(market.needs, market.enterprise_of, strict=True)):
        members.setdefault(dimension.key(need, firm), []).extend([i] if is_open[i] else [])
    groups = {key: np.array(rows, np.int64) for key, rows in sorted(members.items()) if rows}
    return groups, tuple(sorted(key for key, rows in members.items() if not rows))


def _floored(encoded: Encoded, groups: dict[str, Int64s], asked: Fraction) -> Encoded:
    floors = [
        Floor(needs=rows, least=math.ceil(asked * len(rows)), penalty=DEFAULT_PENALTY)
        for rows in groups.values()
    ]
    problem = encoded.problem
    return replace(encoded, problem=problem.replace(floors=tuple(floors) if asked else ()))


def _rates(solved: Solved, groups: dict[str, Int64s]) -> tuple[GroupRate, ...]:
    taken = np.zeros(solved.problem.num_needs, np.int64)
    taken[solved.problem.need[solved.result.chosen]] = 1
    rates = [GroupRate(key, len(rows), int(taken[rows].sum())) for key, rows in groups.items()]
    return tuple(sorted(rates, key=lambda r: (r.rate, r.key)))


def _next(worst: Fraction, groups: dict[str, Int64s]) -> Fraction:
    """Return the next rate worth asking for: the least above the worst that a group can have."""
    steps = [Fraction(math.floor(worst * len(r)) + 1, len(r)) for r in groups.values()]
    return min(max(min(steps), worst + STEP), Fraction(1))


def _undominated(points: list[FrontPoint]) -> Iterator[FrontPoint]:
    """Yield the points that no other beats; of two alike, the first."""
    goals = [(point.worst, point.facts.score) for point in points]
    for place, point in enumerate(points):
        worst, score = goals[place]
        as_good = [k for k, (w, s) in enumerate(goals) if w >= worst and s >= score]
        if all(goals[k] == goals[place] and k >= place for k in as_good):
            yield point
