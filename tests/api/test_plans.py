from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

from api import Settings, create_app
from matcher.files.plan_json import digest_of
from tests.api.client import serving

UNKNOWN = "/plans/00000000-0000-4000-8000-000000000000"


def test_a_plan_is_queued_made_and_fetched(client, body):
    """POST answers 202 with a link, and the plan appears there with a sound digest."""
    answer = client.post(body)
    assert answer.status_code == 202
    run = answer.json()
    assert UUID(run["id"]).version == 4
    assert run["status"] == "queued"
    assert run["links"] == {"self": f"/plans/{run['id']}", "leads": None}
    assert answer.headers["location"] == run["links"]["self"]

    done = client.finished(run["links"]["self"])
    assert done["status"] == "done"
    assert done["problem"] is None
    assert done["plan"]["digest"] == digest_of(done["plan"])
    matched = {(m["need"], m["product"]) for m in done["plan"]["matches"]}
    assert matched == {("need-1", "a-credit"), ("need-1", "b-credit")}


def test_the_seeds_are_planned_and_every_bank_finds_its_leads(client, seeds_body):
    """The leads of all institutions together are the matches of the plan, each exactly once."""
    done = client.planned(seeds_body)
    assert done["status"] == "done"
    plan = done["plan"]
    found = []
    for institution in plan["problem"]["institutions"]:
        asked = {"institution": institution["id"], "limit": 200}
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


def test_the_entity_tag_of_a_plan_is_its_digest(client, body):
    """A plan that the client has already is not sent again."""
    run = client.planned(body)
    path, tag = run["links"]["self"], f'"{run["plan"]["digest"]}"'
    assert client.get(path).headers["etag"] == tag
    for asked in (tag, f'"other", W/{tag}', "*"):
        again = client.get(path, headers={"If-None-Match": asked})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


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


def test_a_finished_plan_can_be_forgotten(client, body):
    """After DELETE the plan is as if it had never been."""
    path = client.planned(body)["links"]["self"]
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    assert client.delete(path).status_code == 404


def test_an_unknown_id_and_a_malformed_one_are_answered_alike(client):
    """Nobody learns from an answer whether an id could exist."""
    answers = [client.get(path) for path in (UNKNOWN, "/plans/nope", "/plans/%00", "/plans/银行")]
    assert {answer.status_code for answer in answers} == {404}
    contents = [{k: v for k, v in a.json().items() if k != "instance"} for a in answers]
    assert all(content == contents[0] for content in contents)
    assert client.delete(UNKNOWN).status_code == 404
    assert client.get(f"{UNKNOWN}/leads?institution=x").status_code == 404


def test_plans_asked_for_at_once_are_all_made(body):
    """Every one of many concurrent requests gets its own run, and none is lost."""
    with serving(create_app(Settings(max_queued=24))) as client:
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
