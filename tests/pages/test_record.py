"""The page of the record: what an auditor reads, asks for, verifies and takes home."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from matcher.services.chores import sign_yesterday
from matcher.services.record import Happening, append
from matcher.store import Database
from matcher.store.tables import CaseEventRow
from tests.api.client import Client
from tests.pages.forms import HOSTILE, post
from tests.service import NOW, People

SUBJECT = UUID("3f0e7a52-5d5c-4a39-9d5b-1a4c2d6f8b10")


def happen(session: Session, people: People, **changed: object) -> None:
    """Record something that somebody hostile wrote."""
    values: dict[str, object] = {
        "kind": "conflict",
        "action": "declare",
        "subject_id": SUBJECT,
        "at": NOW,
        "account_id": people.staff.actor.account_id,
        "details": {"reason": HOSTILE},
    }
    append(session, Happening(**(values | changed)))  # type: ignore[arg-type]


def rows_of(text: str) -> int:
    """Return how many entries a page shows."""
    return text.count('<pre class="proof">')


def test_it_is_narrowed_down_by_kind_person_day_and_thing(
    client: Client, database: Database, people: People
) -> None:
    """Each way shows what fits and nothing else; the reason of another is text, no markup."""
    with database.writing() as session:
        happen(session, people)
        happen(session, people, at=NOW + timedelta(days=3))
    headers = people.auditor.by_session
    shown = {
        query: client.get(f"/ui/record?{query}", headers=headers).text
        for query in (
            f"subject={SUBJECT}",
            "login=staff&kind=conflict",
            f"subject={SUBJECT}&day=2026-03-05",
            f"subject={SUBJECT}&kind=plan",
            "login=firm",
        )
    }
    assert [rows_of(text) for text in shown.values()] == [2, 2, 1, 0, 0]
    assert HOSTILE not in shown[f"subject={SUBJECT}"]
    assert "&lt;script&gt;" in shown[f"subject={SUBJECT}"]


def test_what_cannot_be_read_is_told(client: Client, people: People) -> None:
    """A login that nobody has, an id and a day that are none: each by name, and all is shown."""
    path = "/ui/record?login=nobody&subject=x&day=soon"
    text = client.get(path, headers=people.auditor.by_session).text
    told = text[text.index('role="alert"') :].split("</ul>")[0]
    assert [name for name in ("操作人账号", "对象编号", "日期") if name not in told] == []


def test_verifying_says_in_words_whether_it_holds(
    client: Client, database: Database, people: People, tmp_path: Path
) -> None:
    """Untouched it holds, also to a head that was kept; once changed, the place is named."""
    assert sign_yesterday(database, NOW + timedelta(days=1), tmp_path / "key.pem")
    day = NOW.date().isoformat()
    kept = client.get(f"/ui/record/heads/{day}", headers=people.auditor.by_session)
    assert "attachment" in kept.headers["Content-Disposition"]
    files = {"head": ("head.json", kept.content, "application/json")}
    held = post(client, people.auditor, "/ui/record", files=files)
    assert held.status_code == 200
    assert "存证完整" in held.text
    assert f"第 {json.loads(kept.content)['number']} 条" in held.text
    with database.writing() as session:
        number = session.scalars(select(CaseEventRow.number).limit(1)).one()
        query = update(CaseEventRow).where(col(CaseEventRow.number) == number)
        before = session.get_one(CaseEventRow, number).content
        session.execute(query.values(content=before.replace("}", " }", 1)))
    changed = post(client, people.auditor, "/ui/record")
    with database.writing() as session:
        session.execute(query.values(content=before))
    assert "存证有 1 处不符" in changed.text
    assert f"{number}" in changed.text


def test_a_file_that_is_no_head_is_refused(client: Client, people: People) -> None:
    """Neither garbage nor a head whose signature is another's is taken for one: 422."""
    forged = {"format": "yinqi-head/1", "public_key": "x", "number": 1, "sha256": "0" * 64}
    for content in (b"\xff", b"[]", json.dumps(forged).encode()):
        files = {"head": ("head.json", content, "application/json")}
        answer = post(client, people.auditor, "/ui/record", files=files)
        assert answer.status_code == 422
        assert 'class="faults"' in answer.text
