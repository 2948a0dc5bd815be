"""Leads whose institutions owe an answer, those overdue first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col

from matcher.domain.actor import Actor
from matcher.domain.case import CaseStatus
from matcher.services.attention.reading import MOST, by_id, count
from matcher.store.repositories.leads import Leads
from matcher.store.tables import EnterpriseRow, InstitutionRow, LeadRow


@dataclass(frozen=True, slots=True)
class OwedAnswer:
    """A lead whose institution owes an answer."""

    lead: LeadRow
    status: CaseStatus
    enterprise: EnterpriseRow
    institution: InstitutionRow
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class OwedAnswers:
    """The answers that are owed.

    Parameters
    ----------
    num_unanswered
        Leads to which nobody has said anything yet.
    """

    first: tuple[OwedAnswer, ...]
    num_overdue: int
    num_unanswered: int


def owed_answers(session: Session, actor: Actor, today: date) -> OwedAnswers:
    """Return the answers that are owed, by the day on which they are due."""
    leads = Leads(session, actor)
    owed = (col(LeadRow.is_alive).is_(True), col(LeadRow.due_on) < date.max)
    query = leads.query().where(*owed).order_by(col(LeadRow.due_on), col(LeadRow.id)).limit(MOST)
    rows = list(session.scalars(query))
    firms = by_id(session, EnterpriseRow, [row.enterprise_id for row in rows])
    banks = by_id(session, InstitutionRow, [row.institution_id for row in rows])
    first = tuple(
        OwedAnswer(
            row,
            CaseStatus.parse(row.status),
            firms[row.enterprise_id],
            banks[row.institution_id],
            row.due_on < today,
        )
        for row in rows
    )
    unanswered = col(LeadRow.status) == CaseStatus.PROPOSED.value
    num_overdue = count(leads, *owed, col(LeadRow.due_on) < today)
    return OwedAnswers(first, num_overdue, count(leads, *owed, unanswered))
