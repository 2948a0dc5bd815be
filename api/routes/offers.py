"""Offers: what a firm is offered, taken back by it, and why the rest is not among it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from api.auth import Firm, allow
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.filters import InstrumentAsked
from api.openapi import problems
from api.paging import PageDep, link_next
from api.preconditions import TAGGED, TagDep, etag, version_of
from api.routing import JsonRoute
from api.schemas.firm_offers import (
    FirmOfferPublic,
    FirmOffersPublic,
    OthersPublic,
    WithdrawCreate,
)
from matcher.domain.actor import OFFICE, Actor, Role
from matcher.services.offers.listing import OfferFilter, find_offer, list_offers, withdraw
from matcher.services.offers.others import why_not

router = APIRouter(tags=["leads"], route_class=JsonRoute)

NeedReader = Annotated[Actor, Depends(allow(Role.ENTERPRISE, *OFFICE, scope="needs:read"))]


@router.get(
    "/offers",
    operation_id="list_offers",
    summary="我的融资方案 / My offers",
    responses=problems(),
)
def read_offers(
    request: Request,
    response: Response,
    actor: Firm,
    session: ReadSession,
    page: PageDep,
    now: ClockDep,
    need: Annotated[UUID | None, Query(description="Only of this need.")] = None,
    instrument: InstrumentAsked = None,
    past: Annotated[bool, Query(description="Whether those are told too that are over.")] = False,
) -> FirmOffersPublic:
    """Return a page of what is on offer: cost, day of the money, papers to bring, clock.

    What institutions were told of you, and what they answered, follows their consent; a need is
    never taken up by more institutions than you asked for.
    """
    which = OfferFilter(
        need_id=need, instrument=None if instrument is None else instrument.value, with_past=past
    )
    found = list_offers(session, actor, page, which, now())
    link_next(request, response, found)
    return FirmOffersPublic(items=[FirmOfferPublic.of(o) for o in found.rows], next=found.next)


@router.get(
    "/offers/{lead_id}",
    operation_id="read_offer",
    summary="查询融资方案 / Read an offer",
    responses={200: TAGGED, **problems(404)},
)
def read_offer(
    response: Response, lead_id: IdPath, actor: Firm, session: ReadSession, now: ClockDep
) -> FirmOfferPublic:
    """Return one offer."""
    found = find_offer(session, actor, lead_id, now())
    response.headers["ETag"] = etag(str(found.lead.version))
    return FirmOfferPublic.of(found)


@router.post(
    "/offers/{lead_id}/withdraw",
    operation_id="withdraw_offer",
    summary="撤回 / Withdraw from an offer",
    responses={200: TAGGED, **problems(404, 409, 412, 428)},
)
def withdraw_offer(
    response: Response,
    lead_id: IdPath,
    tag: TagDep,
    actor: Firm,
    session: WriteSession,
    asked: WithdrawCreate,
    now: ClockDep,
) -> FirmOfferPublic:
    """Take yourself out of an offer; the institution's place is free for others at once."""
    found = withdraw(session, actor, lead_id, version_of(tag), asked.reason, now())
    response.headers["ETag"] = etag(str(found.lead.version))
    return FirmOfferPublic.of(found)


@router.get(
    "/needs/{need_id}/others",
    operation_id="read_other_products",
    summary="为何没有其他产品 / Why not the others",
    responses=problems(404),
)
def read_others(
    need_id: IdPath, actor: NeedReader, session: ReadSession, now: ClockDep
) -> OthersPublic:
    """Say why other products are not on offer to a need, and what would change that."""
    return OthersPublic.of(why_not(session, actor, need_id, now()))
