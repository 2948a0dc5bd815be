from __future__ import annotations

import json
import logging

import pytest
from sqlalchemy.exc import IntegrityError

from api import Settings, create_app
from matcher.store import open_database
from tests.api.client import serving
from tests.api.logged import logged
from tests.databases import current_url
from tests.service import NOW, load_seeds, make_accounts

REQUEST = {
    "time", "level", "logger", "message", "request_id", "method", "route", "status", "ms", "role",
    "account_id",
}  # fmt: skip


@pytest.fixture
def log():
    """Return what is logged, all loggers put back afterwards."""
    with logged() as stream:
        yield stream


@pytest.fixture
def served():
    """Return a client and accounts."""
    with current_url("sqlite") as url:
        database = open_database(url)
        load_seeds(database)
        people = make_accounts(database)
        database.close()
        app = create_app(Settings(database_url=url), lambda: NOW)
        with serving(app) as client:
            yield client, people


def lines(log):
    """Return the lines of requests."""
    found = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in found if line["logger"] == "yinqi.requests"]


def test_each_request_is_one_line_with_nothing_personal(served, log):
    """The template instead of the path, the account's id instead of its name, no query."""
    client, people = served
    headers = {**people.bank.by_key, "X-Request-ID": "abc-1"}
    client.get("/accounts/canary-1?name=canary-2", headers=headers)
    client.get("/canary-3")
    first, second = lines(log)
    assert set(first) == set(second) == REQUEST
    assert (first["request_id"], first["method"], first["route"]) == (
        "abc-1",
        "GET",
        "/accounts/{account_id}",
    )
    assert (first["role"], first["account_id"]) == ("bank", str(people.bank.actor.account_id))
    assert first["time"].endswith("+08:00")
    assert first["ms"] >= 0
    assert (second["route"], second["status"], second["role"]) == ("-", 404, None)
    assert "canary" not in log.getvalue()


def test_a_bug_is_logged_by_its_class_and_places_without_its_message(served, log):
    """Messages of databases quote rows; the id of the request leads to the line."""
    client, _ = served

    def broken():
        raise IntegrityError("INSERT canary-1", {"name": "canary-2"}, ValueError("canary-3"))

    client.app.get("/broken")(broken)
    answer = client.get("/broken?canary-4")
    (line,) = lines(log)
    assert (line["status"], line["level"]) == (500, "error")
    assert line["request_id"] == answer.headers["x-request-id"]
    assert line["error"] == "sqlalchemy.exc.IntegrityError"
    assert any("broken" in place for place in line["places"])
    logging.getLogger("any").error("told", exc_info=ValueError("canary-5"))
    assert "canary" not in log.getvalue()


def test_uvicorn_prints_no_paths(log):
    """Its own line for each request would hold ids and what people typed."""
    logging.getLogger("uvicorn.access").info("GET /canary?canary HTTP/1.1")
    logging.getLogger("uvicorn.error").info("started")
    assert [json.loads(line)["message"] for line in log.getvalue().splitlines()] == ["started"]


def test_importing_the_api_sets_no_logging_up():
    """Whoever serves it decides where lines go."""
    assert not logging.getLogger("yinqi.requests").handlers
