"""Leads as statistics count them: whose they are, and when what happened to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor, Role
from matcher.domain.case import CaseAction
from matcher.services.leads.cases import KIND
from matcher.store.tables import CaseEventRow, EnterpriseRow, InstitutionRow, LeadRow

_COUNTED = frozenset(CaseAction)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """One lead.

    Parameters
    ----------
    size, industry
        Of the firm as the market has it now; None where it has not said.
    moments
        When an action was done to it, the first time.
    reasons
        Why it was declined or rejected, as (action, code, is it mendable).
    """

    lead_id: UUID
    need_id: UUID
    enterprise: str
    institution: str
    institution_name: str
    size: str | None
    industry: str | None
    amount_fen: int
    offered_fen: int
    proposed_at: datetime
    moments: Mapping[CaseAction, datetime] = field(default_factory=dict)
    reasons: tuple[tuple[CaseAction, str, bool], ...] = ()

    def has(self, action: CaseAction) -> bool:
        """Whether an action was done."""
        return action in self.moments


def read_leads(session: Session, actor: Actor, round_id: UUID | None = None) -> tuple[Traced, ...]:
    """Return all leads, of a bank its own, in the order of their proposal.

    They are counted whatever firms consented to since: what was asked and answered stays so. A
    bank is told figures of them and nothing of whose they were.
    """
    columns: Any = (
        LeadRow.id, LeadRow.need_id, EnterpriseRow.key, InstitutionRow.key, InstitutionRow.name,
        EnterpriseRow.size, EnterpriseRow.industry, LeadRow.amount_fen, LeadRow.offered_fen,
        LeadRow.proposed_at,
    )  # fmt: skip
    query: Any = select(*columns)
    query = query.join(EnterpriseRow, col(EnterpriseRow.id) == col(LeadRow.enterprise_id))
    query = query.join(InstitutionRow, col(InstitutionRow.id) == col(LeadRow.institution_id))
    query = query.order_by(col(LeadRow.proposed_at), col(LeadRow.id))
    told = select(CaseEventRow.subject_id, CaseEventRow.at, CaseEventRow.content).where(
        CaseEventRow.kind == KIND
    )
    if actor.role is Role.BANK:
        query = query.where(col(LeadRow.institution_id) == actor.institution_id)
        told = told.where(col(CaseEventRow.institution_id) == actor.institution_id)
    elif not actor.is_office:
        return ()
    if round_id is not None:
        query = query.where(col(LeadRow.round_id) == round_id)
    happened = _happened(session, told)
    found = []
    for row in session.execute(query):
        moments, reasons = happened.get(row[0], ({}, ()))
        found.append(
            Traced(
                lead_id=row[0], need_id=row[1], enterprise=row[2], institution=row[3],
                institution_name=row[4], size=row[5], industry=row[6], amount_fen=row[7],
                offered_fen=row[8], proposed_at=row[9], moments=moments, reasons=tuple(reasons),
            )
        )  # fmt: skip
    return tuple(found)


_Happened = tuple[dict[CaseAction, datetime], list[tuple[CaseAction, str, bool]]]


def _happened(session: Session, query: Any) -> dict[UUID, _Happened]:
    found: dict[UUID, _Happened] = {}
    for lead_id, at, content in session.execute(query.order_by(col(CaseEventRow.number))):
        told = json.loads(content)
        details = told["details"]
        if told["action"] not in _COUNTED or details.get("part") is not None:
            continue
        action = CaseAction.parse(told["action"])
        moments, reasons = found.setdefault(lead_id, ({}, []))
        moments.setdefault(action, at)
        if (reason := details.get("reason")) is not None:
            reasons.append((action, reason["code"], reason["mendable"]))
    return found
