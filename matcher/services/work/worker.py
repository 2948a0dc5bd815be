"""The worker: takes runs up one after the other, has them computed, and keeps what comes of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from time import monotonic
from uuid import UUID, uuid4

from sqlmodel import Session

from matcher.domain.errors import Fault, InputError, MatcherError
from matcher.domain.text import Text
from matcher.services.faults import reach
from matcher.services.work import queue
from matcher.services.work.child import Child, Spare
from matcher.services.work.computing import frames_of
from matcher.services.work.errors import BrokenRunError, RunLimitError
from matcher.services.work.heart import Heart
from matcher.services.work.kinds import (
    JSON_TYPE,
    Job,
    Kind,
    Result,
    UnwantedError,
    apply_nothing,
)
from matcher.services.work.messages import Broke, Failed, Finished, Shared, Staged, Task
from matcher.services.work.queue import Standing
from matcher.services.work.settings import WorkSettings
from matcher.store import Database, blobs
from matcher.store.outages import OUTAGES
from matcher.store.tables import RunRow

logger = logging.getLogger(__name__)

LISTEN_SECONDS = 0.1
"""How long the worker listens to the child before it looks whether to go on."""

PREPARING = Text("读取数据", "reading the records")
STARTING = Text("启动计算", "starting to compute")

_LIMIT = Text("计算超过上限 {n} 秒", "it computed for longer than {n} seconds")


def _refuse(session: Session, job: Job) -> None:
    told = Text("本版本不认识的任务种类", "no kind of work that this version knows")
    raise InputError([Fault(told, "kind", job.kind)])


UNKNOWN_KIND = Kind("unknown", _refuse, lambda job, progress: Result(None), apply_nothing)
"""What a run of a newer version is here: it fails with a reason."""


class LostError(Exception):
    """The run is somebody else's by now, or over: nothing of it may be written."""


class StoppedError(Exception):
    """The worker has to end: the run goes back into the queue."""


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A run that was taken up."""

    job: Job
    kind: Kind
    has_input: bool


class Worker:
    """Works at the queue of a database.

    Parameters
    ----------
    kinds
        The kinds of work by name; a run of another kind is failed.
    start_child
        Starts a process that computes one job.
    clock
        The time of day, with its zone.
    """

    def __init__(
        self,
        database: Database,
        kinds: Mapping[str, Kind],
        settings: WorkSettings,
        start_child: Callable[[], Child],
        clock: Callable[[], datetime],
    ) -> None:
        self.name = uuid4().hex
        self._database = database
        self._kinds = kinds
        self._settings = settings
        self._children = Spare(start_child)
        self._clock = clock
        self._stop = Event()

    def stop(self) -> None:
        """Give the run back that is under way, and end; may be called by a signal's handler."""
        self._stop.set()

    def work(self, once: bool = False) -> None:
        """Take runs up until `stop`, or, with ``once``, until none is due."""
        with self._children:
            while not self._stop.is_set():
                if self._step():
                    self._children.refill()
                elif once:
                    return
                else:
                    self._stop.wait(self._settings.poll_seconds)

    def _step(self) -> bool:
        """Take one run up; tell whether there was one."""
        try:
            claimed = self._claim()
            if claimed is not None:
                self._attend(claimed)
        except OUTAGES as error:
            # The database is away. A run that was under way is taken up again after its lease.
            logger.warning("the database does not answer (%s)", type(error).__name__)
            self._stop.wait(self._settings.beat_seconds)
            return False
        return claimed is not None

    def _claim(self) -> _Claimed | None:
        with self._database.reading() as session:
            if not queue.is_due(session, self._settings, self._clock()):
                return None
        with self._database.writing() as session:
            row = queue.claim(session, self.name, self._settings, self._clock())
            claimed = None if row is None else self._claimed(row)
        if claimed is not None:
            logger.info("run %s (%s) taken up", claimed.job.run_id, claimed.job.kind)
            reach(f"{claimed.job.kind}:after-claim")
        return claimed

    def _claimed(self, row: RunRow) -> _Claimed:
        job = Job(row.id, row.kind, row.account_id, json.loads(row.request))
        kind = self._kinds.get(row.kind, UNKNOWN_KIND)
        return _Claimed(job, kind, row.input_sha256 is not None)

    def _attend(self, claimed: _Claimed) -> None:
        """Bring a run to an end, whatever comes; only a database that is away gets through."""
        job = claimed.job
        try:
            with self._heart(job.run_id) as heart:
                heart.tell_stage(PREPARING)
                job = self._with_input(claimed)
                heart.tell_stage(STARTING)
                result = self._computed(claimed.kind, job, heart)
            self._finish(claimed.kind, job, result)
        except LostError:
            logger.warning("run %s is somebody else's by now", job.run_id)
        except UnwantedError:
            self._drop(job.run_id)
        except StoppedError:
            self._give_back(job.run_id)
        except MatcherError as error:
            self._fail(job.run_id, error)
        except OUTAGES:
            raise
        except Exception as error:
            # The one place here where any error is caught: a run that breaks must say so, and
            # the next one must still be worked at. Its message may quote a record.
            logger.error("run %s broke\n%s", job.run_id, frames_of(error))
            self._fail(job.run_id, BrokenRunError())

    def _heart(self, run_id: UUID) -> Heart:
        return Heart(self._database, run_id, self.name, self._settings, self._clock)

    def _with_input(self, claimed: _Claimed) -> Job:
        """Return the job with its input: kept by an attempt before, or prepared and kept now."""
        job = claimed.job
        with self._database.reading() as session:
            if claimed.has_input:
                row = session.get_one(RunRow, job.run_id)
                assert row.input_sha256 is not None
                return _with_content(job, blobs.fetch(session, row.input_sha256))
            content = claimed.kind.prepare(session, job)
        if content is None:
            return job
        with self._database.writing() as session:
            arguments = (session, job.run_id, self.name, content, JSON_TYPE, self._clock())
            if not queue.keep_input(*arguments):
                raise LostError
        reach(f"{job.kind}:after-input")
        return _with_content(job, content)

    def _computed(self, kind: Kind, job: Job, heart: Heart) -> Result:
        child = self._children.take()
        try:
            child.send(Task(kind.compute, job))
            return self._listen(child, job, heart)
        except (EOFError, OSError):
            logger.error("run %s: the process that computed died", job.run_id)
            raise BrokenRunError from None
        finally:
            child.end()

    def _listen(self, child: Child, job: Job, heart: Heart) -> Result:
        """Pass on what a child tells, until it is done or has to be ended."""
        ends = monotonic() + self._settings.run_limit_seconds
        while True:
            message = child.receive(LISTEN_SECONDS)
            self._require_wanted(heart)
            if monotonic() > ends and not isinstance(message, Finished):
                raise RunLimitError(_LIMIT.format(n=f"{self._settings.run_limit_seconds:g}"))
            if isinstance(message, Staged):
                heart.tell_stage(message.text)
                reach(f"{job.kind}:computing")
            elif isinstance(message, Shared):
                heart.tell_progress(message.values)
            elif isinstance(message, Finished):
                return message.result
            elif isinstance(message, Failed):
                raise message.error
            elif isinstance(message, Broke):
                logger.error("run %s broke\n%s", job.run_id, message.frames)
                raise BrokenRunError

    def _require_wanted(self, heart: Heart) -> None:
        standing = heart.standing
        if standing is Standing.LOST:
            raise LostError
        if standing is Standing.UNWANTED:
            raise UnwantedError
        if self._stop.is_set():
            raise StoppedError

    def _finish(self, kind: Kind, job: Job, result: Result) -> None:
        now = self._clock()
        with self._database.writing() as session:
            if not queue.hold(session, job.run_id, self.name):
                raise UnwantedError
            kept = kind.apply(session, job, result, now)
            queue.finish(session, job.run_id, self.name, kept, now)
            reach(f"{job.kind}:before-commit")
        reach(f"{job.kind}:after-commit")
        logger.info("run %s done", job.run_id)

    def _fail(self, run_id: UUID, error: MatcherError) -> None:
        with self._database.writing() as session:
            queue.fail(session, run_id, self.name, error, self._clock())
        logger.info("run %s failed (%s)", run_id, type(error).__name__)

    def _drop(self, run_id: UUID) -> None:
        with self._database.writing() as session:
            queue.drop(session, run_id, self.name, self._clock())
        logger.info("run %s is not wanted any more", run_id)

    def _give_back(self, run_id: UUID) -> None:
        with self._database.writing() as session:
            queue.give_back(session, run_id, self.name)
        logger.info("run %s goes back into the queue", run_id)


def _with_content(job: Job, content: bytes) -> Job:
    return Job(job.run_id, job.kind, job.account_id, job.request, content)
