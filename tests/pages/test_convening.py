"""From an event to who should come: the page and the part that it fetches."""

from __future__ import annotations

from sqlmodel import col, select, update

from matcher.store import Database
from matcher.store.mapping.documents import content_of
from matcher.store.tables import EnterpriseRow, EventRow, NeedRow
from tests.api.client import Client
from tests.pages.forms import HOSTILE, post
from tests.pages.test_editing import filled_in
from tests.service import People


def test_a_need_that_is_due_brings_institutions_and_a_past_one_nobody(
    client: Client, database: Database, people: People
) -> None:
    """Moved to a day to come, the need is on the page of the event with who can help it."""
    with database.reading() as session:
        event = session.scalars(select(EventRow.id)).first()
        need = session.scalars(select(NeedRow).where(NeedRow.key == "binjiang-a1-wages")).one()
    path, headers = f"/ui/events/{event}/convening", people.organiser.by_session
    assert path in client.get(f"/ui/events/{event}", headers=headers).text
    assert f"/ui/urgent/{need.id}" not in client.get(path, headers=headers).text
    edit = f"/ui/needs/{need.id}/edit"
    fields = filled_in(client, people, edit) | {"needed_by": "2026-04-30"}
    assert post(client, people.organiser, edit, **fields).status_code == 303
    with database.writing() as session:
        chosen = col(EnterpriseRow.id) == need.enterprise_id
        session.execute(update(EnterpriseRow).where(chosen).values(name=HOSTILE))
    shown = client.get(path, headers=headers).text
    assert f"/ui/urgent/{need.id}" in shown
    part = client.get(f"{path}/part", headers=headers | {"X-Part": "1"}).text
    assert part.lstrip().startswith("<section")
    assert "家机构即可" in part
    assert "data-refresh" not in part
    for text in (shown, part):
        assert HOSTILE not in text
        assert "&lt;script&gt;" in text
    with database.reading() as session:
        assert content_of(session.get_one(NeedRow, need.id).document)["needed_by"] == "2026-04-30"
