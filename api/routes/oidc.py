"""Login by the identity provider: there and back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, status
from fastapi.responses import RedirectResponse

from api.clock import ClockDep
from api.cookies import PROVIDER, drop_cookie, read_cookie, session_cookie, set_cookie, set_login
from api.csrf import origin_of
from api.database import DatabaseDep
from api.deps import SettingsDep
from api.openapi import problems
from matcher.services.accounts.errors import ProviderLoginError
from matcher.services.accounts.login import opened
from matcher.services.accounts.oidc import LASTS, account_of, begin, come_back, ties_of
from matcher.services.accounts.provider import Provider
from matcher.services.accounts.secret import server_secret
from matcher.store.repositories import not_found

router = APIRouter(prefix="/oidc", tags=["login"])

CALLBACK = "/callback"
_SEE_OTHER: dict[int | str, dict[str, Any]] = {
    303: {
        "description": "Go on at `Location`.",
        "headers": {"Location": {"schema": {"type": "string"}}},
    }
}


def get_provider(request: Request, settings: SettingsDep) -> Provider:
    """Return the identity provider.

    Raises
    ------
    UnknownIdError
        If there is none.
    """
    if settings.provider is None:
        raise not_found()
    return Provider(settings.provider, f"{origin_of(request, settings)}{router.prefix}{CALLBACK}")


ProviderDep = Annotated[Provider, Depends(get_provider)]


@router.get(
    "/login",
    operation_id="begin_provider_login",
    summary="统一身份认证登录 / Log in by the identity provider",
    status_code=status.HTTP_303_SEE_OTHER,
    response_class=RedirectResponse,
    responses={**_SEE_OTHER, **problems(404, 502)},
)
def begin_login(
    provider: ProviderDep,
    database: DatabaseDep,
    settings: SettingsDep,
    now: ClockDep,
    next_path: Annotated[
        str | None,
        Query(
            alias="next",
            description="Where to go once logged in: a path of this service.",
            max_length=500,
            examples=["/me"],
        ),
    ] = None,
) -> RedirectResponse:
    """Send a browser to the identity provider; 404 if none is configured."""
    with database.writing() as session:
        token = begin(session, next_path, now())
    # The provider is asked with no transaction open: it may take its time.
    response = RedirectResponse(provider.login_url(ties_of(token)), status.HTTP_303_SEE_OTHER)
    set_cookie(response, PROVIDER, token, LASTS, settings)
    return response


@router.get(
    CALLBACK,
    operation_id="end_provider_login",
    summary="统一身份认证返回 / Come back from the identity provider",
    status_code=status.HTTP_303_SEE_OTHER,
    response_class=RedirectResponse,
    responses={**_SEE_OTHER, **problems(400, 403, 404, 502)},
)
def end_login(
    request: Request,
    provider: ProviderDep,
    database: DatabaseDep,
    settings: SettingsDep,
    now: ClockDep,
    code: Annotated[
        str, Query(description="What the provider gives us its word for.", max_length=4000)
    ] = "",
    state: Annotated[
        str, Query(description="What we sent along with this browser.", max_length=200)
    ] = "",
) -> RedirectResponse:
    """Open a session for somebody whom the provider let in and who has an account here.

    The answer of the provider counts once, in the browser that was sent, within ten minutes.
    """
    token, moment = read_cookie(request, PROVIDER, settings), now()
    with database.writing() as session:
        next_path = come_back(session, token, state, moment)
    if token is None or not code:  # the provider says `error` where it let nobody in
        raise ProviderLoginError
    identity = provider.identity(code, ties_of(token), moment)
    secret = server_secret(database)
    with database.writing() as session:
        account = account_of(session, identity)
        before = session_cookie(request, settings)
        logged_in = opened(session, secret, account, moment, before)
    response = RedirectResponse(next_path, status.HTTP_303_SEE_OTHER)
    set_login(response, logged_in, settings)
    drop_cookie(response, PROVIDER, settings)
    return response
