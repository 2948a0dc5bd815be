"""Our cookies: no script reads them, no other site's form brings them, no http carries them.

The last not on this machine itself, where there is no https; see `Settings.secure_cookies`.
Secure cookies bear the prefix ``__Host-``, with which browsers hold to all of that.
"""

from __future__ import annotations

from datetime import timedelta

from fastapi import Request, Response

from api.settings import Settings
from matcher.services.accounts.login import LoggedIn
from matcher.services.accounts.sessions import LONGEST

SESSION = "yinqi_session"
DEVICE = "yinqi_device"
PROVIDER = "yinqi_provider"
_PREFIX = "__Host-"
_DEVICE_LASTS = timedelta(days=180)


def cookie_name(name: str, settings: Settings) -> str:
    """Return the name that a cookie has on the wire."""
    return f"{_PREFIX}{name}" if settings.secure_cookies else name


def read_cookie(request: Request, name: str, settings: Settings) -> str | None:
    """Return what a browser shows, None if nothing."""
    return request.cookies.get(cookie_name(name, settings)) or None


def session_cookie(request: Request, settings: Settings) -> str | None:
    """Return the token of a session, None if none is shown."""
    return read_cookie(request, SESSION, settings)


def set_cookie(
    response: Response, name: str, value: str, lasts: timedelta, settings: Settings
) -> None:
    """Let a browser keep something."""
    response.set_cookie(
        cookie_name(name, settings),
        value,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def drop_cookie(response: Response, name: str, settings: Settings) -> None:
    """Let a browser forget something."""
    set_cookie(response, name, "", timedelta(0), settings)


def set_login(response: Response, logged_in: LoggedIn, settings: Settings) -> None:
    """Let a browser keep a session that was opened, and that it was this browser."""
    set_cookie(response, SESSION, logged_in.token, LONGEST, settings)
    set_cookie(response, DEVICE, logged_in.mark, _DEVICE_LASTS, settings)
