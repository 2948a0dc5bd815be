"""Who asked, remembered with the request: for the log and for limits, which see no route."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from matcher.domain.actor import Actor

_KEY = "yinqi_actor"


def remember_actor(scope: MutableMapping[str, Any], actor: Actor) -> None:
    """Note who asked."""
    scope[_KEY] = actor


def actor_of_scope(scope: MutableMapping[str, Any]) -> Actor | None:
    """Return who asked, None if nobody was let in."""
    found: Actor | None = scope.get(_KEY)
    return found
