"""Firms: the office's, and each its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.auth import allow
from api.database import ReadSession
from api.deps import IdPath
from api.filters import Firms, Search
from api.openapi import problems
from api.paging import PageDep, link_next
from api.routing import Route
from api.schemas.enterprises import EnterpriseDetailPublic, EnterprisePublic, EnterprisesPublic
from matcher.domain.actor import OFFICE, Actor, Role
from matcher.services.records.showing import shown_record
from matcher.store.repositories.market import Enterprises

router = APIRouter(prefix="/enterprises", tags=["enterprises"], route_class=Route)

Reader = Annotated[Actor, Depends(allow(*OFFICE, Role.ENTERPRISE))]


@router.get(
    "",
    operation_id="list_enterprises",
    summary="企业列表 / List enterprises",
    responses=problems(),
)
def read_enterprises(
    request: Request,
    response: Response,
    actor: Reader,
    session: ReadSession,
    page: PageDep,
    which: Firms,
    search: Search = None,
) -> EnterprisesPublic:
    """Return a page of the firms, narrowed down by what is given; a firm sees itself."""
    where = replace(which, search=search).conditions()
    found = Enterprises(session, actor).page(page, *where)
    link_next(request, response, found)
    items = [EnterprisePublic.of(row) for row in found.rows]
    return EnterprisesPublic(items=items, next=found.next)


@router.get(
    "/{enterprise_id}",
    operation_id="read_enterprise",
    summary="查询企业 / Read an enterprise",
    responses=problems(404),
)
def read_enterprise(
    enterprise_id: IdPath, actor: Reader, session: ReadSession
) -> EnterpriseDetailPublic:
    """Return one firm with its record."""
    row = Enterprises(session, actor).find(enterprise_id)
    record = shown_record(session, actor, "enterprises", row)
    return EnterpriseDetailPublic(**EnterprisePublic.fields_of(row), record=record)
