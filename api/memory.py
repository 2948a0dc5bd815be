"""Runs in memory: gone when the process ends."""

from __future__ import annotations

from dataclasses import replace
from threading import Condition
from uuid import uuid4

from api.errors import BusyError
from api.runs import Clock, Outcome, PlanJob, Run, RunState, UnwantedError, shanghai_now
from matcher.domain.errors import MatcherError
from matcher.domain.text import Text


class MemoryRuns:
    """Both `Runs` and `WorkQueue`, first come, first served.

    Parameters
    ----------
    max_queued
        How many jobs may wait.
    max_kept
        How many finished runs are remembered; the oldest go first.
    """

    def __init__(self, max_queued: int, max_kept: int, now: Clock = shanghai_now) -> None:
        self._max_queued = max_queued
        self._max_kept = max_kept
        self._now = now
        self._is_open = False
        self._runs: dict[str, Run] = {}
        self._waiting: dict[str, PlanJob] = {}
        self._changed = Condition()

    @property
    def is_open(self) -> bool:
        """Whether runs are taken on."""
        return self._is_open

    def open(self) -> None:
        """Take runs on from now."""
        with self._changed:
            self._is_open = True

    def close(self) -> None:
        """Take no more runs on and cancel those that are not finished."""
        with self._changed:
            self._is_open = False
            for run_id in [r.run_id for r in self._runs.values() if not r.state.is_final]:
                self._end(run_id, RunState.CANCELLED)
            self._changed.notify_all()

    def add(self, job: PlanJob) -> Run:
        """Queue a job.

        Raises
        ------
        BusyError
            If too many wait already, or the service is not running.
        """
        with self._changed:
            if not self._is_open:
                raise BusyError(Text("服务未在运行", "the service is not running"))
            if len(self._waiting) >= self._max_queued:
                raise BusyError(Text("排队的方案太多，请稍后再试", "too many plans are waiting"))
            run = Run(str(uuid4()), created_at=self._now())
            self._runs[run.run_id] = run
            self._waiting[run.run_id] = job
            self._changed.notify()
            return run

    def find(self, run_id: str) -> Run | None:
        """Return a run, None if there is none of this id."""
        with self._changed:
            return self._runs.get(run_id)

    def remove(self, run_id: str) -> None:
        """Cancel a run that is not finished; forget one that is."""
        with self._changed:
            run = self._runs.get(run_id)
            if run is None:
                return
            if run.state.is_final:
                del self._runs[run_id]
            else:
                self._end(run_id, RunState.CANCELLED)

    def take(self) -> tuple[str, PlanJob] | None:
        """Wait for the next job and mark it running; None once closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or not self._is_open)
            if not self._waiting:
                return None
            run_id = next(iter(self._waiting))
            run = self._runs[run_id]
            self._runs[run_id] = replace(run, state=RunState.RUNNING, started_at=self._now())
            return run_id, self._waiting.pop(run_id)

    def advance(self, run_id: str, stage: Text) -> None:
        """Note a stage.

        Raises
        ------
        UnwantedError
            If the run was cancelled.
        """
        with self._changed:
            if not self._is_running(run_id):
                raise UnwantedError
            self._runs[run_id] = replace(self._runs[run_id], stage=stage)

    def finish(self, run_id: str, outcome: Outcome) -> None:
        """Keep the outcome, if it is still wanted."""
        with self._changed:
            if self._is_running(run_id):
                self._end(run_id, RunState.DONE, outcome=outcome)

    def fail(self, run_id: str, error: MatcherError) -> None:
        """Keep the reason why there is no outcome, if it is still wanted."""
        with self._changed:
            if self._is_running(run_id):
                self._end(run_id, RunState.FAILED, error=error)

    def _is_running(self, run_id: str) -> bool:
        run = self._runs.get(run_id)
        return run is not None and run.state is RunState.RUNNING

    def _end(
        self,
        run_id: str,
        state: RunState,
        outcome: Outcome | None = None,
        error: MatcherError | None = None,
    ) -> None:
        self._waiting.pop(run_id, None)
        # Taken out and put in again: runs that are over stand in the order in which they ended.
        run = self._runs.pop(run_id)
        self._runs[run_id] = replace(
            run,
            state=state,
            stage=None,
            finished_at=self._now(),
            outcome=outcome,
            error=error,
        )
        finished = [r.run_id for r in self._runs.values() if r.state.is_final]
        for old in finished[: -self._max_kept]:
            del self._runs[old]
