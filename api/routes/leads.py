"""Leads: a bank sees its own and answers them, the office sees all."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlmodel import Session

from api.auth import Bank, allow
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.filters import DayAsked, Fen, Region
from api.openapi import problems
from api.paging import PageDep
from api.preconditions import TAGGED, TagDep, etag, version_of
from api.problems import encode
from api.quick import QuickRoute, page_response
from api.schemas.leads import (
    AcceptCreate,
    DeclineCreate,
    LeadDetailPublic,
    LeadsPublic,
    PartCreate,
    StageCreate,
)
from matcher.domain.actor import OFFICE, Actor, Role
from matcher.domain.case import CaseAction, CaseStatus
from matcher.services.leads.answering import Answer, answer
from matcher.services.leads.detail import (
    Happened,
    LeadDetail,
    OfficeSide,
    detail_of,
    lead_detail,
    office_sides,
)
from matcher.services.leads.listing import LeadFilter, LeadSort, list_leads
from matcher.store.tables import LeadRow

router = APIRouter(prefix="/leads", tags=["leads"], route_class=QuickRoute)

Reader = Annotated[Actor, Depends(allow(Role.BANK, *OFFICE))]
Reporter = Annotated[Actor, Depends(allow(Role.BANK, Role.ORGANISER))]
"""The bank; the organiser writes down what a bank tells it by telephone."""

Mover = Annotated[Actor, Depends(allow(Role.BANK, Role.ORGANISER, Role.ADMIN))]
_JSON = "application/json"
_LAST_NUMBER = 2**63 - 1


async def asked_leads(
    product: Annotated[UUID | None, Query(description="Id of a product.")] = None,
    round: Annotated[UUID | None, Query(description="Id of a round.")] = None,
    institution: Annotated[UUID | None, Query(description="Id of an institution.")] = None,
    region: Region = None,
    amount_from_fen: Fen = None,
    amount_to_fen: Fen = None,
    due_from: DayAsked = None,
    due_to: DayAsked = None,
    status: Annotated[
        tuple[CaseStatus, ...],
        Query(description="Any of these; without any, those of which something can still come."),
    ] = (),
    since: Annotated[
        int | None,
        Query(
            description="`newest` of an earlier answer: only what changed after it, whatever its "
            "status, in the order of the changes.",
            ge=0,
            le=_LAST_NUMBER,
        ),
    ] = None,
) -> LeadFilter:
    """Return which leads are asked for."""
    return LeadFilter(
        round_id=round,
        institution_id=institution,
        product_id=product,
        region=region,
        amount_from_fen=amount_from_fen,
        amount_to_fen=amount_to_fen,
        due_from=due_from,
        due_to=due_to,
        statuses=status,
        since=since,
    )


@router.get(
    "",
    operation_id="list_leads",
    summary="线索列表 / List leads",
    response_model=LeadsPublic,
    responses=problems(),
)
def read_leads(
    request: Request,
    actor: Reader,
    session: ReadSession,
    page: PageDep,
    which: Annotated[LeadFilter, Depends(asked_leads)],
    sort: Annotated[
        LeadSort,
        Query(description="Best first, by the day of the answer owed, or by what changed."),
    ] = LeadSort.BEST,
) -> Response:
    """Return a page of leads: a bank's own, best first, each with its reasons.

    A lead is there as long as its firm lets the bank see its need. To follow what is new, ask
    with `since` and keep `newest` for the next time.
    """
    chosen = sort if which.since is None else LeadSort.CHANGED
    found = list_leads(session, actor, page, which, chosen)
    items = _with_sides(session, found.items) if actor.is_office else found.items
    link = None
    if found.next is not None:
        url = request.url.include_query_params(cursor=found.next)
        link = f"{url.path}?{url.query}"
    return page_response(replace(found, items=items), link)


@router.get(
    "/{lead_id}",
    operation_id="read_lead",
    summary="查询线索 / Read a lead",
    response_model=LeadDetailPublic,
    responses={200: TAGGED, **problems(404)},
)
def read_lead(lead_id: IdPath, actor: Reader, session: ReadSession, now: ClockDep) -> Response:
    """Return one lead with its history, its clock, and what may be done with it now."""
    return _shown(session, actor, lead_detail(session, actor, lead_id, now()))


@router.post(
    "/{lead_id}/accept",
    operation_id="accept_lead",
    summary="受理 / Accept a lead",
    response_model=LeadDetailPublic,
    responses={200: TAGGED, **problems(404, 409, 412, 428)},
)
def accept_lead(
    lead_id: IdPath,
    tag: TagDep,
    actor: Bank,
    session: WriteSession,
    asked: AcceptCreate,
    now: ClockDep,
) -> Response:
    """Accept a lead; from now on you see whose it is, and what it draws on is yours.

    409 if nothing is left of a quota, a place or the contacts that the firm wants, or, in an
    open round (抢单), if another institution was first.
    """
    return _answered(session, actor, lead_id, Answer(action=CaseAction.ACCEPT), tag, now)


@router.post(
    "/{lead_id}/decline",
    operation_id="decline_lead",
    summary="婉拒 / Decline a lead",
    response_model=LeadDetailPublic,
    responses={200: TAGGED, **problems(404, 409, 412, 428)},
)
def decline_lead(
    lead_id: IdPath,
    tag: TagDep,
    actor: Reporter,
    session: WriteSession,
    asked: DeclineCreate,
    now: ClockDep,
) -> Response:
    """Decline a lead, with the reason; one that can be mended brings the need back next round."""
    wanted = Answer(action=CaseAction.DECLINE, reason=asked.reason, how_to_mend=asked.how_to_mend)
    return _answered(session, actor, lead_id, wanted, tag, now)


@router.post(
    "/{lead_id}/stage",
    operation_id="report_stage",
    summary="报告进度 / Report a stage",
    response_model=LeadDetailPublic,
    responses={200: TAGGED, **problems(404, 409, 412, 428)},
)
def report_stage(
    lead_id: IdPath,
    tag: TagDep,
    actor: Mover,
    session: WriteSession,
    asked: StageCreate,
    now: ClockDep,
) -> Response:
    """Report what was done with an accepted lead: contact, visit, …, sign, disburse, repay.

    `actions` of the lead says what is open now. The office may `cancel`.
    """
    wanted = Answer(action=asked.action, reason=asked.reason, how_to_mend=asked.how_to_mend)
    return _answered(session, actor, lead_id, wanted, tag, now)


@router.post(
    "/{lead_id}/parts/{part_id}",
    operation_id="decide_part",
    summary="配套产品审批 / Decide on a companion product",
    response_model=LeadDetailPublic,
    responses={200: TAGGED, **problems(404, 409, 412, 428)},
)
def decide_part(
    lead_id: IdPath,
    part_id: IdPath,
    tag: TagDep,
    actor: Reporter,
    session: WriteSession,
    asked: PartCreate,
    now: ClockDep,
) -> Response:
    """Report what its institution decided on a companion product (`companions[].id`)."""
    wanted = Answer(
        action=asked.action, reason=asked.reason, how_to_mend=asked.how_to_mend, part_id=part_id
    )
    return _answered(session, actor, lead_id, wanted, tag, now)


def _answered(
    session: Session, actor: Actor, lead_id: UUID, wanted: Answer, tag: str, now: ClockDep
) -> Response:
    at = now()
    lead, _ = answer(session, actor, lead_id, wanted.on_version(version_of(tag)), at)
    return _shown(session, actor, detail_of(session, actor, lead, at))


def _shown(session: Session, actor: Actor, found: LeadDetail) -> Response:
    lead, clock = found.lead, found.clock
    deadline = clock.deadline
    content = json.loads(lead.shown) | {
        "office": _office(office_sides(session, [lead.id])[lead.id]) if actor.is_office else None,
        "clock": {
            "days": clock.elapsed.calendar_days,
            "workdays": clock.elapsed.workdays,
            "days_left": None if deadline is None else (deadline.due - clock.today).days,
            "is_overdue": clock.is_overdue,
        },
        "history": [_happened(one) for one in found.history],
    }
    return Response(encode(content), headers={"ETag": etag(str(lead.version))}, media_type=_JSON)


def _with_sides(session: Session, items: tuple[bytes, ...]) -> tuple[bytes, ...]:
    leads = [json.loads(item) for item in items]
    sides = office_sides(session, [UUID(lead["id"]) for lead in leads])
    return tuple(encode(lead | {"office": _office(sides[UUID(lead["id"])])}) for lead in leads)


def _office(side: OfficeSide) -> dict[str, Any]:
    lead: LeadRow = side.lead
    named: dict[str, Any] = {"institution": side.institution, "enterprise": side.enterprise}
    return {
        **{name: {"id": str(r.id), "key": r.key, "name": r.name} for name, r in named.items()},
        "need": {"id": str(side.need.id), "key": side.need.key, "name": side.need.key},
        "plan_id": str(lead.plan_id),
        "score": lead.score,
    }


def _happened(one: Happened) -> dict[str, Any]:
    reason = one.reason
    return {
        "number": one.number,
        "at": one.at.isoformat(),
        "action": one.action,
        "text": {"zh": one.text.zh, "en": one.text.en},
        "by": one.by.value,
        "account_id": None if one.account_id is None else str(one.account_id),
        "part": one.part,
        "reason": reason
        and {
            "code": reason["code"],
            "text": {"zh": reason["zh"], "en": reason["en"]},
            "is_mendable": reason["mendable"],
        },
    }
