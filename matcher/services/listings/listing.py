"""Pages of the two lists, and one place on them with what is owed and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.lists import Listing, ListStage, ListTest, relist_reason
from matcher.domain.text import Text
from matcher.domain.workdays import calendar_around
from matcher.services.listings.rows import listing_of
from matcher.store.paging import Order, Page, Slice, day
from matcher.store.repositories.listings import Listings
from matcher.store.tables import EnterpriseRow, ListingRow, NeedRow


class ListingSort(StrEnum):
    """What a list is sorted by."""

    APPLIED = "applied"
    DUE = "due"


_ORDERS = {
    ListingSort.APPLIED: Listings.order,
    ListingSort.DUE: Order(ListingRow.due_on, ListingRow.id, day),  # type: ignore[arg-type]
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingFilter:
    """Which listings: all that every given part holds for.

    Parameters
    ----------
    held_by
        A test that is failed or not known, of those not recommended yet.
    is_ready
        Whether they pass the five tests and are not recommended yet.
    is_overdue
        Whether a decision is owed and its last day has passed.
    is_uncontacted
        Whether nobody has spoken with the firm yet.
    """

    stage: ListStage | None = None
    held_by: ListTest | None = None
    is_ready: bool = False
    is_overdue: bool = False
    is_uncontacted: bool = False

    def conditions(self, today: date) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions on a `ListingRow`."""
        applied = col(ListingRow.stage) == ListStage.APPLIED.value
        if self.stage is not None:
            yield col(ListingRow.stage) == self.stage.value
        if self.held_by is not None:
            column: Any = getattr(ListingRow, self.held_by.value)
            yield and_(applied, or_(column.is_(None), column.is_(False)))
        if self.is_ready:
            yield and_(applied, *passing())
        if self.is_overdue:
            yield col(ListingRow.due_on) < today
        if self.is_uncontacted:
            yield col(ListingRow.contacted).is_(None)


def passing() -> list[ColumnElement[bool]]:
    """Return the conditions under which a listing passes the five tests."""
    return [col(getattr(ListingRow, test.value)).is_(True) for test in ListTest]


@dataclass(frozen=True, slots=True)
class Listed:
    """A place on the lists, as of one day.

    Parameters
    ----------
    days_left
        Until the last day for a decision, where one is owed; 0 from that day on.
    relisted
        Why the need goes back into the matching, None if it does not.
    """

    row: ListingRow
    need: NeedRow
    enterprise: EnterpriseRow
    listing: Listing
    days_left: int | None
    is_overdue: bool
    relisted: Text | None


def list_listings(
    session: Session,
    actor: Actor,
    page: Page,
    which: ListingFilter,
    sort: ListingSort,
    today: date,
) -> Slice[Listed]:
    """Return a page of the listings that an actor may see.

    Raises
    ------
    InputError
        If the cursor is none of this list.
    """
    found = Listings(session, actor).page(page, *which.conditions(today), order=_ORDERS[sort])
    shown = _shown(session, found.rows, today)
    return found.map(lambda row: shown[row.id])


def find_listing(session: Session, actor: Actor, need_id: UUID, today: date) -> Listed:
    """Return where one need stands.

    Raises
    ------
    UnknownIdError
        If there is no such need for this actor.
    """
    return show_listing(session, Listings(session, actor).find(need_id), today)


def find_listings(
    session: Session, actor: Actor, need_ids: Iterable[UUID], today: date
) -> dict[UUID, Listed]:
    """Return where several needs stand, those that the actor may see."""
    query = Listings(session, actor).query().where(col(ListingRow.id).in_(list(need_ids)))
    return _shown(session, session.scalars(query), today)


def show_listing(session: Session, row: ListingRow, today: date) -> Listed:
    """Return a listing with its need and firm."""
    return _shown(session, [row], today)[row.id]


def _shown(session: Session, rows: Iterable[ListingRow], today: date) -> dict[UUID, Listed]:
    known = {row.id: row for row in rows}
    query: Any = (
        select(NeedRow, EnterpriseRow)
        .join(EnterpriseRow, col(EnterpriseRow.id) == col(NeedRow.enterprise_id))
        .where(col(NeedRow.id).in_(list(known)))
    )
    pairs = session.execute(query).all()
    return {need.id: _listed(known[need.id], need, firm, today) for need, firm in pairs}


def _listed(row: ListingRow, need: NeedRow, firm: EnterpriseRow, today: date) -> Listed:
    listing, calendar = listing_of(row), calendar_around(today)
    relisted = relist_reason(listing, today, calendar)
    if listing.stage is not ListStage.RECOMMENDED:
        return Listed(row, need, firm, listing, None, False, relisted)
    clock = listing.deadline(calendar)
    left = clock.remaining(today, calendar)
    return Listed(row, need, firm, listing, left, clock.is_overdue(today), relisted)
