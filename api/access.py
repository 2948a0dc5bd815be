"""What the dependencies of a route say of it: who may call it, and which bodies it reads.

The OpenAPI document is made of this, so that it cannot say anything else than the code does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.params import Form
from fastapi.routing import APIRoute

from api.auth import current_actor, scope_of
from api.body import limited_body
from matcher.domain.actor import Role


def api_routes(app: FastAPI) -> list[APIRoute]:
    """Return all routes of an app, those of its routers among them."""
    return list(_routes(app.routes))


def methods_of(app: FastAPI, path: str) -> list[str]:
    """Return the methods that any route of a path has, in order."""
    routes = [route for route in api_routes(app) if route.path_regex.match(path)]
    return sorted({method for route in routes for method in route.methods or ()})


def roles_of(route: APIRoute) -> frozenset[Role] | None:
    """Return the roles that may call a route; None if nobody need be logged in."""
    calls = calls_of(route)
    named = [call.roles for call in calls if hasattr(call, "roles")]
    if named:
        return frozenset.intersection(*named)
    return frozenset(Role) if current_actor in calls else None


def key_scope_of(route: APIRoute, method: str) -> str | None:
    """Return what a key needs for a route: a scope, `ANY_KEY` or `PEOPLE`; None without a role."""
    named = [call.scope for call in calls_of(route) if hasattr(call, "scope")]
    return scope_of(route, method, named[0]) if named else None


def calls_of(route: APIRoute) -> list[Any]:
    """Return what is called for a request, in order: what something depends on comes before it."""
    return list(dict.fromkeys(part.call for part in _dependants(route.dependant)))


def reads_json(route: APIRoute) -> bool:
    """Tell whether a route reads a body that is JSON."""
    if route.body_field is not None:
        return not isinstance(route.body_field.field_info, Form)
    return limited_body in calls_of(route)


def reads_form(route: APIRoute) -> bool:
    """Tell whether a route reads a form."""
    return route.body_field is not None and not reads_json(route)


def has_parameters(route: APIRoute) -> bool:
    """Tell whether there is anything about a request that may be wrong."""
    parts = list(_dependants(route.dependant))
    return any(p.query_params or p.header_params or p.cookie_params for p in parts)


def _routes(routes: Iterable[Any]) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):  # a router that was included, of newer versions
            yield from _routes(route.original_router.routes)


def _dependants(dependant: Dependant) -> Iterator[Dependant]:
    for part in dependant.dependencies:
        yield from _dependants(part)
    yield dependant
