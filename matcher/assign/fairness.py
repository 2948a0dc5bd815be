"""Max-min: levels for groups, the worst first, that some plan reaches together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from time import perf_counter

import numpy as np

from matcher.assign.arrays import Floats, Int64s, frozen
from matcher.assign.certificate import bound
from matcher.assign.floor import Floor
from matcher.assign.problem import Problem
from matcher.assign.result import Result, Status
from matcher.assign.solve import FEW, solve

_LARGE_PENALTY = 20.0
"""What one that lacks costs where edges are worth 1, for problems too large for `milp`."""


_ROUGH = 0.3
"""The gap that is asked for where it only matters whether something lacks."""


@dataclass(frozen=True, eq=False)
class Levels:
    """How many of each group can be served, lexicographically best from the worst rate up.

    Parameters
    ----------
    least
        ``(num_groups,)`` how many of each are served.
    rates
        The share of each group, ``least`` over its size.
    proved
        ``(num_groups,)`` whether it is proved that no plan serves one more of the group
        without serving less of one whose rate is no better.
    """

    least: Int64s
    rates: tuple[Fraction, ...]
    proved: tuple[bool, ...]


def max_min(
    problem: Problem, groups: Sequence[Floor], sizes: Sequence[int], time_limit: float = 60.0
) -> Levels:
    """Raise the rate of the worst group as far as can be, then that of the next, and so on.

    Parameters
    ----------
    problem
        Its weights do not count; edges of weight 0 or less are not used, floors are ignored.
    groups
        Floors whose ``needs`` or ``options`` are the groups; ``least`` is not read.
    sizes
        Of how many each rate is the share, at least 0. A group of size 0 has the rate 1.
    time_limit
        Seconds, above 0. When they are over, levels stay where they are, unproved.

    Notes
    -----
    1. The largest rate t that all groups still rising reach together, with the others held
       where they are, is found by bisection over the rates k / size that occur.
    2. From the lowest rate up each of them then tries to reach the next rate alone. Who cannot
       stops there. So it goes on until all have stopped.

    Where two groups cannot both take the next step, the one with the lower rate does, of equals
    the earlier one; so where groups are of unlike sizes there may be another plan that is
    better from the second worst group on.

    Whether a set of levels can be reached is asked as a problem whose edges are worth so little
    that floors come first: a plan that lacks nothing proves that it can, a bound below 0 that
    it cannot, since a plan that lacks nothing is worth at least 0.

    References
    ----------
    Bertsekas, D. and Gallager, R. (1992). Data Networks, 2nd edition, section 6.5.2: max-min
    fair rates by progressive filling.
    """
    filling = _Filling(problem, groups, np.array(sizes, dtype=np.int64), time_limit)
    while filling.rising:
        filling.raise_all()
        filling.raise_each()
    rates = tuple(
        Fraction(int(k), int(n)) if n else Fraction(1)
        for k, n in zip(filling.level, filling.sizes, strict=True)
    )
    return Levels(frozen(filling.level), rates, tuple(filling.proved))


class _Filling:
    """Levels on their way up."""

    def __init__(
        self, problem: Problem, groups: Sequence[Floor], sizes: Int64s, time_limit: float
    ) -> None:
        self.sizes = sizes
        self.level = np.zeros(len(groups), dtype=np.int64)
        self.rising = [g for g in range(len(groups)) if sizes[g] > 0]
        self.proved = [True] * len(groups)
        self._groups = groups
        self._deadline = perf_counter() + time_limit
        self._problem, self._penalty = _without_weights(problem)

    def raise_all(self) -> None:
        """Raise all that rise to the largest rate that they reach together."""
        rates = self._rates_above(min(self._now()))
        low, high = -1, len(rates)  # rates[low] can be reached, rates[high] cannot
        while high - low > 1:
            middle = (low + high) // 2
            if self._reachable(self._at(rates[middle]))[0]:
                low = middle
            else:
                high = middle
        if low >= 0:
            self.level = self._at(rates[low])

    def raise_each(self) -> None:
        """Let each that rises try the next rate alone, the lowest first; who cannot stops."""
        now = dict(zip(self.rising, self._now(), strict=True))
        later = self._rates_above(min(now.values()))
        goal = later[0] if later else Fraction(1)
        for group in sorted(self.rising, key=lambda g: (now[g], g)):
            if now[group] >= goal and now[group] < 1:
                continue
            tried = self.level.copy()
            tried[group] = _ceil(goal * int(self.sizes[group]))
            reached, sure = False, True
            if tried[group] > self.level[group]:
                reached, sure = self._reachable(tried)
            if reached:
                self.level = tried
            else:
                self.rising.remove(group)
                self.proved[group] = sure

    def _now(self) -> list[Fraction]:
        return [Fraction(int(self.level[g]), int(self.sizes[g])) for g in self.rising]

    def _rates_above(self, least: Fraction) -> list[Fraction]:
        """Return every rate that a group that rises can have above ``least``, ascending."""
        found = {Fraction(k, n) for n in self._open_sizes() for k in range(1, n + 1)}
        return sorted(rate for rate in found if rate > least)

    def _open_sizes(self) -> set[int]:
        return {int(self.sizes[g]) for g in self.rising}

    def _at(self, rate: Fraction) -> Int64s:
        level = self.level.copy()
        for group in self.rising:
            level[group] = max(level[group], _ceil(rate * int(self.sizes[group])))
        return level

    def _reachable(self, level: Int64s) -> tuple[bool, bool]:
        """Return whether a plan with these levels was found, and whether the answer is proved."""
        left = self._deadline - perf_counter()
        if left <= 0:
            return False, False
        floors = tuple(
            replace(group, least=int(k), penalty=self._penalty)
            for group, k in zip(self._groups, level, strict=True)
            if k > 0
        )
        asked = replace(self._problem, floors=floors)
        exact = asked.num_edges <= FEW
        method, gap = ("milp", _ROUGH) if exact else ("dual", 1e-3)
        found = solve(asked, method, gap=gap, time_limit=left)
        need, option = asked.need[found.chosen], asked.option[found.chosen]
        if not asked.floor_rows.lacking(need, option).any():
            return True, True
        # What lacks one or more is worth less than -1/2: within that gap, no plan reaches 0.
        settled = found.status is Status.NOTHING or (exact and found.status is Status.OPTIMAL)
        return False, settled or _cannot(asked, found)


def _without_weights(problem: Problem) -> tuple[Problem, float]:
    """Return the problem with edges worth next to nothing, and what one that lacks then costs."""
    wanted = problem.weight > 0
    if problem.num_edges > FEW:
        return replace(problem, weight=frozen(wanted.astype(np.float64))), _LARGE_PENALTY
    little = 1.0 / (2 * max(int(wanted.sum()), 1))
    return replace(problem, weight=frozen(np.where(wanted, little, 0.0))), 1.0


def _cannot(asked: Problem, found: Result) -> bool:
    """Return whether the prices of an answer prove that something must lack.

    If all edges were worth nothing, no plan that lacks nothing would be worth less than 0; so a
    bound below 0 excludes them. The prices of an answer are taken down to that problem's scale.
    """
    top = float(found.floor_multipliers.max(initial=0.0))
    if top <= 0:
        return False
    idle = replace(asked, weight=frozen(np.where(asked.weight > 0, 1e-12, 0.0)))
    paid: Floats = found.floor_multipliers / top
    most = asked.floor_rows.penalty / top
    idle = replace(
        idle,
        floors=tuple(replace(f, penalty=float(m)) for f, m in zip(asked.floors, most, strict=True)),
    )
    limit = bound(idle, found.multipliers / top, np.minimum(paid, most))
    return limit < -1e-6


def _ceil(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)
