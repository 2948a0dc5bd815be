"""Needs: listed and read by the office and their firm, changed by the organiser."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response, status
from sqlmodel import Session

from api.auth import Organiser, allow
from api.body import BodyDep, parse_json
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.filters import DayAsked, Descending, Fen, Firms, InstrumentAsked, Search
from api.openapi import problems
from api.paging import PageDep, link_next
from api.preconditions import TAGGED, TagDep, etag
from api.routing import Route
from api.schemas.needs import NeedDetailPublic, NeedPublic, NeedsPublic
from api.schemas.records import body_of
from matcher.domain.actor import OFFICE, Actor, Role
from matcher.services.records.filters import NeedFilter, NeedSort
from matcher.services.records.lists import ListedNeed, find_need, list_needs, with_firm
from matcher.services.records.showing import shown_record
from matcher.services.records.single import change_record, create_record, remove_record, tag_of
from matcher.store.tables import NeedRow

router = APIRouter(prefix="/needs", tags=["needs"], route_class=Route)

Reader = Annotated[Actor, Depends(allow(*OFFICE, Role.ENTERPRISE))]
"""The office; a firm reads its own."""


def asked_needs(
    firm: Firms,
    instrument: InstrumentAsked = None,
    amount_from_fen: Fen = None,
    amount_to_fen: Fen = None,
    due_from: DayAsked = None,
    due_to: DayAsked = None,
    search: Search = None,
) -> NeedFilter:
    """Return which needs are asked for."""
    return NeedFilter(
        firm=firm,
        instrument=None if instrument is None else instrument.value,
        amount_from_fen=amount_from_fen,
        amount_to_fen=amount_to_fen,
        due_from=due_from,
        due_to=due_to,
        search=search,
    )


@router.get(
    "",
    operation_id="list_needs",
    summary="需求列表 / List needs",
    responses=problems(),
)
def read_needs(
    request: Request,
    response: Response,
    actor: Reader,
    session: ReadSession,
    page: PageDep,
    which: Annotated[NeedFilter, Depends(asked_needs)],
    sort: Annotated[NeedSort, Query(description="What they are sorted by.")] = NeedSort.POSITION,
    descending: Descending = False,
) -> NeedsPublic:
    """Return a page of the needs, narrowed down by what is given; a firm sees its own.

    Dates that nobody gave come last, or first where `descending` is true.
    """
    found = list_needs(session, actor, page, which, sort, descending)
    link_next(request, response, found)
    return NeedsPublic(items=[NeedPublic.of(one) for one in found.rows], next=found.next)


@router.post(
    "",
    operation_id="create_need",
    summary="新增需求 / Add a need",
    status_code=status.HTTP_201_CREATED,
    openapi_extra=body_of("Need"),
    responses={
        201: {"headers": {"Location": {"schema": {"type": "string"}}, **TAGGED["headers"]}},
        **problems(409),
    },
)
def create_need(
    request: Request,
    response: Response,
    actor: Organiser,
    body: BodyDep,
    session: WriteSession,
    now: ClockDep,
) -> NeedDetailPublic:
    """Add a need of a firm that is there, behind the others."""
    row: NeedRow = create_record(session, "needs", parse_json(body), now())
    response.headers["Location"] = str(request.app.url_path_for("read_need", need_id=row.id))
    return _detail(response, session, actor, with_firm(session, row))


@router.get(
    "/{need_id}",
    operation_id="read_need",
    summary="查询需求 / Read a need",
    responses={200: TAGGED, **problems(404)},
)
def read_need(
    response: Response, need_id: IdPath, actor: Reader, session: ReadSession
) -> NeedDetailPublic:
    """Return one need with its record; `consent` in it is as consents stand now."""
    return _detail(response, session, actor, find_need(session, actor, need_id))


@router.put(
    "/{need_id}",
    operation_id="change_need",
    summary="修改需求 / Change a need",
    openapi_extra=body_of("Need"),
    responses={200: TAGGED, **problems(404, 412, 428)},
)
def change_need(
    response: Response,
    need_id: IdPath,
    tag: TagDep,
    actor: Organiser,
    body: BodyDep,
    session: WriteSession,
    now: ClockDep,
) -> NeedDetailPublic:
    """Put another record in the place of a need, with the same `need_id`.

    `If-Match` names the state that was read. Consent that was stated here, by the firm or for
    it, stays as it is: see the consents of the need.
    """
    content = parse_json(body)
    row: NeedRow = change_record(session, actor, "needs", need_id, content, tag, now())
    return _detail(response, session, actor, with_firm(session, row))


@router.delete(
    "/{need_id}",
    operation_id="remove_need",
    summary="删除需求 / Remove a need",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409, 412, 428),
)
def remove_need(need_id: IdPath, tag: TagDep, actor: Organiser, session: WriteSession) -> None:
    """Take a need out of the market, with its consents; one of a questionnaire stays."""
    remove_record(session, actor, "needs", need_id, tag)


def _detail(
    response: Response, session: Session, actor: Actor, listed: ListedNeed
) -> NeedDetailPublic:
    response.headers["ETag"] = etag(tag_of(session, listed.need))
    record = shown_record(session, actor, "needs", listed.need)
    return NeedDetailPublic(**NeedPublic.fields_of(listed), record=record)
