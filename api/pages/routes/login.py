"""Login, logout and the language of the pages."""

from __future__ import annotations

from datetime import timedelta

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.addresses import client_address
from api.clock import ClockDep
from api.cookies import DEVICE, SESSION, drop_cookie, read_cookie, session_cookie, set_login
from api.csrf import refuse_foreign_page
from api.database import WriteSession
from api.deps import SettingsDep
from api.opened import DatabaseDep
from api.pages.navigation import PREFIX
from api.pages.page import LANG_COOKIE, SEE_OTHER, AnyPage, PostedForm, go, page_router
from matcher.domain.text import Lang
from matcher.services.accounts.errors import LoginRefusedError, TooManyLoginsError
from matcher.services.accounts.login import Credentials, log_in
from matcher.services.accounts.sessions import end_session

router = page_router()
_LANG_LASTS = int(timedelta(days=365).total_seconds())


@router.get("/login")
def show_login(page: AnyPage) -> Response:
    """Show the form, or go home if somebody is logged in."""
    if page.actor is not None:
        return go("")
    return page.render("login.html", faults=[], login="", next=_next(page.request))


@router.post("/login", dependencies=[Depends(refuse_foreign_page)])
async def take_login(
    page: AnyPage,
    form: PostedForm,
    database: DatabaseDep,
    settings: SettingsDep,
    now: ClockDep,
) -> Response:
    """Log in and go on to where one wanted to."""
    credentials = Credentials(
        login=form.text("login"),
        password=str(form.fields.get("password", "")),
        address=client_address(page.request.scope),
        mark=read_cookie(page.request, DEVICE, settings),
        before=session_cookie(page.request, settings),
    )
    wanted = form.text("next")
    try:
        logged_in = await run_in_threadpool(log_in, database, credentials, now())
    except (LoginRefusedError, TooManyLoginsError) as error:
        return page.render(
            "login.html", 401, faults=error.faults, login=form.text("login"), next=wanted
        )
    response = RedirectResponse(wanted if _is_own(wanted) else PREFIX, SEE_OTHER)
    set_login(response, logged_in, settings)
    return response


@router.post("/logout")
def take_logout(
    request: Request,
    form: PostedForm,
    session: WriteSession,
    settings: SettingsDep,
    now: ClockDep,
) -> Response:
    """Log out."""
    token = session_cookie(request, settings)
    if token is not None:
        end_session(session, token, now())
    response = go("/login", "logged_out")
    drop_cookie(response, SESSION, settings)
    return response


@router.post("/language", dependencies=[Depends(refuse_foreign_page)])
def take_language(form: PostedForm, settings: SettingsDep) -> Response:
    """Choose the language of the pages and go back."""
    back = form.text("back")
    response = RedirectResponse(back if _is_own(back) else PREFIX, SEE_OTHER)
    if form.text("lang") in tuple(Lang):
        response.set_cookie(
            LANG_COOKIE,
            form.text("lang"),
            max_age=_LANG_LASTS,
            secure=settings.secure_cookies,
            samesite="lax",
        )
    return response


def _next(request: Request) -> str:
    wanted = request.query_params.get("next", PREFIX)
    return wanted if _is_own(wanted) else PREFIX


def _is_own(path: str) -> bool:
    """Tell whether a path leads to a page of ours: no login sends anybody elsewhere."""
    is_page = path == PREFIX or path.startswith((f"{PREFIX}/", f"{PREFIX}?"))
    return is_page and "\\" not in path and path.isprintable()
