"""What-ifs over the API: asked of the live market or of a plan, answered by a worker."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlmodel import col, select

from matcher.store.tables import METADATA, RunRow
from tests.api.world import world_on
from tests.databases import KINDS
from tests.working import make_worker

HALVED = {
    "name": "half",
    "changes": [
        {"kind": "scale", "table": "institutions", "all": True, "fields": ["leads"], "factor": 0.5}
    ],
}
GREEDY = {"method": "greedy"}


@pytest.fixture(scope="module")
def world():
    """Return a served market on SQLite, with people."""
    with world_on("sqlite", max_queued=100) as found:
        yield found


def ask(world, who, path="/scenarios", **body):
    """Ask for something with a body."""
    headers = {**who.by_session, "Content-Type": "application/json"}
    return world.client.request("POST", path, content=json.dumps(body), headers=headers)


def worked(world, who, path):
    """Let a worker work, and return a run."""
    make_worker(world.database, clock=world.clock).work(once=True)
    return world.client.get(path, headers=who.by_session).json()


def live_tables(database):
    """Return a hash over every table but that of runs and of what they hold."""
    found = hashlib.sha256()
    with database.engine.connect() as connection:
        for table in METADATA.sorted_tables:
            if table.name not in ("run", "blob"):
                for row in connection.execute(select(table).order_by(*table.primary_key)):
                    found.update(repr(tuple(row)).encode())
    return found.hexdigest()


@pytest.mark.parametrize("kind", KINDS)
def test_a_scenario_on_the_live_market_is_answered_and_writes_nothing(kind):
    """The comparison has both sides; no row but the run's own is another than before."""
    with world_on(kind) as world:
        who = world.people.staff
        before = live_tables(world.database)
        answer = ask(world, who, scenario=HALVED, solving=GREEDY)
        assert answer.status_code == 202, answer.text
        path = answer.headers["Location"]
        assert answer.json()["links"] == {"self": path, "comparison": None, "baseline": None}
        run = worked(world, who, path)
        assert run["status"] == "done", run["problem"]
        assert (run["name"], run["scenario"]) == ("half", HALVED)
        assert (run["summary"]["num_changes"], run["summary"]["answers"]) == (1, ["comparison"])
        found = world.client.get(run["links"]["comparison"], headers=who.by_session)
        document = found.json()
        totals = document["comparison"]["totals"]
        assert totals["before"] != totals["after"]
        assert document["scenario"]["sha256"]
        assert live_tables(world.database) == before
        tag = {"If-None-Match": found.headers["etag"], **who.by_session}
        assert world.client.get(run["links"]["comparison"], headers=tag).status_code == 304


def test_a_scenario_on_a_plan_compares_with_that_very_plan(world):
    """Its figures before are those of the plan's document, though the live market moved on."""
    who, client = world.people.organiser, world.client
    plan = ask(world, who, "/plans", solving=GREEDY).headers["Location"]
    early = ask(world, who, baseline=plan.rpartition("/")[2], scenario=HALVED)
    assert (early.status_code, early.json()["type"]) == (409, "urn:yinqi:problem:not-done")
    done = worked(world, who, plan)
    answer = ask(world, who, baseline=done["id"], scenario=HALVED, ask={"advice": 1})
    assert answer.json()["links"]["baseline"] == plan
    run = worked(world, who, answer.headers["Location"])
    assert run["status"] == "done", run["problem"]
    document = client.get(run["links"]["comparison"], headers=who.by_session).json()
    assert document["comparison"]["score"]["before"] == pytest.approx(
        client.get(done["links"]["document"], headers=who.by_session).json()["score"]
    )
    assert run["summary"]["answers"] == ["comparison", "advice"]


def test_faults_of_a_scenario_are_told_by_its_run(world):
    """Every one of them, with the change that it stands in."""
    who = world.people.staff
    changes = [{"kind": "set", "table": "pools", "id": "nowhere", "values": {}}, {"kind": "magic"}]
    answer = ask(world, who, scenario={"name": "bad", "changes": changes})
    run = worked(world, who, answer.headers["Location"])
    assert (run["status"], run["summary"]) == ("failed", None)
    assert run["problem"]["num_faults"] >= 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "scenario"),
        ({"scenario": 3}, "scenario"),
        ({"scenario": HALVED, "colour": 1}, "colour"),
        ({"scenario": HALVED, "ask": {"advice": -1}}, "ask.advice"),
        ({"scenario": HALVED, "baseline": "x"}, "baseline"),
        ({"scenario": HALVED, "baseline": "00000000-0000-4000-8000-000000000000"}, "baseline"),
        (
            {"scenario": HALVED, "solving": {"time_limit_seconds": 1e9}},
            "solving.time_limit_seconds",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(world, body, field):
    """Nothing is queued, and the fault names the field."""
    answer = ask(world, world.people.staff, **body)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["faults"]] == [field]


def test_staff_see_their_own_and_the_organiser_all(world):
    """A foreign what-if is answered as one that is not there."""
    people, client = world.people, world.client
    own = ask(world, people.staff, scenario=HALVED).json()["id"]
    foreign = ask(world, people.admin, scenario=HALVED).json()["id"]
    seen = {
        name: {
            run["id"]
            for run in client.get("/scenarios?limit=100", headers=who.by_session).json()["items"]
        }
        for name, who in (("staff", people.staff), ("auditor", people.auditor))
    }
    assert own in seen["staff"]
    assert foreign not in seen["staff"]
    assert {own, foreign} <= seen["auditor"]
    for path in (f"/scenarios/{foreign}", f"/scenarios/{foreign}/comparison", f"/plans/{own}"):
        assert client.get(path, headers=people.staff.by_session).status_code == 404
    assert (
        client.delete(f"/scenarios/{foreign}", headers=people.staff.by_session).status_code == 404
    )
    for run_id in (own, foreign):
        path = f"/scenarios/{run_id}"
        assert client.delete(path, headers=people.organiser.by_session).status_code == 204
        assert client.get(path, headers=people.organiser.by_session).json()["status"] == "cancelled"


def test_numbers_of_a_scenario_come_through_as_they_were_written(world):
    """A factor of 0.1 is a tenth, not a float near it; the row holds what was asked."""
    asked = {"name": "tenth", "changes": [{**HALVED["changes"][0], "factor": 0.1}]}
    run_id = ask(world, world.people.staff, scenario=asked).json()["id"]
    with world.database.reading() as session:
        kept = session.scalars(select(RunRow.request).where(col(RunRow.number) > 0)).all()[-1]
    assert json.loads(kept)["scenario"] == asked
    client, who = world.client, world.people.staff
    assert client.get(f"/scenarios/{run_id}", headers=who.by_session).json()["scenario"] == asked
