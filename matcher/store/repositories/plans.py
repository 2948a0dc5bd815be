"""Rounds, plans and conflicts: the office's; a bank and a firm see what comes of them."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import ColumnElement
from sqlmodel import col

from matcher.domain.actor import Actor, Role
from matcher.store.paging import Order, moment
from matcher.store.repositories.base import EVERYTHING, NOTHING, Repository
from matcher.store.tables import ConflictRow, PlanRow, RoundRow


class _OfficeOnly:
    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a row."""
        return EVERYTHING if actor.is_office else NOTHING


class Rounds(_OfficeOnly, Repository[RoundRow]):
    """Rounds, the newest first."""

    row: ClassVar[type[Any]] = RoundRow
    order = Order(RoundRow.created_at, RoundRow.id, moment, descending=True)  # type: ignore[arg-type]


class Plans(_OfficeOnly, Repository[PlanRow]):
    """Plans, the newest first."""

    row: ClassVar[type[Any]] = PlanRow
    order = Order(PlanRow.created_at, PlanRow.id, moment, descending=True)  # type: ignore[arg-type]


class Conflicts(Repository[ConflictRow]):
    """Declared conflicts of interest, the newest first; a bank sees its own."""

    row: ClassVar[type[Any]] = ConflictRow
    order = Order(ConflictRow.declared_at, ConflictRow.id, moment, descending=True)  # type: ignore[arg-type]

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a conflict."""
        if actor.role is Role.BANK:
            return col(ConflictRow.institution_id) == actor.institution_id
        return EVERYTHING if actor.is_office else NOTHING
