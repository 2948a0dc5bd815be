from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from api import Settings, create_app
from matcher.store import Database, open_database
from tests.browser.browsing import chromium, served
from tests.databases import current_url
from tests.handing_in import handed_in
from tests.imports import previewed
from tests.meetings import published_event
from tests.rounds import new_round, published_plan
from tests.service import NOW, People, load_seeds, make_accounts


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium, without a window."""
    path = chromium()
    with sync_playwright() as playwright:
        # As root, where CI runs, there is no sandbox to be had.
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """Return a database with the seeds, of which a module's stories are told."""
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
def address(database: Database, people: People) -> Iterator[str]:
    """Return where the app is served; its clock stands still."""
    url = database.engine.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, requests_per_minute=100_000)
    with served(create_app(settings, clock=lambda: NOW)) as found:
        yield found
