"""From a proposed match to the case that follows it."""

from __future__ import annotations

from datetime import datetime

from matcher.domain.case import Case, CasePart
from matcher.planning.plan import Match


def open_case(
    match: Match, case_id: str, proposed_at: datetime, received_at: datetime | None = None
) -> Case:
    """Return the case of a match, with a part for each product that goes with the leading one.

    A part whose approval follows that of the leading product travels with the case: it is
    approved or rejected together with it and has no review of its own.

    Raises
    ------
    InputError
        If the id cannot be used, or a time has no zone or runs backwards.
    """
    return Case(
        case_id=case_id,
        need_id=match.need.need_id,
        product_id=match.product.product_id,
        proposed_at=proposed_at,
        received_at=received_at,
        companions=tuple(
            CasePart(part.product.product_id, travels=part.product.approval_follows)
            for part in match.companions
        ),
    )
