"""What may not leave the market, because something else in the store stands on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import Session, select

from matcher.domain.errors import Fault
from matcher.domain.records import ID_FIELDS
from matcher.domain.text import Text
from matcher.store.tables import AccountRow, QuestionnaireRow

_MANY = 500
"""Ids asked about in one query."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A column of another table that names rows of the market's."""

    table: str
    column: InstrumentedAttribute[Any]
    reason: Text


_ACCOUNT = Text("有账号，不能删除", "has an account and cannot be removed")
_QUESTIONNAIRE = Text("有征集表，不能删除", "has a questionnaire and cannot be removed")


def _holders() -> tuple[Holder, ...]:
    columns: list[tuple[str, Any, Text]] = [
        ("institutions", AccountRow.institution_id, _ACCOUNT),
        ("enterprises", AccountRow.enterprise_id, _ACCOUNT),
        ("enterprises", QuestionnaireRow.enterprise_id, _QUESTIONNAIRE),
        ("needs", QuestionnaireRow.need_id, _QUESTIONNAIRE),
    ]
    return tuple(Holder(*column) for column in columns)


HOLDERS = _holders()
"""Consents are none of them: they go with their need or their institution."""


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
