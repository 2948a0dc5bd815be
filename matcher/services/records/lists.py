"""Pages of records, each row with what it shows of another table, in a few queries a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.services.records.filters import NeedFilter, NeedSort, OfferFilter, need_order
from matcher.store.paging import Page, Slice
from matcher.store.repositories.market import Institutions, Needs, Products
from matcher.store.tables import EnterpriseRow, InstitutionRow, NeedRow, ProductRow

R = TypeVar("R", EnterpriseRow, InstitutionRow)


@dataclass(frozen=True, slots=True)
class ListedNeed:
    """A need with its firm."""

    need: NeedRow
    enterprise: EnterpriseRow


@dataclass(frozen=True, slots=True)
class ListedProduct:
    """A product with its institution."""

    product: ProductRow
    institution: InstitutionRow


def list_needs(
    session: Session,
    actor: Actor,
    page: Page,
    which: NeedFilter,
    sort: NeedSort = NeedSort.POSITION,
    descending: bool = False,
) -> Slice[ListedNeed]:
    """Return a page of the needs that an actor may see.

    Raises
    ------
    InputError
        If the cursor is none of this list.
    """
    order = need_order(sort, descending)
    found = Needs(session, actor).page(page, *which.conditions(), order=order)
    firms = _rows(session, EnterpriseRow, (row.enterprise_id for row in found.rows))
    return found.map(lambda row: ListedNeed(row, firms[row.enterprise_id]))


def find_need(session: Session, actor: Actor, need_id: UUID) -> ListedNeed:
    """Return one need.

    Raises
    ------
    UnknownIdError
        If there is none, or it is not for this actor.
    """
    return with_firm(session, Needs(session, actor).find(need_id))


def with_firm(session: Session, row: NeedRow) -> ListedNeed:
    """Return a need with its firm."""
    return ListedNeed(row, _rows(session, EnterpriseRow, [row.enterprise_id])[row.enterprise_id])


def list_products(
    session: Session, actor: Actor, page: Page, which: OfferFilter
) -> Slice[ListedProduct]:
    """Return a page of the products that an actor may see.

    Raises
    ------
    InputError
        If the cursor is none of this list.
    """
    found = Products(session, actor).page(page, *which.conditions())
    banks = _rows(session, InstitutionRow, (row.institution_id for row in found.rows))
    return found.map(lambda row: ListedProduct(row, banks[row.institution_id]))


def find_product(session: Session, actor: Actor, product_id: UUID) -> ListedProduct:
    """Return one product.

    Raises
    ------
    UnknownIdError
        If there is none, or it is not for this actor.
    """
    return with_institution(session, Products(session, actor).find(product_id))


def institution_names(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Return key and name of each institution that an actor may see, in their order."""
    rows = session.scalars(
        Institutions(session, actor).query().order_by(col(InstitutionRow.position))
    )
    return [(row.key, row.name) for row in rows]


def with_institution(session: Session, row: ProductRow) -> ListedProduct:
    """Return a product with its institution."""
    banks = _rows(session, InstitutionRow, [row.institution_id])
    return ListedProduct(row, banks[row.institution_id])


def _rows(session: Session, table: type[R], ids: Iterable[UUID]) -> dict[UUID, R]:
    """Return rows by their ids, which come from rows that the actor may see."""
    column: Any = table.id
    query = select(table).where(column.in_(set(ids)))
    return {row.id: row for row in session.scalars(query)}
