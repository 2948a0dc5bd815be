"""Imports as pages: nothing changes before somebody says so; names and sheets are text."""

from __future__ import annotations

import re
from uuid import UUID

from matcher.domain.errors import Fault, InputError
from matcher.domain.run import RunState
from matcher.domain.text import Text
from matcher.services.imports import Mode, ask_import
from matcher.services.work.errors import error_json
from matcher.services.work.settings import WorkSettings
from matcher.store import Database
from matcher.store.tables import RunRow
from tests.api.client import Client
from tests.imports import HOSTILE, previewed
from tests.service import NOW, People

_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


def _token(client: Client, people: People) -> str:
    page = client.get("/ui/imports", headers=people.organiser.by_session).text
    found = _TOKEN.search(page)
    assert found
    return found[1]


def test_a_preview_names_what_would_go_and_asks_before_it_does(
    client: Client, database: Database, people: People
) -> None:
    """The removed are counted and named, the form asks again, hostile names are text."""
    row = previewed(database, people)
    page = client.get(f"/ui/imports/{row.id}", headers=people.organiser.by_session).text
    assert HOSTILE not in page
    assert "&lt;img src=x" in page
    assert "gone-11" in page
    assert "13" in page
    assert "data-confirm" in page
    assert f"/ui/imports/{row.id}/apply" in page
    auditor = client.get(f"/ui/imports/{row.id}", headers=people.auditor.by_session).text
    assert f"/ui/imports/{row.id}/apply" not in auditor


def test_applying_a_preview_queues_the_very_file_and_only_once_it_is_sound(
    client: Client, database: Database, people: People
) -> None:
    """A new run with the same input that is no preview; of a cancelled one nothing is applied."""
    row, data = previewed(database, people), {"csrf": _token(client, people)}
    headers = people.organiser.by_session
    answer = client.request("POST", f"/ui/imports/{row.id}/apply", data=data, headers=headers)
    assert answer.status_code == 303
    made = UUID(answer.headers["Location"].rpartition("/")[2])
    with database.reading() as session:
        run = session.get_one(RunRow, made)
        assert run.input_sha256 == row.input_sha256
        assert '"preview": false' in run.request
    part = client.get(f"/ui/imports/{made}/part", headers=headers).text
    assert "data-refresh" in part
    cancel = client.request("POST", f"/ui/imports/{made}/cancel", data=data, headers=headers)
    assert cancel.status_code == 303
    again = client.request("POST", f"/ui/imports/{made}/apply", data=data, headers=headers)
    assert again.status_code == 422
    over = client.request("POST", f"/ui/imports/{row.id}/cancel", data=data, headers=headers)
    assert over.status_code == 422


def test_a_form_without_a_file_says_so(client: Client, people: People) -> None:
    """422, and what to do."""
    data = {"csrf": _token(client, people), "mode": "merge"}
    headers = people.organiser.by_session
    answer = client.request("POST", "/ui/imports", data=data, headers=headers)
    assert answer.status_code == 422
    assert "请选择文件" in answer.text


def test_a_thousand_faults_are_counted_and_two_hundred_shown(
    client: Client, database: Database, people: People
) -> None:
    """Where each stands, as text."""
    faults = [
        Fault(Text("无法读取", "cannot be read"), "amount_fen", "<b>x</b>", sheet="需求", row=n)
        for n in range(1000)
    ]
    with database.writing() as session:
        actor, settings = people.organiser.actor, WorkSettings()
        row = ask_import(session, actor, "bad.xlsx", b"{}", Mode.MERGE, True, settings, NOW)
        row.state, row.problem = RunState.FAILED, error_json(InputError(faults))
    page = client.get(f"/ui/imports/{row.id}", headers=people.organiser.by_session).text
    assert page.count("amount_fen") == 200
    assert "1000" in page
    assert "<b>x</b>" not in page
    assert "/apply" not in page
