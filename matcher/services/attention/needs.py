"""Needs that no institution works at yet, the ones that press first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.workdays import calendar_around
from matcher.services.attention.reading import MOST, by_id, count
from matcher.services.leads.cases import HOLDING
from matcher.store.paging import Order, Page, day
from matcher.store.repositories.market import Needs
from matcher.store.tables import EnterpriseRow, LeadRow, NeedRow

URGENT_WORKDAYS = 10
"""A need is urgent that has to have its money within so many workdays."""

_DUE = Order(NeedRow.deadline_order, NeedRow.id, day)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class DueNeed:
    """A need that no institution has accepted, with the workdays that are left."""

    need: NeedRow
    enterprise: EnterpriseRow
    workdays_left: int

    @property
    def is_urgent(self) -> bool:
        """Whether it presses."""
        return self.workdays_left <= URGENT_WORKDAYS


@dataclass(frozen=True, slots=True)
class DueNeeds:
    """The needs that are due next.

    Parameters
    ----------
    num_passed
        Needs whose day has passed without any institution having accepted them.
    """

    first: tuple[DueNeed, ...]
    num_urgent: int
    num_passed: int


def due_needs(session: Session, actor: Actor, today: date) -> DueNeeds:
    """Return the needs without a taker that are due next."""
    calendar = calendar_around(today)
    needs, due, is_open = Needs(session, actor), col(NeedRow.needed_by), _has_no_taker()
    rows = needs.page(Page(MOST), due >= today, is_open, order=_DUE).rows
    firms = by_id(session, EnterpriseRow, [row.enterprise_id for row in rows])
    return DueNeeds(
        tuple(
            DueNeed(row, firms[row.enterprise_id], calendar.left(today, row.needed_by))
            for row in rows
            if row.needed_by is not None
        ),
        count(needs, due.between(today, calendar.after(today, URGENT_WORKDAYS)), is_open),
        count(needs, due < today, is_open),
    )


def _has_no_taker() -> ColumnElement[bool]:
    """Return the condition on a need that no institution works at."""
    taken = select(LeadRow.need_id).where(col(LeadRow.status).in_([s.value for s in HOLDING]))
    return col(NeedRow.id).not_in(taken)
