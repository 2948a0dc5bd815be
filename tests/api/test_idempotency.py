"""A POST that is sent again has one effect, and the same answer is given again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import func, select

from api import Settings, create_app
from api.access import api_routes
from api.routing import Route
from matcher.services import replay
from matcher.store import Database, open_database
from matcher.store.tables import ApiKeyRow, IdempotencyRow
from tests.api.client import Client, serving
from tests.databases import KINDS, current_url
from tests.service import NOW, People, load_seeds, make_accounts

WITHOUT_EFFECT = {"/login", "/logout", "/logout/everywhere"}
"""POSTs of nobody, or that have no effect when they are sent again."""


@pytest.fixture(scope="module", params=KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return a database with the seeds and accounts."""
    with current_url(request.param) as url:
        found = open_database(url)
        load_seeds(found)
        yield found
        found.close()


@pytest.fixture(scope="module")
def people(database: Database) -> People:
    """Return accounts of every role."""
    return make_accounts(database)


@pytest.fixture(scope="module")
def client(database: Database, people: People) -> Iterator[Client]:
    """Return a client of an app on that database."""
    url = database.engine.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, requests_per_minute=100_000)
    with serving(create_app(settings, clock=lambda: NOW)) as found:
        yield found


def _plan(client: Client, person: Any, key: str, **options: Any) -> httpx.Response:
    headers = {**person.by_session, "Idempotency-Key": key, "Content-Type": "application/json"}
    content = json.dumps(options.get("body", {})).encode()
    return client.request("POST", "/plans", content=content, headers=headers)


def _num_runs(client: Client, person: Any) -> int:
    found, cursor = 0, None
    while True:
        params = {"limit": "100"} | ({"cursor": cursor} if cursor else {})
        page = client.get("/plans", params=params, headers=person.by_session).json()
        found += len(page["items"])
        cursor = page["next"]
        if cursor is None:
            return found


def test_sent_twice_is_done_once(client: Client, people: People) -> None:
    """The same status, body and Location; the second says that it is a replay."""
    before = _num_runs(client, people.organiser)
    first = _plan(client, people.organiser, "twice")
    again = _plan(client, people.organiser, "twice")
    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()
    assert first.headers["Location"] == again.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert _num_runs(client, people.organiser) == before + 1


def test_twenty_at_once_are_done_once(client: Client, people: People) -> None:
    """Whoever comes at the same time waits and gets the one answer."""
    before = _num_runs(client, people.organiser)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: _plan(client, people.organiser, "at-once"), range(20)))
    assert {a.status_code for a in answers} == {202}
    assert len({a.headers["Location"] for a in answers}) == 1
    assert sum("Idempotency-Replayed" not in a.headers for a in answers) == 1
    assert _num_runs(client, people.organiser) == before + 1


def test_another_body_under_the_same_key_is_refused(client: Client, people: People) -> None:
    """422, and nothing is done."""
    assert _plan(client, people.organiser, "changed").status_code == 202
    before = _num_runs(client, people.organiser)
    changed = _plan(client, people.organiser, "changed", body={"solving": {"seed": 7}})
    assert changed.status_code == 422
    assert changed.json()["faults"][0]["field"] == "Idempotency-Key"
    assert _num_runs(client, people.organiser) == before


def test_another_account_with_the_same_key_is_another_request(
    client: Client, people: People
) -> None:
    """A key belongs to its account: the other gets an answer of its own, never this one's."""
    mine = _plan(client, people.organiser, "shared")
    theirs = _plan(client, people.staff, "shared")
    assert theirs.status_code == 202
    assert theirs.headers["Location"] != mine.headers["Location"]


def test_an_error_is_not_kept(client: Client, people: People) -> None:
    """What was refused did nothing; the same key may be tried again, and is refused again."""
    wrong = {"solving": {"seed": -1}}
    first = _plan(client, people.organiser, "refused", body=wrong)
    assert first.status_code == 422
    assert (
        "Idempotency-Replayed" not in _plan(client, people.organiser, "refused", body=wrong).headers
    )
    assert _plan(client, people.organiser, "refused").status_code == 202


def test_a_secret_is_never_kept(client: Client, database: Database, people: People) -> None:
    """A key that was made once is not shown again: 409, one key, and no secret in the table."""
    headers = {**people.bank.by_session, "Idempotency-Key": "my-key"}
    body = {"name": "erp", "scopes": ["products:read"]}
    first = client.request("POST", "/api-keys", json=body, headers=headers)
    assert first.status_code == 201, first.text
    again = client.request("POST", "/api-keys", json=body, headers=headers)
    assert again.status_code == 409
    with database.reading() as session:
        made = select(func.count()).where(ApiKeyRow.name == "erp")
        assert session.scalars(made).one() == 1
        rows = session.scalars(select(IdempotencyRow)).all()
        assert first.json()["token"] not in "".join(f"{row.body}{row.headers}" for row in rows)


@pytest.mark.parametrize("key", ["", " ", "a b", "ü".encode("latin-1"), "x" * 256])
def test_what_is_no_key_is_refused(client: Client, people: People, key: Any) -> None:
    """1 to 255 visible ASCII characters; anything else is 422 and nothing is done."""
    headers = {**people.organiser.by_session, "Idempotency-Key": key}
    headers["Content-Type"] = "application/json"
    answer = client.request("POST", "/plans", content=b"{}", headers=headers)
    assert answer.status_code == 422


def test_an_effect_that_is_taken_back_leaves_no_answer(database: Database, people: People) -> None:
    """A crash between the effect and its commit: the next try does the work."""
    wanted = replay.Claim("crash", "0" * 64)
    account = people.organiser.actor.account_id

    def broken() -> None:
        with database.writing() as session:
            replay.take(session, account, wanted, NOW)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        broken()
    with database.writing() as session:
        assert not isinstance(replay.take(session, account, wanted, NOW), replay.Kept)
        session.rollback()


def test_after_a_day_a_key_is_new_again(database: Database, people: People) -> None:
    """Answers are kept for 24 hours."""
    account, wanted = people.admin.actor.account_id, replay.Claim("old", "1" * 64)
    with database.writing() as session:
        row = replay.take(session, account, wanted, NOW - replay.KEPT_FOR * 2)
        assert not isinstance(row, replay.Kept)
        replay.keep(session, row, replay.Kept(202, {}, "{}"))
    with database.writing() as session:
        assert not isinstance(replay.take(session, account, wanted, NOW), replay.Kept)
        session.rollback()


def test_every_post_with_an_effect_can_be_replayed() -> None:
    """Each POST route keeps its answer, and has the session that claims its key."""
    app: FastAPI = create_app(Settings())
    routes = [route for route in api_routes(app) if "POST" in route.methods]
    assert len(routes) > 5
    for route in routes:
        if route.path in WITHOUT_EFFECT or route.path.startswith("/ui/"):
            continue  # a page's form is answered with a redirect, which nobody sends again
        assert isinstance(route, Route), route.path
        names = {d.call.__name__ for d in _all_dependencies(route.dependant) if d.call}
        assert "writing" in names, route.path


def _all_dependencies(dependant: Any) -> Iterator[Any]:
    for one in dependant.dependencies:
        yield one
        yield from _all_dependencies(one)
