"""The two lists (申报清单, 推荐清单): read by the office and each firm, moved by the organiser."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlmodel import Session

from api.auth import Organiser, allow
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.openapi import problems
from api.paging import PageDep, link_next
from api.preconditions import TAGGED, TagDep, etag, version_of
from api.routing import JsonRoute
from api.schemas.listings import (
    ListingPublic,
    ListingsPublic,
    ListingUpdate,
    RecommendedPublic,
)
from matcher.domain.actor import OFFICE, Actor, Role
from matcher.domain.lists import ListStage, ListTest
from matcher.services.listings.changing import (
    change_listing,
    recommend_all,
    recommend_one,
    take_back,
)
from matcher.services.listings.listing import (
    ListingFilter,
    ListingSort,
    find_listing,
    list_listings,
    show_listing,
)
from matcher.store.tables import ListingRow

router = APIRouter(prefix="/listings", tags=["needs"], route_class=JsonRoute)

Reader = Annotated[Actor, Depends(allow(*OFFICE, Role.ENTERPRISE))]
"""The office; a firm reads where its own needs stand."""


async def asked_listings(
    stage: Annotated[ListStage | None, Query(description="Only on this list.")] = None,
    held_by: Annotated[
        ListTest | None, Query(description="Only those held back by this test.")
    ] = None,
    ready: Annotated[bool, Query(description="Only those that could be recommended.")] = False,
    overdue: Annotated[
        bool, Query(description="Only those of which a decision is overdue.")
    ] = False,
    uncontacted: Annotated[
        bool, Query(description="Only those with whose firm nobody has spoken.")
    ] = False,
) -> ListingFilter:
    """Return which listings are asked for."""
    return ListingFilter(
        stage=stage,
        held_by=held_by,
        is_ready=ready,
        is_overdue=overdue,
        is_uncontacted=uncontacted,
    )


@router.get(
    "",
    operation_id="list_listings",
    summary="申报与推荐清单 / The two lists",
    responses=problems(),
)
def read_listings(
    request: Request,
    response: Response,
    actor: Reader,
    session: ReadSession,
    page: PageDep,
    which: Annotated[ListingFilter, Depends(asked_listings)],
    now: ClockDep,
    sort: Annotated[
        ListingSort, Query(description="By the day of the application, or of the decision owed.")
    ] = ListingSort.APPLIED,
) -> ListingsPublic:
    """Return a page of the needs on the lists; a firm sees its own.

    A need comes onto the first list when it is handed in or imported. What keeps it there is
    `held_back_by`; from its recommendation on banks have 30 days.
    """
    found = list_listings(session, actor, page, which, sort, now().date())
    link_next(request, response, found)
    return ListingsPublic(items=[ListingPublic.of(one) for one in found.rows], next=found.next)


@router.post(
    "/recommend",
    operation_id="recommend_all",
    summary="全部推荐 / Recommend all that pass",
    responses=problems(),
)
def recommend_every(actor: Organiser, session: WriteSession, now: ClockDep) -> RecommendedPublic:
    """Move all that pass the five tests to the second list, today."""
    return RecommendedPublic(num_recommended=recommend_all(session, actor, now()))


@router.get(
    "/{need_id}",
    operation_id="read_listing",
    summary="查询清单状态 / Where a need stands",
    responses={200: TAGGED, **problems(404)},
)
def read_listing(
    response: Response, need_id: IdPath, actor: Reader, session: ReadSession, now: ClockDep
) -> ListingPublic:
    """Return where one need stands, what is missing, and by when a decision is owed."""
    found = find_listing(session, actor, need_id, now().date())
    response.headers["ETag"] = etag(str(found.row.version))
    return ListingPublic.of(found)


@router.patch(
    "/{need_id}",
    operation_id="change_listing",
    summary="填写五项标准 / Answer the tests",
    responses={200: TAGGED, **problems(404, 409, 412, 428)},
)
def patch_listing(
    response: Response,
    need_id: IdPath,
    tag: TagDep,
    actor: Organiser,
    session: WriteSession,
    asked: ListingUpdate,
    now: ClockDep,
) -> ListingPublic:
    """Say which tests are passed or failed, and when somebody first spoke with the firm.

    The tests of what is recommended already stand; the first contact can be told at any time,
    and a bank's report of one on a lead counts too.
    """
    row = change_listing(session, actor, need_id, asked.change(), version_of(tag), now())
    return _public(response, session, row, now)


@router.post(
    "/{need_id}/recommend",
    operation_id="recommend_need",
    summary="推荐 / Recommend a need",
    responses={200: TAGGED, **problems(404, 409, 412, 428)},
)
def recommend(
    response: Response,
    need_id: IdPath,
    tag: TagDep,
    actor: Organiser,
    session: WriteSession,
    now: ClockDep,
) -> ListingPublic:
    """Move a need to the second list, today; 409 names the tests that it does not pass.

    The decision follows from its leads: approved is granted; refused when the last one that was
    on its way is declined or rejected.
    """
    row = recommend_one(session, actor, need_id, version_of(tag), now())
    return _public(response, session, row, now)


@router.post(
    "/{need_id}/take-back",
    operation_id="unrecommend_need",
    summary="撤回推荐 / Take a recommendation back",
    responses={200: TAGGED, **problems(404, 409, 412, 428)},
)
def unrecommend(
    response: Response,
    need_id: IdPath,
    tag: TagDep,
    actor: Organiser,
    session: WriteSession,
    now: ClockDep,
) -> ListingPublic:
    """Put a need on which nobody has decided back onto the first list."""
    row = take_back(session, actor, need_id, version_of(tag), now())
    return _public(response, session, row, now)


def _public(response: Response, session: Session, row: ListingRow, now: ClockDep) -> ListingPublic:
    response.headers["ETag"] = etag(str(row.version))
    return ListingPublic.of(show_listing(session, row, now().date()))
