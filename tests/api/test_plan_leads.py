from __future__ import annotations

import json
from math import isclose

import pytest

CANARY = "canary-8731"


@pytest.fixture
def rivals(body):
    """Return a request with two banks that compete for three needs, every word of one marked."""
    market = body["market"]
    body["bans"] = []
    need = market["needs"][0]
    market["needs"] += [{**need, "need_id": f"need-{n}", "amount_fen": n * 10**7} for n in (2, 3)]
    market["enterprises"][0]["banks"] = [f"{CANARY}-bank"]
    market["institutions"][1] |= {
        "institution_id": f"{CANARY}-bank",
        "name": f"{CANARY} 行",
        "leads": 1,
    }
    market["products"][2] |= {
        "product_id": f"{CANARY}-credit",
        "institution_id": f"{CANARY}-bank",
        "name": f"{CANARY} 贷",
        "pools": [f"{CANARY}-pool"],
    }
    market["pools"] = [
        {"pool_id": f"{CANARY}-pool", "name": f"{CANARY} 池", "unit": "count", "capacity": 1}
    ]
    return body


def leads_of(client, run, institution, **asked):
    """Fetch a page of leads."""
    return client.get(run["links"]["leads"], params={"institution": institution, **asked})


def test_leads_come_best_first_with_the_terms_of_their_score(client, rivals):
    """Scores descend, ranks count, and the reasons add up to the score."""
    leads = leads_of(client, client.planned(rivals), "bank-a").json()
    scores = [lead["score"] for lead in leads["items"]]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)
    assert [lead["rank"] for lead in leads["items"]] == [1, 2, 3]
    for lead in leads["items"]:
        parts = [reason["part"] for reason in lead["reasons"]]
        assert isclose(sum(parts), lead["score"], abs_tol=1e-6)
        assert parts == sorted(parts, reverse=True)
        assert all(reason["text"]["zh"] and reason["text"]["en"] for reason in lead["reasons"])


def test_a_lead_has_the_figures_of_the_plan(client, body):
    """Amounts, cost and dates of a lead are those of its match."""
    run = client.planned(body)
    (lead,) = leads_of(client, run, "bank-a").json()["items"]
    (match,) = [m for m in run["plan"]["matches"] if m["institution"] == "bank-a"]
    assert lead["need_id"] == match["need"]
    assert lead["enterprise_name"] == {"zh": "示例软件有限公司", "en": "Example Software"}
    assert (lead["amount_fen"], lead["offered_fen"]) == (150_000_000, match["offered_fen"])
    assert (lead["all_in_low_rate"], lead["all_in_high_rate"]) == ("0.0365", "0.0365")
    assert (lead["cash_date"], lead["missing"]) == (match["cash_date"], match["missing"])


def test_a_missing_paper_is_named(client, body):
    """A match that hangs on something unknown says what has to be shown."""
    body["market"]["products"][0]["criteria"] = ["revenue >= 500万"]
    (lead,) = leads_of(client, client.planned(body), "bank-a").json()["items"]
    assert len(lead["missing"]) == 1
    assert lead["missing"][0]["zh"] != lead["missing"][0]["en"]


def test_leads_of_a_bank_say_nothing_of_another(client, rivals):
    """No id and no name of the other bank, no price and no bound stands anywhere in them."""
    run = client.planned(rivals)
    assert leads_of(client, run, f"{CANARY}-bank").json()["total"] == 1
    answer = leads_of(client, run, "bank-a")
    told = answer.text + str(answer.headers)
    assert CANARY in json.dumps(run["plan"])
    for secret in (CANARY, "multiplier", "bound", "capacity", "digest"):
        assert secret not in told


def test_pages_join_to_the_whole(client, rivals):
    """Going on after the last one gives every lead once, in order."""
    run = client.planned(rivals)
    whole = leads_of(client, run, "bank-a").json()
    assert whole["next"] is None
    page = leads_of(client, run, "bank-a", limit=2).json()
    rest = leads_of(client, run, "bank-a", limit=2, after=page["next"]).json()
    assert page["items"] + rest["items"] == whole["items"]
    assert rest["next"] is None
    assert leads_of(client, run, "bank-a", after=99).json()["items"] == []


@pytest.mark.parametrize(
    "asked", [{"limit": 0}, {"limit": 101}, {"after": -1}, {"limit": "x"}, {"after": 10**30}]
)
def test_a_page_beyond_its_bounds_is_refused(client, body, asked):
    """The fault names the parameter."""
    answer = leads_of(client, client.planned(body), "bank-a", **asked)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["faults"]] == list(asked)


def test_an_unknown_institution_is_not_found_and_no_other_is_named(client, rivals):
    """The answer names the id that was asked for and none that exists."""
    answer = leads_of(client, client.planned(rivals), "bank-z")
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:yinqi:problem:unknown-id"
    assert "bank-a" not in answer.text
    assert CANARY not in answer.text


def test_leads_of_a_plan_that_is_not_done_are_a_conflict(client, body):
    """A failed run has no leads, and says that it failed."""
    body["market"]["products"][0]["criteria"] = ["region in 11"]
    body["pins"] = [{"need_id": "need-1", "product_id": "a-credit"}]
    run = client.planned(body)
    assert run["links"]["leads"] is None
    answer = client.get(f"{run['links']['self']}/leads", params={"institution": "bank-a"})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:yinqi:problem:not-done")
    assert "失败" in answer.json()["detail"]


@pytest.fixture
def packaged(body):
    """Return a request in which a bank's loan goes with a guarantee that a policy supports."""
    market = body["market"]
    market["institutions"].append(
        {"institution_id": "guarantor", "name": "示例担保", "kind": "guarantor"}
    )
    market["products"][0]["requires"] = ["guarantee"]
    market["products"].append(
        {
            "product_id": "guarantee",
            "institution_id": "guarantor",
            "name": "见贷即保",
            "instrument": "guarantee",
            "rate": "0.01",
            "cash_workdays": 2,
            "approval_follows": True,
        }
    )
    market["policies"] = [
        {
            "policy_id": "half",
            "name": "保费减半",
            "benefit": "fee_subsidy",
            "rate": "0.5",
            "instruments": ["guarantee"],
        }
    ]
    return body


def test_a_lead_names_what_goes_with_it_and_the_policies_of_its_cost(client, packaged):
    """The guarantee with its institution, the policy with the most that it pays."""
    run = client.planned(packaged)
    (lead,) = leads_of(client, run, "bank-a").json()["items"]
    assert lead["companions"] == [
        {
            "product_id": "guarantee",
            "product_name": {"zh": "见贷即保", "en": "见贷即保"},
            "institution_id": "guarantor",
            "institution_name": {"zh": "示例担保", "en": "示例担保"},
            "approval_follows": True,
        }
    ]
    (claim,) = lead["claims"]
    assert (claim["policy_id"], claim["benefit"]) == ("half", "fee_subsidy")
    assert claim["support_fen"] == 150_000_000 * 0.01 * 0.5
    assert lead["all_in_low_rate"] == "0.0415"
    assert run["plan"]["matches"][0]["companions"]


def test_a_lead_without_a_package_has_none(client, body):
    """Empty lists, and the days of a bridge where it has them."""
    body["market"]["needs"][0] |= {"term_days": 20}
    del body["market"]["needs"][0]["term_months"]
    (lead,) = leads_of(client, client.planned(body), "bank-a").json()["items"]
    assert lead["companions"] == lead["claims"] == []
    assert (lead["term_months"], lead["term_days"]) == (None, 20)
