"""Rounds over HTTP: planned, let out by two people, carried over; what was fixed by hand told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import select

import seeds
from matcher.store.tables import LeadRow, PlanRow
from tests.api.market import World, world
from tests.databases import KINDS
from tests.rounds import done_run
from tests.service import Person

DAY = seeds.SEED_DATE.isoformat()


@pytest.fixture(scope="module", params=KINDS)
def market(request: pytest.FixtureRequest) -> Iterator[World]:
    """Return a service over the seeds."""
    with world(request.param) as found:
        yield found


def _post(market: World, who: Person, path: str, body: Any = None, status: int = 200) -> Any:
    options = {} if body is None else {"json": body}
    answer = market.call(who, "POST", path, **options)
    assert answer.status_code == status, answer.text
    return answer.json()


def _open(market: World, **more: Any) -> dict[str, Any]:
    asked = {"name": "一轮", "as_of": DAY, **more}
    found: dict[str, Any] = _post(market, market.people.organiser, "/rounds", asked, 201)
    return found


def _drafted(market: World, round_id: str) -> str:
    """Return the path of a draft of the plan of the seeds."""
    who = market.people.organiser
    with market.database.writing() as session:
        run = done_run(session, who.actor.account_id)
    plan = _post(market, who, f"/rounds/{round_id}/plans", {"run_id": str(run.id)}, 201)
    return f"/rounds/{round_id}/plans/{plan['id']}"


def _published(market: World, round_id: str) -> str:
    path, who = _drafted(market, round_id), market.people.organiser
    _post(market, who, f"{path}/check")
    _post(market, who, f"{path}/propose")
    _post(market, market.people.admin, f"{path}/publish")
    return path


def _planned(market: World, round_id: str, **asked: Any) -> dict[str, Any]:
    """Return a run of the live market for a round that is done."""
    who = market.people.organiser
    body = {"method": "greedy", **asked}
    answer = market.call(who, "POST", f"/rounds/{round_id}/runs", json=body)
    assert answer.status_code == 202, answer.text
    market.work()
    run: dict[str, Any] = market.get(who, answer.headers["Location"]).json()
    assert run["status"] == "done", run
    return run


def test_a_plan_goes_out_by_two_people_and_its_seed_is_told(market: World) -> None:
    """The states and what each allows; the commitment from the first day, the seed when out."""
    opened, people = _open(market), market.people
    assert (opened["seed"], opened["seed_salt"]) == (None, None)
    path = _drafted(market, opened["id"])
    assert market.get(people.staff, path).json()["actions"] == ["check", "discard"]
    assert market.call(people.organiser, "POST", f"{path}/propose").status_code == 409
    assert _post(market, people.organiser, f"{path}/check")["state"] == "checked"
    assert _post(market, people.organiser, f"{path}/propose")["state"] == "proposed"
    assert market.call(people.organiser, "POST", f"{path}/publish").status_code == 403
    done = _post(market, people.admin, f"{path}/publish")
    assert (done["plan"]["state"], done["leads"]["cancelled"]) == ("published", 0)
    assert done["leads"]["new"] + done["leads"]["kept"] > 100
    shown = market.get(people.auditor, f"/rounds/{opened['id']}").json()
    told = f"{shown['seed']}:{shown['seed_salt']}".encode()
    assert hashlib.sha256(told).hexdigest() == opened["seed_commitment"]
    assert shown["live_plan_id"] == done["plan"]["id"]


def test_undo_takes_the_leads_back_and_the_plan_before_returns(market: World) -> None:
    """Without one before, none is live."""
    opened = _open(market)
    first, second = (_published(market, opened["id"]) for _ in range(2))
    who = market.people.organiser
    assert market.get(who, first).json()["state"] == "superseded"
    assert _post(market, who, f"{second}/undo")["plan"]["id"] in first
    assert market.get(who, second).json()["state"] == "checked"
    _post(market, who, f"{first}/undo")
    assert market.get(who, f"/rounds/{opened['id']}").json()["live_plan_id"] is None
    listed = market.items(who, f"/rounds/{opened['id']}/plans")
    assert [one["number"] for one in listed] == [2, 1]


def test_a_plan_is_found_in_its_round_alone(market: World) -> None:
    """Under another round it is not there, to be read or to be moved."""
    opened, other = _open(market), _open(market)
    path = _drafted(market, opened["id"]).replace(opened["id"], other["id"])
    assert market.get(market.people.organiser, path).status_code == 404
    assert market.call(market.people.organiser, "POST", f"{path}/check").status_code == 404


def test_a_plan_that_was_tampered_with_is_refused_with_what_is_wrong(market: World) -> None:
    """409 names the findings of the checker, and the plan stays a draft."""
    from matcher.store import blobs
    from tests.rounds import seed_plan
    from tests.service import NOW

    path = _drafted(market, _open(market)["id"])
    document = json.loads(seed_plan()[0])
    document["matches"][0]["score"] += 0.1
    with market.database.writing() as session:
        row = session.scalars(select(PlanRow).where(PlanRow.id == _uuid(path))).one()
        spoilt = json.dumps(document).encode()
        row.plan_sha256 = blobs.keep(session, spoilt, "application/json", NOW)
        session.add(row)
    answer = market.call(market.people.organiser, "POST", f"{path}/check")
    assert answer.status_code == 409
    assert answer.json()["num_faults"] >= 1
    assert market.get(market.people.organiser, path).json()["state"] == "draft"


def test_an_override_needs_a_reason_and_tells_its_price(market: World) -> None:
    """What it cost is the objective without it less that with it; it stands with the plan."""
    opened, who = _open(market), market.people.organiser
    free = _planned(market, opened["id"])
    document = market.get(who, free["links"]["document"]).json()
    best = max(document["matches"], key=lambda match: match["score"])
    pair = {"need": best["need"], "product": best["product"], "kind": "ban"}
    path = f"/rounds/{opened['id']}/runs"
    for wrong in ({**pair, "reason": " "}, pair, {**pair, "reason": "r", "need": "nobody"}):
        asked = {"overrides": [wrong]}
        assert market.call(who, "POST", path, json=asked).status_code == 422
    override = {**pair, "reason": "企业要求回避"}
    run = _planned(market, opened["id"], overrides=[override])
    said = run["summary"]["round"]
    assert said["objective_without_overrides"] == free["summary"]["objective"]
    price = free["summary"]["objective"] - run["summary"]["objective"]
    assert said["overrides_cost"] == pytest.approx(price, abs=1e-6)
    made = market.get(who, run["links"]["document"]).json()["matches"]
    assert (best["need"], best["product"]) not in {(m["need"], m["product"]) for m in made}
    body = {"run_id": run["id"]}
    plan = _post(market, who, f"/rounds/{opened['id']}/plans", body, 201)
    assert plan["overrides"] == {"items": [override], "cost": said["overrides_cost"]}


def test_a_replay_gives_the_same_bytes(market: World) -> None:
    """From the snapshot alone, whatever has become of the live market."""
    opened, people = _open(market), market.people
    run = _planned(market, opened["id"])
    place = f"/rounds/{opened['id']}/plans"
    path = f"{place}/{_post(market, people.organiser, place, {'run_id': run['id']}, 201)['id']}"
    answer = market.call(people.staff, "POST", f"{path}/replay")
    assert answer.status_code == 202
    market.work()
    found = market.get(people.staff, answer.headers["Location"]).json()
    assert (found["status"], found["summary"]["is_equal"]) == ("done", True)
    document = market.get(people.staff, f"{path}/document")
    assert found["summary"]["sha256"] == hashlib.sha256(document.content).hexdigest()
    tag = {"If-None-Match": document.headers["ETag"]}
    assert market.get(people.staff, f"{path}/document", headers=tag).status_code == 304


def test_the_next_round_keeps_what_was_accepted_and_asks_no_bank_twice(market: World) -> None:
    """The accepted pair is pinned in the plan that follows; it is no second lead."""
    opened, people = _open(market), market.people
    _published(market, opened["id"])
    lead = market.get(people.bank, "/leads?limit=1").json()["items"][0]
    headers = {"If-Match": "*"}
    accepted = market.call(
        people.bank, "POST", f"/leads/{lead['id']}/accept", json={}, headers=headers
    )
    assert accepted.status_code == 200
    side = market.get(people.organiser, f"/leads/{lead['id']}").json()["office"]
    following = _open(market)
    run = _planned(market, following["id"], follows=lead["round_id"])
    assert run["summary"]["round"]["kept"] > 0
    matches = market.get(people.organiser, run["links"]["document"]).json()["matches"]
    pair = (side["need"]["key"], lead["product"]["key"])
    assert [m["pinned"] for m in matches if (m["need"], m["product"]) == pair] == [True]
    place = f"/rounds/{following['id']}/plans"
    path = f"{place}/{_post(market, people.organiser, place, {'run_id': run['id']}, 201)['id']}"
    _post(market, people.organiser, f"{path}/check")
    _post(market, people.organiser, f"{path}/propose")
    _post(market, people.admin, f"{path}/publish")
    with market.database.reading() as session:
        row = session.get_one(LeadRow, _uuid(lead["id"]))
        again = select(LeadRow).where(
            LeadRow.need_id == row.need_id,
            LeadRow.product_id == row.product_id,
            LeadRow.is_alive,
        )
        assert [one.id for one in session.scalars(again)] == [row.id]


def test_a_declared_conflict_keeps_the_two_apart(market: World) -> None:
    """A bank declares it by its lead: the lead is taken back, and no plan proposes the pair."""
    opened, people = _open(market), market.people
    _published(market, opened["id"])
    lead = market.get(people.bank, "/leads?status=proposed&limit=1").json()["items"][0]
    side = market.get(people.organiser, f"/leads/{lead['id']}").json()["office"]
    asked = {"lead_id": lead["id"], "reason": "股东关联"}
    made = _post(market, people.bank, "/conflicts", asked, 201)
    assert made["enterprise"] is None
    assert market.get(people.bank, f"/leads/{lead['id']}").json()["status"] == "cancelled"
    again = {
        "institution_id": side["institution"]["id"],
        "enterprise_id": side["enterprise"]["id"],
        "reason": "r",
    }
    assert market.call(people.organiser, "POST", "/conflicts", json=again).status_code == 409
    run = _planned(market, _open(market)["id"])
    document = market.get(people.organiser, run["links"]["document"]).json()
    both = (side["enterprise"]["key"], side["institution"]["key"])
    assert both not in {(m["enterprise"], m["institution"]) for m in document["matches"]}
    assert market.get(people.other_bank, "/conflicts").json()["items"] == []
    path = f"/conflicts/{made['id']}"
    assert market.call(people.bank, "DELETE", path).status_code == 403
    assert market.call(people.organiser, "DELETE", path).status_code == 204


def _uuid(path: str) -> Any:
    from uuid import UUID

    return UUID(path.rpartition("/")[2])
