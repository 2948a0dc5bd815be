"""All rows of a database as lines of JSON, the same on both databases, and back again.

What is read is the schema that the database has and not the one of this code, so that an old
database can be saved before it is upgraded, and a backup be restored by newer code.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    collate,
    select,
)

VERSION_TABLE = "alembic_version"
_BATCH = 500


def tables_of(connection: Connection) -> list[Table]:
    """Return the tables of a database, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != VERSION_TABLE]


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield each row as one line, sorted by the primary key."""
    query = select(table).order_by(*(_sort_key(connection, c) for c in table.primary_key.columns))
    rows = connection.execution_options(yield_per=_BATCH).execute(query)
    names = sorted(column.name for column in table.columns)
    for row in rows.mappings():
        values = {name: _plain(row[name]) for name in names}
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        yield text.encode() + b"\n"


def insert_lines(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
    """Insert rows as `lines_of` gave them and return how many they were.

    Raises
    ------
    ValueError
        If a line is none.
    """
    count = 0
    batch: list[dict[str, Any]] = []
    for line in lines:
        batch.append(_row(connection, table, json.loads(line)))
        count += 1
        if len(batch) == _BATCH:
            connection.execute(table.insert(), batch)
            batch = []
    if batch:
        connection.execute(table.insert(), batch)
    return count


def fingerprint(connection: Connection, *, without: Iterable[str] = ()) -> dict[str, str]:
    """Return the SHA-256 of the rows of each table, whatever the database.

    Parameters
    ----------
    without
        Tables to leave out.
    """
    left_out = frozenset(without)
    return {
        table.name: _sha256(lines_of(connection, table))
        for table in tables_of(connection)
        if table.name not in left_out
    }


def _sha256(lines: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    return digest.hexdigest()


def _sort_key(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    # Only the order of bytes is the same on every server.
    is_text = isinstance(column.type, String) and connection.dialect.name == "postgresql"
    return collate(column, "C") if is_text else column


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return value


def _row(connection: Connection, table: Table, values: Any) -> dict[str, Any]:
    if not isinstance(values, dict) or values.keys() != {c.name for c in table.columns}:
        raise ValueError(f"a row of {table.name} has other columns")
    is_sqlite = connection.dialect.name == "sqlite"
    return {c.name: _stored(c.type, values[c.name], is_sqlite) for c in table.columns}


def _stored(kind: Any, value: Any, is_sqlite: bool) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=None) if is_sqlite else moment
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, Uuid):
        return UUID(hex=value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value, validate=True)
    return value
