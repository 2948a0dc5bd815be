"""Records of documents one by one, kept: a record never changes, and few documents do."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlmodel import Session, select

from matcher.store.mapping import TABLE_NAMES, read_documents

MOST_KEPT = 4_096


@lru_cache(MOST_KEPT)
def record_of(table: str, document: str) -> Any:
    """Return the record of a document of a table."""
    (found,) = read_documents(table, [document])
    return found


def all_records(session: Session, table: str) -> tuple[Any, ...]:
    """Return the records of a table that is not long, in their order."""
    row = TABLE_NAMES[table].row
    query = select(row.document).order_by(row.position, row.id)
    return tuple(record_of(table, document) for document in session.scalars(query))
