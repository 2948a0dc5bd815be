"""Who asks, as a type: a route names the roles that may call it, and gets the actor.

``actor: Annotated[Actor, Depends(allow(Role.BANK))]``. Nobody logged in is answered 401, a role
that the route is not for 403; whose rows an actor sees is not decided here but by the
repositories.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from api.actors import remember_actor
from api.clock import ClockDep
from api.database import ReadSession
from api.errors import ForbiddenError, NotLoggedInError
from matcher.domain.actor import Actor, Role
from matcher.services.accounts.actors import actor_of_key, actor_of_session

COOKIE = "yinqi_session"
_SCHEME = "bearer"


def current_actor(request: Request, session: ReadSession, now: ClockDep) -> Actor:
    """Return who asks: by the key in ``Authorization``, else by the session in the cookie.

    Raises
    ------
    NotLoggedInError
        If there is neither, or it lets nobody in (any more).
    """
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == _SCHEME:
        actor = actor_of_key(session, key.strip(), now())
    else:
        actor = actor_of_session(session, request.cookies.get(COOKIE, ""), now())
    if actor is None:
        raise NotLoggedInError
    remember_actor(request.scope, actor)
    return actor


CurrentActor = Annotated[Actor, Depends(current_actor)]


def allow(*roles: Role) -> Callable[[Actor], Actor]:
    """Return a dependency that lets some roles through."""

    def allowed(actor: CurrentActor) -> Actor:
        if actor.role not in roles:
            raise ForbiddenError
        return actor

    # The OpenAPI document tells the roles of a route by what lets them through.
    allowed.roles = frozenset(roles)  # type: ignore[attr-defined]
    return allowed


Organiser = Annotated[Actor, Depends(allow(Role.ORGANISER, Role.ADMIN))]
"""Who changes the live market and asks for plans."""

Analyst = Annotated[Actor, Depends(allow(Role.ORGANISER, Role.STAFF, Role.ADMIN))]
"""Who sees prices, bounds and scores of all, and asks what if."""

Office = Annotated[Actor, Depends(allow(Role.ORGANISER, Role.STAFF, Role.AUDITOR, Role.ADMIN))]
"""Who sees all records."""

Bank = Annotated[Actor, Depends(allow(Role.BANK))]
Firm = Annotated[Actor, Depends(allow(Role.ENTERPRISE))]
Administrator = Annotated[Actor, Depends(allow(Role.ADMIN))]
Anyone = CurrentActor
"""Whoever is logged in."""
