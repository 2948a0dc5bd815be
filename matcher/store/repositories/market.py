"""The live market as an actor may see it.

The office sees all of it. A bank sees its institution, its products and the policies; a need
it sees only as a lead, never here. A firm sees itself and its needs, and, as they are
published, institutions, products and policies. Pools are the office's alone.
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from matcher.domain.actor import Actor, Role
from matcher.store.paging import Order, whole_number
from matcher.store.repositories.base import EVERYTHING, NOTHING, Repository
from matcher.store.tables import (
    ConsentRow,
    EnterpriseRow,
    InstitutionRow,
    NeedRow,
    PolicyRow,
    PoolRow,
    ProductRow,
)


def _order(row: Any) -> Order:
    return Order(row.position, row.id, whole_number)


class Enterprises(Repository[EnterpriseRow]):
    """Firms: the office's, and each its own."""

    row: ClassVar[type[Any]] = EnterpriseRow
    order = _order(EnterpriseRow)

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a firm."""
        if actor.is_office:
            return EVERYTHING
        if actor.role is Role.ENTERPRISE:
            return self.row.id == actor.enterprise_id  # type: ignore[no-any-return]
        return NOTHING


class Needs(Repository[NeedRow]):
    """Needs: the office's, and those of a firm itself."""

    row: ClassVar[type[Any]] = NeedRow
    order = _order(NeedRow)

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a need."""
        if actor.is_office:
            return EVERYTHING
        if actor.role is Role.ENTERPRISE:
            return self.row.enterprise_id == actor.enterprise_id  # type: ignore[no-any-return]
        return NOTHING


class Institutions(Repository[InstitutionRow]):
    """Institutions: all but for a bank, which sees itself."""

    row: ClassVar[type[Any]] = InstitutionRow
    order = _order(InstitutionRow)

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on an institution."""
        if actor.role is Role.BANK:
            return self.row.id == actor.institution_id  # type: ignore[no-any-return]
        return EVERYTHING


class Products(Repository[ProductRow]):
    """Products: all but for a bank, which sees its own."""

    row: ClassVar[type[Any]] = ProductRow
    order = _order(ProductRow)

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a product."""
        if actor.role is Role.BANK:
            return self.row.institution_id == actor.institution_id  # type: ignore[no-any-return]
        return EVERYTHING


class Pools(Repository[PoolRow]):
    """Pools: the office's alone, for a shared pool would tell a bank of the others."""

    row: ClassVar[type[Any]] = PoolRow
    order = _order(PoolRow)

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a pool."""
        return EVERYTHING if actor.is_office else NOTHING


class Policies(Repository[PolicyRow]):
    """Policies: they are public, so all who were let in see all of them."""

    row: ClassVar[type[Any]] = PolicyRow
    order = _order(PolicyRow)

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a policy."""
        return EVERYTHING


def seen_by(institution_id: UUID) -> ColumnElement[bool]:
    """Return the condition on a need that an institution may see it, by consents as they stand.

    Whatever shows a bank anything of a need has this condition in its query: a consent that was
    taken back a moment ago is taken back.
    """
    given = select(ConsentRow.need_id).where(
        col(ConsentRow.institution_id) == institution_id, col(ConsentRow.withdrawn_at).is_(None)
    )
    return or_(col(NeedRow.consents_to_all), col(NeedRow.id).in_(given))
