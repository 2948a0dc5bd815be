"""Leads over HTTP: seen by their own, answered once, kept back while the firm wants that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from api.schemas.leads import LeadDetailPublic, LeadsPublic
from matcher.services.leads.answering import expire
from matcher.store.tables import CapacityRow, LeadRow, NeedRow, RoundRow
from tests.api.market import World, world
from tests.databases import KINDS
from tests.rounds import new_round, published_plan
from tests.service import Person


@pytest.fixture(scope="module", params=KINDS)
def market(request: pytest.FixtureRequest) -> Iterator[World]:
    """Return a service over the seeds."""
    with world(request.param) as found:
        yield found


@pytest.fixture
def chosen(market: World) -> RoundRow:
    """Return a round of its own for each test, its plan out."""
    found = new_round(market.database, market.people)
    published_plan(market.database, market.people, found.id)
    return found


@pytest.fixture
def open_round(market: World) -> RoundRow:
    """Return a round with open leads (抢单)."""
    found = new_round(market.database, market.people, is_open=True)
    published_plan(market.database, market.people, found.id)
    return found


def _leads(market: World, who: Person, **asked: str) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return market.items(who, f"/leads?{query}")


def _post(market: World, who: Person, lead: dict[str, Any], what: str, **body: Any) -> Any:
    headers = {"If-Match": f'"{lead["version"]}"'}
    return market.call(who, "POST", f"/leads/{lead['id']}/{what}", json=body, headers=headers)


def test_a_bank_sees_its_own_leads_best_first(market: World, chosen: RoundRow) -> None:
    """All of its leads of the plan and no other's; by falling score, which it is not told."""
    bank = market.people.bank
    found = _leads(market, bank)
    with market.database.reading() as session:
        query = select(LeadRow).where(
            LeadRow.round_id == chosen.id,
            LeadRow.institution_id == bank.actor.institution_id,
        )
        rows = sorted(session.scalars(query), key=lambda row: (row.score, row.id), reverse=True)
    assert [lead["id"] for lead in found] == [str(row.id) for row in rows]
    assert len(found) > 3
    answer = market.get(bank, "/leads?limit=2")
    LeadsPublic.model_validate_json(answer.content)
    for hidden in ("score", "multiplier", "pool", "capacity", "draws", rows[0].id.hex):
        assert hidden not in answer.text


def test_filters_and_orders_are_those_of_a_plain_list(market: World, chosen: RoundRow) -> None:
    """Product, region, amount, deadline and status, checked against all leads by hand."""
    bank = market.people.bank
    whole = _leads(market, bank)
    product, low = whole[0]["product"]["id"], sorted(lead["amount_fen"] for lead in whole)[2]
    day = sorted(lead["needed_by"] for lead in whole if lead["needed_by"])[2]
    expected = {
        f"product={product}": [x for x in whole if x["product"]["id"] == product],
        "region=3301": [x for x in whole if x["firm"]["region"].startswith("3301")],
        f"amount_to_fen={low}": [x for x in whole if x["amount_fen"] <= low],
        f"due_to={day}": [x for x in whole if x["needed_by"] and x["needed_by"] <= day],
        "status=accepted": [],
        f"status=proposed&status=accepted&round={chosen.id}": whole,
    }
    for query, right in expected.items():
        assert market.items(bank, f"/leads?{query}") == right, query
    by_due = [(lead["due_on"], lead["id"]) for lead in _leads(market, bank, sort="due")]
    assert by_due == sorted(by_due)


def test_the_quick_list_is_the_list(market: World, chosen: RoundRow) -> None:
    """The plain request of a key is answered another way, with the same bytes and link."""
    bank = market.people.bank
    client, key = market.served.client, bank.by_key
    client.get("/leads", headers=key)  # notes that the key is in use
    for query in ("", "?limit=3", "?limit=100"):
        more = f"{query}{'&' if query else '?'}sort=best"
        quick, slow = (client.get(f"/leads{one}", headers=key) for one in (query, more))
        assert quick.content == slow.content
        assert ("link" in quick.headers) == ("link" in slow.headers)
    page = client.get("/leads?limit=3", headers=key)
    following = page.headers["link"].partition("<")[2].partition(">")[0]
    rest = client.get(following, headers=key).json()["items"]
    assert rest == client.get("/leads?limit=6", headers=key).json()["items"][3:]
    assert client.get("/leads?limit=0", headers=key).status_code == 422
    assert client.get("/leads", headers={"Authorization": "Bearer yq_x"}).status_code == 401


def test_accepting_is_done_on_the_version_that_was_read(market: World, chosen: RoundRow) -> None:
    """428 without a version, 412 on another one, 200 once, 409 the second time; all is told."""
    bank = market.people.bank
    lead = _leads(market, bank)[0]
    path = f"/leads/{lead['id']}"
    assert market.get(bank, path).headers["ETag"] == '"1"'
    assert market.call(bank, "POST", f"{path}/accept", json={}).status_code == 428
    assert _post(market, bank, lead | {"version": 7}, "accept").status_code == 412
    accepted = _post(market, bank, lead, "accept")
    assert (accepted.status_code, accepted.headers["ETag"]) == (200, '"2"')
    found = LeadDetailPublic.model_validate_json(accepted.content)
    assert found.status.value == "accepted"
    assert [one.action for one in found.history] == ["propose", "accept"]
    assert [action.value for action in found.actions] == ["contact", "reject"]
    assert _post(market, bank, lead, "accept").status_code == 412
    assert _post(market, bank, lead | {"version": 2}, "accept").status_code == 409


def test_what_a_plan_can_give_is_given_once(market: World, chosen: RoundRow) -> None:
    """With nothing left of a capacity it draws on, a lead cannot be accepted; it says not what."""
    bank = market.people.bank
    lead = _leads(market, bank)[0]
    with market.database.writing() as session:
        row = session.get_one(LeadRow, UUID(lead["id"]))
        name = sorted(json.loads(row.draws))[0]
        full = update(CapacityRow).where(
            col(CapacityRow.round_id) == chosen.id, col(CapacityRow.name) == name
        )
        session.execute(full.values(used=CapacityRow.capacity))
    answer = _post(market, bank, lead, "accept")
    assert answer.status_code == 409
    assert name.partition(":")[2] not in answer.text
    assert _leads(market, bank)[0]["status"] == "proposed"


def test_a_decline_says_why_and_how_to_mend_it(market: World, chosen: RoundRow) -> None:
    """A reason is needed, one of the usual; what would mend it stands in the history."""
    bank = market.people.bank
    lead = _leads(market, bank)[0]
    assert _post(market, bank, lead, "decline").status_code == 422
    assert _post(market, bank, lead, "decline", reason="mood").status_code == 422
    done = _post(
        market, bank, lead, "decline", reason="papers_missing", how_to_mend="补三个月流水"
    ).json()
    assert done["status"] == "declined"
    reason = done["history"][-1]["reason"]
    assert (reason["code"], reason["is_mendable"]) == ("papers_missing", True)
    assert "补三个月流水" in reason["text"]["zh"]
    assert lead["id"] not in {one["id"] for one in _leads(market, bank)}
    over = market.get(market.people.organiser, f"/rounds/{chosen.id}/carry-over").json()
    assert lead["id"].replace("-", "") in {c["lead_id"].replace("-", "") for c in over["requeued"]}


def test_a_case_goes_to_the_money_by_the_table(market: World, chosen: RoundRow) -> None:
    """Each stage once, in order; what is not open now is 409 and names what is."""
    bank = market.people.bank
    lead = next(one for one in _leads(market, bank) if not one["companions"])
    assert _post(market, bank, lead, "stage", action="sign").status_code == 409
    lead = _post(market, bank, lead, "accept").json()
    for action in ("contact", "visit", "investigate", "approve", "sign", "disburse", "repay"):
        answer = _post(market, bank, lead, "stage", action=action)
        assert answer.status_code == 200, (action, answer.text)
        lead = answer.json()
    assert (lead["status"], lead["is_alive"], lead["actions"]) == ("repaid", False, [])
    assert _post(market, bank, lead, "stage", action="cancel").status_code == 403


def test_a_firm_that_asked_for_it_is_unknown_until_accepted(market: World) -> None:
    """Name, code and founding day are null, and stand in no answer; then they are told."""
    chosen = new_round(market.database, market.people)
    with market.database.writing() as session:
        session.execute(update(NeedRow).values(is_anonymous=True))
    published_plan(market.database, market.people, chosen.id)
    with market.database.writing() as session:
        session.execute(update(NeedRow).values(is_anonymous=False))
    bank = market.people.bank
    lead = _leads(market, bank)[0]
    side = market.get(market.people.organiser, f"/leads/{lead['id']}").json()["office"]
    assert lead["firm"]["is_anonymous"]
    assert lead["firm"]["name"] is lead["firm"]["credit_code"] is lead["firm"]["founded"] is None
    told = market.get(bank, f"/leads/{lead['id']}").text + market.get(bank, "/leads").text
    for secret in (side["enterprise"]["name"], side["enterprise"]["key"], side["need"]["key"]):
        assert secret not in told
    accepted = _post(market, bank, lead, "accept").json()
    assert accepted["firm"]["name"]["zh"] == side["enterprise"]["name"]
    assert not accepted["firm"]["is_anonymous"]


def test_a_consent_taken_back_hides_the_lead_at_once(market: World, chosen: RoundRow) -> None:
    """Accepted or not, it answers as what is not there; given again, it is there again."""
    bank = market.people.bank
    lead = _leads(market, bank)[0]
    _post(market, bank, lead, "accept")
    with market.database.reading() as session:
        need = session.get_one(LeadRow, UUID(lead["id"])).need_id
    consent = f"/needs/{need}/consents/{bank.actor.institution_id}"
    assert market.call(market.people.organiser, "DELETE", consent).status_code == 204
    assert market.get(bank, f"/leads/{lead['id']}").status_code == 404
    assert _post(market, bank, lead | {"version": 2}, "stage", action="contact").status_code == 404
    assert lead["id"] not in market.get(bank, "/leads?limit=100").text
    assert market.call(market.people.organiser, "PUT", consent).status_code == 200
    assert market.get(bank, f"/leads/{lead['id']}").status_code == 200


def test_in_an_open_round_the_first_has_the_need(market: World, open_round: RoundRow) -> None:
    """The other institutions' leads of the need are taken back, and say so."""
    bank = market.people.bank
    lead = _leads(market, bank)[0]
    assert _post(market, bank, lead, "accept").status_code == 200
    office = market.items(market.people.organiser, f"/leads?round={open_round.id}&since=0")
    need = next(one["office"]["need"]["id"] for one in office if one["id"] == lead["id"])
    others = [one for one in office if one["office"]["need"]["id"] == need]
    assert len(others) > 1
    assert {one["status"] for one in others if one["id"] != lead["id"]} == {"cancelled"}


def test_polling_tells_what_changed_and_no_more(market: World, chosen: RoundRow) -> None:
    """After `newest` nothing; after an answer that lead alone, whatever its status."""
    bank, other = market.people.bank, market.people.other_bank
    newest, others = (market.get(who, "/leads").json()["newest"] for who in (bank, other))
    assert market.get(bank, f"/leads?since={newest}").json()["items"] == []
    lead = _leads(market, bank)[1]
    _post(market, bank, lead, "decline", reason="no_capacity")
    changed = market.get(bank, f"/leads?since={newest}").json()
    assert [(one["id"], one["status"]) for one in changed["items"]] == [(lead["id"], "declined")]
    assert changed["newest"] > newest
    assert market.get(other, f"/leads?since={others}").json()["items"] == []


def test_who_does_not_answer_in_time_loses_the_lead(market: World, chosen: RoundRow) -> None:
    """After the last day, and not on it; the need goes into the next round."""
    last = market.served.clock.now + timedelta(days=3)
    with market.database.writing() as session:
        assert expire(session, last) == 0
    with market.database.writing() as session:
        assert expire(session, last + timedelta(days=1)) > 100
    with market.database.writing() as session:
        assert expire(session, last + timedelta(days=1)) == 0
    bank = market.people.bank
    assert _leads(market, bank) == []
    found = market.items(bank, "/leads?status=expired")
    assert {one["actions"] == [] for one in found} == {True}


def test_a_foreign_cursor_is_no_cursor(market: World, chosen: RoundRow) -> None:
    """A lead of another bank, one that is nobody's, and nonsense get the same answer."""
    other = _leads(market, market.people.other_bank)[0]["id"]
    for cursor in (UUID(other).hex, "0" * 32, "x"):
        answer = market.get(market.people.bank, f"/leads?cursor={cursor}")
        assert answer.status_code == 422
        assert answer.json()["faults"][0]["field"] == "cursor"
