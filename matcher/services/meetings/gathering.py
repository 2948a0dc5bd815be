"""Who is to meet whom at an event: the live leads of its round's published plan.

A pair meets only while its lead can still become something and the firm lets the institution see
its need. A firm that wants to stay unknown until it is accepted sits at no table before that.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from matcher.domain.case import CaseStatus
from matcher.domain.errors import Fault
from matcher.domain.text import Text
from matcher.files.event_sheet import EventSheet
from matcher.schedule import ParticipantKind
from matcher.services.errors import ConflictError
from matcher.services.plans.publishing import live_plan
from matcher.services.scheduling.leads import Lead, Party, lead_of
from matcher.store import blobs
from matcher.store.repositories.leads import is_consented
from matcher.store.tables import EnterpriseRow, EventRow, InstitutionRow, LeadRow

_TABLES: tuple[tuple[ParticipantKind, Any], ...] = (
    (ParticipantKind.FIRM, EnterpriseRow),
    (ParticipantKind.INSTITUTION, InstitutionRow),
)
_NO_PLAN = Text("本轮尚无已发布的方案", "the round has no published plan")
_UNKNOWN = Text(
    "{n} 场洽谈未列入：企业要求在受理前不公开名称",
    "{n} meetings are left out: the firm stays unknown until it is accepted",
)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The leads that become meetings, and what is said of those that do not."""

    leads: tuple[Lead, ...]
    left_out: tuple[Text, ...]


def gather_leads(session: Session, event: EventRow) -> Gathered:
    """Return the leads of an event; none where it has no round.

    Raises
    ------
    ConflictError
        If its round has no plan out.
    """
    if event.round_id is None:
        return Gathered((), ())
    plan = live_plan(session, event.round_id)
    if plan is None:
        raise ConflictError([Fault(_NO_PLAN, "round_id", str(event.round_id))])
    document = json.loads(blobs.fetch(session, plan.plan_sha256), parse_float=Decimal)
    unknown = _unknown_by_pair(session, event)
    kept: list[dict[str, Any]] = []
    num_unknown = 0
    for entry in document["matches"]:
        is_unknown = unknown.get((entry["need"], entry["product"]))
        if is_unknown is None:
            continue
        num_unknown += is_unknown
        kept += [] if is_unknown else [entry]
    left_out = (_UNKNOWN.format(n=num_unknown),) if num_unknown else ()
    return Gathered(tuple(lead_of(entry) for entry in kept), left_out)


def with_names(session: Session, sheet: EventSheet, leads: Sequence[Lead]) -> EventSheet:
    """Name the guests that the market knows: one without a lead may come all the same."""
    planned = {party.party_id for lead in leads for party in _parties(lead)}
    keys = [g.guest_id for g in sheet.guests if not g.name and g.guest_id not in planned]
    names: dict[tuple[ParticipantKind, str], str] = {}
    for kind, table in _TABLES:
        query = select(table.key, table.name).where(col(table.key).in_(keys))
        names |= {(kind, key): name for key, name in session.execute(query)}
    return replace(
        sheet,
        guests=tuple(
            replace(guest, name=guest.name or names.get((guest.kind, guest.guest_id), ""))
            for guest in sheet.guests
        ),
    )


def _parties(lead: Lead) -> tuple[Party, ...]:
    return (lead.firm, lead.institution, *lead.companions)


def _unknown_by_pair(session: Session, event: EventRow) -> dict[tuple[str, str], bool]:
    """Return the pairs that may meet (need and product), and whether the firm is still unknown."""
    query = select(LeadRow.document, LeadRow.status, LeadRow.is_anonymous).where(
        col(LeadRow.round_id) == event.round_id, col(LeadRow.is_alive), is_consented()
    )
    found = {}
    for document, status, is_anonymous in session.execute(query):
        known = json.loads(document)
        # Alive and not proposed any more: it was accepted, and since then its name is known.
        is_unknown = is_anonymous and status == CaseStatus.PROPOSED
        found[known["need"], known["product"]] = is_unknown
    return found
