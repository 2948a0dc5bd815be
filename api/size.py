"""No body is larger than allowed, whoever reads it: a form is cut off like everything else."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.body import states_more_than, too_large
from api.problems import respond


class BodySizeMiddleware:
    """Refuses what is said to be too large, and ends what turns out to be.

    Parameters
    ----------
    limit
        The largest body in bytes.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if states_more_than(Headers(scope=scope), self.limit):
            await respond(Request(scope), too_large(self.limit))(scope, receive, send)
            return
        size = 0

        async def receive_limited() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self.limit:
                raise too_large(self.limit)
            return message

        await self.app(scope, receive_limited, send)
