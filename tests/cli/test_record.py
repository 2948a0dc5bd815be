"""`matcher record`: what was kept outside proves what the record still is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, update
from sqlmodel import col, func, select

from matcher.services.chores import sign_yesterday
from matcher.services.record import Happening, append
from matcher.store import Database, open_database
from matcher.store.tables import CaseEventRow, ChainHeadRow
from tests.cli.runner import Done, matcher_here
from tests.databases import current_url
from tests.service import NOW


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Return a database with five entries, the head of their day signed on the day after."""
    with current_url("sqlite") as url:
        found = open_database(url)
        with found.writing() as session:
            append(session, *(_happening(number) for number in range(5)))
        assert sign_yesterday(found, NOW + timedelta(days=1), tmp_path / "key.pem")
        assert not sign_yesterday(found, NOW + timedelta(days=1), tmp_path / "key.pem")
        yield found
        found.close()


def _happening(number: int) -> Happening:
    return Happening(kind="plan", action=f"a{number}", subject_id=uuid4(), at=NOW, account_id=None)


def _record(database: Database, *words: str) -> Done:
    url = database.engine.url.render_as_string()
    return matcher_here("record", *words, "--database", url)


def _kept(database: Database, folder: Path) -> dict[str, Any]:
    done = _record(database, "head")
    assert done.code == 0, done.err
    (folder / "head.json").write_text(done.out)
    kept: dict[str, Any] = json.loads(done.out)
    (folder / "public.pem").write_text(kept["public_key"])
    return kept


def test_a_record_that_reaches_its_kept_head_holds(database: Database, tmp_path: Path) -> None:
    """The head of the day is its last entry; what comes later changes nothing of that."""
    kept = _kept(database, tmp_path)
    assert (kept["number"], kept["day"]) == (5, NOW.date().isoformat())
    with database.writing() as session:
        append(session, _happening(6))
    words = ("verify", "--head", str(tmp_path / "head.json"))
    done = _record(database, *words, "--public-key", str(tmp_path / "public.pem"), "--json")
    assert (done.code, json.loads(done.out)) == (0, {"entries": 6, "heads": 1})


def test_what_was_cut_off_is_seen_with_the_kept_head(database: Database, tmp_path: Path) -> None:
    """Even where the head in the database was taken away too."""
    _kept(database, tmp_path)
    with database.writing() as session:
        last = session.scalars(select(func.max(CaseEventRow.number))).one()
        session.execute(delete(CaseEventRow).where(col(CaseEventRow.number) == last))
        session.execute(delete(ChainHeadRow))
    assert _record(database, "verify").code == 0
    assert _record(database, "verify", "--head", str(tmp_path / "head.json")).code == 1


def test_an_edited_entry_is_named(database: Database) -> None:
    """Exit code 1."""
    with database.writing() as session:
        row = update(CaseEventRow).where(col(CaseEventRow.number) == 3)
        session.execute(row.values(content=CaseEventRow.content + " "))
    done = _record(database, "verify")
    assert done.code == 1
    assert "3" in done.err


def test_a_head_of_another_key_is_refused(database: Database, tmp_path: Path) -> None:
    """A forged head, no head, no file: exit code 2."""
    kept = _kept(database, tmp_path)
    (tmp_path / "head.json").write_text(json.dumps(kept | {"number": 4}))
    for name in ("head.json", "public.pem", "absent.json"):
        assert _record(database, "verify", "--head", str(tmp_path / name)).code == 2
    assert _record(database, "head", "--day", "2026-13-01").code == 2
