"""What may not leave the market, because something else in the store stands on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlmodel import Session, select

from matcher.domain.errors import Fault
from matcher.domain.records import ID_FIELDS
from matcher.domain.text import Text
from matcher.store.mapping import TABLE_ROWS
from matcher.store.tables import (
    METADATA,
    AccountRow,
    ConsentRow,
    LeadRow,
    ListingRow,
    QuestionnaireRow,
)

_MANY = 500
"""Ids asked about in one query."""

_OWN = {table.row.__tablename__: table.name for table in TABLE_ROWS}
_GOES_ALONG = {*_OWN, ConsentRow.__tablename__, ListingRow.__tablename__}
"""Tables whose rows go with what they name: consents, places on lists, and the market's own."""

_REASONS = {
    AccountRow.__tablename__: Text("有账号，不能删除", "has an account and cannot be removed"),
    QuestionnaireRow.__tablename__: Text(
        "有征集表，不能删除", "has a questionnaire and cannot be removed"
    ),
    LeadRow.__tablename__: Text("有线索，不能删除", "has leads and cannot be removed"),
}
_ELSE = Text("仍被引用，不能删除", "is still referred to and cannot be removed")


@dataclass(frozen=True, slots=True)
class Holder:
    """A column of another table that names rows of a table of the market."""

    table: str
    column: Column[Any]
    reason: Text


HOLDERS = tuple(
    Holder(_OWN[key.column.table.name], key.parent, _REASONS.get(table.name, _ELSE))
    for table in METADATA.sorted_tables
    if table.name not in _GOES_ALONG
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
    if key.column.table.name in _OWN
)
"""Every foreign key into the market from outside of it."""


def removal_faults(session: Session, table: str, removed: Mapping[str, UUID]) -> list[Fault]:
    """Return a fault for each row that is to go and may not.

    Parameters
    ----------
    removed
        The rows of one table, by the key of their record.
    """
    keys = {row_id: key for key, row_id in removed.items()}
    faults = []
    for holder in HOLDERS:
        if holder.table == table:
            held = {row for part in _parts(list(keys)) for row in _held(session, holder, part)}
            faults += [
                _fault(table, keys[row], holder) for row in sorted(held, key=keys.__getitem__)
            ]
    return faults


def _held(session: Session, holder: Holder, ids: list[UUID]) -> Iterator[UUID]:
    query = select(holder.column).where(holder.column.in_(ids)).distinct()
    yield from session.scalars(query)


def _parts(ids: list[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(ids), _MANY):
        yield ids[start : start + _MANY]


def _fault(table: str, key: str, holder: Holder) -> Fault:
    return Fault(holder.reason, field=ID_FIELDS[table], value=key, sheet=table)
