"""One look at every request from outside: how long it took and how it ended.

What is seen goes to the log and to the figures. Of the path only the template of the route is
seen, for a path may hold ids and a query string what people typed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.actors import actor_of_scope
from api.request_id import request_id_of
from matcher.domain.actor import Actor

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "other"
NO_ROUTE = "-"
"""The template of a path that no route has."""

CLIENT_GONE = 499
"""The status told where nobody was left to be answered."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, without anything personal.

    Parameters
    ----------
    method
        One of `METHODS`, or `OTHER`.
    route
        The template of the path (``/plans/{plan_id}``).
    seconds
        From the head of the request to the end of the answer.
    error
        What broke, if the answer is that something did.
    """

    request_id: str
    method: str
    route: str
    status: int
    seconds: float
    actor: Actor | None
    error: Exception | None


Observer = Callable[[Exchange], None]


class ObserveMiddleware:
    """Tells observers of every exchange."""

    def __init__(self, app: ASGIApp, observers: Sequence[Observer]) -> None:
        self.app = app
        self.observers = tuple(observers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start, status = time.perf_counter(), CLIENT_GONE

        async def send_and_see(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_see)
        finally:
            seen = _exchange(scope, status, time.perf_counter() - start, sys.exception())
            for observe in self.observers:
                observe(seen)


def _exchange(scope: Scope, status: int, seconds: float, error: BaseException | None) -> Exchange:
    method = scope["method"]
    # A bug goes on to the framework, which answers it outside of all middleware.
    bug = error if isinstance(error, Exception) else None
    return Exchange(
        request_id=request_id_of(scope),
        method=method if method in METHODS else OTHER,
        route=getattr(scope.get("route"), "path", NO_ROUTE),
        status=status if bug is None else HTTPStatus.INTERNAL_SERVER_ERROR.value,
        seconds=seconds,
        actor=actor_of_scope(scope),
        error=bug,
    )
