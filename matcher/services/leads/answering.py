"""What people do with a lead: who may do what, on which version of it, with what effect."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.case import Case, CaseAction, CaseStatus, Reason
from matcher.domain.errors import Fault
from matcher.domain.text import Text
from matcher.services.errors import NotAllowedError, StaleError
from matcher.services.faults import reach
from matcher.services.leads.cases import act, reason_of
from matcher.services.leads.rights import ALLOWED
from matcher.services.record import begin
from matcher.store.repositories.base import not_found
from matcher.store.repositories.leads import Leads
from matcher.store.tables import LeadRow, RoundRow

TAKEN = Reason("taken", Text("已由其他机构受理", "another institution has accepted it"), True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody wants to do with a lead.

    Parameters
    ----------
    reason
        Code of a usual reason; asked for by the actions that need one.
    how_to_mend
        What the firm could do about it, in the institution's words.
    part_id
        The companion product that is decided on.
    version
        The version that was looked at; None to act on whatever stands.
    """

    action: CaseAction
    reason: str | None = None
    how_to_mend: str | None = None
    part_id: UUID | None = None
    version: int | None = None

    def on_version(self, version: int | None) -> Answer:
        """Return the same, of the version that was looked at."""
        return replace(self, version=version)


def answer(
    session: Session, actor: Actor, lead_id: UUID, wanted: Answer, now: datetime
) -> tuple[LeadRow, Case]:
    """Do what somebody wants with a lead.

    Raises
    ------
    UnknownIdError
        If there is no such lead, or it is not for this actor.
    NotAllowedError
        If it is not for the role to do.
    StaleError
        If the lead was changed since it was looked at.
    CaseError, CapacityError, InputError
        As `matcher.services.leads.cases.act`.
    """
    begin(session)
    lead = Leads(session, actor).find(lead_id, lock=True)
    if wanted.action not in ALLOWED.get(actor.role, frozenset()):
        message = Text("当前角色不能“{a}”", "it is not for your role to {a}")
        raise NotAllowedError([Fault(message.format(a=wanted.action.text), "action")])
    if wanted.version is not None and wanted.version != lead.version:
        raise StaleError
    reason = None if wanted.reason is None else reason_of(wanted.reason, wanted.how_to_mend)
    part = None if wanted.part_id is None else _part(lead, wanted.part_id)
    case = act(session, lead, wanted.action, actor, now, reason, part)
    if wanted.action is CaseAction.ACCEPT:
        _close_others(session, lead, now)
    session.flush()
    reach("accept:before-commit")
    return lead, case


def _part(lead: LeadRow, part_id: UUID) -> str:
    """Return the key of a companion product of a lead.

    Raises
    ------
    UnknownIdError
        If it is none of the lead's.
    """
    for part in json.loads(lead.document)["companions"]:
        if part["id"] == str(part_id):
            return str(part["product"])
    raise not_found()


def expire(session: Session, now: datetime) -> int:
    """End the leads that nobody has answered in time; return how many.

    The need of such a lead goes back into the queue of the next round.
    """
    begin(session)
    late = _late(session, now.date())
    for lead in late:
        act(session, lead, CaseAction.EXPIRE, None, now)
    session.flush()
    return len(late)


def _late(session: Session, today: date) -> list[LeadRow]:
    query = (
        select(LeadRow)
        .where(LeadRow.status == CaseStatus.PROPOSED, col(LeadRow.respond_by) < today)
        .order_by(col(LeadRow.id))
        .with_for_update()
    )
    return list(session.scalars(query))


def _close_others(session: Session, lead: LeadRow, now: datetime) -> None:
    """In an open round (抢单) the first institution has the need: take the others' leads back."""
    chosen = session.get(RoundRow, lead.round_id)
    if chosen is None or not chosen.is_open:
        return
    query = (
        select(LeadRow)
        .where(
            LeadRow.round_id == lead.round_id,
            LeadRow.need_id == lead.need_id,
            LeadRow.status == CaseStatus.PROPOSED,
            LeadRow.id != lead.id,
        )
        .order_by(col(LeadRow.id))
        .with_for_update()
    )
    for other in session.scalars(query).all():
        act(session, other, CaseAction.CANCEL, None, now, TAKEN)
