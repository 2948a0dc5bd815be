from __future__ import annotations

from pathlib import Path

from matcher.store import open_database, upgrade
from tests.cli.runner import Done, matcher_here
from tests.store.filling import fill


def _url(folder: Path, name: str = "a.db") -> str:
    return f"sqlite:///{folder / name}"


def _db(*words: object) -> Done:
    return matcher_here("db", *words, "--lang", "en")


def test_upgrade_backup_restore_and_check(tmp_path: Path) -> None:
    """The whole drill by hand: a new database, a backup, an empty one filled from it, a check."""
    first, second = _url(tmp_path), _url(tmp_path, "b.db")
    assert _db("upgrade", "--database", first).code == 0
    database = open_database(first)
    fill(database)
    database.close()
    saved = _db("backup", tmp_path / "b.zip", "--database", first)
    assert saved.code == 0, saved.out
    assert "rows of" in saved.out
    back = _db("restore", tmp_path / "b.zip", "--database", second)
    assert back.code == 0, back.out
    found = _db("check", "--database", second)
    assert (found.code, "whole" in found.out) == (0, True)


def test_check_of_an_old_schema_says_what_to_run(tmp_path: Path) -> None:
    """Without the newest schema the check fails with exit code 1 and names the command."""
    found = _db("check", "--database", _url(tmp_path))
    assert found.code == 1
    assert "matcher db upgrade" in found.err + found.out


def test_a_restore_over_rows_is_refused(tmp_path: Path) -> None:
    """Exit code 2, and nothing is overwritten."""
    url = _url(tmp_path)
    database = open_database(url)
    upgrade(database)
    fill(database)
    database.close()
    assert _db("backup", tmp_path / "b.zip", "--database", url).code == 0
    found = _db("restore", tmp_path / "b.zip", "--database", url)
    assert found.code == 2
    assert "not empty" in found.err + found.out


def test_no_database_is_bad_input(tmp_path: Path) -> None:
    """An address that names no database is exit code 2."""
    found = _db("upgrade", "--database", "mysql://u:hunter2@h/d")
    assert found.code == 2
    assert "hunter2" not in found.err + found.out
