from __future__ import annotations

from datetime import timedelta

import pytest

from api import Settings, create_app
from matcher.store import open_database
from matcher.store.tables import RunRow
from tests.api.client import serving
from tests.api.test_problems import is_problem
from tests.databases import KINDS, current_url, empty_url
from tests.service import NOW, load_seeds, make_accounts


def served(url, clock=lambda: NOW, **settings):
    """Serve an app on a database."""
    return serving(create_app(Settings(database_url=url, **settings), clock))


def missing(answer):
    """Return what a refusal names, in English."""
    return [fault["message"]["en"] for fault in answer.json()["faults"]]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_ready_unless_runs_wait_that_nobody_takes_up(kind):
    """A queue that stands is named; one that moves, or that is empty, is not."""
    now = NOW
    with current_url(kind) as url, served(url, lambda: now) as client:
        database = client.app.state.database

        def ready():
            answers = [client.get(path) for path in ("/healthz", "/healthz/ready")]
            assert len({answer.status_code for answer in answers}) == 1
            assert client.get("/healthz/live").json()["live"] is True
            return answers[0].status_code == 200

        assert ready()
        load_seeds(database)
        account = make_accounts(database).organiser.actor.account_id
        waiting = RunRow(
            kind="plan", state="queued", number=1, account_id=account, request="{}", created_at=NOW
        )
        with database.writing() as session:
            session.add(waiting)
        assert ready()
        now = NOW + timedelta(minutes=1)
        assert not ready()
        refused = is_problem(answer := client.get("/healthz/ready"), 503)
        assert refused["type"] == "urn:yinqi:problem:not-ready"
        assert missing(answer) == ["runs wait and no worker takes them up"]
        lease = now + timedelta(seconds=3)
        at_work = RunRow(
            kind="plan", state="running", number=2, account_id=account, request="{}",
            created_at=NOW, worker="w", lease_until=lease,
        )  # fmt: skip
        with database.writing() as session:
            session.add(at_work)
        assert ready()
        now += timedelta(minutes=1)
        assert not ready()


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_without_the_schema_is_not_ready(kind):
    """It is alive, and says what is missing."""
    with empty_url(kind) as url:
        app = create_app(Settings(database_url=url), lambda: NOW)
        app.state.database = open_database(url)
        with serving(app, lifespan=False) as client:
            answer = client.get("/healthz/ready")
            is_problem(answer, 503)
            assert missing(answer) == ["the schema of the database is not that of the program"]
            assert client.get("/healthz/live").status_code == 200
        app.state.database.close()


def test_a_database_that_is_gone_is_told_and_nothing_of_where_it_was():
    """The problem names no host, no user and no password."""
    url = "postgresql://somebody:secret@127.0.0.1:1/nowhere"
    app = create_app(Settings(database_url=url), lambda: NOW)
    app.state.database = open_database(url)
    with serving(app, lifespan=False) as client:
        answer = client.get("/healthz/ready")
        is_problem(answer, 503)
        assert missing(answer) == ["the database does not answer"]
        told = client.get("/me", headers={"Cookie": "yinqi_session=x", "Accept-Language": "en"})
        assert is_problem(told, 503)["type"] == "urn:yinqi:problem:unavailable"
        assert int(told.headers["retry-after"]) > 0
    for text in (answer.text, told.text):
        assert not {"secret", "somebody", "127.0.0.1"} & set(text.replace('"', " ").split())
        assert "secret" not in text
    app.state.database.close()
