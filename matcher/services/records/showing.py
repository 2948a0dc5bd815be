"""A record as an actor may read it: whole, or what is published of an offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from matcher.domain.actor import Actor, Role
from matcher.services.records.loading import given_keys, with_consent
from matcher.store.mapping.documents import content_of
from matcher.store.tables import NeedRow

_SOURCE = frozenset({"source", "illustrative", "stated"})
_OWN = _SOURCE | {"leads", "quota_fen"}

UNPUBLISHED: Mapping[str, frozenset[str]] = {
    "institutions": _OWN,
    "products": _OWN | {"preferences", "pools", "note"},
    "policies": _SOURCE | {"pool_id"},
}
"""Fields that are between an institution and the office: what it has left, whom it likes."""


def shown_record(session: Session, actor: Actor, table: str, row: Any) -> dict[str, Any]:
    """Return the record of a row that the actor may see, as JSON values of a market file.

    The office and whoever a record belongs to read all of it; a firm reads of the offers what
    is published, and so does everyone else of policies.
    """
    content = content_of(row.document)
    if isinstance(row, NeedRow) and not row.consents_to_all:
        content = with_consent(content, given_keys(session, row.id)[row.key])
    is_own = actor.role is Role.BANK and table != "policies"
    if actor.is_office or is_own:
        return content
    hidden = UNPUBLISHED.get(table, frozenset())
    return {name: value for name, value in content.items() if name not in hidden}
