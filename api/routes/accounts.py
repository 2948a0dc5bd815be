"""Accounts, as an administrator keeps them and an auditor reads them."""

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
    AccountCreate,
    AccountCreatedPublic,
    AccountPublic,
    AccountsPublic,
    AccountUpdate,
    PasswordPublic,
)
from matcher.domain.actor import Actor, Role
from matcher.services.accounts.managing import change_account, create_account, reset_password
from matcher.store.repositories.accounts import Accounts

router = APIRouter(prefix="/accounts", tags=["accounts"], route_class=JsonRoute)

Keeper = Annotated[Actor, Depends(allow(Role.ADMIN, scope=PEOPLE))]
Reader = Annotated[Actor, Depends(allow(Role.ADMIN, Role.AUDITOR, scope=PEOPLE))]


@router.get(
    "",
    operation_id="list_accounts",
    summary="账号列表 / List accounts",
    responses=problems(),
)
def list_accounts(
    request: Request, response: Response, actor: Reader, session: ReadSession, page: PageDep
) -> AccountsPublic:
    """Return a page of all accounts by login, those that were deactivated among them."""
    found = Accounts(session, actor).page(page)
    link_next(request, response, found)
    return AccountsPublic(items=[AccountPublic.of(row) for row in found.rows], next=found.next)


@router.post(
    "",
    operation_id="create_account",
    summary="新建账号 / Create an account",
    status_code=status.HTTP_201_CREATED,
    responses={201: {"headers": {"Location": {"schema": {"type": "string"}}}}, **problems()},
)
def create(
    request: Request,
    response: Response,
    actor: Keeper,
    session: WriteSession,
    asked: AccountCreate,
    now: ClockDep,
) -> AccountCreatedPublic:
    """Make an account; a bank's speaks for an institution, an enterprise's for a firm.

    Without a password and a subject of the identity provider it gets a random password, which
    is shown in this answer and never again.
    """
    hold_secret(request)
    made = create_account(session, asked.draft(), now())
    response.headers["Location"] = str(request.url_for("read_account", account_id=made.row.id).path)
    return AccountCreatedPublic(account=AccountPublic.of(made.row), password=made.password)


@router.get(
    "/{account_id}",
    operation_id="read_account",
    summary="查询账号 / Read an account",
    responses=problems(404),
)
def read_account(account_id: IdPath, actor: Reader, session: ReadSession) -> AccountPublic:
    """Return one account, without anything that lets anybody in."""
    return AccountPublic.of(Accounts(session, actor).find(account_id))


@router.patch(
    "/{account_id}",
    operation_id="change_account",
    summary="修改账号 / Change an account",
    responses=problems(404),
)
def change(
    account_id: IdPath,
    actor: Keeper,
    session: WriteSession,
    asked: AccountUpdate,
    now: ClockDep,
) -> AccountPublic:
    """Change what is named, and leave the rest; login and role are for good.

    An account that is deactivated has no session and no key any more. The last active
    administrator stays.
    """
    return AccountPublic.of(change_account(session, actor, account_id, asked.change(), now()))


@router.post(
    "/{account_id}/password",
    operation_id="reset_password",
    summary="重置密码 / Reset a password",
    responses=problems(404),
)
def reset(
    request: Request, account_id: IdPath, actor: Keeper, session: WriteSession, now: ClockDep
) -> PasswordPublic:
    """Give an account a random password, shown in this answer alone, and end its sessions."""
    hold_secret(request)
    return PasswordPublic(password=reset_password(session, actor, account_id, now()) or "")
