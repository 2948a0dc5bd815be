"""The live market as files: all of it for the office, its own offers for a bank."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from matcher.domain.actor import Actor
from matcher.domain.records import Records
from matcher.files.market_excel import market_workbook
from matcher.files.tables.enterprises import ENTERPRISES
from matcher.files.tables.institutions import INSTITUTIONS
from matcher.files.tables.needs import NEEDS
from matcher.files.tables.products import PRODUCTS
from matcher.services.records.filters import NeedFilter, NeedSort, OfferFilter, need_order
from matcher.services.records.loading import given_keys, market_records
from matcher.store.mapping import read_documents
from matcher.store.repositories.base import Repository
from matcher.store.repositories.market import Enterprises, Institutions, Needs, Products
from matcher.store.tables import EnterpriseRow, InstitutionRow, NeedRow, ProductRow


def market_sheets(session: Session, day: date) -> bytes:
    """Return the live market as a workbook that can be sent in again.

    Parameters
    ----------
    day
        What the file says of its own time.

    Raises
    ------
    InputError
        Naming every cell that a sheet cannot say.
    """
    return market_workbook(market_records(session), day)


def need_sheets(
    session: Session,
    actor: Actor,
    day: date,
    which: NeedFilter,
    sort: NeedSort = NeedSort.POSITION,
    descending: bool = False,
) -> bytes:
    """Return the needs of a search, in its order, and their firms as a workbook.

    Raises
    ------
    InputError
        Naming every cell that a sheet cannot say.
    """
    conditions = list(which.conditions())
    asked = Needs(session, actor).query().where(*conditions)
    rows = need_order(sort, descending).sort(asked.with_only_columns(col(NeedRow.document)))
    firms = col(EnterpriseRow.id).in_(asked.with_only_columns(col(NeedRow.enterprise_id)))
    consents = given_keys(session)
    needs = read_documents("needs", session.scalars(rows).all())
    found = Records(
        enterprises=_records(session, Enterprises(session, actor), "enterprises", firms),
        needs=tuple(replace(n, consent=consents.get(n.need_id, n.consent)) for n in needs),
    )
    return market_workbook(found, day, (ENTERPRISES, NEEDS))


def offer_sheets(
    session: Session, actor: Actor, day: date, which: OfferFilter | None = None
) -> bytes:
    """Return the institutions and products that an actor may see as a workbook.

    Parameters
    ----------
    which
        Only the products of a search, and whose they are; None for all.

    Raises
    ------
    InputError
        Naming every cell that a sheet cannot say.
    """
    products = [] if which is None else list(which.conditions())
    banks: list[ColumnElement[bool]] = []
    if which is not None:
        asked = Products(session, actor).query().where(*products)
        of_them = asked.with_only_columns(col(ProductRow.institution_id))
        banks.append(col(InstitutionRow.id).in_(of_them))
    found = Records(
        institutions=_records(session, Institutions(session, actor), "institutions", *banks),
        products=_records(session, Products(session, actor), "products", *products),
    )
    return market_workbook(found, day, (INSTITUTIONS, PRODUCTS))


def _records(
    session: Session, known: Repository[Any], table: str, *where: ColumnElement[bool]
) -> tuple[Any, ...]:
    row = known.row
    query = known.query().where(*where).with_only_columns(row.document)
    return read_documents(table, session.scalars(query.order_by(row.position, row.id)).all())
