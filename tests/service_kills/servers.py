"""The server is killed between requests' commits and answers; what it acknowledged is there."""

from __future__ import annotations

import json
import random
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import count

import httpx
import uvicorn
from sqlalchemy import event
from sqlmodel import Session, col, select

from api import Settings, create_app
from api.schemas.examples import PLAN_CREATE
from matcher.services.faults import reach
from matcher.store import Database, open_database
from matcher.store.tables import RunRow
from tests.service_kills.forking import PATIENCE_SECONDS, fork, kill, wait
from tests.service_kills.table import Kill

POINTS = ("request:before-commit", "request:after-commit")
BODY = json.dumps({**PLAN_CREATE, "solving": {"method": "greedy"}}).encode()
MOST_REQUESTS = 4


class ServerKiller:
    """Kills servers of one database, one after the other, while plans are asked for.

    Parameters
    ----------
    headers
        Of somebody who may ask for plans.
    """

    def __init__(self, database: str, url: str, headers: Mapping[str, str], seed: int) -> None:
        self._name = database
        self._url = url
        self._headers = {**headers, "Content-Type": "application/json"}
        self._random = random.Random(seed)
        self._acknowledged: set[str] = set()
        # One socket for all: a client need not learn where the next server is.
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._base = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def kills(self, point: str, number: int) -> Iterator[Kill]:
        """Kill so many servers at a point."""
        for _ in range(number):
            yield self._kill(point)

    def _kill(self, point: str) -> Kill:
        fatal = self._random.randint(1, MOST_REQUESTS)
        server = fork(lambda: self._serve(fatal), point)
        self._ready()
        num_answered = self._ask_until_it_dies()
        code = wait(server)
        faults = [] if code == -signal.SIGKILL else [f"it was not killed: {code}"]
        faults += [] if num_answered == fatal - 1 else [f"{num_answered} answers of {fatal - 1}"]
        killed = time.monotonic()
        server = fork(lambda: self._serve(None))
        self._ready()
        seconds = time.monotonic() - killed
        kill(server)
        return Kill(self._name, point, seconds, (*faults, *self._lost(point)))

    def _serve(self, fatal: int | None) -> None:
        """Serve, and reach the points at the given write of a plan."""
        writes = count(1)
        original = Database.writing

        @contextmanager
        def deadly(database: Database) -> Iterator[Session]:
            with original(database) as session:
                yield session
                is_fatal = bool(session.info.get("holds_run")) and next(writes) == fatal
                if is_fatal:
                    reach("request:before-commit")
            if is_fatal:
                reach("request:after-commit")

        event.listen(Session, "before_flush", lambda session, *_: _note_run(session))
        Database.writing = deadly  # type: ignore[method-assign]
        settings = Settings(
            database_url=self._url,
            max_queued=1_000_000,
            requests_per_minute=0,
            requests_per_minute_of_strangers=0,
        )
        config = uvicorn.Config(create_app(settings), log_config=None, access_log=False)
        uvicorn.Server(config).run(sockets=[self._socket])

    def _ready(self) -> None:
        """Wait until it answers; it never calls itself ready, for nobody works at its runs."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends:
            try:
                answer = httpx.get(f"{self._base}/plans", headers=self._headers, timeout=5)
                if answer.status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.01)
        raise TimeoutError("the server is not ready")

    def _ask_until_it_dies(self) -> int:
        """Ask for plans, one after the other, and note which were acknowledged."""
        for number in range(MOST_REQUESTS + 1):
            try:
                answer = httpx.post(
                    f"{self._base}/plans", content=BODY, headers=self._headers, timeout=30
                )
            except httpx.TransportError:
                return number
            assert answer.status_code == 202, answer.text
            self._acknowledged.add(answer.json()["id"])
        return MOST_REQUESTS + 1

    def _lost(self, point: str) -> Iterator[str]:
        """Yield what was acknowledged and is not there; and what is there of a write undone."""
        with closing(open_database(self._url)) as database, database.reading() as session:
            kept = {str(run_id) for run_id in session.scalars(select(RunRow.id))}
            states = set(session.scalars(select(col(RunRow.state)).distinct()))
        lost = self._acknowledged - kept
        if lost:
            yield f"{len(lost)} acknowledged plans are lost"
        self._acknowledged |= kept if point.endswith("after-commit") else set()
        if kept - self._acknowledged:
            yield f"{len(kept - self._acknowledged)} plans of transactions that never ended"
        if states - {"queued"}:
            yield f"states {states}"


def _note_run(session: Session) -> None:
    if any(isinstance(row, RunRow) for row in session.new):
        session.info["holds_run"] = True
