"""The route class of every router: a body that a route declares as a model is JSON by the letter.

The framework alone would take NaN, a key that stands twice and nesting without end, and would
answer what is no JSON at all as if a field were wrong. `router = APIRouter(route_class=JsonRoute)`.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.params import Form
from fastapi.routing import APIRoute

from api.body import parse_json, read_limited, require_json
from api.idempotency import keep_answer

SMALL_BODY_BYTES = 1024 * 1024
"""The largest body of a route that declares it as a model: it is read before anybody is known."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class JsonRequest(Request):
    """A request whose body is small, said to be JSON, and JSON by the letter."""

    async def body(self) -> bytes:
        """Return the body, none of it if it is not said to be JSON."""
        if not hasattr(self, "_body"):
            require_json(self)
            limit = min(SMALL_BODY_BYTES, self.app.state.settings.max_body_bytes)
            self._body = await read_limited(self, limit)
        return self._body

    async def json(self) -> Any:
        """Return what the body says."""
        return parse_json(await self.body())


class Route(APIRoute):
    """A route whose answer is kept, if its request has an ``Idempotency-Key``."""

    def get_route_handler(self) -> Handler:
        """Return what answers a request."""
        handle = super().get_route_handler()

        async def kept(request: Request) -> Response:
            response = await handle(request)
            await keep_answer(request, response)
            return response

        return kept if "POST" in (self.methods or ()) else handle


class JsonRoute(Route):
    """A route that reads JSON; forms and routes without a body are left as they are."""

    def get_route_handler(self) -> Handler:
        """Return what answers a request."""
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            return await handle(JsonRequest(request.scope, request.receive))

        return handle if self.body_field is None or _is_form(self) else strictly


def _is_form(route: APIRoute) -> bool:
    return route.body_field is not None and isinstance(route.body_field.field_info, Form)
