"""The one list that systems ask for all day, answered without what most requests need.

A bank's system polls `GET /leads` with its key. Where a request is plainly that, who asks and
what is answered are found in two statements in one thread; everything else (another role, a
filter, a cursor, a cookie, anything wrong) is answered by the route as all routes answer. Both
ways give the same bytes; a test holds them to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from api.actors import remember_actor
from api.callers import shown_key
from api.deps import is_host_allowed
from api.routing import Handler, JsonRoute
from api.settings import Settings
from matcher.domain.actor import Role
from matcher.domain.scope import Area, reading
from matcher.services.accounts.actors import known_by_key
from matcher.services.accounts.tokens import KEY_PREFIX
from matcher.services.leads.listing import LeadPage, first_page
from matcher.store import Database
from matcher.store.paging import MAX_LIMIT
from matcher.store.prepared import direct

DEFAULT_LIMIT = 20
_SCOPE = reading(Area.LEADS)


class QuickRoute(JsonRoute):
    """A route that answers the plain list of leads quickly; for other paths as any."""

    def get_route_handler(self) -> Handler:
        """Return what answers a request."""
        handle = super().get_route_handler()
        if self.operation_id != "list_leads":
            return handle

        async def quickly(request: Request) -> Response:
            limit = _plain_limit(request)
            key = None if limit is None else shown_key(request)
            if limit is None or key is None or not key.startswith(KEY_PREFIX):
                return await handle(request)
            state = request.app.state
            asked = (state.database, request.scope, key, limit, state.clock())
            # SQLite answers from memory within the time that a change of threads takes, and its
            # readers wait for nobody.
            is_near = state.database.is_sqlite
            found = _first_page(*asked) if is_near else await run_in_threadpool(_first_page, *asked)
            if found is None:
                return await handle(request)
            return page_response(found, _link(request, found))

        return quickly


def page_response(found: LeadPage, link: str | None) -> Response:
    """Return a page of leads as an answer.

    Parameters
    ----------
    link
        Path and query of the next page.
    """
    cursor = "null" if found.next is None else f'"{found.next}"'  # its letters need no escape
    rest = f'],"next":{cursor},"newest":{found.newest}}}'.encode()
    body = b"".join((b'{"items":[', b",".join(found.items), rest))
    headers = {} if link is None else {"Link": f'<{link}>; rel="next"'}
    return Response(body, headers=headers, media_type="application/json")


def _link(request: Request, found: LeadPage) -> str | None:
    if found.next is None:
        return None
    query = request.scope["query_string"].decode()
    return f"{request.scope['path']}?{query}{'&' if query else ''}cursor={found.next}"


def _plain_limit(request: Request) -> int | None:
    """Return how many leads a plain request asks for; None if it is not plain."""
    settings: Settings = request.app.state.settings
    if not is_host_allowed(settings, request.headers.get("host", "")):
        return None
    query = request.scope["query_string"]
    if not query:
        return DEFAULT_LIMIT
    name, _, value = query.partition(b"=")
    if name != b"limit" or not value.isdigit() or len(value) > 3:
        return None
    limit = int(value)
    return limit if 1 <= limit <= MAX_LIMIT else None


def _first_page(
    database: Database, scope: Mapping[str, Any], key: str, limit: int, now: datetime
) -> LeadPage | None:
    """Return the page of whoever has the key; None if another way has to see to it."""
    with direct(database) as cursor:
        actor = known_by_key(cursor, database, key, now)
        if actor is None or actor.role is not Role.BANK or _SCOPE not in (actor.scopes or ()):
            return None
        remember_actor(scope, actor)  # type: ignore[arg-type]
        assert actor.institution_id is not None
        return first_page(cursor, database, actor.institution_id, limit)
