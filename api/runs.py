"""A run: one plan that was asked for, from the queue to its end, and where runs are kept.

Two protocols divide the work. Requests see `Runs`: they add, look and remove. The worker sees
`WorkQueue`: it takes, advances and finishes. `MemoryRuns` is both; a database and a worker in a
process of its own can take its place without a route noticing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, Protocol

from matcher.domain.errors import MatcherError
from matcher.domain.text import Text
from matcher.planning.effort import Effort
from matcher.planning.encode import Fixings
from matcher.services.planning import PlannedRound
from matcher.services.rounds import Round

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The clock of the rounds: fixed since 1991, so that no time zone database is needed."""


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self not in (RunState.QUEUED, RunState.RUNNING)


@dataclass(frozen=True, eq=False, slots=True)
class PlanJob:
    """What is to be planned: a sound round and how to solve it."""

    round: Round
    solving: Effort
    fixings: Fixings


@dataclass(frozen=True, eq=False, slots=True)
class Outcome:
    """A plan that was made, with its document (as in plan.json), computed once."""

    planned: PlannedRound
    document: dict[str, Any]

    @property
    def digest(self) -> str:
        """The digest of the document."""
        digest: str = self.document["digest"]
        return digest


@dataclass(frozen=True, eq=False, slots=True)
class Run:
    """A snapshot of a run; every step makes a new one.

    Parameters
    ----------
    run_id
        A random UUID: nobody can guess that of another.
    stage
        What the worker is doing, while it runs.
    outcome
        The plan, if it is done.
    error
        Why there is none, if it failed.
    """

    run_id: str
    created_at: datetime
    state: RunState = RunState.QUEUED
    stage: Text | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    outcome: Outcome | None = None
    error: MatcherError | None = None


class UnwantedError(Exception):
    """The run was cancelled meanwhile: the worker may drop it."""


class Runs(Protocol):
    """Runs as requests see them; every method may be called from any thread."""

    @property
    def is_open(self) -> bool:
        """Whether runs are taken on."""

    def add(self, job: PlanJob) -> Run:
        """Queue a job; raise `BusyError` if there is no room."""

    def find(self, run_id: str) -> Run | None:
        """Return a run, None if there is none of this id."""

    def remove(self, run_id: str) -> None:
        """Cancel a run that is not finished; forget one that is."""


class WorkQueue(Protocol):
    """Runs as the worker sees them."""

    def take(self) -> tuple[str, PlanJob] | None:
        """Wait for the next job and mark it running; None when there will be no more."""

    def advance(self, run_id: str, stage: Text) -> None:
        """Note a stage; raise `UnwantedError` if the run was cancelled."""

    def finish(self, run_id: str, outcome: Outcome) -> None:
        """Keep the outcome, if it is still wanted."""

    def fail(self, run_id: str, error: MatcherError) -> None:
        """Keep the reason why there is no outcome, if it is still wanted."""


def shanghai_now() -> datetime:
    """Return the time of day of the rounds, to the second."""
    return datetime.now(SHANGHAI).replace(microsecond=0)


Clock = Callable[[], datetime]
