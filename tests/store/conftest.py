from __future__ import annotations

from collections.abc import Iterator

import pytest

from matcher.store import Database, open_database
from tests.databases import KINDS, current_url, empty_url


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return an empty database with the newest schema, of each kind in turn."""
    with current_url(request.param) as url:
        found = open_database(url)
        yield found
        found.close()


@pytest.fixture(params=KINDS)
def bare_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return a database without a table, of each kind in turn."""
    with empty_url(request.param) as url:
        found = open_database(url)
        yield found
        found.close()
