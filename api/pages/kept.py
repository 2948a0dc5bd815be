"""What the pages of a process keep: documents of runs, which leave their bytes once and for all."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Request
from sqlmodel import Session

from matcher.store import blobs

MOST_KEPT = 4
Kind = TypeVar("Kind")


class KeptDocuments:
    """The documents that were looked at last, by their hash."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Any] = OrderedDict()

    def of(self, session: Session, sha256: str) -> Any:
        """Return the values of a document of JSON."""
        found = self._kept.pop(sha256, None)
        if found is None:
            found = json.loads(blobs.fetch(session, sha256))
        self._kept[sha256] = found
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return found


def kept_by_app(make: type[Kind]) -> Callable[[Request], Kind]:
    """Return what gives a request the one of a kind that its app, in this process, keeps."""
    name = f"kept_{make.__name__}"

    def of_app(request: Request) -> Kind:
        state = request.app.state
        if not hasattr(state, name):
            setattr(state, name, make())
        found: Kind = getattr(state, name)
        return found

    return of_app
