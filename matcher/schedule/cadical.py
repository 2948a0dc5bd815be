"""CaDiCaL in processes of its own: proofs on large formulas, stopped when time is up.

Two processes search, each keeping what it learns from question to question. The second, started
when the first does not decide at once, has the clauses in another order, for how long a search
takes is largely luck. On a question that stays open it makes tries, each beginning anew in an
order of its own, in turn without some implied constraints, which help most proofs and hinder
some searches. Both have budgets of conflicts, not of seconds, and of two answers to one round
the first process's counts: the outcome hangs on no clock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import perf_counter
from typing import TypeAlias

from matcher.schedule.cadical_process import Answer, Process, Silent
from matcher.schedule.formula import Formula

Meanwhile: TypeAlias = Callable[[Callable[[], bool]], bool]

_ALONE = 3_000  # conflicts that the first process has before the second is asked as well
_BUDGET = 10_000  # conflicts of the first round of both
_GROWTH = 1.4
_PATIENT = 5  # rounds of one question before the second process begins anew


@dataclass
class Levels:
    """What was found about a list of stages, each a list of literals, the best first.

    Attributes
    ----------
    model
        The last assignment found, by variable number (item 0 means nothing); None without.
    reached
        For each finished stage the index of the first literal that can hold, ``len(stage)``
        where none can.
    refuted
        How many literals of the unfinished stage cannot hold.
    infeasible
        Whether it is proved that the formula has no model at all.
    broken
        Whether CaDiCaL could not be run, or ended before it had answered.
    """

    model: list[bool] | None = None
    reached: list[int] = field(default_factory=list)
    refuted: int = 0
    infeasible: bool = False
    broken: bool = False


def prove_levels(
    formula: Formula,
    stages: Sequence[Sequence[int]],
    deadline: float,
    meanwhile: Meanwhile | None = None,
) -> Levels:
    """Find for each stage the first literal that can hold together with those found before.

    Parameters
    ----------
    deadline
        A reading of ``perf_counter``.
    meanwhile
        Work for this process; it gets a function that tells whether to stop, and tells itself
        whether the proof is no longer needed.
    """
    found = Levels()
    with ExitStack() as processes:
        duel = _Duel(formula, processes)
        listener = threading.Thread(target=_converse, args=(duel, stages, found))
        listener.start()
        try:
            over = meanwhile is not None and meanwhile(
                lambda: not listener.is_alive() or perf_counter() >= deadline
            )
            if not over:
                listener.join(max(0.0, deadline - perf_counter()))
        finally:
            duel.stop()
            listener.join()
    return found


def _converse(duel: _Duel, stages: Sequence[Sequence[int]], found: Levels) -> None:
    try:
        _climb(duel, stages, found)
    except Silent:
        found.broken = not duel.stopped


def _climb(duel: _Duel, stages: Sequence[Sequence[int]], found: Levels) -> None:
    """In each stage find the first literal that can hold with those of the stages before."""
    kept: list[int] = []
    for stage in stages:
        for literal in [*stage, None]:
            if found.model is not None and (literal is None or _holds(literal, found.model)):
                kept += [] if literal is None else [literal]
                break
            tried = kept if literal is None else [*kept, literal]
            answer = duel.decide(tried)
            if answer.word == "sat":
                found.model = [False, *(bit == "1" for bit in answer.value)]
                kept = tried
                break
            if answer.value:
                found.infeasible = True
                return
            found.refuted += 1
        found.reached.append(found.refuted)
        found.refuted = 0


def _holds(literal: int, model: Sequence[bool]) -> bool:
    return model[abs(literal)] == (literal > 0)


class _Duel:
    """Both processes; the second is started when it is first needed."""

    def __init__(self, formula: Formula, processes: ExitStack) -> None:
        self._formula, self._processes = formula, processes
        self._lock = threading.Lock()
        self._running: list[Process] = []
        self._tries = 0
        self.stopped = False

    def _process(self, number: int) -> Process:
        with self._lock:
            if self.stopped:
                raise Silent
            while len(self._running) <= number:
                process = Process(self._formula, order=len(self._running))
                self._running.append(self._processes.enter_context(process))
            return self._running[number]

    def stop(self) -> None:
        """End both; who waits for an answer is told that there will be none."""
        with self._lock:
            self.stopped = True
            for process in self._running:
                process.stop()

    def decide(self, assume: list[int]) -> Answer:
        """Ask in rounds of growing budgets until one of the two decides."""
        first = self._process(0)
        first.ask(assume, _ALONE, whole=True)
        answer = first.answer()
        budget, rounds = float(_BUDGET), 0
        while answer.word == "open":
            second = self._process(1)
            first.ask(assume, int(budget), whole=True)
            rounds += 1
            self._tries += rounds > _PATIENT
            fresh = self._tries if rounds > _PATIENT else 0
            second.ask(assume, int(budget), whole=fresh % 2 == 0, fresh=fresh)
            answer = first.answer()
            if answer.word == "open":
                answer = second.catch_up()
            budget *= _GROWTH
        return answer


def prove_clash(
    formula: Formula, guards: Sequence[int], deadline: float, rounds: int = 2
) -> tuple[list[int] | None, bool]:
    """Return guards that cannot all hold, as few as time allows, and whether none is too many.

    None if they can hold, or if time was up before that was clear.
    """
    said: list[Answer] = []
    try:
        with Process(formula) as process:
            task = (process, list(guards), rounds, said)
            listener = threading.Thread(target=_listen, args=task)
            listener.start()
            listener.join(max(0.0, deadline - perf_counter()))
            process.stop()
            listener.join()
    except Silent:
        return None, False
    cores = [answer.value for answer in said if answer.word == "core"]
    return (cores[-1] if cores else None), any(answer.word == "minimal" for answer in said)


def _listen(process: Process, guards: list[int], rounds: int, said: list[Answer]) -> None:
    try:
        said.extend(_words(process, guards, rounds))
    except Silent:
        return


def _words(process: Process, guards: list[int], rounds: int) -> Iterator[Answer]:
    process.send({"guards": guards, "rounds": rounds})
    while (answer := process.answer()).word not in ("done", "feasible"):
        yield answer
