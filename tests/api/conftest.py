from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

import seeds
from api import Settings, create_app
from api.schemas.examples import PLAN_CREATE
from matcher.files import write_json
from tests.api.client import Client, serving


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Return a client of an app with small limits."""
    settings = Settings(max_body_bytes=1_000_000, max_kept=500, time_limit_max_seconds=60)
    with serving(create_app(settings)) as found:
        yield found


@pytest.fixture
def body() -> dict[str, Any]:
    """Return a request for a plan of a small market, free to be changed."""
    return deepcopy(PLAN_CREATE)


@pytest.fixture(scope="session")
def seeds_body() -> dict[str, Any]:
    """Return a request for a plan of the seeds."""
    return {"as_of": seeds.SEED_DATE.isoformat(), "market": write_json(seeds.load())}
