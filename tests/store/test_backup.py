from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path

import pytest
from sqlmodel import select

from matcher.domain.errors import InputError
from matcher.store import Database, open_database
from matcher.store.backup import MANIFEST, backup, restore
from matcher.store.dump import fingerprint
from matcher.store.schema import BASE, downgrade, is_current, upgrade
from matcher.store.soundness import faults_of
from matcher.store.tables import METADATA, BlobRow, SettingRow
from tests.databases import KINDS, empty_url
from tests.store.filling import fill


def _fingerprint(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return fingerprint(session.connection())


def test_every_table_is_filled_for_these_tests(database: Database) -> None:
    """A table that a test of backups forgets would not be tested."""
    fill(database)
    with database.reading() as session:
        empty = [t.name for t in METADATA.sorted_tables if not session.execute(select(t)).first()]
    assert empty == []


@pytest.mark.parametrize("target", KINDS)
def test_the_restore_drill(database: Database, target: str, tmp_path: Path) -> None:
    """What was saved comes back row for row, on either database, and is sound."""
    fill(database, num_rows=1203)
    saved = backup(database, tmp_path / "b.zip")
    before = _fingerprint(database)
    with empty_url(target) as url:
        other = open_database(url)
        assert restore(other, tmp_path / "b.zip") == saved
        assert _fingerprint(other) == before
        assert is_current(other)
        assert faults_of(other) == []
        other.close()


def test_the_same_rows_give_the_same_file(database: Database, tmp_path: Path) -> None:
    """A backup holds no time and no order of its own."""
    fill(database)
    backup(database, tmp_path / "a.zip")
    backup(database, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_backup_of_a_database_without_tables_is_refused(
    bare_database: Database, tmp_path: Path
) -> None:
    """There is nothing to save, and no file is left behind."""
    with pytest.raises(InputError, match="no tables"):
        backup(bare_database, tmp_path / "b.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_database_with_rows_is_not_overwritten(database: Database, tmp_path: Path) -> None:
    """A restore fills an empty database only; what is there stays."""
    fill(database)
    backup(database, tmp_path / "b.zip")
    before = _fingerprint(database)
    with pytest.raises(InputError, match="not empty"):
        restore(database, tmp_path / "b.zip")
    assert _fingerprint(database) == before


def _spoil_row(content: dict[str, bytes]) -> None:
    content["setting.jsonl"] = content["setting.jsonl"].replace(b"100 %", b"101 %")


def _drop_table(content: dict[str, bytes]) -> None:
    manifest = json.loads(content[MANIFEST])
    del manifest["tables"]["setting"]
    content[MANIFEST] = json.dumps(manifest).encode()


def _newer(content: dict[str, bytes]) -> None:
    content[MANIFEST] = content[MANIFEST].replace(b'"revision": "', b'"revision": "9')


def _cut_rows(content: dict[str, bytes]) -> None:
    content["need.jsonl"] = content["need.jsonl"][: len(content["need.jsonl"]) // 2]


def _other_column(content: dict[str, bytes]) -> None:
    content["setting.jsonl"] = content["setting.jsonl"].replace(b'"name"', b'"nam"')


@pytest.mark.parametrize("spoil", [_spoil_row, _drop_table, _newer, _cut_rows, _other_column])
def test_a_spoilt_backup_leaves_no_row(
    bare_database: Database, tmp_path: Path, spoil: object
) -> None:
    """One changed byte, a missing table, a newer schema, half a table: refused, nothing is in."""
    with empty_url("sqlite") as url:
        source = open_database(url)
        upgrade(source)
        fill(source)
        backup(source, tmp_path / "b.zip")
        source.close()
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    spoil(content)  # type: ignore[operator]
    with zipfile.ZipFile(tmp_path / "spoilt.zip", "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    with pytest.raises(InputError, match="no backup"):
        restore(bare_database, tmp_path / "spoilt.zip")
    upgrade(bare_database)
    with bare_database.reading() as session:
        assert [t.name for t in METADATA.sorted_tables if session.execute(select(t)).first()] == []


def test_half_a_file_is_no_backup(bare_database: Database, tmp_path: Path) -> None:
    """A file that was cut off is refused with its name."""
    path = tmp_path / "half.zip"
    path.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(InputError, match=r"half\.zip"):
        restore(bare_database, path)


def test_check_finds_what_is_broken(database: Database) -> None:
    """A blob that is not its hash, a document that is no JSON: each is named."""
    fill(database)
    assert faults_of(database) == []
    with database.writing() as session:
        blob = session.scalars(select(BlobRow).order_by(BlobRow.sha256)).first()
        assert blob is not None
        blob.compressed = blob.compressed[:-5]
        session.add(SettingRow(name="broken", value="{"))
    found = [(fault.field, fault.value) for fault in faults_of(database)]
    assert ("setting.value", "broken") in found
    assert ("blob", blob.sha256) in found
    assert len(found) == 2


def test_check_finds_a_reference_into_the_void(tmp_path: Path) -> None:
    """SQLite keeps no reference that was broken while nobody looked; the check does."""
    database = open_database(f"sqlite:///{tmp_path}/a.db")
    upgrade(database)
    fill(database)
    with sqlite3.connect(tmp_path / "a.db") as connection:  # this tool keeps no references
        connection.execute("DELETE FROM institution")
    assert any(fault.field == "product" for fault in faults_of(database))
    database.close()


def test_check_asks_for_an_upgrade_first(bare_database: Database) -> None:
    """A database without the newest schema has that one fault."""
    upgrade(bare_database)
    downgrade(bare_database, BASE)
    (fault,) = faults_of(bare_database)
    assert "matcher db upgrade" in (fault.expected.en if fault.expected else "")
