"""Changes come from our own pages: a browser sends our cookie along with other sites' forms.

Browsers say where a request comes from (``Sec-Fetch-Site``, ``Origin``). A change with a cookie
has to be said to come from here; pages send `csrf_token` in their forms besides.

References
----------
OWASP, Cross-Site Request Forgery Prevention; W3C, Fetch Metadata Request Headers.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

from api.errors import ForeignPageError
from api.settings import Settings

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SAME = "same-origin"


def require_own_page(request: Request) -> None:
    """Refuse a change that is not said to come from a page of our own.

    Raises
    ------
    ForeignPageError
        Also if nothing is said: a system without a browser shows a key and no cookie.
    """
    if request.method not in SAFE and not _is_own(request):
        raise ForeignPageError


def refuse_foreign_page(request: Request) -> None:
    """Refuse what is said to come from another site, where there is no cookie yet: a login.

    Raises
    ------
    ForeignPageError
        If it is; not if nothing is said.
    """
    if _says_something(request) and not _is_own(request):
        raise ForeignPageError


def origin_of(request: Request, settings: Settings) -> str:
    """Return the address of this service as the caller wrote it, such as ``https://host``."""
    scheme = "https" if settings.secure_cookies else request.url.scheme
    return f"{scheme}://{request.headers.get('host', '')}"


def _says_something(request: Request) -> bool:
    return "origin" in request.headers or "sec-fetch-site" in request.headers


def _is_own(request: Request) -> bool:
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site != _SAME:
        return False
    # Which scheme we are reached by is the proxy's to know; `Host` is one of the allowed ones.
    is_here = origin is not None and _host(origin) == request.headers.get("host", "").lower()
    return is_here if origin is not None else site == _SAME


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None
