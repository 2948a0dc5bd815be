"""A served app with a market, accounts of every role and a clock that a test turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

from api import Settings, create_app
from matcher.services.accounts import passwords
from matcher.store import Database, open_database
from tests.api.client import Client, serving
from tests.databases import filled_url
from tests.service import NOW, People, cheap_hasher, furnish, load_seeds, make_accounts


class TurnedClock:
    """A clock that stands still until it is turned."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the time of day."""
        return self.now

    def turn(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@dataclass(frozen=True, slots=True)
class World:
    """What a test of the service needs."""

    client: Client
    database: Database
    people: People
    clock: TurnedClock


@contextmanager
def world_on(
    kind: str, load: Callable[[Database], None] = load_seeds, **settings: Any
) -> Iterator[World]:
    """Serve a market from a new database of a kind, with passwords that are quickly checked."""
    filling = furnish if load is load_seeds else partial(_furnish_by, load)
    with (
        filled_url(kind, filling) as (url, people),
        patch.object(passwords, "_hasher", cheap_hasher),
    ):
        database = open_database(url)
        try:
            clock = TurnedClock()
            app = create_app(Settings(database_url=url, **settings), clock)
            with serving(app) as client:
                yield World(client, database, people, clock)
        finally:
            database.close()


def _furnish_by(load: Callable[[Database], None], database: Database) -> People:
    load(database)
    return make_accounts(database)
