"""Questionnaires: handed in by firms and for them, kept word for word, made needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.market import World, world
from tests.databases import KINDS

CODE = "91350100M000100Y43"


@pytest.fixture(params=KINDS)
def there(request: pytest.FixtureRequest) -> Iterator[World]:
    """Return a service over the seeds, on each database in turn."""
    with world(request.param) as found:
        yield found


def form(**changes: Any) -> dict[str, Any]:
    """Return what is handed in."""
    need = {"amount_fen": 123_400, "needed_by": "2026-03-07", "term_months": 12}
    whole = {"enterprise": {"name": "某某公司", "staff": 77}, "need": need, "consent": "none"}
    return {**whole, **changes}


def test_a_firm_hands_in_for_itself(there: World) -> None:
    """It becomes a need of the firm, urgent by its deadline, seen by whom the firm says."""
    firm = there.people.firm
    before = there.records()
    bank = there.items(firm, "/institutions")[0]
    text = json.dumps(form(consent=[bank["id"]]), ensure_ascii=False, indent=3)
    there.call(firm, "PUT", "/questionnaires/draft", json=form())
    answer = there.call(firm, "POST", "/questionnaires", content=text.encode(), headers=JSON)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["urgency"], told["days_left"]) == ("urgent", 5)
    assert told["enterprise"]["id"] == str(firm.actor.enterprise_id)
    assert {gap["field"] for gap in told["missing"]} >= {"purpose", "collateral"}
    after = there.records()
    assert after.needs[:-1] == before.needs
    need = after.needs[-1]
    assert (need.need_id, need.amount_fen) == (told["need"]["key"], 123_400)
    assert need.enterprise_id == told["enterprise"]["key"]
    assert need.consent == {bank["key"]}
    kept = there.get(firm, answer.headers["Location"]).json()
    assert kept["original"] == text
    assert there.get(firm, "/questionnaires/draft").status_code == 404
    (known,) = [f for f in before.enterprises if f.enterprise_id == need.enterprise_id]
    (now,) = [f for f in after.enterprises if f.enterprise_id == need.enterprise_id]
    assert now.staff == (known.staff or 77)
    assert now.name == known.name
    assert "企业名称" in str(told["notes"])
    second = there.call(firm, "POST", "/questionnaires", json=form()).json()
    assert second["need"]["key"] == f"{need.need_id}-2"


JSON = {"Content-Type": "application/json"}


def test_what_is_sent_twice_under_one_key_is_taken_in_once(there: World) -> None:
    """A browser that sends again makes no second need; without a key it is a second one."""
    firm, key = there.people.firm, {"Idempotency-Key": "form-1"}
    sent = [there.call(firm, "POST", "/questionnaires", json=form(), headers=key) for _ in "12"]
    assert sent[0].json() == sent[1].json()
    assert len(there.items(firm, "/questionnaires")) == 1
    assert there.call(firm, "POST", "/questionnaires", json=form()).status_code == 201
    assert len(there.items(firm, "/questionnaires")) == 2


def test_a_firm_cannot_speak_for_another_nor_for_the_office(there: World) -> None:
    """Ids, priority and the day are the office's; every fault is named, nothing is written."""
    firm, before = there.people.firm, there.records()
    wrong = form(
        enterprise={"name": "某某公司", "enterprise_id": "binjiang-02"},
        need={"amount_fen": -1, "priority": 5, "need_id": "x", "received": "2020-01-01"},
        consent="everybody",
    )
    answer = there.call(firm, "POST", "/questionnaires", json=wrong)
    assert answer.status_code == 422
    fields = {fault["field"] for fault in answer.json()["faults"]}
    office = {"enterprise_id", "priority", "need_id", "received"}
    assert fields == {*office, "amount_fen", "needed_by", "consent"}
    foreign = form(consent=["00000000-0000-4000-8000-000000000000"])
    assert there.call(firm, "POST", "/questionnaires", json=foreign).status_code == 422
    assert there.call(there.people.bank, "POST", "/questionnaires", json=form()).status_code == 403
    assert there.records() == before
    assert there.items(firm, "/questionnaires") == []


def test_the_organiser_hands_in_for_a_firm_that_nobody_knows(there: World) -> None:
    """The firm becomes known by its credit code, and is the same the next time."""
    organiser, before = there.people.organiser, there.records()
    firm = {"name": "新公司", "credit_code": CODE, "region": "330108"}
    need = {"amount_fen": 5_000_000, "needed_by": "2026-05-01", "priority": 5}
    sent = form(enterprise=firm, need=need, consent="all")
    first = there.call(organiser, "POST", "/questionnaires", json=sent)
    assert first.status_code == 201, first.text
    again = {"name": "新公司", "enterprise_id": "other", "credit_code": CODE, "staff": 3}
    second = there.call(organiser, "POST", "/questionnaires", json={**sent, "enterprise": again})
    assert second.json()["enterprise"] == first.json()["enterprise"]
    after = there.records()
    assert len(after.enterprises) == len(before.enterprises) + 1
    assert (after.enterprises[-1].credit_code, after.enterprises[-1].staff) == (CODE, 3)
    assert [n.priority for n in after.needs[-2:]] == [5, 5]
    assert after.needs[-1].consent is None
    taken = {**need, "need_id": after.needs[0].need_id}
    answer = there.call(organiser, "POST", "/questionnaires", json={**sent, "need": taken})
    assert answer.status_code == 409
    assert there.records() == after


def test_a_questionnaire_is_its_firms_and_the_offices(there: World) -> None:
    """A foreign one answers as one that is not there; no bank reads the words of a firm."""
    there.call(there.people.firm, "POST", "/questionnaires", json=form())
    (mine,) = there.items(there.people.firm, "/questionnaires")
    path = f"/questionnaires/{mine['id']}"
    assert there.get(there.people.auditor, path).status_code == 200
    assert there.get(there.people.other_firm, path).status_code == 404
    assert there.items(there.people.other_firm, "/questionnaires") == []
    assert there.get(there.people.bank, "/questionnaires").status_code == 403


def test_a_draft_keeps_whatever_there_is_and_says_what_is_missing(there: World) -> None:
    """Each account has one; half of a surrogate pair breaks nothing; a draft is no need."""
    firm, before = there.people.firm, there.records()
    text = '{"need": {"purpose": "\\\\ud800", "amount_fen": 5}}'.replace("\\\\\\\\", "\\\\")
    kept = there.call(firm, "PUT", "/questionnaires/draft", content=text.encode(), headers=JSON)
    assert kept.status_code == 200, kept.text
    assert kept.json()["original"] == text
    fields = {fault["field"] for fault in kept.json()["faults"]}
    assert {"enterprise", "needed_by", "consent"} <= fields
    there.call(firm, "PUT", "/questionnaires/draft", json=form())
    found = there.get(firm, "/questionnaires/draft").json()
    assert json.loads(found["original"]) == form()
    assert found["faults"] == []
    assert there.get(there.people.other_firm, "/questionnaires/draft").status_code == 404
    assert there.call(firm, "DELETE", "/questionnaires/draft").status_code == 204
    assert there.get(firm, "/questionnaires/draft").status_code == 404
    assert there.records() == before


def test_anybody_may_read_what_is_asked(there: World) -> None:
    """The schema needs no login, and asks for consent."""
    answer = there.served.client.get("/questionnaire")
    assert answer.status_code == 200
    assert answer.json()["required"] == ["enterprise", "need", "consent"]
