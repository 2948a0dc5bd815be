"""Leads as an actor may see them: the office all, a bank and a firm their own.

A bank sees a lead only while the firm lets it: a consent that is taken back hides it at once.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col, select

from matcher.domain.actor import Actor, Role
from matcher.store.paging import Order, moment
from matcher.store.repositories.base import EVERYTHING, NOTHING, Repository
from matcher.store.tables import ConsentRow, LeadRow, NeedRow


class Leads(Repository[LeadRow]):
    """Leads, the newest first."""

    row: ClassVar[type[Any]] = LeadRow
    order = Order(LeadRow.proposed_at, LeadRow.id, moment, descending=True)  # type: ignore[arg-type]

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a lead."""
        if actor.is_office:
            return EVERYTHING
        if actor.role is Role.BANK:
            return and_(col(LeadRow.institution_id) == actor.institution_id, is_consented())
        if actor.role is Role.ENTERPRISE:
            return col(LeadRow.enterprise_id) == actor.enterprise_id
        return NOTHING


def is_consented() -> ColumnElement[bool]:
    """Return the condition that the firm lets the institution of a lead see its need."""
    to_all = select(NeedRow.id).where(
        col(NeedRow.id) == col(LeadRow.need_id), col(NeedRow.consents_to_all)
    )
    given = select(ConsentRow.id).where(
        col(ConsentRow.need_id) == col(LeadRow.need_id),
        col(ConsentRow.institution_id) == col(LeadRow.institution_id),
        col(ConsentRow.withdrawn_at).is_(None),
    )
    return or_(exists(to_all), exists(given))
