"""What routes ask for by type: settings, an id in the path, the reader's language."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, Path, Request
from pydantic import BeforeValidator

from api.errors import HostError
from api.language import preferred_lang
from api.settings import Settings
from matcher.domain.text import Lang, Text
from matcher.store.repositories.base import not_found


async def get_settings(request: Request) -> Settings:
    """Return the settings of the app."""
    settings: Settings = request.app.state.settings
    return settings


SettingsDep = Annotated[Settings, Depends(get_settings)]


def _as_id(value: object) -> UUID:
    # What is no id at all is answered as an id that nothing has.
    try:
        found = UUID(str(value))
    except ValueError:
        raise not_found() from None
    if str(found) != str(value).lower():  # braces, a URN, no hyphens: one id has one path
        raise not_found()
    return found


IdPath = Annotated[
    UUID,
    Path(description="Its id, a UUID.", examples=["3f0e7a52-5d5c-4a39-9d5b-1a4c2d6f8b10"]),
    BeforeValidator(_as_id),
]
"""An id in a path: `def read_need(need_id: IdPath)`."""


async def get_lang(request: Request) -> Lang:
    """Return the language that the client reads."""
    return preferred_lang(request.headers.get("accept-language"))


LangDep = Annotated[Lang, Depends(get_lang)]


async def require_host(request: Request, settings: SettingsDep) -> None:
    """Refuse requests by another name: a page in a browser could reach a loopback port by one.

    Raises
    ------
    HostError
        If the ``Host`` of the request is none of the allowed ones.
    """
    if not is_host_allowed(settings, request.headers.get("host", "")):
        told = Text("请以 {h} 访问", "call it as {h}")
        hosts = [Text.same(host) for host in settings.allowed_hosts]
        raise HostError(told.format(h=Text.join(hosts)))


def is_host_allowed(settings: Settings, header: str) -> bool:
    """Tell whether the API may be called by the name that a ``Host`` header has."""
    return "*" in settings.allowed_hosts or _hostname(header) in settings.allowed_hosts


def _hostname(header: str) -> str | None:
    try:
        return urlsplit(f"//{header}").hostname
    except ValueError:
        return None
