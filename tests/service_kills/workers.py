"""A worker is killed; the next one takes its run up, and nothing is lost or done twice."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import closing
from threading import Thread
from uuid import UUID

from sqlmodel import select

from matcher.domain.run import IMPORT, PLAN, RunState
from matcher.services.imports.applying import Mode
from matcher.services.imports.kind import ImportAsked
from matcher.services.work.queue import Asked, submit
from matcher.services.work.settings import WorkSettings
from matcher.services.work.worker import Worker
from matcher.store import Database, open_database
from matcher.store.tables import NeedRow, RunRow
from tests.service_kills.forking import ForkedChild, fork, wait
from tests.service_kills.table import Kill
from tests.service_kills.work import (
    KINDS,
    MARKET,
    PLAN_REQUEST,
    live_hash,
    market_of_version,
    now,
    num_applied,
)

STEPS = ("after-claim", "computing", "before-commit", "after-commit")
POINTS = tuple(f"{kind}:{step}" for kind in (PLAN, IMPORT) for step in STEPS)


class WorkerKiller:
    """Kills workers of one database, one after the other.

    Parameters
    ----------
    account_id
        Who asks for what they work at.
    """

    def __init__(self, database: str, url: str, account_id: UUID, settings: WorkSettings) -> None:
        self._name = database
        self._url = url
        self._account_id = account_id
        self._settings = settings
        self._version = 0
        self._plan: str | None = None

    def kills(self, point: str, number: int) -> Iterator[Kill]:
        """Kill so many workers at a point."""
        for _ in range(number):
            yield self._kill(point)

    def _kill(self, point: str) -> Kill:
        with closing(open_database(self._url)) as database:
            before, applied = live_hash(database), num_applied(database)
            run_id = self._submit(database, point.partition(":")[0])
        code = wait(fork(lambda: self._work(run_id), point))
        killed = time.monotonic()
        faults = [] if code == -signal.SIGKILL else [f"it was not killed: {code}"]
        with closing(open_database(self._url)) as database:
            faults += self._torn(database, run_id, point, before, applied)
        code = wait(fork(lambda: self._work(run_id)))
        seconds = time.monotonic() - killed
        faults += [f"the next worker ended with {code}"] if code else []
        with closing(open_database(self._url)) as database:
            faults += self._unlike(database, run_id, point, applied)
        return Kill(self._name, point, seconds, tuple(faults))

    def _submit(self, database: Database, kind: str) -> UUID:
        """Queue a run; from its commit on it is an acknowledged write."""
        content, request = MARKET, PLAN_REQUEST
        if kind == IMPORT:
            self._version += 1
            content = market_of_version(self._version)
            request = ImportAsked("market.json", Mode.REPLACE).to_json()
        with database.writing() as session:
            asked = Asked(kind, self._account_id, request, content)
            return submit(session, asked, self._settings, now()).id

    def _work(self, run_id: UUID) -> None:
        """Work until a run is over."""
        with closing(open_database(self._url)) as database:
            worker = Worker(database, KINDS, self._settings, ForkedChild, now)
            thread = Thread(target=worker.work)
            thread.start()
            while not RunState(_row(database, run_id).state).is_final:
                time.sleep(0.05)
            worker.stop()
            thread.join()

    def _torn(
        self, database: Database, run_id: UUID, point: str, before: str, applied: int
    ) -> Iterator[str]:
        """Yield what a kill left half done: all of a run is there, or nothing of it."""
        row, is_done = _row(database, run_id), point.endswith("after-commit")
        if row.state != (RunState.DONE if is_done else RunState.RUNNING):
            yield f"it stands at {row.state}"
        if (row.outcome_sha256 is not None) != is_done:
            yield "its outcome is there without it, or it without its outcome"
        if num_applied(database) != applied + is_done:
            yield "it is applied and not marked done, or marked and not applied"
        is_same = live_hash(database) == before
        if is_same == (is_done and row.kind == IMPORT):
            yield "the live tables are those of before, or changed, where they should not be"

    def _unlike(self, database: Database, run_id: UUID, point: str, applied: int) -> Iterator[str]:
        """Yield what is not as if nobody had been killed."""
        row = _row(database, run_id)
        if row.state != RunState.DONE:
            yield f"in the end it stands at {row.state}"
            return
        if row.attempts != (1 if point.endswith("after-commit") else 2):
            yield f"it took {row.attempts} attempts"
        if num_applied(database) != applied + 1:
            yield f"it was applied {num_applied(database) - applied} times"
        if row.kind == PLAN:
            self._plan = self._plan or row.outcome_sha256
            if row.outcome_sha256 != self._plan:
                yield "the plan has other bytes than the plans before it"
            return
        with database.reading() as session:
            amounts = set(session.scalars(select(NeedRow.amount_fen)))
        if amounts != {10**8 + self._version}:
            yield "the live market is not that of the file"


def _row(database: Database, run_id: UUID) -> RunRow:
    with database.reading() as session:
        return session.get_one(RunRow, run_id)
