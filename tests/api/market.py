"""A service over the seeds with an account of every role, for tests of the live market."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from matcher.domain.records import Records
from matcher.services.records import market_records
from matcher.store import Database
from tests.api.world import World as Served
from tests.api.world import world_on
from tests.service import People, Person
from tests.working import make_worker


@dataclass(frozen=True)
class World:
    """A service that is up, called by people."""

    served: Served

    @property
    def people(self) -> People:
        """One account for each role."""
        return self.served.people

    @property
    def database(self) -> Database:
        """The database of the service."""
        return self.served.database

    def get(self, who: Person, path: str, **options: Any) -> httpx.Response:
        """Read something as somebody."""
        return self.call(who, "GET", path, **options)

    def call(self, who: Person, method: str, path: str, **options: Any) -> httpx.Response:
        """Ask for something as somebody."""
        headers = {**who.by_session, **options.pop("headers", {})}
        return self.served.client.request(method, path, headers=headers, **options)

    def items(self, who: Person, path: str) -> list[dict[str, Any]]:
        """Return all items of a list, page by page."""
        found, cursor = [], None
        while True:
            asked = "limit=100" if cursor is None else f"limit=100&cursor={cursor}"
            answer = self.get(who, f"{path}{'&' if '?' in path else '?'}{asked}")
            assert answer.status_code == 200, answer.text
            found += answer.json()["items"]
            cursor = answer.json()["next"]
            if cursor is None:
                return found

    def records(self) -> Records:
        """Return the records of the live market."""
        with self.database.reading() as session:
            return market_records(session)

    def work(self) -> None:
        """Do all work that is queued."""
        make_worker(self.database, clock=self.served.clock).work(once=True)


@contextmanager
def world(kind: str) -> Iterator[World]:
    """Start a service over a new database of a kind."""
    with world_on(kind) as served:
        yield World(served)
