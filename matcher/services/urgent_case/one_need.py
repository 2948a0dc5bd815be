"""The live market as far as one need goes: its firm, and the products of the kinds it accepts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlmodel import Session, col, select

from matcher.domain.enterprise import Enterprise
from matcher.domain.institution import Product
from matcher.domain.records import Records
from matcher.market import Market
from matcher.services.records.lists import ListedNeed
from matcher.services.records.parsed import all_records, record_of
from matcher.services.urgent_case.promising import products_of_one
from matcher.store.mapping import read_documents
from matcher.store.tables import ConflictRow, EnterpriseRow, InstitutionRow, ProductRow


def market_of(session: Session, listed: ListedNeed, today: date) -> Market:
    """Return the market of a need on a day.

    The need is shown to every institution here: whom the firm lets see it is for those who read
    what comes of it, since the office has to know whom to ask the firm about.
    """
    (need,) = read_documents("needs", [listed.need.document])
    records = Records(
        enterprises=(_firm(session, listed.enterprise),),
        needs=(replace(need, consent=None),),
        institutions=all_records(session, "institutions"),
        products=_products(session, [i.value for i in need.instruments]),
        pools=all_records(session, "pools"),
        policies=all_records(session, "policies"),
    )
    whole = Market.from_records(records, today)
    promising = products_of_one(whole)
    products = tuple(p for p in records.products if p.product_id in promising)
    return Market.from_records(replace(records, products=products), today)


def _firm(session: Session, row: EnterpriseRow) -> Enterprise:
    """Return a firm with the institutions that it is in a conflict with, as declared."""
    (firm,) = read_documents("enterprises", [row.document])
    query = (
        select(InstitutionRow.key)
        .join(ConflictRow, col(ConflictRow.institution_id) == col(InstitutionRow.id))
        .where(ConflictRow.enterprise_id == row.id, col(ConflictRow.withdrawn_at).is_(None))
    )
    bound: Enterprise = replace(firm, conflicts=firm.conflicts | set(session.scalars(query)))
    return bound


def _products(session: Session, instruments: Iterable[str]) -> tuple[Product, ...]:
    """Return the products of some kinds with all that goes with them, in their order."""
    row = ProductRow
    query = select(row.key, row.document).where(col(row.instrument).in_(list(instruments)))
    found: dict[str, Product] = {}
    rows = session.execute(query.order_by(col(row.position), col(row.id))).all()
    while rows:
        found |= {key: record_of("products", document) for key, document in rows}
        wanted = {key for product in found.values() for key in product.requires} - found.keys()
        query = select(row.key, row.document).where(col(row.key).in_(list(wanted)))
        rows = session.execute(query.order_by(col(row.position))).all() if wanted else []
    return tuple(found.values())
