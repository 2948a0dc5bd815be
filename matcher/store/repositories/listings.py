"""Listings as an actor may see them: the office all, a firm its own, a bank nothing."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import ColumnElement, exists
from sqlmodel import col, select

from matcher.domain.actor import Actor, Role
from matcher.store.paging import Order, day
from matcher.store.repositories.base import EVERYTHING, NOTHING, Repository
from matcher.store.tables import ListingRow, NeedRow


class Listings(Repository[ListingRow]):
    """Needs on the two lists, the oldest first."""

    row: ClassVar[type[Any]] = ListingRow
    order = Order(ListingRow.applied, ListingRow.id, day)  # type: ignore[arg-type]

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a listing."""
        if actor.is_office:
            return EVERYTHING
        if actor.role is Role.ENTERPRISE:
            own = select(NeedRow.id).where(
                col(NeedRow.id) == col(ListingRow.id),
                col(NeedRow.enterprise_id) == actor.enterprise_id,
            )
            return exists(own)
        return NOTHING
