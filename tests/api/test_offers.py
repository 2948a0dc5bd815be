from __future__ import annotations

import json
import re

import pytest
from sqlmodel import col, select, update

from matcher.domain.actor import Actor, Role
from matcher.domain.case import CaseAction
from matcher.services.leads.answering import Answer, answer
from matcher.services.leads.capacity import CapacityError
from matcher.store.tables import CapacityRow, LeadRow, NeedRow
from tests.api.world import world_on
from tests.databases import KINDS
from tests.rounds import new_round, published_plan, seed_plan
from tests.service import NOW

NEED = "binjiang-a1-wages"


@pytest.fixture(scope="module", params=KINDS)
def world(request):
    """Return a world on each database, with a round whose plan is out."""
    with world_on(request.param, requests_per_minute=0) as found:
        published_plan(found.database, found.people, new_round(found.database, found.people).id)
        yield found


def ask(world, method, path, who="firm", **options):
    """Send a request as somebody."""
    headers = dict(getattr(world.people, who).by_session) | options.pop("headers", {})
    return world.client.request(method, path, headers=headers, **options)


def offers_of(world, who="firm", **params):
    """Return the offers of a firm."""
    answer = ask(world, "GET", "/offers", who, params={"limit": 100, **params})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_a_firm_sees_the_matches_of_the_plan_with_cost_day_and_papers(world):
    """Figure by figure those of plan.json; nothing that institutions think of the firm."""
    found = offers_of(world)
    plan = json.loads(seed_plan()[0])
    mine = {m["product"]: m for m in plan["matches"] if m["enterprise"] == "binjiang-a1"}
    assert {offer["product"]["key"] for offer in found} == set(mine)
    for offer in found:
        match = mine[offer["product"]["key"]]
        assert offer["all_in_low_rate"] == match["all_in_low"]
        assert offer["cash_date"] == match["cash_date"]
        assert offer["papers"] == match["missing"]
        assert offer["offered_fen"] == match["offered_fen"]
        assert offer["institution"]["key"] == match["institution"]
        assert offer["can_withdraw"]
        assert offer["clock"]["due_on"] is not None
    told = json.dumps(found)
    assert re.search(r'"(score|band|rank|reasons|multiplier|draws)"', told) is None


def test_offers_are_those_of_the_firm_that_asks(world):
    """By instrument, by need, and of no other firm; a foreign one answers as an absent one."""
    mine, theirs = offers_of(world), offers_of(world, "other_firm")
    assert not {one["id"] for one in mine} & {one["id"] for one in theirs}
    loans = offers_of(world, instrument="loan")
    assert {one["instrument"] for one in loans} == {"loan"}
    assert len(loans) < len(mine)
    need = mine[0]["need"]["id"]
    assert len(offers_of(world, need=need)) == len([o for o in mine if o["need"]["id"] == need])
    foreign = ask(world, "GET", f"/offers/{theirs[0]['id']}")
    absent = ask(world, "GET", "/offers/deadbeef-dead-4bad-8bad-deadbeefdead")
    assert foreign.status_code == absent.status_code == 404
    kept = [{k: v for k, v in one.json().items() if k != "instance"} for one in (foreign, absent)]
    assert kept[0] == kept[1]


def test_a_firm_withdraws_once_and_says_why(world):
    """On the version that it looked at; what it says is in the record and on the bank's side."""
    offer = offers_of(world)[0]
    path = f"/offers/{offer['id']}/withdraw"
    body = {"reason": "served_elsewhere"}
    assert ask(world, "POST", path, json=body).status_code == 428
    stale = ask(world, "POST", path, json=body, headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    odd = ask(world, "POST", path, json={"reason": "bored"}, headers={"If-Match": "*"})
    assert odd.status_code == 422
    tag = ask(world, "GET", f"/offers/{offer['id']}").headers["ETag"]
    done = ask(world, "POST", path, json=body, headers={"If-Match": tag})
    assert (done.status_code, done.json()["status"]) == (200, "withdrawn")
    assert done.json()["why_over"]["code"] == "served_elsewhere"
    again = ask(world, "POST", path, json=body, headers={"If-Match": "*"})
    assert again.status_code == 409
    assert offer["id"] not in {one["id"] for one in offers_of(world)}
    assert offer["id"] in {one["id"] for one in offers_of(world, past=True)}


def test_the_firm_is_told_why_not_the_others_and_what_would_help(world):
    """Each other product with its failing rules, as `explain` has them; no pool, no price."""
    need = offers_of(world)[0]["need"]["id"]
    found = ask(world, "GET", f"/needs/{need}/others").json()
    offered = {offer["product"]["key"] for offer in offers_of(world, need=need)}
    told = {one["product"]["key"]: one for one in found["items"]}
    assert told
    assert not offered & set(told)
    assert all(one["failing"] or one["changes"] == [] for one in told.values())
    distances = [99 if o["changes"] is None else len(o["changes"]) for o in found["items"]]
    assert distances == sorted(distances)
    assert ask(world, "GET", f"/needs/{need}/others", "other_firm").status_code == 404
    assert ask(world, "GET", f"/needs/{need}/others", "bank").status_code == 403


def test_a_need_that_the_plan_left_out_is_told_why_without_prices(world):
    """The reason of plan.json where it is about rules, our own words where it is about pools."""
    plan = json.loads(seed_plan()[0])
    with world.database.reading() as session:
        ids = {key: identity for key, identity in session.execute(select(NeedRow.key, NeedRow.id))}
    for entry in plan["unmatched"]:
        told = ask(world, "GET", f"/needs/{ids[entry['need']]}/others", "organiser").json()
        found = told["unmatched"]
        assert found["kind"] == entry["kind"]
        assert "价格" not in found["reason"]["zh"]
        if entry["kind"] == "not_eligible":
            assert found["reason"] == entry["reason"]


def test_a_firm_is_never_taken_up_by_more_than_it_asked_for(world):
    """A second plan proposes other institutions; as many as wanted have accepted, so none may."""
    people, database = world.people, world.database
    round_id = new_round(database, people).id
    published_plan(database, people, round_id)
    accepted = accept_all(database, round_id, people)
    wanted = len(accepted)
    pairs = frozenset((NEED, product) for product in accepted)
    published_plan(database, people, round_id, bans=pairs)
    fresh = leads_of(database, round_id, "proposed")
    assert fresh
    with database.reading() as session:
        row = session.scalars(
            select(CapacityRow).where(
                CapacityRow.round_id == round_id, CapacityRow.name == f"need:{NEED}"
            )
        ).one()
        assert (row.capacity, row.used) == (wanted, wanted)
    for lead in fresh:
        with pytest.raises(CapacityError), database.writing() as session:
            take(session, lead, CaseAction.ACCEPT, people)
    # One that falls out makes room for exactly one.
    held = leads_of(database, round_id, "accepted")[0]
    with database.writing() as session:
        take(session, held, CaseAction.REJECT, people, "no_capacity")
    results = []
    for lead in fresh:
        try:
            with database.writing() as session:
                take(session, lead, CaseAction.ACCEPT, people)
            results.append(True)
        except CapacityError:
            results.append(False)
    assert results.count(True) == 1


def leads_of(database, round_id, status):
    """Return the leads of the need in a status."""
    query = (
        select(LeadRow)
        .join(NeedRow, col(NeedRow.id) == col(LeadRow.need_id))
        .where(LeadRow.round_id == round_id, NeedRow.key == NEED, LeadRow.status == status)
        .order_by(col(LeadRow.id))
    )
    with database.reading() as session:
        return list(session.scalars(query))


def accept_all(database, round_id, people):
    """Let every institution accept the need, and return the keys of its products."""
    with database.writing() as session:
        # What other needs of the round drew is not what is asked about here.
        session.execute(
            update(CapacityRow)
            .where(col(CapacityRow.round_id) == round_id, ~col(CapacityRow.name).like("need:%"))
            .values(capacity=10**15)
        )
    found = leads_of(database, round_id, "proposed")
    for lead in found:
        with database.writing() as session:
            take(session, lead, CaseAction.ACCEPT, people)
    return {json.loads(lead.document)["product"] for lead in found}


def take(session, lead, action, people, reason=None):
    """Do something with a lead as its institution."""
    actor = Actor(
        account_id=people.bank.actor.account_id,
        role=Role.BANK,
        institution_id=lead.institution_id,
    )
    answer(session, actor, lead.id, Answer(action=action, reason=reason), NOW)
