from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from matcher.domain.actor import Actor, Role
from matcher.domain.case import CaseAction, CaseStatus
from matcher.domain.errors import CheckError
from matcher.domain.plan_state import TRANSITIONS, PlanAction, PlanState
from matcher.services.errors import ConflictError, NotAllowedError
from matcher.services.leads.answering import Answer, answer
from matcher.services.plans import drafting, publishing
from matcher.services.record import faults_of_record
from matcher.store import Database, blobs, open_database
from matcher.store.tables import BlobRow, CapacityRow, LeadRow, PlanRow
from tests.databases import KINDS, current_url
from tests.rounds import checked_plan, done_run, new_round, published_plan, seed_plan
from tests.service import NOW, People, load_seeds, make_accounts


@pytest.fixture(scope="module", params=KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return a database with the seeds; each test opens a round of its own."""
    with current_url(request.param) as url:
        found = open_database(url)
        load_seeds(found)
        yield found
        found.close()


@pytest.fixture(scope="module")
def people(database: Database) -> People:
    """Return accounts of every role."""
    return make_accounts(database)


def _leads(database: Database, round_id: object) -> list[LeadRow]:
    with database.reading() as session:
        query = select(LeadRow).where(LeadRow.round_id == round_id).order_by(col(LeadRow.id))
        return list(session.scalars(query))


def _accept_first(database: Database, round_id: object) -> LeadRow:
    lead = next(one for one in _leads(database, round_id) if one.status == CaseStatus.PROPOSED)
    bank = Actor(
        account_id=_account(database),
        role=Role.BANK,
        institution_id=lead.institution_id,
    )
    with database.writing() as session:
        return answer(session, bank, lead.id, Answer(action=CaseAction.ACCEPT), NOW)[0]


def _account(database: Database) -> UUID:
    from matcher.store.tables import AccountRow

    with database.reading() as session:
        return session.scalars(select(AccountRow.id).where(AccountRow.login == "bank")).one()


def _live(database: Database, round_id: object) -> list[PlanRow]:
    with database.reading() as session:
        query = select(PlanRow).where(
            PlanRow.round_id == round_id, PlanRow.state == PlanState.PUBLISHED
        )
        return list(session.scalars(query))


def test_a_plan_goes_out_by_two_people_and_becomes_leads(
    database: Database, people: People
) -> None:
    """Each match of the plan is a lead of its institution, with what it draws; all is recorded."""
    chosen = new_round(database, people)
    plan = published_plan(database, people, chosen.id)
    matches = json.loads(seed_plan()[0])["matches"]
    leads = _leads(database, chosen.id)
    assert len(leads) == len(matches)
    assert {lead.plan_id for lead in leads} == {plan.id}
    assert all(json.loads(lead.draws) for lead in leads)
    ranks: dict[object, list[int]] = {}
    for lead in leads:
        ranks.setdefault(lead.institution_id, []).append(lead.rank)
    assert all(sorted(r) == list(range(1, len(r) + 1)) for r in ranks.values())
    assert [one.id for one in _live(database, chosen.id)] == [plan.id]
    with database.reading() as session:
        assert faults_of_record(session) == []


def test_one_person_alone_cannot_publish(database: Database, people: People) -> None:
    """Who proposed a plan does not confirm it; nothing goes out."""
    chosen = new_round(database, people)
    plan = checked_plan(database, people, chosen.id)
    me = people.organiser.actor
    with database.writing() as session:
        publishing.propose(session, me, plan.id, NOW)
    with pytest.raises(NotAllowedError), database.writing() as session:
        publishing.publish(session, me, plan.id, NOW)
    assert _live(database, chosen.id) == []
    assert _leads(database, chosen.id) == []


def test_a_plan_that_the_checker_refuses_stays_a_draft(database: Database, people: People) -> None:
    """One changed score in the kept bytes: every finding is told, and it cannot go out."""
    chosen = new_round(database, people)
    with database.writing() as session:
        run = done_run(session, people.organiser.actor.account_id)
        document = json.loads(seed_plan()[0])
        document["matches"][0]["score"] += 0.1
        spoilt = json.dumps(document).encode()
        run.outcome_sha256 = blobs.keep(session, spoilt, "application/json", NOW)
        session.add(run)
        session.flush()
        plan = drafting.draft(session, people.organiser.actor, chosen.id, run.id, NOW)
    with pytest.raises(CheckError), database.writing() as session:
        drafting.check(session, people.organiser.actor, plan.id, NOW)
    with pytest.raises(ConflictError), database.writing() as session:
        publishing.propose(session, people.organiser.actor, plan.id, NOW)


def test_the_next_plan_keeps_what_was_accepted_and_takes_back_the_rest(
    database: Database, people: People
) -> None:
    """Superseding: one live plan, accepted leads stay, unanswered ones the plan lacks are gone."""
    chosen = new_round(database, people)
    first = published_plan(database, people, chosen.id)
    accepted = _accept_first(database, chosen.id)
    document = json.loads(accepted.document)
    other = next(
        json.loads(lead.document)
        for lead in _leads(database, chosen.id)
        if lead.status == CaseStatus.PROPOSED
    )
    bans = frozenset({(document["need"], document["product"]), (other["need"], other["product"])})
    second = published_plan(database, people, chosen.id, bans)
    assert [one.id for one in _live(database, chosen.id)] == [second.id]
    by_pair = {
        (json.loads(lead.document)["need"], json.loads(lead.document)["product"]): lead
        for lead in _leads(database, chosen.id)
    }
    assert by_pair[document["need"], document["product"]].status == CaseStatus.ACCEPTED
    assert by_pair[other["need"], other["product"]].status == CaseStatus.CANCELLED
    with database.reading() as session:
        assert session.get(PlanRow, first.id).state == PlanState.SUPERSEDED  # type: ignore[union-attr]
        assert faults_of_record(session) == []


def test_undo_brings_the_plan_before_back(database: Database, people: People) -> None:
    """The leads of the plan that was undone are taken back, those of the one before return."""
    chosen = new_round(database, people)
    first = published_plan(database, people, chosen.id)
    lead = json.loads(_leads(database, chosen.id)[0].document)
    pair = (lead["need"], lead["product"])
    second = published_plan(database, people, chosen.id, frozenset({pair}))

    def alive() -> set[tuple[str, str]]:
        documents = [json.loads(r.document) for r in _leads(database, chosen.id) if r.is_alive]
        return {(d["need"], d["product"]) for d in documents}

    assert pair not in alive()
    with database.writing() as session:
        back, _ = publishing.undo(session, people.organiser.actor, second.id, NOW)
    assert back.id == first.id
    assert [one.id for one in _live(database, chosen.id)] == [first.id]
    matches = json.loads(seed_plan()[0])["matches"]
    assert alive() == {(m["need"], m["product"]) for m in matches}
    with database.writing() as session:
        publishing.undo(session, people.organiser.actor, first.id, NOW)
    assert _live(database, chosen.id) == []
    assert alive() == set()


def test_what_accepted_leads_hold_is_what_the_capacities_say(
    database: Database, people: People
) -> None:
    """After acceptances, a decline and a new plan: used = Σ draws of the leads that hold."""
    chosen = new_round(database, people)
    published_plan(database, people, chosen.id)
    for _ in range(5):
        _accept_first(database, chosen.id)
    published_plan(database, people, chosen.id)
    used: dict[str, int] = {}
    for lead in _leads(database, chosen.id):
        if lead.status == CaseStatus.ACCEPTED:
            for name, quantity in json.loads(lead.draws).items():
                used[name] = used.get(name, 0) + quantity
    with database.reading() as session:
        rows = session.scalars(select(CapacityRow).where(CapacityRow.round_id == chosen.id)).all()
    assert sum(used.values()) > 0
    assert {row.name: row.used for row in rows if row.used} == used
    assert all(row.used <= row.capacity for row in rows)


@pytest.mark.parametrize("state", list(PlanState))
@pytest.mark.parametrize("action", list(PlanAction))
def test_every_move_that_is_not_in_the_table_is_refused(
    database: Database, people: People, state: PlanState, action: PlanAction
) -> None:
    """All 48 pairs of state and action: the table's moves happen, the others change nothing."""
    from matcher.services.plans.moving import move

    plan = PlanRow(state=state.value, digest="d", round_id=uuid4(), run_id=uuid4())
    with database.writing() as session:
        if (state, action) not in TRANSITIONS:
            with pytest.raises(ConflictError):
                move(session, plan, action, people.organiser.actor, NOW)
            assert plan.state == state
        else:
            assert TRANSITIONS[state, action] in PlanState
        session.rollback()


def test_blobs_of_plans_are_kept_once(database: Database, people: People) -> None:
    """The same plan drafted twice is one blob."""
    chosen = new_round(database, people)
    plans = [checked_plan(database, people, chosen.id) for _ in range(2)]
    assert [p.number for p in plans] == [1, 2]
    assert plans[0].plan_sha256 == plans[1].plan_sha256
    with database.reading() as session:
        query = select(BlobRow.sha256).where(BlobRow.sha256 == plans[0].plan_sha256)
        assert len(session.scalars(query).all()) == 1
