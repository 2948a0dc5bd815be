from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api import Settings, create_app
from matcher.store import open_database
from matcher.store.tables import RunRow
from tests.api.client import serving
from tests.api.test_problems import is_problem
from tests.databases import current_url
from tests.service import NOW, load_seeds, make_accounts

TOKEN = "a long token of the monitor"


@pytest.fixture(scope="module")
def people_and_url():
    """Return accounts and the database that they are in."""
    with current_url("sqlite") as url:
        database = open_database(url)
        load_seeds(database)
        people = make_accounts(database)
        with database.writing() as session:
            for number, state in enumerate(["queued", "queued", "done"]):
                session.add(
                    RunRow(
                        kind="plan",
                        state=state,
                        number=number,
                        account_id=people.organiser.actor.account_id,
                        request="{}",
                        created_at=NOW,
                    )
                )
        database.close()
        yield people, url


def served(url, **settings):
    """Serve an app on a database."""
    return serving(create_app(Settings(database_url=url, **settings), lambda: NOW))


def samples(text):
    """Return every sample by its name and labels."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_are_counted_by_the_template_of_their_route(people_and_url):
    """No id, no query and no word of a stranger becomes a label."""
    people, url = people_and_url
    with served(url) as client:
        for path in ("/plans/canary-1", "/plans/canary-2?q=canary-3", "/canary-4"):
            client.get(path, headers=people.organiser.by_session)
        client.request("CANARY", "/healthz/live")
        answer = client.get("/metrics")
        found = samples(answer.text)
    assert answer.headers["content-type"].startswith("text/plain")
    assert "canary" not in answer.text.lower()

    def count(method, route, status):
        labels = {"method": method, "route": route, "status": status}
        return found.get(("yinqi_requests_total", *sorted(labels.items())))

    assert count("GET", "/plans/{plan_id}", "404") == 2
    assert count("GET", "-", "404") == 1
    assert count("other", "/healthz/live", "405") == 1
    timed = ("yinqi_request_seconds_count", ("method", "GET"), ("route", "/plans/{plan_id}"))
    assert found[timed] == 2


def test_runs_are_counted_by_state_and_the_queue_by_length(people_and_url):
    """The figures come from the store, so that every process tells the same."""
    _, url = people_and_url
    with served(url) as client:
        found = samples(client.get("/metrics").text)
    assert found["yinqi_runs", ("kind", "plan"), ("state", "queued")] == 2
    assert found["yinqi_runs", ("kind", "plan"), ("state", "done")] == 1
    assert found[("yinqi_queue_length",)] == 2


def test_two_apps_in_one_process_count_apart(people_and_url):
    """No registry is shared, so that nothing is registered twice."""
    _, url = people_and_url
    with served(url) as one, served(url) as other:
        one.get("/healthz/live")
        assert "/healthz/live" in one.get("/metrics").text
        assert "/healthz/live" not in other.get("/metrics").text


def test_only_monitors_read_them(people_and_url):
    """The machine itself but not for others, the token, auditors and administrators."""
    people, url = people_and_url
    with served(url, metrics_token=TOKEN) as client:
        assert client.get("/metrics").status_code == 200
        for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
            is_problem(client.get("/metrics", headers={name: "203.0.113.9"}), 401)
    with served(url, metrics_token=TOKEN, metrics_on_loopback=False) as client:
        is_problem(client.get("/metrics"), 401)
        for shown in (f"Bearer {TOKEN}x", "Bearer ", "Bearer é", TOKEN):
            is_problem(client.get("/metrics", headers={"Authorization": shown.encode()}), 401)
        right = {"Authorization": f"Bearer {TOKEN}"}
        assert client.get("/metrics", headers=right).status_code == 200
        for name, person in people:
            expected = {"admin": 200, "auditor": 200, "gone": 401}.get(name, 403)
            answer = client.get("/metrics", headers=person.by_session)
            assert answer.status_code == expected, name


def test_without_a_token_an_empty_one_opens_nothing(people_and_url):
    """The default of the setting is no password."""
    _, url = people_and_url
    with served(url, metrics_on_loopback=False) as client:
        for shown in ("", "Bearer", "Bearer "):
            is_problem(client.get("/metrics", headers={"Authorization": shown}), 401)
