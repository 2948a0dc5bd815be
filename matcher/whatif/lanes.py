"""Many scenarios of one setting, on every core, with the same answers whatever their number.

Scenarios are solved in lanes. Within a lane each begins where the one before it ended, the first
at the baseline. The lanes are made before anybody looks at the machine, so that a plan does not
depend on how many cores there are.

Lanes run in threads. HiGHS and the compiled kernels let go of Python's lock while they work, and
they are where the time goes; threads share the market and the scored graph. Processes would have
to be started, import everything and score again, for seconds each, before their first solve.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event, Lock

from matcher.planning.effort import Effort
from matcher.scoring.graph import ScoringGraph
from matcher.whatif.facts import Facts, facts_of
from matcher.whatif.scenario import Scenario
from matcher.whatif.setting import Setting
from matcher.whatif.solving import solve_setting
from matcher.whatif.warm import Earlier
from matcher.whatif.watch import UNWATCHED, Watch, WithdrawnError

NUM_LANES = 4

Lane = tuple[Scenario, ...]


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
    watch: Watch = UNWATCHED,
) -> list[Facts]:
    """Solve every scenario and return the figures of each, in order.

    Parameters
    ----------
    earlier
        The baseline's answer.
    is_chain
        Whether a scenario begins at the answer to the one before it in its lane.
    like
        The baseline's graph, where it is at hand.
    workers
        Threads; None for one a core. 1 solves in the thread of the caller.

    Raises
    ------
    InputError
        With the faults of the first scenario that has any.
    WithdrawnError
        If the answer is wanted no more; no thread is left behind.
    """
    counter = _Counter(sum(map(len, lanes)), watch)
    work = _Work(setting, effort, earlier, is_chain, like)
    most = min(workers or os.cpu_count() or 1, len(lanes))
    if most <= 1:
        return [facts for lane in lanes for facts in work.solve(lane, counter, watch)]
    return _side_by_side(work, lanes, most, counter, watch)


class _Counter:
    """Counts what all lanes have done, and tells it one step at a time."""

    def __init__(self, total: int, watch: Watch) -> None:
        self._total, self._watch = total, watch
        self._done, self._lock = 0, Lock()

    def add_one(self) -> None:
        with self._lock:
            self._done += 1
            self._watch.step(self._done, self._total)


@dataclass(frozen=True, eq=False)
class _Work:
    """What all lanes have in common."""

    setting: Setting
    effort: Effort
    earlier: Earlier | None
    is_chain: bool
    like: ScoringGraph | None

    def solve(self, lane: Lane, counter: _Counter, watch: Watch) -> list[Facts]:
        earlier, like, found = self.earlier, self.like, list[Facts]()
        for scenario in lane:
            watch.check()
            after = scenario.apply(self.setting).after
            solved = solve_setting(after, self.effort, earlier, like, watch)
            like = like or solved.graph
            found.append(facts_of(solved))
            earlier = solved.earlier if self.is_chain else self.earlier
            counter.add_one()
        return found


def _side_by_side(
    work: _Work, lanes: Sequence[Lane], workers: int, counter: _Counter, watch: Watch
) -> list[Facts]:
    """Solve in threads; where one fails, or the caller is interrupted, the others stop too."""
    ended = Event()
    each = watch.of_many(lambda: not ended.is_set())
    with ThreadPoolExecutor(workers, thread_name_prefix="whatif") as pool:
        try:
            futures = [pool.submit(work.solve, lane, counter, each) for lane in lanes]
            wait(futures, return_when=FIRST_EXCEPTION)
            if any(future.done() and future.exception() for future in futures):
                ended.set()
        except BaseException:
            ended.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    errors = [error for future in futures if (error := future.exception())]
    # A lane that was only told to stop does not say why.
    for error in sorted(errors, key=lambda error: isinstance(error, WithdrawnError)):
        raise error
    return [facts for future in futures for facts in future.result()]
