"""An app over a database with the seeds and an account of every role, for tests of the market."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from api import Settings, create_app
from matcher.store import Database, open_database
from tests.api.client import Client, serving
from tests.databases import current_url
from tests.service import NOW, People, Person, load_seeds, make_accounts


@dataclass(frozen=True)
class World:
    """A service that is up, its database, and people who call it."""

    client: Client
    database: Database
    people: People

    def get(self, who: Person, path: str, **options: Any) -> httpx.Response:
        """Read something as somebody."""
        return self.call(who, "GET", path, **options)

    def call(self, who: Person, method: str, path: str, **options: Any) -> httpx.Response:
        """Ask for something as somebody."""
        headers = {**who.by_session, **options.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **options)

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


@contextmanager
def world(kind: str) -> Iterator[World]:
    """Start a service over a new database of a kind."""
    with current_url(kind) as url:
        database = open_database(url)
        load_seeds(database)
        people = make_accounts(database)
        settings = Settings(database_url=url)
        with serving(create_app(settings, clock=lambda: NOW)) as client:
            yield World(client, database, people)
        database.close()
