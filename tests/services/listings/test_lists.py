from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

import seeds
from matcher.domain.actor import Actor, Role
from matcher.domain.case import CaseAction, CaseStatus
from matcher.domain.lists import ListStage, ListTest
from matcher.services.errors import ConflictError, StaleError
from matcher.services.leads.answering import Answer, answer
from matcher.services.listings.changing import (
    ListingChange,
    change_listing,
    recommend_all,
    recommend_one,
    take_back,
)
from matcher.services.listings.counting import count_listings, count_overdue
from matcher.services.listings.listing import (
    ListingFilter,
    ListingSort,
    find_listing,
    list_listings,
)
from matcher.services.listings.taking import recommended_keys
from matcher.services.record import faults_of_record
from matcher.services.records import replace_market
from matcher.services.records.single import create_record, remove_record
from matcher.store import Database, open_database
from matcher.store.paging import Page
from matcher.store.repositories.listings import Listings
from matcher.store.tables import CaseEventRow, LeadRow, ListingRow, NeedRow
from tests.databases import KINDS, current_url
from tests.handing_in import handed_in
from tests.rounds import new_round, published_plan
from tests.service import NOW, People, load_seeds, make_accounts

PASSED = dict.fromkeys(ListTest, True)
ROAD = (CaseAction.ACCEPT, CaseAction.CONTACT, CaseAction.INVESTIGATE, CaseAction.APPROVE)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return a database with the seeds."""
    with current_url(request.param) as url:
        found = open_database(url)
        load_seeds(found)
        yield found
        found.close()


@pytest.fixture
def people(database: Database) -> People:
    """Return accounts of every role."""
    return make_accounts(database)


def _pass(database: Database, people: People, need_id: UUID, **tests: bool | None) -> None:
    """Answer the tests of a need: passed but for those that are named."""
    answers = PASSED | {ListTest(name): said for name, said in tests.items()}
    with database.writing() as session:
        change = ListingChange(tests=answers)
        change_listing(session, people.organiser.actor, need_id, change, None, NOW)


def _row(database: Database, need_id: UUID) -> ListingRow:
    with database.reading() as session:
        return session.scalars(select(ListingRow).where(ListingRow.id == need_id)).one()


def _do(
    database: Database, people: People, lead: LeadRow, action: CaseAction, **more: Any
) -> LeadRow:
    bank = Actor(
        account_id=people.bank.actor.account_id,
        role=Role.BANK,
        institution_id=lead.institution_id,
    )
    when = more.pop("now", NOW)
    with database.writing() as session:
        return answer(session, bank, lead.id, Answer(action=action, **more), when)[0]


def _leads(database: Database) -> dict[UUID, list[LeadRow]]:
    found: dict[UUID, list[LeadRow]] = {}
    with database.reading() as session:
        for lead in session.scalars(select(LeadRow).order_by(col(LeadRow.id))):
            found.setdefault(lead.need_id, []).append(lead)
    return found


def test_every_need_comes_onto_the_first_list_and_goes_with_its_need(
    database: Database, people: People
) -> None:
    """By file, by form or one by one: on the day it was received, else today; once each."""
    handed_in(database, people.firm.actor)
    with database.writing() as session:
        model = json.loads(session.scalars(select(NeedRow.document)).first() or "")
        model |= {"need_id": "by-hand"}
        model.pop("received", None)
        made = create_record(session, "needs", model, NOW)
        need_id = made.id
    with database.reading() as session:
        needs = {row.id: row for row in session.scalars(select(NeedRow))}
        rows = {row.id: row for row in session.scalars(select(ListingRow))}
    assert rows.keys() == needs.keys()
    for identity, row in rows.items():
        assert row.applied == (needs[identity].received or NOW.date())
        assert (row.stage, row.version) == (ListStage.APPLIED, 1)
    with database.writing() as session:
        remove_record(session, people.organiser.actor, "needs", need_id, "*")
        assert session.get(ListingRow, need_id) is None


def test_needs_that_leave_by_file_leave_the_lists(database: Database) -> None:
    """A market that is replaced by an empty one leaves no listing behind."""
    with database.writing() as session:
        replace_market(session, replace(seeds.load(), needs=()), seeds.SEED_DATE, NOW)
    with database.reading() as session:
        assert session.scalars(select(ListingRow)).all() == []


def test_one_failed_test_keeps_a_need_and_is_named(database: Database, people: People) -> None:
    """All that pass are recommended on the day; who fails a test, or has one unknown, is not.

    Whoever looked at another version is refused, and so is who asks for one that is held back.
    """
    actor = people.organiser.actor
    with database.reading() as session:
        first, second, third, *_ = session.scalars(select(NeedRow.id).order_by(col(NeedRow.key)))
    _pass(database, people, first)
    _pass(database, people, second, real_need=False)
    _pass(database, people, third, good_credit=None)
    with database.writing() as session:
        assert recommend_all(session, actor, NOW) == 1
        assert recommend_all(session, actor, NOW) == 0
    assert _row(database, first).recommended == NOW.date()
    assert _row(database, first).decide_by == NOW.date() + timedelta(days=30)
    with database.writing() as session:
        for need_id, word in ((second, "real need"), (third, "good credit")):
            found = find_listing(session, actor, need_id, NOW.date())
            assert found.listing.stage is ListStage.APPLIED
            assert found.listing.held_back_by is not None
            assert word in found.listing.held_back_by.en
            with pytest.raises(ConflictError, match=word):
                recommend_one(session, actor, need_id, None, NOW)
        with pytest.raises(StaleError):
            recommend_one(session, actor, second, 1, NOW)
        with pytest.raises(ConflictError, match="recommended"):
            change_listing(session, actor, first, ListingChange(tests={ListTest.REAL_NEED: None}),
                           None, NOW)  # fmt: skip
        take_back(session, actor, first, None, NOW)
    assert (_row(database, first).stage, _row(database, first).decide_by) == ("applied", None)


def test_a_decision_follows_from_the_leads(database: Database, people: People) -> None:
    """Approved is granted; refused only when the last lead fell out; an approval comes over it."""
    actor = people.organiser.actor
    published_plan(database, people, new_round(database, people).id)
    leads = _leads(database)
    granted = next(need for need, own in leads.items() if len(own) >= 1)
    refused = next(need for need, own in leads.items() if len(own) >= 2 and need != granted)
    for need_id in (granted, refused):
        _pass(database, people, need_id)
        with database.writing() as session:
            recommend_one(session, actor, need_id, None, NOW)
    for action in ROAD:
        _do(database, people, leads[granted][0], action)
    row = _row(database, granted)
    assert (row.stage, row.decided, row.refusal) == ("decided", NOW.date(), None)
    assert (row.contacted, row.lead_id) == (NOW.date(), leads[granted][0].id)
    *others, last = leads[refused]
    for lead in others:
        _do(database, people, lead, CaseAction.DECLINE, reason="papers_missing")
    assert _row(database, refused).stage == ListStage.RECOMMENDED
    _do(database, people, last, CaseAction.DECLINE, reason="papers_missing")
    row = _row(database, refused)
    assert row.stage == ListStage.DECIDED
    assert json.loads(row.refusal or "")["code"] == "papers_missing"
    with database.reading() as session:
        found = find_listing(session, actor, refused, NOW.date())
        assert found.relisted is not None  # it can be mended
        keys = recommended_keys(session)
        assert {found.need.key} <= keys
        assert len(keys) == 2
        figures = count_listings(session)
        counts = (figures.num_recommended, figures.num_decided, figures.num_granted)
        assert counts == (2, 2, 1)
        assert (figures.num_within, figures.num_ready) == (2, 0)
        kinds = [(e.kind, json.loads(e.content)["action"]) for e in session.scalars(
            select(CaseEventRow).where(CaseEventRow.subject_id == refused)
            .order_by(col(CaseEventRow.number)))]  # fmt: skip
        assert kinds == [("listing", a) for a in ("answer", "recommend", "decide")]
        assert list(faults_of_record(session)) == []


def test_day_31_without_a_decision_is_overdue_and_matched_again(
    database: Database, people: People
) -> None:
    """Day 30 is in time, day 31 is not; filters and figures say so; a firm sees its own alone."""
    actor, firm = people.organiser.actor, people.firm.actor
    with database.reading() as session:
        need_id = session.scalars(
            select(NeedRow.id).where(NeedRow.enterprise_id == firm.enterprise_id)
        ).first()
    assert need_id is not None
    _pass(database, people, need_id)
    with database.writing() as session:
        recommend_one(session, actor, need_id, None, NOW)
    for days, is_late in ((30, False), (31, True)):
        today = NOW.date() + timedelta(days=days)
        with database.reading() as session:
            found = find_listing(session, firm, need_id, today)
            assert (found.is_overdue, found.relisted is not None) == (is_late, is_late)
            assert found.days_left == 0
            assert count_overdue(session, today) == int(is_late)
            late = list_listings(session, actor, Page(), ListingFilter(is_overdue=True),
                                 ListingSort.DUE, today)  # fmt: skip
            assert [one.row.id for one in late.rows] == ([need_id] if is_late else [])
    with database.reading() as session:
        owned = {row.id for row in session.scalars(Listings(session, firm).query())}
        theirs = select(NeedRow.id).where(NeedRow.enterprise_id == firm.enterprise_id)
        assert owned == set(session.scalars(theirs))
        assert session.scalars(Listings(session, people.bank.actor).query()).all() == []


def test_a_need_that_a_bank_had_approved_is_decided_with_its_recommendation(
    database: Database, people: People
) -> None:
    """Nobody types the decision in again that was there before the list was kept."""
    published_plan(database, people, new_round(database, people).id)
    need_id, (lead, *_) = next(iter(_leads(database).items()))
    for action in ROAD:
        _do(database, people, lead, action)
    assert _row(database, need_id).stage == ListStage.APPLIED
    _pass(database, people, need_id)
    with database.writing() as session:
        recommend_one(session, people.organiser.actor, need_id, None, NOW)
    row = _row(database, need_id)
    assert (row.stage, row.lead_id) == (ListStage.DECIDED, lead.id)
    assert CaseStatus(_leads(database)[need_id][0].status) is CaseStatus.APPROVED
