"""The worker: one thread that solves one plan after the other, so that no request does."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from threading import Thread

from api.errors import InternalError
from api.runs import Outcome, PlanJob, UnwantedError, WorkQueue
from matcher.domain.errors import MatcherError
from matcher.domain.text import Text
from matcher.scoring.weights import Weights
from matcher.services.planning import Asked, plan_round

logger = logging.getLogger(__name__)

THREAD_NAME = "yinqi-worker"

Solve = Callable[[PlanJob, Callable[[Text], None]], Outcome]
"""Makes the plan of a job, telling the name of each stage as it begins."""


def solve_job(weights: Weights, job: PlanJob, on_stage: Callable[[Text], None]) -> Outcome:
    """Plan a job."""
    planned = plan_round(job.round, weights, job.solving, Asked(job.fixings), on_stage)
    return Outcome(planned, planned.document)


class Worker:
    """Solves what the queue gives until it is closed.

    Parameters
    ----------
    queue
        Where jobs come from; closing it ends the thread.
    solve
        Makes the plan of a job.
    """

    def __init__(self, queue: WorkQueue, solve: Solve) -> None:
        self._queue = queue
        self._solve = solve
        # A solve cannot be interrupted; as a daemon it does not keep the process from ending.
        self._thread = Thread(target=self._work, name=THREAD_NAME, daemon=True)

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def join(self, seconds: float) -> None:
        """Wait until the thread has ended, for so long at most; its queue has to be closed."""
        self._thread.join(seconds)
        if self._thread.is_alive():
            logger.warning("a solve is still under way after %s s and is left alone", seconds)

    def _work(self) -> None:
        while (taken := self._queue.take()) is not None:
            self._run(*taken)

    def _run(self, run_id: str, job: PlanJob) -> None:
        try:
            outcome = self._solve(job, partial(self._queue.advance, run_id))
        except UnwantedError:
            return
        except MatcherError as error:
            self._queue.fail(run_id, error)
        except Exception:
            # The one place where any error is caught: a run that breaks must say so, and the
            # next one must still be solved.
            logger.exception("run %s broke", run_id)
            self._queue.fail(run_id, InternalError())
        else:
            self._queue.finish(run_id, outcome)
