"""Which needs a round takes that takes recommended needs only."""

from __future__ import annotations

import json

from sqlmodel import Session, col, select

from matcher.store.tables import ListingRow, NeedRow


def recommended_keys(session: Session) -> frozenset[str]:
    """Return the keys of the needs that were recommended and are not refused for good.

    What is refused for a reason that can be mended is matched again, and so is what nobody
    decided on in time; what was granted stays with what it has.
    """
    query = (
        select(NeedRow.key, ListingRow.refusal)
        .join(ListingRow, col(ListingRow.id) == col(NeedRow.id))
        .where(col(ListingRow.recommended).is_not(None))
    )
    return frozenset(key for key, refusal in session.execute(query) if _may_come_back(refusal))


def _may_come_back(refusal: str | None) -> bool:
    return refusal is None or bool(json.loads(refusal)["mendable"])
