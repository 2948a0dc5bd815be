"""A name for every request, so that an answer and a line of the log can be put together."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-ID"
_SOUND = re.compile(r"[A-Za-z0-9._-]{1,64}")
_KEY = "yinqi_request_id"


class RequestIdMiddleware:
    """Gives each answer the id that its request brought, or a new one, and protecting headers.

    Parameters
    ----------
    headers
        Set where an answer does not set them itself.
    """

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        identity = request_id_of(scope)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers[HEADER] = identity
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_id)


def request_id_of(scope: MutableMapping[str, Any]) -> str:
    """Return the id of a request, the same at every call."""
    if _KEY not in scope:
        brought = Headers(scope=scope).get(HEADER, "")
        scope[_KEY] = brought if _SOUND.fullmatch(brought) else uuid4().hex
    found: str = scope[_KEY]
    return found
