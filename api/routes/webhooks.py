"""Webhooks: where a bank's own system is told that something is new."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response, status

from api.auth import Bank
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath, SettingsDep
from api.idempotency import hold_secret
from api.openapi import problems
from api.paging import PageDep, link_next
from api.routing import JsonRoute
from api.schemas.webhooks import (
    WebhookCreate,
    WebhookCreatedPublic,
    WebhookPublic,
    WebhooksPublic,
)
from matcher.services.webhooks.managing import Webhooks, make_webhook, remove_webhook

router = APIRouter(prefix="/webhooks", tags=["webhooks"], route_class=JsonRoute)


@router.get(
    "", operation_id="list_webhooks", summary="回调列表 / List webhooks", responses=problems()
)
def read_webhooks(
    request: Request, response: Response, actor: Bank, session: ReadSession, page: PageDep
) -> WebhooksPublic:
    """Return a page of your institution's webhooks, the newest first."""
    found = Webhooks(session, actor).page(page)
    link_next(request, response, found)
    return WebhooksPublic(items=[WebhookPublic.of(row) for row in found.rows], next=found.next)


@router.post(
    "",
    operation_id="create_webhook",
    summary="新建回调 / Make a webhook",
    status_code=status.HTTP_201_CREATED,
    responses=problems(409),
)
def create_webhook(
    request: Request,
    actor: Bank,
    session: WriteSession,
    asked: WebhookCreate,
    settings: SettingsDep,
    now: ClockDep,
) -> WebhookCreatedPublic:
    """Have your system told what happens to your leads, from now on.

    It is sent `{"format": "yinqi-webhook/1", "newest": N, "events": [{"number", "at", "action",
    "lead_id"}]}` and has five seconds to answer 2xx; what the lead is it fetches from here.
    `Yinqi-Signature` is `v1=` and the HMAC-SHA256, in hexadecimal digits, of `Yinqi-Timestamp`,
    a full stop and the body, keyed with the secret. Refuse what is not signed so, or is older
    than five minutes. A delivery comes at least once and in the order of its numbers; after a
    failure it comes again, later and later; after 15 in a row (about eight hours) no more.
    """
    hold_secret(request)
    made = make_webhook(session, actor, asked.url, settings.webhooks_to_local, now())
    return WebhookCreatedPublic(webhook=WebhookPublic.of(made.row), secret=made.secret)


@router.delete(
    "/{webhook_id}",
    operation_id="remove_webhook",
    summary="删除回调 / Remove a webhook",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
def remove(webhook_id: IdPath, actor: Bank, session: WriteSession) -> None:
    """Remove a webhook; nothing more is sent to it."""
    remove_webhook(session, actor, webhook_id)
