"""A backup: one file with every row, its schema's revision and a hash for each table.

The file is the same for both databases, so that what was begun on SQLite can go on on
PostgreSQL. It is read in one transaction and written whole or not at all; a restore ends with
the same hashes or leaves nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from sqlalchemy import Connection, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.store.database import Database
from matcher.store.dump import fingerprint, insert_lines, lines_of, tables_of
from matcher.store.schema import newest_revision, revision_of, revisions, upgrade

FORMAT = "yinqi-backup/1"
MANIFEST = "manifest.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ROW_BYTES_MAX = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    Parameters
    ----------
    revision
        Of the schema that the rows are of.
    tables
        Name → (number of rows, SHA-256 of its lines).
    """

    revision: str
    tables: dict[str, tuple[int, str]]

    @property
    def num_rows(self) -> int:
        """How many rows there are in all."""
        return sum(count for count, _ in self.tables.values())


def backup(database: Database, path: Path) -> Manifest:
    """Save a database into a file, while others go on to use it.

    Raises
    ------
    InputError
        If the database has no schema, or the file cannot be written.
    """
    revision = revision_of(database)
    if revision is None:
        message = Text("数据库中没有表", "the database has no tables")
        raise InputError([Fault(message)])
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}", delete=False) as file:
            partial = Path(file.name)
            try:
                manifest = _write(database, revision, file)
                file.flush()
                os.fsync(file.fileno())
                partial.replace(path)
            except BaseException:
                partial.unlink(missing_ok=True)
                raise
    except OSError as error:
        message = Text("备份无法写入", "the backup cannot be written")
        raise InputError([Fault(message, file=str(path), value=error.strerror)]) from None
    _sync_folder(path.parent)
    return manifest


def _write(database: Database, revision: str, file: IO[bytes]) -> Manifest:
    tables: dict[str, tuple[int, str]] = {}
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        database.reading() as session,
    ):
        connection = session.connection()
        for table in tables_of(connection):
            digest, count = hashlib.sha256(), 0
            with archive.open(_member(f"{table.name}.jsonl"), "w", force_zip64=True) as member:
                for line in lines_of(connection, table):
                    member.write(line)
                    digest.update(line)
                    count += 1
            tables[table.name] = (count, digest.hexdigest())
        content = {"format": FORMAT, "revision": revision, "tables": tables}
        archive.writestr(_member(MANIFEST), json.dumps(content, indent=1, sort_keys=True))
    return Manifest(revision, tables)


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def restore(database: Database, path: Path) -> Manifest:
    """Fill an empty database from a backup, then bring its schema up to date.

    Raises
    ------
    InputError
        If the file is no sound backup, or the database is not empty; nothing is changed then.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive)
            _require_empty(database)
            upgrade(database, manifest.revision)
            with database.writing() as session:
                _fill(session.connection(), archive, manifest)
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError, SQLAlchemyError) as error:
        raise _unusable(path, f"{type(error).__name__}: {error!s:.120}") from None
    upgrade(database)
    return manifest


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    content = json.loads(archive.read(MANIFEST))
    if content["format"] != FORMAT:
        raise ValueError(f"the format is {content['format']!s:.40}")
    if content["revision"] not in revisions():
        raise ValueError(f"revision {content['revision']!s:.40} is newer than {newest_revision()}")
    tables = {
        name: (int(count), str(digest)) for name, (count, digest) in content["tables"].items()
    }
    return Manifest(content["revision"], tables)


def _require_empty(database: Database) -> None:
    with database.engine.connect() as connection:
        if not inspect(connection).get_table_names():
            return
        for table in tables_of(connection):
            if connection.execute(select(table).limit(1)).first() is not None:
                message = Text("数据库不是空的", "the database is not empty")
                raise InputError([Fault(message, value=table.name)])


def _fill(connection: Connection, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    tables = tables_of(connection)
    if {table.name for table in tables} != manifest.tables.keys():
        raise ValueError("it has other tables than its revision")
    for table in tables:
        insert_lines(connection, table, _lines(archive, f"{table.name}.jsonl"))
    found = fingerprint(connection)
    wrong = sorted(name for name, (_, digest) in manifest.tables.items() if found[name] != digest)
    if wrong:
        raise ValueError(f"the rows of {', '.join(wrong)} are not those that were saved")


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as member:
        while line := member.readline(_ROW_BYTES_MAX):
            yield line


def _unusable(path: Path, reason: Any) -> InputError:
    message = Text("不是可用的备份", "is no backup that can be used")
    return InputError([Fault(message, file=path.name, value=reason)])
