"""Institutions: published, but for what each has left; a bank reads itself."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.auth import Anyone
from api.database import ReadSession
from api.deps import IdPath
from api.filters import Search
from api.openapi import problems
from api.paging import PageDep, link_next
from api.routing import Route
from api.schemas.offers import InstitutionPublic, InstitutionsPublic
from matcher.services.records.filters import named
from matcher.services.records.showing import shown_record
from matcher.store.repositories.market import Institutions
from matcher.store.tables import InstitutionRow

router = APIRouter(prefix="/institutions", tags=["institutions"], route_class=Route)


@router.get(
    "",
    operation_id="list_institutions",
    summary="机构列表 / List institutions",
    responses=problems(),
)
def read_institutions(
    request: Request,
    response: Response,
    actor: Anyone,
    session: ReadSession,
    page: PageDep,
    search: Search = None,
) -> InstitutionsPublic:
    """Return a page of the institutions; a bank sees itself, a firm what is published of all."""
    found = Institutions(session, actor).page(page, *named(InstitutionRow, search))
    link_next(request, response, found)
    items = [
        InstitutionPublic.of(row, shown_record(session, actor, "institutions", row))
        for row in found.rows
    ]
    return InstitutionsPublic(items=items, next=found.next)


@router.get(
    "/{institution_id}",
    operation_id="read_institution",
    summary="查询机构 / Read an institution",
    responses=problems(404),
)
def read_institution(
    institution_id: IdPath, actor: Anyone, session: ReadSession
) -> InstitutionPublic:
    """Return one institution; places and money left, only to itself and the office."""
    row = Institutions(session, actor).find(institution_id)
    return InstitutionPublic.of(row, shown_record(session, actor, "institutions", row))
