"""The two lists as pages: tests answered, recommended, refused with the reason, read only."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from matcher.domain.lists import ListStage, ListTest
from matcher.store import Database
from matcher.store.tables import ListingRow, NeedRow
from tests.api.client import Client
from tests.pages.forms import HOSTILE, post
from tests.service import People

PASSED = {test.value: "passed" for test in ListTest}


def _row(database: Database, need_id: UUID) -> ListingRow:
    with database.reading() as session:
        return session.scalars(select(ListingRow).where(ListingRow.id == need_id)).one()


def _needs(database: Database) -> list[UUID]:
    with database.reading() as session:
        return list(session.scalars(select(ListingRow.id).order_by(col(ListingRow.applied))))


def test_tests_are_answered_and_the_need_recommended(
    client: Client, database: Database, people: People
) -> None:
    """One failed test comes back by its name; once all pass it moves, and can be taken back."""
    need_id = _needs(database)[0]
    path = f"/ui/lists/{need_id}"
    told = PASSED | {"stage": "applied", "version": "1", "contacted": "2026-03-01"}
    refused = post(
        client, people.organiser, path, **told | {"good_credit": "failed", "action": "recommend"}
    )
    assert refused.status_code == 422
    assert "信用状况良好" in refused.text
    assert _row(database, need_id).version == 1
    kept = post(client, people.organiser, path, **told)
    assert kept.headers["Location"].startswith("/ui/lists/applied?notice=saved#n-")
    assert str(_row(database, need_id).contacted) == "2026-03-01"
    stale = post(client, people.organiser, path, **told)
    assert stale.status_code == 422
    told |= {"version": "2", "action": "recommend"}
    assert post(client, people.organiser, path, **told).status_code == 303
    row = _row(database, need_id)
    assert (row.stage, str(row.decide_by)) == (ListStage.RECOMMENDED, "2026-04-01")
    shown = client.get("/ui/lists/recommended", headers=people.organiser.by_session).text
    assert str(need_id) in shown
    assert "2026-04-01" in shown
    back = {"action": "take_back", "version": str(row.version), "stage": "recommended"}
    assert post(client, people.organiser, path, **back).status_code == 303
    assert _row(database, need_id).stage == ListStage.APPLIED
    assert post(client, people.organiser, "/ui/lists").status_code == 303
    assert _row(database, need_id).stage == ListStage.RECOMMENDED


def test_what_cannot_be_read_is_said_and_changes_nothing(
    client: Client, database: Database, people: People
) -> None:
    """A day that is none is named; words that are no answer, of no list, change nothing."""
    need_id = _needs(database)[1]
    path, told = f"/ui/lists/{need_id}", {"stage": "applied", "version": "1"}
    answer = post(client, people.organiser, path, **told, contacted=HOSTILE)
    assert answer.status_code == 422
    assert HOSTILE not in answer.text
    assert post(client, people.organiser, path, **told, real_need="yes").status_code == 303
    assert _row(database, need_id).version == 1
    assert post(client, people.organiser, path, **told | {"stage": "x"}).status_code == 404
    assert post(client, people.staff, path, **told).status_code == 403


def test_the_office_looks_and_a_firm_sees_its_own(
    client: Client, database: Database, people: People
) -> None:
    """Who may not change has no form; parts of a list stand alone; the firm reads its stage."""
    staff = people.staff.by_session
    shown = client.get("/ui/lists?only=real_need", headers=staff).text
    assert "<select" not in shown
    assert client.get("/ui/lists?only=nothing", headers=staff).status_code == 200
    assert client.get("/ui/lists/nothing", headers=staff).status_code == 404
    with database.reading() as session:
        own = session.scalars(
            select(NeedRow.id)
            .where(NeedRow.enterprise_id == people.firm.actor.enterprise_id)
            .order_by(col(NeedRow.position))
        ).first()
    assert client.get(f"/ui/lists/{own}", headers=staff).status_code == 200
    for path in (f"/ui/financing/{own}", "/ui"):
        page = client.get(path, headers=people.firm.by_session).text
        assert "申报清单" in page or "推荐清单" in page
