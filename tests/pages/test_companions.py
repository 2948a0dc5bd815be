"""A guarantor's part on the page of a lead: decided on beside the bank's own decision."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from sqlmodel import select

from matcher.domain.actor import Role
from matcher.services.leads.cases import load
from matcher.services.leads.showing import refresh
from matcher.store import Database
from matcher.store.tables import LeadRow
from tests.api.client import Client
from tests.pages.forms import post
from tests.service import NOW, People, Person, make_person

ROAD = ("accept", "contact", "investigate", "approve")


@pytest.fixture(scope="module")
def guaranteed(database: Database, people: People) -> tuple[Person, Person, list[UUID]]:
    """Return a bank, a firm, and two leads whose guarantor decides for itself."""
    with database.writing() as session:
        leads = [one for one in session.scalars(select(LeadRow)) if _companions(one)]
        leads = [one for one in leads if one.institution_id == leads[0].institution_id][:2]
        for lead in leads:
            known = json.loads(lead.document)
            for one in known["companions"]:
                one["approval_follows"] = False
            lead.document = json.dumps(known, ensure_ascii=False, sort_keys=True)
            refresh(lead, load(session, lead))
            session.add(lead)
        bank = make_person(
            session, "bank-p", Role.BANK, NOW, institution_id=leads[0].institution_id
        )
        firm = make_person(
            session, "firm-p", Role.ENTERPRISE, NOW, enterprise_id=leads[0].enterprise_id
        )
        return bank, firm, [lead.id for lead in leads]


def _companions(lead: LeadRow) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(lead.document)["companions"]
    return found


def _shown(database: Database, lead_id: UUID) -> dict[str, object]:
    with database.reading() as session:
        found: dict[str, object] = json.loads(
            session.scalars(select(LeadRow.shown).where(LeadRow.id == lead_id)).one()
        )
        return found


def _do(client: Client, database: Database, bank: Person, lead_id: UUID, **fields: str) -> int:
    """Send a form of the page of a lead as it stands; return the status of the answer."""
    version = str(_shown(database, lead_id)["version"])
    answer = post(client, bank, f"/ui/leads/{lead_id}", version=version, **fields)
    status: int = answer.status_code
    return status


def test_a_package_is_signed_once_its_guarantor_approved(
    client: Client, database: Database, guaranteed: tuple[Person, Person, list[UUID]]
) -> None:
    """No buttons before it is taken up; then the part is decided on, named in both histories."""
    bank, firm, (lead_id, _) = guaranteed
    page = f"/ui/leads/{lead_id}"
    part = str(_companions_shown(database, lead_id)[0]["id"])
    assert f'value="{part}"' not in client.get(page, headers=bank.by_session).text
    for action in ROAD:
        assert _do(client, database, bank, lead_id, action=action) == 303
    text = client.get(page, headers=bank.by_session).text
    assert f'value="{part}"' in text
    assert "下列配套产品获批后方可签约" in text
    assert _do(client, database, bank, lead_id, action="sign") == 422
    assert _do(client, database, bank, lead_id, action="approve", part_id=part) == 303
    assert _do(client, database, bank, lead_id, action="approve", part_id=part) == 422
    text = client.get(page, headers=bank.by_session).text
    assert "下列配套产品获批后方可签约" not in text
    assert "批准 见贷即保" in text
    assert "批准 见贷即保" in client.get(f"/ui/offers/{lead_id}", headers=firm.by_session).text
    assert _do(client, database, bank, lead_id, action="sign") == 303


def test_a_guarantor_that_rejects_says_why_and_what_would_mend_it(
    client: Client, database: Database, guaranteed: tuple[Person, Person, list[UUID]]
) -> None:
    """Without a reason it is refused; with one it stands in the history, and nothing is signed."""
    bank, _, (_, lead_id) = guaranteed
    part = str(_companions_shown(database, lead_id)[0]["id"])
    for action in ROAD:
        assert _do(client, database, bank, lead_id, action=action) == 303
    assert _do(client, database, bank, lead_id, action="reject", part_id=part) == 422
    told = {"reason": "collateral_short", "how_to_mend": "增加反担保"}
    assert _do(client, database, bank, lead_id, action="reject", part_id=part, **told) == 303
    text = client.get(f"/ui/leads/{lead_id}", headers=bank.by_session).text
    assert "否决 见贷即保" in text
    assert "增加反担保" in text
    assert _companions_shown(database, lead_id)[0]["status"] == "rejected"
    assert _do(client, database, bank, lead_id, action="sign") == 422
    nobody = "3f0e7a52-5d5c-4a39-9d5b-1a4c2d6f8b10"
    assert _do(client, database, bank, lead_id, action="approve", part_id=nobody) == 404


def _companions_shown(database: Database, lead_id: UUID) -> list[dict[str, object]]:
    found = _shown(database, lead_id)["companions"]
    assert isinstance(found, list)
    return found
