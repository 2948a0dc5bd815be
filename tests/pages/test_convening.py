"""From an event to who should come: the page and the part that it fetches."""

from __future__ import annotations

import re
from datetime import date

from sqlmodel import col, select, update

from matcher.store import Database
from matcher.store.mapping.documents import content_of
from matcher.store.tables import EnterpriseRow, EventRow, NeedRow
from tests.api.client import Client
from tests.pages.forms import HOSTILE, post
from tests.pages.test_editing import filled_in
from tests.service import People


def whole_part(client: Client, path: str, people: People) -> str:
    """Return the part of a page of convening once it no longer asks to be fetched again."""
    headers, part = people.organiser.by_session | {"X-Part": "1"}, "data-refresh"
    while "data-refresh" in part:
        part = client.get(f"{path}/part", headers=headers).text
    return part


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
    part = whole_part(client, path, people)
    assert part.lstrip().startswith("<section")
    assert "家机构即可" in part
    assert "data-refresh" not in part
    for text in (shown, part):
        assert HOSTILE not in text
        assert "&lt;script&gt;" in text
    with database.reading() as session:
        assert content_of(session.get_one(NeedRow, need.id).document)["needed_by"] == "2026-04-30"


def test_whoever_waits_is_told_how_far_it_is(
    client: Client, database: Database, people: People
) -> None:
    """Each request looks at one need; the part asks again by itself, the page by its header."""
    with database.reading() as session:
        event = session.scalars(select(EventRow.id)).first()
    path, headers = f"/ui/events/{event}/convening/part", people.organiser.by_session
    with database.writing() as session:
        day = date(2026, 5, 6)
        session.execute(update(NeedRow).values(needed_by=day, deadline_order=day))
    about = client.get(path.removesuffix("/part"), headers=headers).text
    count = len(set(re.findall("/ui/urgent/[-0-9a-f]+", about)))
    assert count > 2
    for done in range(1, count):
        answer = client.get(path, headers=headers | ({"X-Part": "1"} if done % 2 else {}))
        assert f"已看 {done} 项，共 {count} 项" in answer.text
        assert f'data-refresh="{path}"' in answer.text
        assert ("refresh" in answer.headers) == (done % 2 == 0)
    last = client.get(path, headers=headers)
    assert "refresh" not in last.headers
    assert "data-refresh" not in last.text
    assert "目录中没有机构能及时" in last.text
