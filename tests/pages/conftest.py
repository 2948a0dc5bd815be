from __future__ import annotations

from collections.abc import Iterator

import pytest

from api import Settings, create_app
from matcher.store import Database, open_database
from tests.api.client import Client, serving
from tests.databases import current_url
from tests.handing_in import handed_in
from tests.imports import previewed
from tests.meetings import published_event
from tests.rounds import new_round, published_plan
from tests.service import NOW, People, load_seeds, make_accounts


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """Return a database with the seeds."""
    with current_url("sqlite") as url:
        found = open_database(url)
        load_seeds(found)
        yield found
        found.close()


@pytest.fixture(scope="module")
def people(database: Database) -> People:
    """Return accounts of every role; a plan of a round is out, so that there are leads."""
    found = make_accounts(database)
    published_plan(database, found, new_round(database, found).id)
    handed_in(database, found.firm.actor)
    previewed(database, found)
    published_event(database, found)
    return found


@pytest.fixture(scope="module")
def client(database: Database, people: People) -> Iterator[Client]:
    """Return a client of an app on that database."""
    url = database.engine.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, requests_per_minute=100_000)
    with serving(create_app(settings, clock=lambda: NOW)) as found:
        yield found
