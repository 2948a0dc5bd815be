"""In and out: login by password, logout, who I am, my password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response, status

from api.addresses import client_address
from api.auth import ANY_KEY, PEOPLE, allow
from api.clock import ClockDep
from api.cookies import (
    DEVICE,
    PROVIDER,
    SESSION,
    drop_cookie,
    read_cookie,
    session_cookie,
    set_login,
)
from api.csrf import refuse_foreign_page
from api.database import DatabaseDep, ReadSession, WriteSession
from api.deps import SettingsDep
from api.openapi import problems
from api.routing import JsonRoute
from api.schemas.accounts import AccountPublic, LoginCreate, MePublic, PasswordChange
from matcher.domain.actor import Actor, Role
from matcher.services.accounts.login import Credentials, check_password, log_in
from matcher.services.accounts.managing import change_own_password
from matcher.services.accounts.sessions import end_session, end_sessions
from matcher.store.repositories.accounts import Accounts

router = APIRouter(tags=["login"], route_class=JsonRoute)

Somebody = Annotated[Actor, Depends(allow(*Role, scope=ANY_KEY))]
Person = Annotated[Actor, Depends(allow(*Role, scope=PEOPLE))]
_COOKIES = {"headers": {"Set-Cookie": {"schema": {"type": "string"}}}}


@router.post(
    "/login",
    operation_id="log_in",
    summary="登录 / Log in",
    dependencies=[Depends(refuse_foreign_page)],
    responses={200: _COOKIES, **problems(401, 403, 429)},
)
def log_in_by_password(
    request: Request,
    response: Response,
    shown: LoginCreate,
    database: DatabaseDep,
    settings: SettingsDep,
    now: ClockDep,
) -> MePublic:
    """Open a session of a person; a cookie holds it, for twelve hours after each use.

    A session that the browser had is over then. Failed logins are counted by name and address;
    too many are answered 429 with `Retry-After`, whether or not the password is right.
    """
    credentials = Credentials(
        login=shown.login,
        password=shown.password.get_secret_value(),
        address=client_address(request.scope),
        mark=read_cookie(request, DEVICE, settings),
        before=session_cookie(request, settings),
    )
    logged_in = log_in(database, credentials, now())
    set_login(response, logged_in, settings)
    return MePublic(account=AccountPublic.of(logged_in.account), scopes=None)


@router.post(
    "/logout",
    operation_id="log_out",
    summary="退出登录 / Log out",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(403),
)
def log_out(
    request: Request, session: WriteSession, settings: SettingsDep, now: ClockDep
) -> Response:
    """End the session of the cookie; it is no error if there is none, or it was over."""
    token = session_cookie(request, settings)
    if token is not None:
        end_session(session, token, now())
    return _forgetting(settings)


@router.post(
    "/logout/everywhere",
    operation_id="log_out_everywhere",
    summary="退出所有设备 / Log out everywhere",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(),
)
def log_out_everywhere(
    actor: Person, session: WriteSession, settings: SettingsDep, now: ClockDep
) -> Response:
    """End all sessions of the account at once, this one among them; keys stay."""
    end_sessions(session, actor.account_id, now())
    return _forgetting(settings)


@router.get("/me", operation_id="read_me", summary="当前账号 / Who I am", responses=problems())
def read_me(actor: Somebody, session: ReadSession) -> MePublic:
    """Tell which account asks, and, of a key, what it may do."""
    row = Accounts(session, actor).find(actor.account_id)
    scopes = None if actor.scopes is None else sorted(actor.scopes)
    return MePublic(account=AccountPublic.of(row), scopes=scopes)


@router.put(
    "/me/password",
    operation_id="change_my_password",
    summary="修改密码 / Change my password",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(429),
)
def change_my_password(
    request: Request,
    actor: Person,
    database: DatabaseDep,
    change: PasswordChange,
    settings: SettingsDep,
    now: ClockDep,
) -> Response:
    """Take a new password from whoever knows the present one; all other sessions end."""
    moment, token = now(), session_cookie(request, settings)
    current = change.current.get_secret_value()
    check_password(database, actor.account_id, current, client_address(request.scope), moment)
    # Not the session of the request: the check is counted whatever becomes of the change.
    with database.writing() as session:
        change_own_password(session, actor, change.password.get_secret_value(), moment, token)
    return Response(status_code=status.HTTP_204_NO_CONTENT)


def _forgetting(settings: SettingsDep) -> Response:
    response = Response(status_code=status.HTTP_204_NO_CONTENT)
    for name in (SESSION, PROVIDER):
        drop_cookie(response, name, settings)
    return response
