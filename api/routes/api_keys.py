"""API keys: made once, listed without their secret, revoked at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response, status

from api.auth import PEOPLE, allow
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.idempotency import hold_secret
from api.openapi import problems
from api.paging import PageDep, link_next
from api.routing import JsonRoute
from api.schemas.accounts import (
    ApiKeyCreate,
    ApiKeyCreatedPublic,
    ApiKeyPublic,
    ApiKeysPublic,
)
from matcher.domain.actor import OFFICE, Actor, Role
from matcher.services.accounts.keys import issue_key, revoke_key
from matcher.store.repositories.accounts import ApiKeys

router = APIRouter(prefix="/api-keys", tags=["keys"], route_class=JsonRoute)

Holder = Annotated[Actor, Depends(allow(Role.BANK, *OFFICE, scope=PEOPLE))]


@router.get(
    "",
    operation_id="list_api_keys",
    summary="密钥列表 / List API keys",
    responses=problems(),
)
def list_api_keys(
    request: Request, response: Response, actor: Holder, session: ReadSession, page: PageDep
) -> ApiKeysPublic:
    """Return a page of one's keys, the newest first; administrator and auditor see all."""
    found = ApiKeys(session, actor).page(page)
    link_next(request, response, found)
    return ApiKeysPublic(items=[ApiKeyPublic.of(row) for row in found.rows], next=found.next)


@router.post(
    "",
    operation_id="create_api_key",
    summary="新建密钥 / Create an API key",
    status_code=status.HTTP_201_CREATED,
    responses=problems(404),
)
def create(
    request: Request, actor: Holder, session: WriteSession, asked: ApiKeyCreate, now: ClockDep
) -> ApiKeyCreatedPublic:
    """Make a key for a system; its secret is shown in this answer and never again.

    A key may do what its scopes say, and never more than the role of its account.
    """
    hold_secret(request)
    made = issue_key(
        session,
        actor,
        asked.account_id or actor.account_id,
        asked.name,
        asked.scopes,
        now(),
        asked.expires_at,
    )
    return ApiKeyCreatedPublic(key=ApiKeyPublic.of(made.row), token=made.token)


@router.delete(
    "/{key_id}",
    operation_id="revoke_api_key",
    summary="吊销密钥 / Revoke an API key",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
def revoke(key_id: IdPath, actor: Holder, session: WriteSession, now: ClockDep) -> Response:
    """Revoke a key: the next request with it is refused. The row stays, with its last use."""
    revoke_key(session, actor, key_id, now())
    return Response(status_code=status.HTTP_204_NO_CONTENT)
