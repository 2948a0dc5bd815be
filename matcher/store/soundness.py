"""Whether what a database holds is whole: the file, the references, the schema, the blobs."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator

from sqlalchemy import Connection
from sqlalchemy import Text as TextColumn
from sqlmodel import Session, select

from matcher.domain.errors import Fault
from matcher.domain.text import Text
from matcher.store.database import Database
from matcher.store.schema import newest_revision, revision_of
from matcher.store.tables import METADATA, BlobRow

_BATCH = 200


def faults_of(database: Database) -> list[Fault]:
    """Return everything that is wrong with a database; it is only read.

    Further checks need the newest schema: without it that is the only fault.
    """
    revision, newest = revision_of(database), newest_revision()
    if revision != newest:
        message = Text("表结构不是最新版本", "the schema is not the newest")
        expected = Text("先运行 matcher db upgrade", "run matcher db upgrade first")
        return [Fault(message, "revision", f"{revision} ≠ {newest}", expected)]
    with database.reading() as session:
        return [
            *_sqlite_faults(session.connection()),
            *_document_faults(session.connection()),
            *_blob_faults(session),
        ]


def _sqlite_faults(connection: Connection) -> Iterator[Fault]:
    """Yield what SQLite finds; PostgreSQL keeps its references itself, and has pg_amcheck."""
    if connection.dialect.name != "sqlite":
        return
    broken = Text("数据库文件损坏", "the database file is damaged")
    for (found,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if found != "ok":
            yield Fault(broken, value=found)
    dangling = Text("引用的记录不存在", "refers to a row that is not there")
    for table, row, target, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield Fault(dangling, table, f"rowid {row} → {target}")


def _document_faults(connection: Connection) -> Iterator[Fault]:
    message = Text("不是有效的 JSON", "is no JSON")
    for table in METADATA.sorted_tables:
        documents = [c for c in table.columns if isinstance(c.type, TextColumn)]
        if not documents:
            continue
        (key,) = table.primary_key.columns
        rows = connection.execution_options(yield_per=_BATCH).execute(select(key, *documents))
        for row in rows:
            for column, value in zip(documents, row[1:], strict=True):
                if value is not None and not _is_json(value):
                    yield Fault(message, f"{table.name}.{column.name}", str(row[0]))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _blob_faults(session: Session) -> Iterator[Fault]:
    message = Text("内容与校验值不符", "the content is not that of its hash")
    for blob in session.scalars(select(BlobRow).execution_options(yield_per=_BATCH)):
        try:
            content = zlib.decompress(blob.compressed)
        except zlib.error:
            content = b""
        holds = len(content) == blob.size_bytes
        if not holds or hashlib.sha256(content).hexdigest() != blob.sha256:
            yield Fault(message, "blob", blob.sha256)
