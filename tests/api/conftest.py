from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from typing import Any

import pytest

import seeds
from api import Settings, create_app
from api.schemas.examples import PLAN_CREATE
from matcher.domain.actor import Role
from matcher.files import write_json
from matcher.store import open_database
from tests.api.client import Client, serving
from tests.databases import current_url
from tests.service import make_person
from tests.working import make_worker, shanghai_now, working


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Return an organiser's client of an app with small limits, at which a worker works."""
    limits = {"max_body_bytes": 1_000_000, "time_limit_max_seconds": 60, "max_queued": 500}
    with served(**limits) as found:
        yield found


@contextmanager
def served(is_working: bool = True, **settings: Any) -> Iterator[Client]:
    """Serve an empty market on SQLite to an organiser, with a worker or without."""
    with current_url("sqlite") as url, ExitStack() as stack:
        database = open_database(url)
        stack.callback(database.close)
        with database.writing() as session:
            who = make_person(session, "organiser", Role.ORGANISER, shanghai_now())
        app = create_app(Settings(database_url=url, **settings))
        if is_working:
            stack.enter_context(working(make_worker(database)))
        yield stack.enter_context(serving(app, headers=who.by_session))


@pytest.fixture
def body() -> dict[str, Any]:
    """Return a request for a plan of a small market, free to be changed."""
    return deepcopy(PLAN_CREATE)


@pytest.fixture(scope="session")
def seeds_body() -> dict[str, Any]:
    """Return a request for a plan of the seeds."""
    return {"as_of": seeds.SEED_DATE.isoformat(), "market": write_json(seeds.load())}
