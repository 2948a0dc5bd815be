"""First contact and decision follow from the leads of a need; nobody types them twice.

An approval grants. A decline or a rejection that leaves no lead of the need on its way refuses;
where its reason can be mended the need is matched again, and an approval that comes later takes
the refusal's place.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.case import CaseStatus, Reason
from matcher.domain.lists import Listing, decide
from matcher.services.listings.changing import record_change
from matcher.services.listings.rows import listing_of, put
from matcher.store.tables import LeadRow, ListingRow

_REFUSED = frozenset({CaseStatus.DECLINED, CaseStatus.REJECTED})
_TOLD = _REFUSED | {CaseStatus.CONTACTED, CaseStatus.APPROVED}


def follow(
    session: Session,
    lead: LeadRow,
    after: CaseStatus,
    reason: Reason | None,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Let the lists know what came of a lead; the record has to be begun.

    Parameters
    ----------
    after
        Where its case stands now.
    reason
        Why it was declined or rejected.
    """
    if after not in _TOLD:
        return
    row = session.get(ListingRow, lead.need_id, with_for_update=True)
    if row is None:
        return
    listing = listing_of(row)
    if after is CaseStatus.CONTACTED:
        if listing.contacted is None:
            _keep(session, row, replace(listing, contacted=now.date()), "contact", actor, now)
        return
    if listing.recommended is None or _is_granted(listing):
        return
    if after in _REFUSED and _is_on_its_way(session, lead):
        return
    undecided = replace(listing, decided=None, refusal=None)
    row.lead_id = lead.id
    decided = decide(undecided, now.date(), reason if after in _REFUSED else None)
    _keep(session, row, decided, "decide", actor, now)


def _keep(
    session: Session,
    row: ListingRow,
    listing: Listing,
    action: str,
    actor: Actor | None,
    now: datetime,
) -> None:
    put(row, listing, now)
    session.add(row)
    record_change(session, row, action, actor, now)


def _is_granted(listing: Listing) -> bool:
    return listing.decided is not None and listing.refusal is None


def _is_on_its_way(session: Session, lead: LeadRow) -> bool:
    """Tell whether another lead of the need can still lead to an approval."""
    query = select(LeadRow.id).where(
        col(LeadRow.need_id) == lead.need_id,
        col(LeadRow.id) != lead.id,
        col(LeadRow.is_alive),
    )
    return session.scalars(query.limit(1)).first() is not None
