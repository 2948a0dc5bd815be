"""Rows in every table, made from the tables' own description: a new table needs no new line."""

from __future__ import annotations

import hashlib
import json
import zlib
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Date, Float, Integer, LargeBinary, String, Table, Uuid
from sqlalchemy import Text as TextColumn
from sqlmodel import AutoString

from matcher.store import Database
from matcher.store.tables import METADATA
from matcher.store.types import SHANGHAI, Instant

NOW = datetime(2027, 6, 18, 9, 0, 0, 123456, tzinfo=SHANGHAI)
_TEXTS = ("舟转灵 100 %", "a\u2028b\\n\"'", "ÄÖÜ😀", "-")
_BIG = 2**31 - 10_000


def fill(database: Database, num_rows: int = 4) -> None:
    """Put rows into every table: all types, NULLs where they may be, texts of many kinds."""
    with database.writing() as session:
        for table in METADATA.sorted_tables:
            rows = [_row(table, number) for number in range(num_rows)]
            session.connection().execute(table.insert(), rows)


def _row(table: Table, number: int) -> dict[str, Any]:
    if table.name == "blob":
        return _blob(number)
    return {column.name: _value(table, column, number) for column in table.columns}


def _blob(number: int) -> dict[str, Any]:
    content = f"市场 {number}".encode() * 1000
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "media_type": "application/json",
        "size_bytes": len(content),
        "compressed": zlib.compress(content),
        "created_at": NOW,
    }


def _value(table: Table, column: Column[Any], number: int) -> Any:
    if column.foreign_keys:
        (key,) = column.foreign_keys
        if column.nullable and number % 2:
            return None
        target = key.column
        return _row(target.table, number)[target.name]
    if column.nullable and number % 2:
        return None
    return _plain(table, column, number)


def _plain(table: Table, column: Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, Uuid):
        text = f"{table.name}.{column.name}.{number}"
        return UUID(hex=hashlib.sha256(text.encode()).hexdigest()[:32])
    if isinstance(kind, TextColumn):
        return json.dumps({"n": number, "text": _TEXTS[number % len(_TEXTS)]}, ensure_ascii=False)
    if isinstance(kind, String | AutoString):
        text = f"{number}{_TEXTS[number % len(_TEXTS)]}"
        return text[: kind.length] if column.unique or (kind.length or 9) > 8 else str(number)[:1]
    if isinstance(kind, Boolean):
        return bool(number % 2)
    if isinstance(kind, Integer):
        return _BIG + number
    if isinstance(kind, Float):
        return number / 7
    if isinstance(kind, Date):
        return date(2027, 7, 1) + timedelta(days=number)
    if isinstance(kind, Instant):
        return NOW + timedelta(seconds=number)
    if isinstance(kind, LargeBinary):
        return bytes([number % 256]) * 100
    raise TypeError(f"{table.name}.{column.name}: {kind} is not filled yet")
