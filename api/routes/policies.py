"""Policies: public, but for the budgets that they draw on."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.auth import Anyone
from api.database import ReadSession
from api.deps import IdPath
from api.filters import Search
from api.openapi import problems
from api.paging import PageDep, link_next
from api.routing import Route
from api.schemas.offers import PoliciesPublic, PolicyPublic
from matcher.services.records.filters import named
from matcher.services.records.showing import shown_record
from matcher.store.repositories.market import Policies
from matcher.store.tables import PolicyRow

router = APIRouter(prefix="/policies", tags=["policies"], route_class=Route)


@router.get(
    "",
    operation_id="list_policies",
    summary="政策列表 / List policies",
    responses=problems(),
)
def read_policies(
    request: Request,
    response: Response,
    actor: Anyone,
    session: ReadSession,
    page: PageDep,
    search: Search = None,
) -> PoliciesPublic:
    """Return a page of the policies."""
    found = Policies(session, actor).page(page, *named(PolicyRow, search))
    link_next(request, response, found)
    items = [
        PolicyPublic.of(row, shown_record(session, actor, "policies", row)) for row in found.rows
    ]
    return PoliciesPublic(items=items, next=found.next)


@router.get(
    "/{policy_id}",
    operation_id="read_policy",
    summary="查询政策 / Read a policy",
    responses=problems(404),
)
def read_policy(policy_id: IdPath, actor: Anyone, session: ReadSession) -> PolicyPublic:
    """Return one policy; the budget that it draws on, only to the office."""
    row = Policies(session, actor).find(policy_id)
    return PolicyPublic.of(row, shown_record(session, actor, "policies", row))
