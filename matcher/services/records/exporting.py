"""The live market as files: all of it for the office, its own offers for a bank."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.domain.records import Records
from matcher.files.market_excel import market_workbook
from matcher.files.tables.institutions import INSTITUTIONS
from matcher.files.tables.products import PRODUCTS
from matcher.services.records.loading import market_records
from matcher.store.mapping import read_documents
from matcher.store.repositories.base import Repository
from matcher.store.repositories.market import Institutions, Products


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


def offer_sheets(session: Session, actor: Actor, day: date) -> bytes:
    """Return the institutions and products that an actor may see as a workbook.

    Raises
    ------
    InputError
        Naming every cell that a sheet cannot say.
    """
    found = Records(
        institutions=_records(session, Institutions(session, actor), "institutions"),
        products=_records(session, Products(session, actor), "products"),
    )
    return market_workbook(found, day, (INSTITUTIONS, PRODUCTS))


def _records(session: Session, known: Repository[Any], table: str) -> tuple[Any, ...]:
    row = known.row
    query = known.query().with_only_columns(row.document).order_by(row.position, row.id)
    return read_documents(table, session.scalars(query).all())
