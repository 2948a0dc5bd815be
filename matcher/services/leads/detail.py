"""One lead with its history and its clock; for the office with whose it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from matcher.domain.actor import Actor
from matcher.domain.case import Case, CaseAction, CaseClock, Role, case_clock
from matcher.domain.moments import china_day
from matcher.domain.text import Text
from matcher.domain.workdays import calendar_around
from matcher.services.leads.cases import PROPOSE, history_of, make_case
from matcher.services.plans.rounds import rules_of
from matcher.store.repositories.leads import Leads
from matcher.store.tables import (
    CaseEventRow,
    EnterpriseRow,
    InstitutionRow,
    LeadRow,
    NeedRow,
    RoundRow,
)

_PROPOSED = Text("推送", "proposed")
_DONE = {
    CaseAction.EXPIRE: "expired",
    CaseAction.CONTACT: "firm contacted",
    CaseAction.VISIT: "firm visited",
    CaseAction.INVESTIGATE: "investigated",
    CaseAction.DISBURSE: "paid out",
    CaseAction.REPAY: "repaid",
    CaseAction.WITHDRAW: "withdrawn",
    CaseAction.CANCEL: "cancelled",
    CaseAction.SIGN: "signed",
    CaseAction.DECLINE: "declined",
    CaseAction.CLOSE: "closed",
    CaseAction.APPROVE: "approved",
    CaseAction.ACCEPT: "accepted",
    CaseAction.REJECT: "rejected",
}
"""What somebody did, in English: a history tells it in the past."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of a lead's history."""

    number: int
    at: datetime
    action: str
    text: Text
    by: Role
    account_id: UUID | None
    part: str | None
    reason: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class LeadDetail:
    """A lead with all that whoever asks may know of it."""

    lead: LeadRow
    case: Case
    history: tuple[Happened, ...]
    clock: CaseClock


@dataclass(frozen=True, slots=True)
class OfficeSide:
    """Whose a lead is: for the office."""

    lead: LeadRow
    institution: InstitutionRow
    enterprise: EnterpriseRow
    need: NeedRow


def lead_detail(session: Session, actor: Actor, lead_id: UUID, now: datetime) -> LeadDetail:
    """Return one lead.

    Raises
    ------
    UnknownIdError
        If there is no such lead, or it is not for this actor.
    """
    return detail_of(session, actor, Leads(session, actor).find(lead_id), now)


def detail_of(session: Session, actor: Actor, lead: LeadRow, now: datetime) -> LeadDetail:
    """Return all that an actor may know of a lead that is theirs to see."""
    rows = history_of(session, lead.id)
    case = make_case(lead, rows)
    # A clock that was turned back shows no time at all, and is no error.
    today = max(china_day(now), china_day(case.started_at))
    rules = rules_of(session.get_one(RoundRow, lead.round_id))
    clock = case_clock(case, today, calendar_around(today), rules)
    return LeadDetail(lead, case, tuple(_happened(row, actor) for row in rows), clock)


def office_sides(session: Session, lead_ids: Iterable[UUID]) -> dict[UUID, OfficeSide]:
    """Return whose some leads are."""
    query = (
        select(LeadRow, InstitutionRow, EnterpriseRow, NeedRow)
        .join(InstitutionRow, InstitutionRow.id == LeadRow.institution_id)  # type: ignore[arg-type]
        .join(EnterpriseRow, EnterpriseRow.id == LeadRow.enterprise_id)  # type: ignore[arg-type]
        .join(NeedRow, NeedRow.id == LeadRow.need_id)  # type: ignore[arg-type]
        .where(LeadRow.id.in_(list(lead_ids)))  # type: ignore[attr-defined]
    )
    return {lead.id: OfficeSide(lead, *rest) for lead, *rest in session.execute(query)}


def _told(action: CaseAction) -> Text:
    return Text(action.text.zh, _DONE[action])


def _happened(row: CaseEventRow, actor: Actor) -> Happened:
    told = json.loads(row.content)
    details, action = told["details"], told["action"]
    is_start = action == PROPOSE
    account = told["account_id"]
    return Happened(
        number=row.number,
        at=row.at,
        action=action,
        text=_PROPOSED if is_start else _told(CaseAction.parse(action)),
        by=Role.ORGANISER if is_start else Role.parse(details["role"]),
        account_id=UUID(hex=account) if account and actor.is_office else None,
        part=details.get("part"),
        reason=details.get("reason"),
    )
