"""The case of a lead: its history is the record's, where it stands follows from that alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.actor import Role as ActorRole
from matcher.domain.case import (
    REASONS,
    Case,
    CaseAction,
    CaseEvent,
    CasePart,
    CaseStatus,
    Reason,
    Role,
)
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.services.leads.capacity import give_back, take
from matcher.services.leads.reasons import reason_json, reason_of_json
from matcher.services.leads.showing import refresh
from matcher.services.listings.following import follow
from matcher.services.record import Happening, append
from matcher.store.tables import CaseEventRow, LeadRow

KIND = "case"
PROPOSE = "propose"
"""The first entry of a case; all that follow are actions of `CaseAction`."""

_ROLES = {ActorRole.BANK: Role.INSTITUTION, ActorRole.ENTERPRISE: Role.ENTERPRISE}
HOLDING = frozenset(CaseStatus) - {
    CaseStatus.PROPOSED,
    CaseStatus.DECLINED,
    CaseStatus.EXPIRED,
    CaseStatus.REJECTED,
    CaseStatus.WITHDRAWN,
    CaseStatus.CANCELLED,
}
"""The statuses in which a lead holds what it draws."""

MOMENTS: Mapping[CaseAction, str] = MappingProxyType(
    {
        CaseAction.ACCEPT: "accepted_at",
        CaseAction.DECLINE: "declined_at",
        CaseAction.APPROVE: "approved_at",
        CaseAction.DISBURSE: "disbursed_at",
    }
)
"""The columns of a lead in which stands when a step was taken: those that figures count."""


def load(session: Session, lead: LeadRow) -> Case:
    """Return the case of a lead, from its history."""
    return make_case(lead, history_of(session, lead.id))


def history_of(session: Session, lead_id: UUID) -> list[CaseEventRow]:
    """Return what happened to a lead, in order."""
    query = (
        select(CaseEventRow)
        .where(CaseEventRow.kind == KIND, CaseEventRow.subject_id == lead_id)
        .order_by(col(CaseEventRow.number))
    )
    return list(session.scalars(query))


def make_case(lead: LeadRow, rows: list[CaseEventRow]) -> Case:
    """Make the case of a lead of its rows in the record."""
    document = json.loads(lead.document)
    parts = tuple(CasePart(c["product"], c["approval_follows"]) for c in document["companions"])
    told = [json.loads(row.content) for row in rows]
    return Case(
        case_id=lead.id.hex,
        need_id=document["need"],
        product_id=document["product"],
        proposed_at=lead.proposed_at,
        companions=parts,
        history=tuple(
            _event(one, row.at)
            for one, row in zip(told, rows, strict=True)
            if one["action"] != PROPOSE
        ),
    )


def _event(told: Mapping[str, Any], at: datetime) -> CaseEvent:
    details = told["details"]
    reason = details["reason"]
    return CaseEvent(
        CaseAction.parse(told["action"]),
        at,
        Role.parse(details["role"]),
        reason and reason_of_json(reason),
        details["part"],
    )


def act(
    session: Session,
    lead: LeadRow,
    action: CaseAction,
    actor: Actor | None,
    now: datetime,
    reason: Reason | None = None,
    part: str | None = None,
) -> Case:
    """Do something with the case of a lead that the transaction has locked.

    What the lead draws is taken with its acceptance and given back if it falls out later.

    Parameters
    ----------
    actor
        Who does it; None for the system.
    part
        The companion product that is decided on.

    Raises
    ------
    CaseError
        If where the case stands does not allow it.
    CapacityError
        If nothing is left to accept it with.
    InputError
        If a reason is missing, or one is given where none belongs.
    """
    before = load(session, lead)
    now = _not_before(before, now)
    role = Role.SYSTEM if actor is None else _ROLES.get(actor.role, Role.ORGANISER)
    after = (
        before.apply(action, now, role, reason)
        if part is None
        else before.decide_part(part, action, now, role, reason)
    )
    _move_capacity(session, lead, before.status, after.status)
    lead.status = after.status
    lead.is_alive = not after.is_final
    lead.version += 1
    lead.updated_at = now
    if part is None:
        _note_first(lead, action, now)
    told = _happening(lead, action, actor, role, now, reason, part, before, after)
    (lead.record_number,) = append(session, told)
    refresh(lead, after)
    session.add(lead)
    if part is None:
        follow(session, lead, after.status, reason, actor, now)
    return after


def _note_first(lead: LeadRow, action: CaseAction, now: datetime) -> None:
    """Write down when a step that figures count was taken, the first time."""
    name = MOMENTS.get(action)
    if name is not None and getattr(lead, name) is None:
        setattr(lead, name, now)


def _not_before(case: Case, now: datetime) -> datetime:
    """Return a moment that is not before anything that happened.

    Who asked first may come second: each read the clock before it waited for its turn.
    """
    last = case.history[-1].at if case.history else case.proposed_at
    return max(now, last)


def _move_capacity(session: Session, lead: LeadRow, before: CaseStatus, after: CaseStatus) -> None:
    draws: dict[str, int] = json.loads(lead.draws)
    if after in HOLDING and before not in HOLDING:
        take(session, lead.round_id, draws)
    elif before in HOLDING and after not in HOLDING:
        give_back(session, lead.round_id, draws)


def is_taken(status: str) -> bool:
    """Tell whether a lead of this status holds what it draws."""
    return status in HOLDING


def _happening(
    lead: LeadRow,
    action: CaseAction,
    actor: Actor | None,
    role: Role,
    now: datetime,
    reason: Reason | None,
    part: str | None,
    before: Case,
    after: Case,
) -> Happening:
    return Happening(
        kind=KIND,
        action=action.value,
        subject_id=lead.id,
        at=now,
        account_id=None if actor is None else actor.account_id,
        institution_id=lead.institution_id,
        enterprise_id=lead.enterprise_id,
        details={
            "role": role.value,
            "reason": reason and reason_json(reason),
            "part": part,
            "before": before.status.value,
            "after": after.status.value,
        },
    )


def reason_of(code: str, how_to_mend: str | None = None) -> Reason:
    """Return a usual reason by its code, with what would mend it.

    Raises
    ------
    InputError
        If there is no such reason.
    """
    found = REASONS.get(code)
    if found is None:
        expected = Text.same(", ".join(REASONS))
        raise InputError([Fault(Text("没有这个原因", "is no reason"), "reason", code, expected)])
    if not how_to_mend:
        return found
    more = Text("{r}：{m}", "{r}: {m}").format(r=found.text, m=how_to_mend)
    return Reason(found.code, more, found.mendable)
