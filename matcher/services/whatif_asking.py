"""What is asked of a round, what-if: read whole, with every fault, before anything is solved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from matcher.domain.errors import Fault, InputError, MatcherError
from matcher.domain.text import Text
from matcher.files.baseline import read_baseline
from matcher.files.scenario import read_scenario
from matcher.files.scenario_levers import Asked as Swept
from matcher.files.scenario_levers import read_least, read_sweep
from matcher.market import Market
from matcher.planning.dimensions import DIMENSIONS
from matcher.planning.encode import Fixings
from matcher.scoring.weights import Weights
from matcher.services.planning import Asked, market_bytes
from matcher.whatif.least import Goal
from matcher.whatif.lever import Lever
from matcher.whatif.scenario import Applied, Scenario
from matcher.whatif.setting import Setting
from matcher.whatif.solving import Solved

T = TypeVar("T")

MOST_ADVICE = 100


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked beside the scenario itself, in the words of the command line.

    Parameters
    ----------
    sweeps
        As `read_sweep` takes them: ``pool:NAME:capacity=1e7:2e8:10``.
    front
        A name in `DIMENSIONS`; None asks for no front.
    least
        As `read_least` takes them: ``pool:NAME serves 95% of size = micro``.
    displace
        Whether the least may displace needs that are served.
    advice
        How many changes to advise, 0 to `MOST_ADVICE`; 0 asks for none.
    """

    sweeps: tuple[str, ...] = ()
    front: str | None = None
    least: tuple[str, ...] = ()
    displace: bool = False
    advice: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.sweeps or self.front or self.least or self.advice)


@dataclass(frozen=True, eq=False, slots=True)
class Posed:
    """All that is asked, read and found sound; nothing is solved yet.

    Parameters
    ----------
    applied
        The scenario applied to the setting of the baseline.
    known
        The baseline, where it was given as a plan.
    """

    applied: Applied
    known: Solved | None = None
    sweeps: tuple[Swept, ...] = ()
    front: str | None = None
    goals: tuple[tuple[Lever, Goal], ...] = ()
    advice: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Subject:
    """What questions are about, and where scenario and baseline come from.

    Parameters
    ----------
    read_scenario, read_baseline
        Read either about a setting; without a baseline the round is planned anew.
    aims
        What the plan is asked to keep; a plan that is given has its own.
    prefix
        What faults write before the name of a question: ``--`` on a command line.
    """

    market: Market
    weights: Weights
    read_scenario: Callable[[Setting], Scenario]
    read_baseline: Callable[[Setting], Solved] | None = None
    aims: Asked = field(default_factory=Asked)
    prefix: str = ""

    @property
    def setting(self) -> Setting:
        """What a baseline that is not given is made from."""
        aims = self.aims
        return Setting(self.market, self.weights, aims.fixings or Fixings(), aims.floors, aims.fair)


def of_files(
    market: Market,
    weights: Weights,
    scenarios: Sequence[Path],
    baseline: Path | None = None,
    aims: Asked | None = None,
) -> Subject:
    """Return the subject of a command line: scenario files that add up, and a plan file."""
    return Subject(
        market,
        weights,
        lambda setting: read_all(scenarios, setting),
        None
        if baseline is None
        else lambda setting: read_baseline(baseline, setting, market_bytes(market)),
        aims or Asked(),
        prefix="--",
    )


def pose(subject: Subject, questions: Questions | None = None) -> Posed:
    """Read everything that is asked, before anything is solved.

    Raises
    ------
    InputError
        With every fault of the scenario, of the baseline and of the questions; questions are
        about the market under the scenario, so that those of a faulty one are not read.
    """
    asked, setting, faults = questions or Questions(), subject.setting, list[Fault]()
    known = _known(subject, faults)
    start = setting if known is None else known.setting
    applied = _attempt(faults, lambda: subject.read_scenario(setting).apply(start))
    faults += _unfit(asked, subject.prefix)
    sweeps, goals = list[Swept | None](), list[tuple[Lever, Goal] | None]()
    if applied is not None:
        after, option = applied.after, f"{subject.prefix}sweep"
        sweeps = [_attempt(faults, partial(_sweep, w, after, option)) for w in asked.sweeps]
        keeps, option = not asked.displace, f"{subject.prefix}least"
        goals = [
            _attempt(faults, partial(read_least, w, after, keeps, option)) for w in asked.least
        ]
    if faults or applied is None:
        raise InputError(faults)
    return Posed(
        applied,
        known,
        tuple(found for found in sweeps if found is not None),
        asked.front,
        tuple(found for found in goals if found is not None),
        asked.advice,
    )


def _known(subject: Subject, faults: list[Fault]) -> Solved | None:
    """Return the baseline that is given, if one is."""
    read, setting, aims = subject.read_baseline, subject.setting, subject.aims
    if read is None:
        return None
    if aims.floors or aims.fair or setting.fixings.pins or setting.fixings.bans:
        message = Text("方案文件自带指定、禁止与底线", "has pins, bans and floors of its own")
        faults.append(Fault(message, f"{subject.prefix}baseline"))
    return _attempt(faults, lambda: read(setting))


def _unfit(asked: Questions, prefix: str) -> Iterator[Fault]:
    """Yield what is wrong with the questions whatever the market."""
    if not 0 <= asked.advice <= MOST_ADVICE:
        message, expected = Text("取值不可用", "cannot be used"), Text.same(f"0 … {MOST_ADVICE}")
        yield Fault(message, f"{prefix}advice", asked.advice, expected)
    if asked.front is not None and asked.front not in DIMENSIONS:
        message = Text("没有这个维度", "is no division of needs")
        yield Fault(message, f"{prefix}front", asked.front, Text.same(", ".join(DIMENSIONS)))


def _sweep(words: str, setting: Setting, option: str) -> Swept:
    """Read a sweep and try both of its ends, without solving."""
    found = read_sweep(words, setting, option)
    for value in {min(found.values), max(found.values)}:
        Scenario(option, (found.lever.change_in(setting, value),)).apply(setting)
    return found


def _attempt(faults: list[Fault], read: Callable[[], T]) -> T | None:
    """Read something, or note its faults."""
    try:
        return read()
    except MatcherError as error:
        faults += error.faults
        return None


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
