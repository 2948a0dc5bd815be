"""Answer what-if questions of a round: solve it as it is and under a scenario, and compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matcher.domain.text import Text
from matcher.files.scenario import scenario_sha256
from matcher.planning.dimensions import DIMENSIONS
from matcher.planning.effort import Effort
from matcher.services.whatif_asking import Posed
from matcher.whatif.advice import Advices, advise
from matcher.whatif.compare import Comparison, compare
from matcher.whatif.front import Front, front
from matcher.whatif.least import Least, least
from matcher.whatif.scenario import Applied, Scenario
from matcher.whatif.solving import Solved, solve_setting
from matcher.whatif.sweep import Curve, sweep
from matcher.whatif.watch import UNWATCHED, Watch

BASELINE = Text("求解基准方案", "solving the baseline")
SCENARIO = Text("求解情景", "solving the scenario")
COMPARING = Text("对比", "comparing")
ASKING = Text("求解各点", "solving point by point")
STAGES = (BASELINE, SCENARIO, COMPARING, ASKING)

Finding = Comparison | Curve | Front | Least | Advices
"""The answer to one question."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A baseline and a scenario on it, both solved; without changes both are the same.

    Parameters
    ----------
    after
        The scenario solved: the baseline itself where nothing was changed.
    """

    baseline: Solved
    scenario: Scenario
    applied: Applied
    after: Solved

    @property
    def sha256(self) -> str:
        """The hash of what the scenario does."""
        return scenario_sha256(self.scenario)


def try_out(posed: Posed, effort: Effort, watch: Watch = UNWATCHED) -> Trial:
    """Solve a round as it is and under the scenario, the second from the first.

    Raises
    ------
    WithdrawnError
        If the answer is wanted no more.
    """
    applied = posed.applied
    watch.stage(BASELINE)
    solved = posed.known or solve_setting(applied.before, effort, watch=watch)
    scenario = applied.scenario
    if not scenario.changes:
        return Trial(solved, scenario, applied, solved)
    watch.stage(SCENARIO)
    after = solve_setting(applied.after, effort, solved.earlier, solved.graph, watch)
    return Trial(solved, scenario, applied, after)


def findings(
    posed: Posed, trial: Trial, effort: Effort, watch: Watch = UNWATCHED
) -> Iterator[Finding]:
    """Yield the answer to everything that is asked: about the market under the scenario.

    Raises
    ------
    InputError
        With the faults of the first value of a sweep that cannot be used.
    WithdrawnError
        If the answer is wanted no more.
    """
    after = trial.after
    if trial.scenario.changes:
        watch.stage(COMPARING)
        yield compare(trial.baseline, after)
    if posed.sweeps or posed.front or posed.goals or posed.advice:
        watch.stage(ASKING)
    for asked in posed.sweeps:
        yield sweep(
            after.setting,
            asked.lever,
            asked.values,
            effort,
            after.earlier,
            after.graph,
            watch=watch,
        )
    if posed.front is not None:
        yield front(after.setting, DIMENSIONS[posed.front], effort, after.earlier, watch)
    for lever, goal in posed.goals:
        yield least(after, lever, goal, effort, watch)
    if posed.advice:
        yield advise(after, effort, posed.advice, watch=watch)
