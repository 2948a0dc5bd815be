"""Ask what-if questions of a round: a baseline, a scenario, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.baseline import read_baseline
from matcher.files.scenario import read_scenario, scenario_sha256
from matcher.market import Market
from matcher.planning.dimensions import DIMENSIONS
from matcher.planning.effort import Effort
from matcher.planning.encode import Fixings
from matcher.planning.floors import GroupFloor
from matcher.scoring.weights import Weights
from matcher.services.planning import market_bytes
from matcher.whatif.advice import Advices, advise
from matcher.whatif.compare import Comparison, compare
from matcher.whatif.front import Front, front
from matcher.whatif.least import Goal, Least, least
from matcher.whatif.lever import Lever, Number
from matcher.whatif.scenario import Applied, Scenario
from matcher.whatif.setting import Setting
from matcher.whatif.solving import OnStep, Solved, solve_setting
from matcher.whatif.sweep import Curve, sweep

OnStage = Callable[[Text], None]
BASELINE = Text("求解基准方案", "solving the baseline")
SCENARIO = Text("求解情景", "solving the scenario")
COMPARING = Text("对比", "comparing")
ASKING = Text("求解各点", "solving point by point")
STAGES = (BASELINE, SCENARIO, COMPARING, ASKING)


@dataclass(frozen=True, eq=False)
class Asked:
    """A baseline and a scenario on it; without changes both are the same.

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


def ask(
    market: Market,
    weights: Weights,
    scenarios: Sequence[Path],
    solving: Effort,
    *,
    fixings: Fixings | None = None,
    floors: tuple[GroupFloor, ...] = (),
    baseline: Path | None = None,
    on_stage: OnStage = lambda _: None,
) -> Asked:
    """Solve a round as it is and under the scenarios, which add up.

    Parameters
    ----------
    baseline
        A plan file of the round; without it the round is planned anew.

    Raises
    ------
    InputError
        With every fault of the files and of the scenario.
    """
    setting = Setting(market, weights, fixings or Fixings(), floors)
    if baseline is not None and (floors or setting.fixings.pins or setting.fixings.bans):
        message = Text("方案文件自带指定、禁止与底线", "has pins, bans and floors of its own")
        raise InputError([Fault(message, "--baseline", baseline.name)])
    scenario = read_all(scenarios, setting)
    known = None if baseline is None else read_baseline(baseline, setting, market_bytes(market))
    if known is not None:
        setting = known.setting
    applied = scenario.apply(setting)
    on_stage(BASELINE)
    solved = known or solve_setting(setting, solving)
    if not scenario.changes:
        return Asked(solved, scenario, applied, solved)
    on_stage(SCENARIO)
    after = solve_setting(applied.after, solving, solved.earlier, like=solved.graph)
    return Asked(solved, scenario, applied, after)


def read_all(paths: Sequence[Path], setting: Setting) -> Scenario:
    """Read scenarios and add them up; the faults of all files are told together.

    Each is read as about what those before it leave behind.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    total, faults = Scenario(""), list[Fault]()
    for path in paths:
        try:
            scenario = read_scenario(path, setting)
            setting = scenario.apply(setting, path.name).after
            total = total + scenario
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return total


def compared(asked: Asked, on_stage: OnStage = lambda _: None) -> Comparison:
    """Compare the scenario with the baseline."""
    on_stage(COMPARING)
    return compare(asked.baseline, asked.after)


def swept(
    asked: Asked, lever: Lever, values: Sequence[Number], solving: Effort, on_step: OnStep
) -> Curve:
    """Return the curve of one number, under the scenario."""
    after = asked.after
    return sweep(
        after.setting,
        lever,
        values,
        solving,
        after.earlier,
        after.graph,
        on_step=on_step,
    )


def traded(asked: Asked, dimension: str, solving: Effort, on_step: OnStep) -> Front:
    """Return the plans between the greatest score and the fairest rates.

    Raises
    ------
    InputError
        If there is no such division.
    """
    if dimension not in DIMENSIONS:
        message = Text("没有这个维度", "is no division of needs")
        expected = Text.same(", ".join(DIMENSIONS))
        raise InputError([Fault(message, "--front", dimension, expected)])
    after = asked.after
    return front(after.setting, DIMENSIONS[dimension], solving, after.earlier, on_step)


def least_needed(asked: Asked, lever: Lever, goal: Goal, solving: Effort, on_step: OnStep) -> Least:
    """Return the least extra of a capacity that serves the goal."""
    return least(asked.after, lever, goal, solving, on_step)


def advised(asked: Asked, solving: Effort, most: int, on_step: OnStep) -> Advices:
    """Return the changes that would help most."""
    return advise(asked.after, solving, most, on_step=on_step)
