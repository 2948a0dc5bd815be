"""SQLite when the power goes: what `synchronous=FULL` is for, shown by a disk that forgets.

The file system of this test keeps for every file what was last made durable (xSync). A power cut
leaves exactly that. The pragmas are those that `matcher.store.database` sets.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import apsw
import pytest

from matcher.store.database import SQLITE_PRAGMAS

_NUM_COMMITS = 200


class _Disk(apsw.VFS):
    """A file system that remembers what of each file is durable."""

    def __init__(self) -> None:
        self.vfs_name = f"forgetful-{uuid4().hex}"
        self.durable: dict[str, bytes] = {}
        super().__init__(self.vfs_name, "")

    def xOpen(self, name: object, flags: list[int]) -> apsw.VFSFile:
        return _File(self, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:
        self.durable.pop(name, None)
        super().xDelete(name, sync)


class _File(apsw.VFSFile):
    def __init__(self, disk: _Disk, name: object, flags: list[int]) -> None:
        self._disk = disk
        self._path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        super().__init__("", name, flags)

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._disk.durable[self._path] = Path(self._path).read_bytes()


@pytest.fixture
def disk() -> Iterator[_Disk]:
    """Return a disk that forgets."""
    found = _Disk()
    yield found
    found.unregister()


def _commits_that_survive(disk: _Disk, folder: Path, pragmas: tuple[str, ...]) -> int:
    """Acknowledge many commits, cut the power, and count the rows that are still there."""
    path = folder / "live.db"
    connection = apsw.Connection(str(path), vfs=disk.vfs_name)
    # Without shared memory, which this file system does not have; durability is the same.
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    for pragma in pragmas:
        connection.execute(pragma)
    connection.execute("CREATE TABLE accepted (number INTEGER PRIMARY KEY)")
    for number in range(_NUM_COMMITS):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO accepted VALUES (?)", (number,))
        connection.execute("COMMIT")
    after = folder / "after"
    after.mkdir()
    for name, content in disk.durable.items():
        (after / Path(name).name).write_bytes(content)
    connection.close()
    with sqlite3.connect(after / "live.db") as found:
        tables = found.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        rows = found.execute("SELECT number FROM accepted ORDER BY 1").fetchall() if tables else []
    assert [number for (number,) in rows] == list(range(len(rows)))
    return len(rows)


def test_no_acknowledged_commit_is_lost_when_the_power_goes(disk: _Disk, tmp_path: Path) -> None:
    """With the pragmas that the store sets, all commits are there after a cut."""
    assert "PRAGMA synchronous=FULL" in SQLITE_PRAGMAS
    assert _commits_that_survive(disk, tmp_path, SQLITE_PRAGMAS) == _NUM_COMMITS


def test_with_normal_acknowledged_commits_are_lost(disk: _Disk, tmp_path: Path) -> None:
    """The same cut takes commits back with NORMAL: that the disk forgets is real."""
    weak = tuple(pragma.replace("=FULL", "=NORMAL") for pragma in SQLITE_PRAGMAS)
    assert _commits_that_survive(disk, tmp_path, weak) < _NUM_COMMITS


def test_connections_of_the_store_have_these_pragmas(tmp_path: Path) -> None:
    """FULL is 2, WAL is on, references are kept: asked of a connection as the service has it."""
    from matcher.store import open_database

    database = open_database(f"sqlite:///{tmp_path}/a.db")
    with database.engine.connect() as connection:
        asked = ("synchronous", "journal_mode", "foreign_keys")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in asked]
    database.close()
    assert found == [2, "wal", 1]
