"""Documents of runs that were parsed already: a run leaves its bytes once and for all."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import Any

from fastapi import Request
from sqlmodel import Session

from matcher.store import blobs

MOST_KEPT = 4


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


def kept_documents(request: Request) -> KeptDocuments:
    """Return what this process has parsed already."""
    state = request.app.state
    if not hasattr(state, "kept_documents"):
        state.kept_documents = KeptDocuments()
    found: KeptDocuments = state.kept_documents
    return found
