"""What the parts of the overview share: how many they show, rows by id, counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, func, select

from matcher.store.repositories.base import Repository

MOST = 8
"""So many of each kind are shown; the counts are of all."""


def count(repository: Repository[Any], *where: ColumnElement[bool]) -> int:
    """Return how many rows an actor may see of which all conditions hold."""
    visible = repository.visible_to(repository.actor)
    query = select(func.count()).select_from(repository.row).where(visible, *where)
    return repository.session.scalars(query).one()


def by_id(session: Session, table: type[Any], ids: Sequence[UUID | None]) -> dict[Any, Any]:
    """Return rows by their ids, which come from rows that the actor may see."""
    found = session.scalars(select(table).where(table.id.in_(set(ids))))
    return {row.id: row for row in found}
