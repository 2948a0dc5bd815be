"""The pages of a firm without a browser: what is kept, what is refused, what is shown as text."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from matcher.services.intake_online import keep_draft, read_draft
from matcher.services.records.consents import recipients
from matcher.services.records.wishes import wishes_of
from matcher.store import Database
from matcher.store.paging import Page
from matcher.store.tables import InstitutionRow, LeadRow, NeedRow
from tests.api.client import Client
from tests.handing_in import publish_live_plan
from tests.service import NOW, People, Person

HOSTILE = "<script>alert(1)</script>'\"&{{7*7}}"
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


def post(client: Client, person: Person, path: str, **fields: Any) -> Any:
    """Send a form of a page with the token that it has."""
    shown = client.get("/ui/questionnaire", headers=person.by_session).text
    token = _TOKEN.findall(shown)[0]
    return client.request("POST", path, data={"csrf": token, **fields}, headers=person.by_session)


def draft_of(database: Database, person: Person) -> dict[str, Any]:
    """Return what is kept of a questionnaire that is not handed in."""
    with database.reading() as session:
        found: dict[str, Any] = json.loads(read_draft(session, person.actor, NOW).original)
        return found


def own_need(database: Database, person: Person) -> UUID:
    """Return the first need of a firm."""
    with database.reading() as session:
        query = select(NeedRow.id).where(NeedRow.enterprise_id == person.actor.enterprise_id)
        found = session.scalars(query.order_by(col(NeedRow.position))).first()
        assert found is not None
        return found


def test_a_step_is_kept_with_what_is_wrong_and_comes_back_as_it_was_typed(
    client: Client, database: Database, people: People
) -> None:
    """422 names the field; the draft has the words; hostile ones are text on the page."""
    answer = post(client, people.firm, "/ui/questionnaire/need", amount_fen=HOSTILE)
    assert answer.status_code == 422
    assert "融资金额（万元）" in answer.text
    assert HOSTILE not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert draft_of(database, people.firm)["need"]["融资金额(万元)"] == HOSTILE


def test_steps_do_not_disturb_each_other_and_blanks_take_back(
    client: Client, database: Database, people: People
) -> None:
    """Each step puts only its own fields; a field that is emptied is out of the draft."""
    post(client, people.firm, "/ui/questionnaire/need", amount_fen="65", needed_by="2026-06-30")
    post(
        client,
        people.firm,
        "/ui/questionnaire/terms",
        term_months="12",
        collateral_kind=["real_estate", "", "orders"],
        collateral_value=["300", "", "5;0=1"],
    )
    kept = draft_of(database, people.firm)["need"]
    assert kept["融资金额(万元)"] == "65"
    assert kept["押品(万元)"] == "real_estate=300; orders=5 0 1"
    post(client, people.firm, "/ui/questionnaire/terms", term_months="")
    kept = draft_of(database, people.firm)["need"]
    assert "term_months" not in kept
    assert kept["融资金额(万元)"] == "65"


def test_a_draft_of_the_api_is_shown_in_the_units_of_the_page(
    client: Client, database: Database, people: People
) -> None:
    """Fen become 万元, fractions percent; whatever else a draft may be does no harm."""
    need = {"amount_fen": 123_456_700, "max_rate": "0.045", "instruments": ["loan", "grant"]}
    with database.writing() as session:
        keep_draft(session, people.firm.actor, json.dumps({"need": need}), NOW)
    shown = client.get("/ui/questionnaire/need", headers=people.firm.by_session).text
    assert 'value="123.4567"' in shown
    assert shown.count(" checked") == 2
    terms = client.get("/ui/questionnaire/terms", headers=people.firm.by_session).text
    assert re.search(r'name="max_rate"[^>]*value="4.50*"', terms)
    for odd in ("[]", '"x"', "3", '{"need": [1], "enterprise": null, "consent": {}}'):
        with database.writing() as session:
            keep_draft(session, people.firm.actor, odd, NOW)
        for step in ("", "/need", "/firm", "/figures", "/consent", "/check"):
            path = f"/ui/questionnaire{step}"
            assert client.get(path, headers=people.firm.by_session).status_code == 200, odd


def test_what_is_not_whole_is_not_handed_in(
    client: Client, database: Database, people: People
) -> None:
    """422 with every fault and the draft still there; nobody gets a need of it."""
    with database.writing() as session:
        keep_draft(session, people.other_firm.actor, "{}", NOW)
    before = own_need(database, people.other_firm)
    answer = post(client, people.other_firm, "/ui/questionnaire/check")
    assert answer.status_code == 422
    assert "最晚到账日" in answer.text
    assert "谁可查看" in answer.text
    assert draft_of(database, people.other_firm) == {}
    assert own_need(database, people.other_firm) == before


def test_a_firm_changes_only_who_may_see_its_own_needs(
    client: Client, database: Database, people: People
) -> None:
    """Another firm's need, offer and questionnaire answer 404, and nothing changes."""
    need = own_need(database, people.firm)
    with database.reading() as session:
        lead = session.scalars(select(LeadRow.id).where(LeadRow.need_id == need)).first()
        bank = session.scalars(select(InstitutionRow.id)).first()
    stranger = people.other_firm
    for path in (f"/ui/data/{need}", f"/ui/financing/{need}", f"/ui/financing/{need}/fit"):
        assert client.get(path, headers=stranger.by_session).status_code == 404
    assert client.get(f"/ui/offers/{lead}", headers=stranger.by_session).status_code == 404
    for fields in (
        {"action": "withdraw", "institution_id": str(bank)},
        {"action": "withdraw_all"},
        {"action": "wishes", "contacts": "1"},
    ):
        assert post(client, stranger, f"/ui/data/{need}", **fields).status_code == 404
    with database.reading() as session:
        row, found = recipients(session, people.firm.actor, need, Page(100))
        assert row.consents_to_all
        assert all(one.may_see for one in found.rows)


@pytest.mark.parametrize("contacts", ["-1", "51", "many", "", "1e3", HOSTILE])
def test_a_number_of_contacts_that_cannot_be_is_refused_by_name(
    client: Client, database: Database, people: People, contacts: str
) -> None:
    """422, what was typed still there as text, nothing changed."""
    need = own_need(database, people.firm)
    path = f"/ui/data/{need}"
    answer = post(client, people.firm, path, action="wishes", contacts=contacts)
    assert answer.status_code == 422
    assert HOSTILE not in answer.text
    with database.reading() as session:
        assert wishes_of(session.get_one(NeedRow, need)).contacts == 8


def test_consents_are_given_and_taken_back_by_name_and_from_all(
    client: Client, database: Database, people: People
) -> None:
    """From all at once, then one by name again; wishes are kept beside."""
    firm = people.other_firm
    need = own_need(database, firm)
    with database.reading() as session:
        bank = session.scalars(select(InstitutionRow.id)).first()
    path = f"/ui/data/{need}"
    post(client, firm, path, action="wishes", contacts="2", is_anonymous="1")
    assert post(client, firm, path, action="withdraw_all").status_code == 303
    assert seers(database, firm, need) == set()
    post(client, firm, path, action="give", institution_id=str(bank))
    assert seers(database, firm, need) == {bank}
    with database.reading() as session:
        wishes = wishes_of(session.get_one(NeedRow, need))
    assert (wishes.contacts, wishes.is_anonymous) == (2, True)


def seers(database: Database, person: Person, need: UUID) -> set[UUID]:
    """Return the institutions that may see a need."""
    with database.reading() as session:
        _, found = recipients(session, person.actor, need, Page(100))
        return {one.institution.id for one in found.rows if one.may_see}


def test_a_name_that_is_kept_back_is_told_by_accepting_and_not_before(
    client: Client, database: Database, people: People
) -> None:
    """No page of the bank has it, nor the credit code, until the lead is accepted."""
    firm = people.firm
    with database.reading() as session:
        row = session.scalars(
            select(NeedRow)
            .where(NeedRow.enterprise_id == firm.actor.enterprise_id)
            .order_by(col(NeedRow.position).desc())
        ).first()
        assert row is not None
    post(client, firm, f"/ui/data/{row.id}", action="wishes", contacts="8", is_anonymous="1")
    publish_live_plan(database, people)
    with database.reading() as session:
        query = select(LeadRow).where(
            LeadRow.need_id == row.id, LeadRow.institution_id == people.bank.actor.institution_id
        )
        lead = session.scalars(query).first()
        assert lead is not None
    path = f"/ui/leads/{lead.id}"
    shown = client.get(path, headers=people.bank.by_session).text
    assert "受理前匿名的企业" in shown
    assert "示例求助企业" not in shown
    assert "91330108YQ0009007R" not in shown
    token = _TOKEN.findall(shown)[0]
    client.request(
        "POST",
        path,
        data={"csrf": token, "action": "accept", "version": "1"},
        headers=people.bank.by_session,
    )
    shown = client.get(path, headers=people.bank.by_session).text
    assert "示例求助企业" in shown
    assert "91330108YQ0009007R" in shown
