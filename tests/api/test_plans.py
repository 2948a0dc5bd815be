from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

import pytest

import seeds
from matcher.files.plan_json import digest_of, plan_bytes
from matcher.services.records import market_bytes_of
from matcher.verify.plan_file import verify_plan
from tests.api.conftest import served
from tests.api.world import world_on
from tests.databases import KINDS
from tests.working import make_worker

UNKNOWN = "/plans/00000000-0000-4000-8000-000000000000"


def test_a_plan_is_queued_made_and_fetched(client, body):
    """POST answers 202 with a link, and the plan appears there with a sound digest."""
    answer = client.post(body)
    assert answer.status_code == 202
    run = answer.json()
    assert UUID(run["id"]).version == 4
    assert run["status"] == "queued"
    path = f"/plans/{run['id']}"
    of_request = {"self": path, "document": None, "market": f"{path}/market", "leads": None}
    assert run["links"] == of_request
    assert answer.headers["location"] == path

    done = client.finished(run["links"]["self"])
    assert done["status"] == "done"
    assert done["problem"] is None
    plan = client.get(done["links"]["document"]).json()
    assert plan["digest"] == digest_of(plan)
    matched = {(m["need"], m["product"]) for m in plan["matches"]}
    assert matched == {("need-1", "a-credit"), ("need-1", "b-credit")}


def test_the_seeds_are_planned_and_every_bank_finds_its_leads(client, seeds_body):
    """The leads of all institutions together are the matches of the plan, each exactly once."""
    done = client.planned(seeds_body)
    assert done["status"] == "done"
    plan = done["plan"]
    found = []
    for institution in plan["problem"]["institutions"]:
        asked = {"institution": institution["id"], "limit": 100}
        leads = client.get(done["links"]["leads"], params=asked).json()
        assert leads["total"] == len(leads["items"])
        found += [(lead["need_id"], lead["product_id"], lead["score"]) for lead in leads["items"]]
    matches = [(m["need"], m["product"], m["score"]) for m in plan["matches"]]
    assert sorted(found) == sorted(matches)
    assert len(matches) > 50


def test_times_are_those_of_shanghai(client, body):
    """Times of the run carry their offset and follow each other."""
    run = client.planned(body)
    times = [
        datetime.fromisoformat(run[f"{name}_at"]) for name in ("created", "started", "finished")
    ]
    assert times == sorted(times)
    assert all(time.isoformat().endswith("+08:00") for time in times)


def test_the_same_request_gives_the_same_digest(client, body):
    """No clock and no id of the run gets into the plan."""
    assert client.planned(body)["plan"]["digest"] == client.planned(body)["plan"]["digest"]


def test_the_document_is_the_file_byte_for_byte_and_its_tag_the_digest(client, body):
    """What the command line would write; a plan that the client has already is not sent again."""
    run = client.planned(body)
    path, tag = run["links"]["document"], f'"{run["plan"]["digest"]}"'
    answer = client.get(path)
    assert answer.headers["etag"] == tag
    assert answer.headers["content-type"] == "application/json"
    assert answer.content == plan_bytes(run["plan"])
    assert run["summary"]["digest"] == run["plan"]["digest"]
    assert run["summary"]["counts"] == run["plan"]["counts"]
    for asked in (tag, f'"other", W/{tag}', "*"):
        again = client.get(path, headers={"If-None-Match": asked})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_market_of_a_plan_checks_it(client, body, tmp_path):
    """The independent checker finds the plan sound for the market that is given out with it."""
    run = client.planned(body)
    market = client.get(run["links"]["market"])
    assert hashlib.sha256(market.content).hexdigest() == run["plan"]["input"]["market_sha256"]
    assert market.headers["etag"] == f'"{run["summary"]["market_sha256"]}"'
    assert client.get(run["links"]["market"], headers={"If-None-Match": "*"}).status_code == 304
    (tmp_path / "market.json").write_bytes(market.content)
    document = client.get(run["links"]["document"]).content
    assert list(verify_plan(document, [tmp_path / "market.json"])) == []


def test_pins_and_bans_are_kept(client, body):
    """A pinned pair is in the plan and marked, a banned one is not."""
    body["pins"] = [{"need_id": "need-1", "product_id": "a-slow"}]
    body["bans"] = [{"need_id": "need-1", "product_id": "b-credit"}]
    matches = client.planned(body)["plan"]["matches"]
    assert [(m["product"], m["pinned"]) for m in matches] == [("a-slow", True)]


def test_a_pin_that_is_not_eligible_fails_the_run_with_a_problem(client, body):
    """What only scoring can tell is told by the run."""
    body["market"]["products"][0]["criteria"] = ["region in 11"]
    body["pins"] = [{"need_id": "need-1", "product_id": "a-credit"}]
    run = client.planned(body)
    assert run["status"] == "failed"
    assert run["plan"] is None
    assert run["problem"]["type"] == "urn:yinqi:problem:invalid-input"
    assert run["problem"]["faults"][0]["field"] == "pins"


def test_a_market_that_matches_nothing_is_a_plan_and_no_error(client, body):
    """Nothing to propose is a status of the plan, with a reason for each need."""
    for product in body["market"]["products"]:
        product["criteria"] = ["region in 11"]
    run = client.planned(body)
    assert run["status"] == "done"
    assert run["plan"]["solver"]["status"] == "nothing"
    assert [item["need"] for item in run["plan"]["unmatched"]] == ["need-1"]


def test_of_a_plan_that_is_over_nothing_is_taken_back(client, body):
    """It stays, and who cancels it is told that it is too late."""
    path = client.planned(body)["links"]["self"]
    answer = client.delete(path)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:yinqi:problem:over")
    assert client.get(path).json()["status"] == "done"


def test_an_unknown_id_and_a_malformed_one_are_answered_alike(client):
    """Nobody learns from an answer whether an id could exist."""
    answers = [client.get(path) for path in (UNKNOWN, "/plans/nope", "/plans/%00", "/plans/银行")]
    assert {answer.status_code for answer in answers} == {404}
    contents = [{k: v for k, v in a.json().items() if k != "instance"} for a in answers]
    assert all(content == contents[0] for content in contents)
    assert client.delete(UNKNOWN).status_code == 404
    assert client.get(f"{UNKNOWN}/leads?institution=x").status_code == 404


def test_plans_asked_for_at_once_are_all_made(client, body):
    """Every one of many concurrent requests gets its own run, and none is lost."""
    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(lambda _: client.planned(body), range(24)))
    assert {run["status"] for run in runs} == {"done"}
    assert len({run["id"] for run in runs}) == 24
    assert len({run["plan"]["digest"] for run in runs}) == 1


def test_a_market_file_may_be_posted_as_it_is(client, body):
    """The same plan comes of the bare tables, with their day beside them or from the needs."""
    bare = {"as_of": body["as_of"], **body["market"]}
    first = client.planned({"as_of": body["as_of"], "market": body["market"]})
    again = client.planned(bare)
    assert again["plan"]["digest"] == first["plan"]["digest"]
    del bare["as_of"]
    bare["needs"] = [{**need, "received": body["as_of"]} for need in bare["needs"]]
    dated = client.planned(bare)
    assert dated["plan"]["input"]["as_of"] == body["as_of"]


def test_a_round_without_any_day_is_refused(client, body):
    """Neither the request nor a need says which day it is of."""
    answer = client.post(body["market"])
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["faults"]] == ["as_of"]


def test_floors_and_fairness_may_be_asked_for(client, body):
    """As on the command line; what cannot be read is told before anything is queued."""
    body |= {"floors": ["institution bank-b: 1"], "fair": "size"}
    plan = client.planned(body)["plan"]
    assert plan["floors"][0]["matched"] == 1
    assert plan["solver"]["fair"]["by"] == "size"
    answer = client.post({**body, "floors": ["what: ever: x"], "fair": "colour"})
    assert answer.status_code == 422
    assert {fault["field"] for fault in answer.json()["faults"]} >= {"fair"}


def test_plans_are_listed_newest_first_page_by_page(body):
    """Following the cursor gives every plan once; a state narrows the list down."""
    with served(is_working=False) as client:
        made = [client.post(body).json()["id"] for _ in range(5)]
        client.delete(f"/plans/{made[1]}")
        found, path = [], "/plans?limit=2"
        while path:
            answer = client.get(path)
            found += [run["id"] for run in answer.json()["items"]]
            path = answer.links["next"]["url"] if "next" in answer.links else None
            assert (answer.json()["next"] is None) == (path is None)
        assert found == made[::-1]
        (gone,) = client.get("/plans?status=cancelled").json()["items"]
        assert (gone["id"], gone["is_wanted"]) == (made[1], False)
        assert client.get("/plans?cursor=nonsense").status_code == 422
        assert client.get("/plans?status=lost").status_code == 422


def test_a_plan_that_waits_is_cancelled_at_once_and_stays_so(body):
    """A second DELETE changes nothing; nothing was made of it."""
    with served(is_working=False) as client:
        path = client.post(body).headers["Location"]
        for missing in ("document", "leads?institution=bank-a"):
            assert client.get(f"{path}/{missing}").status_code == 409
        for _ in range(2):
            assert client.delete(path).status_code == 204
            assert client.get(path).json()["status"] == "cancelled"


def test_a_full_queue_says_when_to_come_back(body):
    """What was taken on is kept; the next one is answered 503 until there is room."""
    with served(is_working=False, max_queued=2) as client:
        first, _, full = [client.post(body) for _ in range(3)]
        assert full.status_code == 503
        assert full.headers["retry-after"] == "5"
        assert full.headers["content-type"] == "application/problem+json"
        assert full.json()["type"] == "urn:yinqi:problem:busy"
        client.delete(first.headers["Location"])
        assert client.post(body).status_code == 202
        assert len(client.get("/plans").json()["items"]) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_the_live_market_is_planned_without_a_market_in_the_request(kind):
    """It is the state in which it is when the plan's turn comes, as of the day asked for."""
    with world_on(kind) as world:
        client, people = world.client, world.people
        headers = {**people.staff.by_session, "Content-Type": "application/json"}
        asked = json.dumps({"solving": {"method": "greedy"}})
        answer = client.request("POST", "/plans", content=asked, headers=headers)
        assert (answer.status_code, answer.json()["market"]) == (202, "live")
        assert answer.json()["links"]["market"] is None
        path = answer.headers["Location"]
        with world.database.reading() as session:
            market = market_bytes_of(session)
        make_worker(world.database, clock=world.clock).work(once=True)
        run = client.get(path, headers=people.auditor.by_session).json()
        assert run["status"] == "done", run["problem"]
        assert run["summary"]["as_of"] == seeds.SEED_DATE.isoformat()
        found = client.get(run["links"]["market"], headers=people.organiser.by_session)
        assert found.content == market


def test_staff_cancel_their_own_plans_and_read_those_of_others(body):
    """A plan of the organiser is to be read by staff, and not there to be cancelled."""
    with world_on("sqlite") as world:
        client, people = world.client, world.people
        headers = {**people.organiser.by_session, "Content-Type": "application/json"}
        content = json.dumps(body)
        path = client.request("POST", "/plans", content=content, headers=headers).headers[
            "location"
        ]
        assert client.get(path, headers=people.staff.by_session).status_code == 200
        refused = client.delete(path, headers=people.staff.by_session)
        absent = client.delete(UNKNOWN, headers=people.staff.by_session)
        assert refused.status_code == absent.status_code == 404
        assert {**refused.json(), "instance": ""} == {**absent.json(), "instance": ""}
        assert client.get(path, headers=people.staff.by_session).json()["status"] == "queued"
        assert client.delete(path, headers=people.admin.by_session).status_code == 204
