"""Who may see a need: what is taken back is back from the next read on, and stays so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlmodel import col, select

import seeds
from matcher.services.records import replace_market
from matcher.store.repositories.market import seen_by
from matcher.store.tables import InstitutionRow, NeedRow
from tests.api.market import World, world
from tests.databases import KINDS
from tests.service import NOW

ABSENT = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(params=KINDS)
def there(request: pytest.FixtureRequest) -> Iterator[World]:
    """Return a service over the seeds, on each database in turn."""
    with world(request.param) as found:
        yield found


def _may_see(there: World, need_id: str) -> set[str]:
    """Return the institutions that a query of leads would show the need to."""
    with there.database.reading() as session:
        banks = session.scalars(select(InstitutionRow)).all()
        return {
            bank.key
            for bank in banks
            if session.scalars(
                select(NeedRow.key).where(col(NeedRow.key) == need_id, seen_by(bank.id))
            ).first()
        }


def test_a_consent_is_given_and_taken_back_by_name(there: World) -> None:
    """From "all" it becomes all others; records, lists and queries say so at once, also later."""
    firm, records = there.people.firm, there.records()
    need = there.items(firm, "/needs")[0]
    path = f"/needs/{need['id']}/consents"
    everyone = {bank.institution_id for bank in records.institutions}
    listed = there.items(firm, path)
    assert {one["institution"]["key"] for one in listed} == everyone
    assert all(one["may_see"] and one["given_at"] is None for one in listed)

    gone = listed[0]["institution"]
    for _ in range(2):  # twice is once
        assert there.call(firm, "DELETE", f"{path}/{gone['id']}").status_code == 204
        assert _may_see(there, need["key"]) == everyone - {gone["key"]}
    (changed,) = [n for n in there.records().needs if n.need_id == need["key"]]
    assert changed.consent == everyone - {gone["key"]}
    answer = there.get(firm, f"/needs/{need['id']}").json()
    assert answer["consents_to_all"] is False
    assert set(answer["record"]["consent"]) == changed.consent
    shown = {one["institution"]["key"]: one for one in there.items(firm, path)}
    assert shown[gone["key"]]["may_see"] is False
    assert shown[gone["key"]]["withdrawn_at"] == NOW.isoformat()

    with there.database.writing() as session:  # the office reads its old file once more
        outcome = replace_market(session, records, seeds.SEED_DATE, NOW)
    assert outcome.kept_consents == (need["key"],)
    assert _may_see(there, need["key"]) == everyone - {gone["key"]}

    again = there.call(there.people.organiser, "PUT", f"{path}/{gone['id']}")
    assert again.status_code == 200
    assert again.json()["may_see"] is True
    assert _may_see(there, need["key"]) == everyone


def test_an_institution_that_comes_later_sees_what_all_may_see_and_no_more(there: World) -> None:
    """Consent to all is consent to all that come; consent by name is by name."""
    firm, records = there.people.firm, there.records()
    open_need, closed_need = (one for one in there.items(firm, "/needs")[:1] * 2)
    other = there.items(there.people.other_firm, "/needs")[0]
    first = records.institutions[0]
    bank_id = there.items(firm, f"/needs/{closed_need['id']}/consents")[0]["institution"]["id"]
    path = f"/needs/{closed_need['id']}/consents/{bank_id}"
    assert there.call(firm, "DELETE", path).status_code == 204
    late = replace(first, institution_id="late-bank")
    more = replace(there.records(), institutions=(*records.institutions, late))
    with there.database.writing() as session:
        replace_market(session, more, None, NOW)
    assert "late-bank" in _may_see(there, other["key"])
    assert "late-bank" not in _may_see(there, open_need["key"])


def test_consents_are_the_firms_and_the_offices(there: World) -> None:
    """A foreign need answers as one that is not there; a bank is told nothing."""
    firm, other = there.people.firm, there.people.other_firm
    need, foreign = (there.items(one, "/needs")[0]["id"] for one in (firm, other))
    bank = str(there.people.bank.actor.institution_id)
    assert there.get(there.people.auditor, f"/needs/{need}/consents").status_code == 200
    assert there.get(there.people.bank, f"/needs/{need}/consents").status_code == 403
    for method in ("PUT", "DELETE"):
        answers = [
            there.call(firm, method, f"/needs/{one}/consents/{bank}") for one in (foreign, ABSENT)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        bodies = [{**answer.json(), "instance": None} for answer in answers]
        assert bodies[0] == bodies[1]
        assert there.call(firm, method, f"/needs/{need}/consents/{ABSENT}").status_code == 404
        staff = there.call(there.people.staff, method, f"/needs/{need}/consents/{bank}")
        assert staff.status_code == 403
