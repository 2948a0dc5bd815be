from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest

from matcher.domain.actor import Role
from matcher.store import Database, open_database
from matcher.store.tables import AccountRow
from matcher.store.types import SHANGHAI
from tests.databases import KINDS, current_url

NOW = datetime(2027, 6, 18, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return an empty database with the newest schema, of each kind in turn."""
    with current_url(request.param) as url:
        found = open_database(url)
        yield found
        found.close()


@pytest.fixture
def account_id(database: Database) -> UUID:
    """Return the id of an organiser."""
    return make_account(database)


def make_account(database: Database, login: str = "organiser") -> UUID:
    """Make an organiser."""
    row = AccountRow(login=login, name="组织方", role=Role.ORGANISER.value, created_at=NOW)
    with database.writing() as session:
        session.add(row)
    return row.id
