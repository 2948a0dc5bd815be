"""Who a request comes from, found once and before its own transaction begins.

That somebody was here is noted in a transaction of its own; one that waited for the request's
own write would wait for itself.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.actors import remember_actor
from api.clock import ClockDep
from api.cookies import session_cookie
from api.csrf import require_own_page
from api.deps import SettingsDep
from api.opened import DatabaseDep
from matcher.domain.actor import Actor
from matcher.services.accounts.actors import actor_by_key, actor_by_session
from matcher.services.accounts.tokens import KEY_PREFIX

_SCHEME = "bearer"


def find_caller(
    request: Request, database: DatabaseDep, settings: SettingsDep, now: ClockDep
) -> Actor | None:
    """Return who asks: by the key in ``Authorization``, else by the session in the cookie.

    Raises
    ------
    ForeignPageError
        If a change is asked for with a cookie, and not by a page of our own.
    """
    key = shown_key(request)
    if key is not None:
        actor = actor_by_key(database, key, now()) if key.startswith(KEY_PREFIX) else None
    elif token := session_cookie(request, settings):
        require_own_page(request)
        actor = actor_by_session(database, token, now())
    else:
        actor = None
    if actor is not None:
        remember_actor(request.scope, actor)
    return actor


Caller = Annotated[Actor | None, Depends(find_caller)]
"""Whoever is let in, None if nobody is; routes ask for one by the types of `api.auth`."""


def shown_key(request: Request) -> str | None:
    """Return the key in ``Authorization``; a request that shows one shows no cookie."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == _SCHEME else None
