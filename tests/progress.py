"""Leads that have come some way, for tests of what is counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from matcher.domain.case import REASONS, CaseAction
from matcher.domain.errors import MatcherError
from matcher.services.leads.cases import act
from matcher.services.record import begin
from matcher.store import Database
from matcher.store.tables import LeadRow
from tests.rounds import new_round, published_plan
from tests.service import NOW, People

_A = CaseAction
TO_THE_MONEY = (_A.ACCEPT, _A.CONTACT, _A.VISIT, _A.INVESTIGATE, _A.APPROVE, _A.SIGN, _A.DISBURSE)


def leads_on_their_way(database: Database, people: People, now: datetime = NOW) -> list[UUID]:
    """Let a plan of the seeds go out and move its leads: by position, number n goes n steps.

    Every eighth is declined at once; the others go as many steps towards the money as their
    position says, modulo the steps there are, a day apart. What cannot be accepted stays.
    """
    published_plan(database, people, new_round(database, people).id)
    with database.reading() as session:
        order = (col(LeadRow.institution_id), col(LeadRow.rank), col(LeadRow.id))
        leads = session.scalars(select(LeadRow.id).order_by(*order)).all()
    moved = []
    for place, lead_id in enumerate(leads):
        steps = (_A.DECLINE,) if place % 8 == 7 else TO_THE_MONEY[: place % 8 + 1]
        if _walk(database, people, lead_id, steps, now):
            moved.append(lead_id)
    return moved


def _walk(
    database: Database,
    people: People,
    lead_id: UUID,
    steps: tuple[CaseAction, ...],
    now: datetime,
) -> bool:
    for number, action in enumerate(steps):
        reason = next(iter(REASONS.values())) if action is _A.DECLINE else None
        try:
            with database.writing() as session:
                begin(session)
                lead = session.get_one(LeadRow, lead_id)
                at = now + timedelta(days=number)
                act(session, lead, action, people.organiser.actor, at, reason)
        except MatcherError:
            return number > 0
    return True
