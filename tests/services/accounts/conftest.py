from __future__ import annotations

from collections.abc import Iterator

import pytest

from matcher.services.accounts import passwords
from matcher.store import Database, open_database
from tests.databases import KINDS, current_url
from tests.service import cheap_hasher


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return an empty database with the newest schema, of each kind in turn."""
    with current_url(request.param) as url:
        found = open_database(url)
        yield found
        found.close()


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passwords be hashed without effort."""
    monkeypatch.setattr(passwords, "_hasher", cheap_hasher)
