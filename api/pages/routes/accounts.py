"""Accounts: listed, made, changed, closed, given another password; auditors read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from sqlmodel import Session
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.pages.page import Form, Page, PostedForm, actor_of, go, page_for, page_router
from api.pages.views.accounts import drafted, names_of, whom
from api.pages.views.filters import ANY, letters_of, word_of
from api.pages.views.records import query_of
from api.paging import PageDep
from matcher.domain.actor import Role
from matcher.domain.errors import Fault, InputError
from matcher.services.accounts.listing import AccountFilter, list_accounts
from matcher.services.accounts.managing import (
    AccountChange,
    change_account,
    create_account,
    reset_password,
)
from matcher.store.paging import Page as ListPage
from matcher.store.repositories.accounts import Accounts

router = page_router("/accounts")

KeeperPage = Annotated[Page, Depends(page_for(Role.ADMIN))]
ReaderPage = Annotated[Page, Depends(page_for(Role.ADMIN, Role.AUDITOR))]
_ON_A_PAGE = 50
_STATES = ("active", "closed")


@dataclass(frozen=True, slots=True)
class Said:
    """What comes back on a page: a password that is shown once, or what was wrong."""

    secret: str | None = field(default=None, repr=False)
    login: str = ""
    faults: tuple[Fault, ...] = ()
    typed: Mapping[str, Any] = field(default_factory=dict)


@router.get("")
def show_accounts(page: ReaderPage, session: ReadSession, part: PageDep) -> Response:
    """Show a page of the accounts, as they were asked for, and the form to make one."""
    return _list(page, session, part.after, Said(), 200)


@router.post("")
def take_account(
    page: KeeperPage, form: PostedForm, session: WriteSession, now: ClockDep
) -> Response:
    """Make an account; its password stands on the page that answers and on no other."""
    try:
        made = create_account(session, drafted(session, form), now())
    except InputError as error:
        session.rollback()
        return _list(page, session, None, Said(faults=error.faults, typed=form.fields), 422)
    return _list(page, session, None, Said(made.password, made.row.login), 200)


@router.get("/{account_id}")
def show_account(page: ReaderPage, session: ReadSession, account_id: IdPath) -> Response:
    """Show one account, without anything that lets anybody in."""
    return _one(page, session, account_id, Said(), 200)


@router.post("/{account_id}")
def take_change(
    page: KeeperPage, form: PostedForm, session: WriteSession, account_id: IdPath, now: ClockDep
) -> Response:
    """Change what it is called, or close it, or open it again."""
    wanted = _changed(form)
    try:
        change_account(session, actor_of(page), account_id, wanted, now())
    except InputError as error:
        session.rollback()
        said = Said(faults=error.faults, typed=form.fields)
        return _one(page, session, account_id, said, 422)
    return go(f"/accounts/{account_id}", "saved")


@router.post("/{account_id}/password")
def take_reset(
    page: KeeperPage, form: PostedForm, session: WriteSession, account_id: IdPath, now: ClockDep
) -> Response:
    """Give it a random password, shown on the page that answers alone; its sessions end."""
    made = reset_password(session, actor_of(page), account_id, now())
    return _one(page, session, account_id, Said(made), 200)


def _changed(form: Form) -> AccountChange:
    state = form.text("state")
    return AccountChange(
        name=form.text("name") if "name" in form.fields else None,
        is_active=None if state not in _STATES else state == "active",
    )


def _list(page: Page, session: Session, after: str | None, said: Said, status: int) -> Response:
    params = dict(page.request.query_params)
    role, state = word_of(params, "role", tuple(Role)), word_of(params, "state", _STATES)
    which = AccountFilter(
        role=None if role is None else Role(role),
        is_active=None if state is None else state == "active",
        search=letters_of(params, "search"),
    )
    found = list_accounts(session, actor_of(page), ListPage(_ON_A_PAGE, after), which)
    more = None if found.next is None else f"?{query_of(params, cursor=found.next)}"
    response = page.render(
        "accounts.html",
        status,
        accounts=found.rows,
        whom=whom(session, found.rows),
        roles=[("", "–"), *names_of(page.lang)],
        anything=ANY,
        role_text=lambda row: Role(row.role).text,
        more=more,
        params=params,
        said=said,
        may_edit=actor_of(page).role is Role.ADMIN,
    )
    return _unkept(response, said)


def _one(page: Page, session: Session, account_id: UUID, said: Said, status: int) -> Response:
    row = Accounts(session, actor_of(page)).find(account_id)
    response = page.render(
        "account.html",
        status,
        account=row,
        role=Role(row.role).text,
        speaks_for=whom(session, [row]).get(row.id),
        said=said,
        may_edit=actor_of(page).role is Role.ADMIN,
        is_self=row.id == actor_of(page).account_id,
    )
    return _unkept(response, said)


def _unkept(response: Response, said: Said) -> Response:
    if said.secret is not None:
        response.headers["Cache-Control"] = "no-store"
    return response
