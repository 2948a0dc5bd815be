"""What is on offer to a firm: its leads as it sees them, with whose, at what cost and by when.

What institutions think of the firm (scores, bands, ranks) is not among it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.case import Case, CaseAction, CaseClock, case_clock
from matcher.domain.moments import china_day
from matcher.domain.workdays import calendar_around
from matcher.services.leads.answering import Answer, answer
from matcher.services.leads.cases import KIND, make_case
from matcher.services.plans.rounds import rules_of
from matcher.store.paging import Page, Slice
from matcher.store.repositories.leads import Leads
from matcher.store.tables import (
    CaseEventRow,
    InstitutionRow,
    LeadRow,
    NeedRow,
    ProductRow,
    RoundRow,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer.

    Parameters
    ----------
    known
        What the match says: names, costs, papers, companions; see `LeadRow.document`.
    """

    lead: LeadRow
    need: NeedRow
    product: ProductRow
    institution: InstitutionRow
    known: Mapping[str, Any]
    case: Case
    clock: CaseClock

    @property
    def can_withdraw(self) -> bool:
        """Whether the firm may still take itself out of it."""
        return CaseAction.WITHDRAW in self.case.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFilter:
    """Which offers: all that every given part holds for.

    Parameters
    ----------
    with_past
        Whether those are there too of which nothing can come any more.
    """

    need_id: UUID | None = None
    instrument: str | None = None
    with_past: bool = False


def list_offers(
    session: Session, actor: Actor, page: Page, which: OfferFilter, now: datetime
) -> Slice[Offer]:
    """Return a page of the offers of a firm, the newest first.

    Raises
    ------
    InputError
        If the cursor is none of this list.
    """
    where = [] if which.need_id is None else [col(LeadRow.need_id) == which.need_id]
    where += [] if which.with_past else [col(LeadRow.is_alive).is_(True)]
    if which.instrument is not None:
        alike = select(ProductRow.id).where(ProductRow.instrument == which.instrument)
        where.append(col(LeadRow.product_id).in_(alike))
    found = Leads(session, actor).page(page, *where)
    offers = {one.lead.id: one for one in _offers(session, found.rows, now)}
    return found.map(lambda lead: offers[lead.id])


def find_offer(session: Session, actor: Actor, lead_id: UUID, now: datetime) -> Offer:
    """Return one offer.

    Raises
    ------
    UnknownIdError
        If there is none, or it is another firm's.
    """
    lead: LeadRow = Leads(session, actor).find(lead_id)
    return _offers(session, [lead], now)[0]


def withdraw(
    session: Session,
    actor: Actor,
    lead_id: UUID,
    version: int | None,
    reason: str,
    now: datetime,
) -> Offer:
    """Take the firm out of an offer.

    Raises
    ------
    UnknownIdError
        If there is none, or it is another firm's.
    StaleError
        If it was changed since it was looked at.
    CaseError, InputError
        If the money is paid, or there is no such reason.
    """
    wanted = Answer(action=CaseAction.WITHDRAW, reason=reason, version=version)
    lead, _ = answer(session, actor, lead_id, wanted, now)
    return _offers(session, [lead], now)[0]


def _offers(session: Session, leads: Sequence[LeadRow], now: datetime) -> list[Offer]:
    histories = _histories(session, leads)
    needs = _by_id(session, NeedRow, {lead.need_id for lead in leads})
    products = _by_id(session, ProductRow, {lead.product_id for lead in leads})
    banks = _by_id(session, InstitutionRow, {lead.institution_id for lead in leads})
    rounds = _by_id(session, RoundRow, {lead.round_id for lead in leads})
    found = []
    for lead in leads:
        case = make_case(lead, histories.get(lead.id, []))
        # A clock that was turned back shows no time at all, and is no error.
        today = max(china_day(now), china_day(case.started_at))
        rules = rules_of(rounds[lead.round_id])
        clock = case_clock(case, today, calendar_around(today), rules)
        found.append(
            Offer(
                lead,
                needs[lead.need_id],
                products[lead.product_id],
                banks[lead.institution_id],
                json.loads(lead.document),
                case,
                clock,
            )
        )
    return found


def _histories(session: Session, leads: Sequence[LeadRow]) -> dict[UUID, list[CaseEventRow]]:
    query = (
        select(CaseEventRow)
        .where(
            CaseEventRow.kind == KIND, col(CaseEventRow.subject_id).in_([one.id for one in leads])
        )
        .order_by(col(CaseEventRow.number))
    )
    found: dict[UUID, list[CaseEventRow]] = {}
    for row in session.scalars(query):
        found.setdefault(row.subject_id, []).append(row)
    return found


def _by_id(session: Session, table: Any, ids: set[UUID]) -> dict[UUID, Any]:
    rows = session.scalars(select(table).where(table.id.in_(list(ids))))
    return {row.id: row for row in rows}
