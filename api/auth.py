"""Who asks, as a type: a route names the roles that may call it, and gets the actor.

``actor: Annotated[Actor, Depends(allow(Role.BANK))]``. Nobody logged in is answered 401, a role
that the route is not for 403; whose rows an actor sees is not decided here but by the
repositories.

What only looks at the request is a coroutine, here and in the other types of routes: the framework
gives every plain function a turn in a thread, which costs more than it does.

A person may do all of the role. A key may do what its scopes say besides: a route of an area
(its tag: ``needs``) needs ``needs:read`` to be read and ``needs:write`` to be changed, unless it
names another scope; a route of no area is for people alone.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request

from api.callers import Caller
from api.csrf import SAFE
from api.errors import ForbiddenError, NotLoggedInError, ScopeError
from matcher.domain.actor import Actor, Role
from matcher.domain.scope import Area, reading, writing

BY_AREA = "area"
"""The scope follows from the tag and the method of the route."""

ANY_KEY = "any"
"""Any key will do."""

PEOPLE = "people"
"""No key will do."""


async def current_actor(caller: Caller) -> Actor:
    """Return who asks.

    Raises
    ------
    NotLoggedInError
        If nothing is shown, or it lets nobody in (any more).
    """
    if caller is None:
        raise NotLoggedInError
    return caller


CurrentActor = Annotated[Actor, Depends(current_actor)]


def allow(
    *roles: Role, scope: str = BY_AREA
) -> Callable[[Request, Actor], Coroutine[Any, Any, Actor]]:
    """Return a dependency that lets some roles through.

    Parameters
    ----------
    scope
        What a key needs: `BY_AREA`, `ANY_KEY`, `PEOPLE`, or a scope by its name.
    """

    async def allowed(request: Request, actor: CurrentActor) -> Actor:
        if actor.role not in roles:
            raise ForbiddenError
        if actor.scopes is not None:
            needed = scope_of(request.scope.get("route"), request.method, scope)
            if needed != ANY_KEY and needed not in actor.scopes:
                raise ScopeError(None if needed == PEOPLE else needed)
        return actor

    # The OpenAPI document tells the roles of a route by what lets them through.
    allowed.roles = frozenset(roles)  # type: ignore[attr-defined]
    allowed.scope = scope  # type: ignore[attr-defined]
    return allowed


def scope_of(route: Any, method: str, scope: str = BY_AREA) -> str:
    """Return what a key needs for a route: a scope by its name, `ANY_KEY` or `PEOPLE`."""
    if scope != BY_AREA:
        return scope
    areas = [tag for tag in getattr(route, "tags", ()) if tag in tuple(Area)]
    if not areas:
        return PEOPLE
    return reading(areas[0]) if method in SAFE else writing(areas[0])


Organiser = Annotated[Actor, Depends(allow(Role.ORGANISER, Role.ADMIN))]
"""Who changes the live market and asks for plans."""

Analyst = Annotated[Actor, Depends(allow(Role.ORGANISER, Role.STAFF, Role.ADMIN))]
"""Who sees prices, bounds and scores of all, and asks what if."""

Office = Annotated[Actor, Depends(allow(Role.ORGANISER, Role.STAFF, Role.AUDITOR, Role.ADMIN))]
"""Who sees all records."""

Bank = Annotated[Actor, Depends(allow(Role.BANK))]
Firm = Annotated[Actor, Depends(allow(Role.ENTERPRISE))]
Administrator = Annotated[Actor, Depends(allow(Role.ADMIN))]
Auditor = Annotated[Actor, Depends(allow(Role.AUDITOR, Role.ADMIN))]
"""Who looks after what others did."""

Anyone = Annotated[Actor, Depends(allow(*Role))]
"""Whoever is logged in."""
