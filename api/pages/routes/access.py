"""What a bank's own systems come in by: API keys, and webhooks that tell them of what is new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import SettingsDep
from api.pages.page import BankPage, Form, Page, PostedForm, actor_of, go, page_router
from matcher.domain.errors import Fault, InputError
from matcher.domain.scope import SCOPES_OF
from matcher.domain.text import Text
from matcher.services.accounts.keys import issue_key, revoke_key
from matcher.services.errors import ConflictError
from matcher.services.webhooks.managing import Webhooks, make_webhook, remove_webhook
from matcher.store.paging import Page as ListPage
from matcher.store.repositories.accounts import ApiKeys
from matcher.store.repositories.base import not_found

router = page_router("/access")

_ON_A_PAGE = 50
_REFUSALS = (InputError, ConflictError)
_AREAS: Mapping[str, Text] = {
    "leads": Text("线索", "leads"),
    "cases": Text("办理进度", "cases"),
    "events": Text("对接活动", "events"),
    "conflicts": Text("利益冲突", "conflicts of interest"),
    "webhooks": Text("回调", "webhooks"),
    "products": Text("产品", "products"),
    "institutions": Text("机构", "institutions"),
    "policies": Text("政策", "policies"),
    "statistics": Text("统计", "statistics"),
    "exports": Text("导出", "exports"),
}
_ADDRESS = Text("地址", "Address")
_WAYS = {"read": Text("读取{a}", "read {a}"), "write": Text("修改{a}", "change {a}")}


@dataclass(frozen=True, slots=True)
class Said:
    """What comes back on the page: a secret that is shown once, or what was wrong."""

    secret: str | None = field(default=None, repr=False)
    faults: tuple[Fault, ...] = ()
    name: str = ""
    url: str = ""


@router.get("")
def show_access(page: BankPage, session: ReadSession, now: ClockDep) -> Response:
    """Show the keys and webhooks of a bank."""
    return _show(page, session, now(), Said(), 200)


@router.post("/keys")
def take_key(page: BankPage, form: PostedForm, session: WriteSession, now: ClockDep) -> Response:
    """Make a key; its secret stands on the page that answers and on no other."""
    actor, name = actor_of(page), form.text("name")
    try:
        scopes = form.texts("scopes")
        made = issue_key(session, actor, actor.account_id, name, scopes, now())
    except _REFUSALS as error:
        session.rollback()
        return _show(page, session, now(), Said(faults=error.faults, name=name), 422)
    return _show(page, session, now(), Said(made.token), 200)


@router.post("/keys/revoke")
def take_revocation(
    page: BankPage, form: PostedForm, session: WriteSession, now: ClockDep
) -> Response:
    """Revoke a key: the next request with it is refused."""
    revoke_key(session, actor_of(page), _id(form), now())
    return go("/access", "revoked")


@router.post("/webhooks")
def take_webhook(
    page: BankPage, form: PostedForm, session: WriteSession, settings: SettingsDep, now: ClockDep
) -> Response:
    """Make a webhook; its secret stands on the page that answers and on no other."""
    url = form.text("url")
    try:
        made = make_webhook(session, actor_of(page), url, settings.webhooks_to_local, now())
    except _REFUSALS as error:
        session.rollback()
        faults = tuple(one.at(field=_ADDRESS.of(page.lang)) for one in error.faults)
        return _show(page, session, now(), Said(faults=faults, url=url), 422)
    return _show(page, session, now(), Said(made.secret), 200)


@router.post("/webhooks/remove")
def take_removal(page: BankPage, form: PostedForm, session: WriteSession) -> Response:
    """Remove a webhook: nothing more is sent to it."""
    remove_webhook(session, actor_of(page), _id(form))
    return go("/access", "deleted")


def _id(form: Form) -> UUID:
    try:
        return UUID(form.text("id"))
    except ValueError:
        raise not_found() from None


def _show(page: Page, session: Session, now: datetime, said: Said, status: int) -> Response:
    actor = actor_of(page)
    response = page.render(
        "access.html",
        status,
        said=said,
        now=now,
        keys=ApiKeys(session, actor).page(ListPage(_ON_A_PAGE)).rows,
        webhooks=Webhooks(session, actor).page(ListPage(_ON_A_PAGE)).rows,
        scopes=[(scope, scope_text(scope)) for scope in sorted(SCOPES_OF[actor.role])],
        scope_text=scope_text,
    )
    if said.secret is not None:
        response.headers["Cache-Control"] = "no-store"
    return response


def scope_text(scope: str) -> Text:
    """Return what a key may do by a scope, in words."""
    area, _, way = scope.partition(":")
    words: Any = _WAYS.get(way)
    known = _AREAS.get(area, Text.same(area))
    found: Text = Text.same(scope) if words is None else words.format(a=known)
    return found
