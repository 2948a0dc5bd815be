"""Pools: what is left of them is for the office alone."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.auth import Office
from api.database import ReadSession
from api.deps import IdPath
from api.filters import Search
from api.openapi import problems
from api.paging import PageDep, link_next
from api.routing import Route
from api.schemas.offers import PoolPublic, PoolsPublic
from matcher.services.records.filters import named
from matcher.services.records.showing import shown_record
from matcher.store.repositories.market import Pools
from matcher.store.tables import PoolRow

router = APIRouter(prefix="/pools", tags=["pools"], route_class=Route)


@router.get(
    "",
    operation_id="list_pools",
    summary="资源池列表 / List pools",
    responses=problems(),
)
def read_pools(
    request: Request,
    response: Response,
    actor: Office,
    session: ReadSession,
    page: PageDep,
    search: Search = None,
) -> PoolsPublic:
    """Return a page of the pools."""
    found = Pools(session, actor).page(page, *named(PoolRow, search))
    link_next(request, response, found)
    items = [PoolPublic.of(row, shown_record(session, actor, "pools", row)) for row in found.rows]
    return PoolsPublic(items=items, next=found.next)


@router.get(
    "/{pool_id}",
    operation_id="read_pool",
    summary="查询资源池 / Read a pool",
    responses=problems(404),
)
def read_pool(pool_id: IdPath, actor: Office, session: ReadSession) -> PoolPublic:
    """Return one pool."""
    row = Pools(session, actor).find(pool_id)
    return PoolPublic.of(row, shown_record(session, actor, "pools", row))
