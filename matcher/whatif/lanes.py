"""Many scenarios of one setting, on every core, with the same answers whatever their number.

Scenarios are solved in lanes. Within a lane each begins where the one before it ended, the first
at the baseline. The lanes are made before anybody looks at the machine, so that a plan does not
depend on how many cores there are.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from matcher.domain.overrides import Overrides
from matcher.domain.records import Records
from matcher.market import Market
from matcher.planning.effort import Effort
from matcher.planning.encode import Fixings
from matcher.planning.floors import GroupFloor
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.weights import Weights
from matcher.whatif.facts import Facts, facts_of
from matcher.whatif.scenario import Scenario
from matcher.whatif.setting import Setting
from matcher.whatif.solving import OnStep, solve_setting
from matcher.whatif.warm import Earlier

NUM_LANES = 4
START_SECONDS = 5.0
"""What starting processes costs: they are started where that is won back."""

USUAL_SECONDS = 0.5
"""How long a solve takes where nobody knows."""

Lane = tuple[Scenario, ...]


@dataclass(frozen=True)
class _Packed:
    """A setting that can be sent to another process."""

    records: Records
    as_of: date
    overrides: Overrides
    weights: tuple[Any, ...]
    fixings: Fixings
    floors: tuple[GroupFloor, ...]


@dataclass(frozen=True)
class _Task:
    packed: _Packed
    effort: Effort
    earlier: Earlier | None
    lane: Lane
    is_chain: bool


def cut(scenarios: Sequence[Scenario], num_lanes: int = NUM_LANES) -> list[Lane]:
    """Return the scenarios in lanes of neighbours, the longer ones first."""
    size, more = divmod(len(scenarios), num_lanes)
    lanes, first = [], 0
    for number in range(num_lanes):
        last = first + size + (number < more)
        lanes.append(tuple(scenarios[first:last]))
        first = last
    return [lane for lane in lanes if lane]


def solve_lanes(
    setting: Setting,
    lanes: Sequence[Lane],
    effort: Effort,
    earlier: Earlier | None = None,
    *,
    is_chain: bool = True,
    like: ScoringGraph | None = None,
    workers: int | None = None,
    on_step: OnStep = lambda done, total: None,
) -> list[Facts]:
    """Solve every scenario and return the figures of each, in order.

    Parameters
    ----------
    earlier
        The baseline's answer.
    is_chain
        Whether a scenario begins at the answer to the one before it in its lane.
    like
        The baseline's graph, where it is at hand; other processes score for themselves.
    workers
        Processes; None for one a core where that is worth their start. 1 solves in this process.

    Raises
    ------
    InputError
        With the faults of the first scenario that has any.
    """
    total = sum(map(len, lanes))
    tasks = [_Task(_pack(setting), effort, earlier, lane, is_chain) for lane in lanes]
    most = min(workers or os.cpu_count() or 1, len(tasks))
    if most <= 1 or (workers is None and not _is_worth_it(total, most, earlier)):
        return _solve_here(tasks, total, on_step, like)
    return _solve_there(tasks, total, most, on_step)


def _is_worth_it(total: int, workers: int, earlier: Earlier | None) -> bool:
    """Tell whether processes win back their start; the answers are the same either way."""
    seconds = USUAL_SECONDS if earlier is None else earlier.seconds or USUAL_SECONDS
    return total * seconds * (1 - 1 / workers) > START_SECONDS


def _solve_here(
    tasks: Sequence[_Task], total: int, on_step: OnStep, like: ScoringGraph | None
) -> list[Facts]:
    done = list[Facts]()
    for task in tasks:
        _solve_lane(task, lambda: on_step(len(done), total), done, like)
    return done


def _solve_there(tasks: Sequence[_Task], total: int, workers: int, on_step: OnStep) -> list[Facts]:
    """Solve in processes of their own; when interrupted, leave none of them behind."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_quiet)
    try:
        futures: list[Future[list[Facts]]] = [pool.submit(_solve_lane, task) for task in tasks]
        sizes = {future: len(task.lane) for future, task in zip(futures, tasks, strict=True)}
        num_done = 0
        for future in as_completed(futures):
            future.result()
            num_done += sizes[future]
            on_step(num_done, total)
        return [facts for future in futures for facts in future.result()]
    except BaseException:
        processes = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _quiet() -> None:
    """Keep a worker from writing to the document, and let the parent alone hear Ctrl-C."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _solve_lane(
    task: _Task,
    on_point: Callable[[], None] = lambda: None,
    done: list[Facts] | None = None,
    like: ScoringGraph | None = None,
) -> list[Facts]:
    setting, earlier = _unpack(task.packed), task.earlier
    found = [] if done is None else done
    for scenario in task.lane:
        after = scenario.apply(setting).after
        solved = solve_setting(after, task.effort, earlier, like=like)
        like = like or solved.graph
        found.append(facts_of(solved))
        earlier = solved.earlier if task.is_chain else task.earlier
        on_point()
    return found


def _pack(setting: Setting) -> _Packed:
    market, w = setting.market, setting.weights
    weights = (w.version, dict(w.groups), dict(w.features), w.cost_ceiling, w.slow_workdays,
               w.calm_workdays, dict(w.standing), w.sha256)  # fmt: skip
    return _Packed(
        market.records, market.as_of, market.overrides, weights, setting.fixings, setting.floors
    )


def _unpack(packed: _Packed) -> Setting:
    version, groups, features, ceiling, slow, calm, standing, sha256 = packed.weights
    weights = Weights(
        version, MappingProxyType(groups), MappingProxyType(features), ceiling, slow, calm,
        MappingProxyType(standing), sha256,
    )  # fmt: skip
    market = Market.from_records(packed.records, packed.as_of, packed.overrides)
    return Setting(market, weights, packed.fixings, packed.floors)
