"""What the next round does with this one's cases: kept, queued again, over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.case import CaseStatus, NextRound, split_for_next_round
from matcher.domain.workdays import calendar_around
from matcher.services.leads.cases import KIND, make_case
from matcher.services.plans.rounds import rules_of
from matcher.store.repositories.plans import Rounds
from matcher.store.tables import CaseEventRow, LeadRow


@dataclass(frozen=True, slots=True)
class Carried:
    """The cases of a round as the next one takes them, and what its plan is asked for.

    Parameters
    ----------
    pins, bans
        Pairs of need and product (keys) that the next plan must keep and must not propose.
    """

    split: NextRound
    pins: tuple[tuple[str, str], ...]
    bans: tuple[tuple[str, str], ...]

    @property
    def confirmed(self) -> tuple[tuple[str, str], ...]:
        """The pairs that an institution has accepted."""
        kept = (case for case in self.split.kept if not case.is_final)
        return tuple((c.need_id, c.product_id) for c in kept if c.status is not CaseStatus.PROPOSED)


def carry_over(session: Session, actor: Actor, round_id: UUID, today: date) -> Carried:
    """Sort the cases of a round for the next.

    Raises
    ------
    UnknownIdError
        If there is no such round.
    """
    chosen = Rounds(session, actor).find(round_id)
    leads = session.scalars(
        select(LeadRow).where(LeadRow.round_id == round_id).order_by(col(LeadRow.proposed_at))
    ).all()
    histories: dict[UUID, list[CaseEventRow]] = {lead.id: [] for lead in leads}
    events = (
        select(CaseEventRow)
        .join(LeadRow, col(LeadRow.id) == col(CaseEventRow.subject_id))
        .where(CaseEventRow.kind == KIND, LeadRow.round_id == round_id)
        .order_by(col(CaseEventRow.number))
    )
    for event in session.scalars(events):
        histories[event.subject_id].append(event)
    cases = [make_case(lead, histories[lead.id]) for lead in leads]
    split = split_for_next_round(cases, today, calendar_around(today), rules_of(chosen))
    return Carried(split, split.pins, split.bans)
