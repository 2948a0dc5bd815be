"""One record of the live market: made, changed, taken away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.errors import Fault, InputError
from matcher.domain.records import ID_FIELDS, REFERENCES, Records
from matcher.domain.text import Text
from matcher.files import read_table
from matcher.services.errors import ConflictError, StaleError
from matcher.services.listings.entering import enter_new
from matcher.services.records.keeping import removal_faults
from matcher.services.records.loading import given_keys
from matcher.services.records.state import lock_market
from matcher.store.mapping import TABLE_NAMES, columns_of, read_documents
from matcher.store.repositories.base import Repository
from matcher.store.repositories.market import Needs, Products
from matcher.store.tables import ConsentRow, ListingRow, NeedRow, ProductRow

_ORIGIN = "body"
_REPOSITORIES: Mapping[str, type[Repository[Any]]] = {"needs": Needs, "products": Products}
"""The tables of which single records change; the others come by file."""


def tag_of(session: Session, row: Any) -> str:
    """Return what names the state of a row: another one once anything of its record changes."""
    parts = [row.document]
    if isinstance(row, NeedRow):
        keys = given_keys(session, row.id).get(row.key)
        parts.append("*" if keys is None else " ".join(sorted(keys)))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def create_record(session: Session, table: str, content: Any, now: datetime) -> Any:
    """Add a record behind the others of its table.

    Parameters
    ----------
    table
        ``needs`` or ``products``.
    content
        The record as a market file has it.

    Raises
    ------
    InputError
        With every fault of it.
    ConflictError
        If its id is in use.
    """
    lock_market(session)
    record = _read(session, table, content)
    kind = TABLE_NAMES[table]
    row = kind.row
    if session.scalars(select(row.id).where(row.key == kind.key_of(record))).first() is not None:
        told = Text("编号已被使用", "the id is in use")
        raise ConflictError([Fault(told, field=kind.key, value=kind.key_of(record))])
    last = session.scalars(select(func.max(row.position))).one()
    made = row(id=uuid4(), position=0 if last is None else last + 1)
    _write(session, table, made, record, now)
    if table == "needs":
        enter_new(session, now, made.id)
    return made


def change_record(
    session: Session,
    actor: Actor,
    table: str,
    row_id: UUID,
    content: Any,
    tag: str,
    now: datetime,
) -> Any:
    """Put another record in the place of one, under the same id.

    Parameters
    ----------
    tag
        What `tag_of` said of the record that is to be replaced; ``*`` is any.

    Raises
    ------
    UnknownIdError
        If there is no such record for this actor.
    StaleError
        If it was changed meanwhile.
    InputError
        With every fault of the new one.
    """
    lock_market(session)
    row = _REPOSITORIES[table](session, actor).find(row_id, lock=True)
    if tag not in ("*", tag_of(session, row)):
        raise StaleError
    record = _read(session, table, content, row.key)
    _write(session, table, row, record, now)
    return row


def remove_record(session: Session, actor: Actor, table: str, row_id: UUID, tag: str) -> None:
    """Take a record away, of a need its consents and its place on the lists with it.

    Raises
    ------
    UnknownIdError
        If there is no such record for this actor.
    StaleError
        If it was changed meanwhile.
    ConflictError
        If something refers to it.
    """
    lock_market(session)
    row = _REPOSITORIES[table](session, actor).find(row_id, lock=True)
    if tag not in ("*", tag_of(session, row)):
        raise StaleError
    faults = removal_faults(session, table, {row.key: row.id})
    if table == "products":
        faults += _requiring(session, row.key)
    if faults:
        raise ConflictError(faults)
    session.execute(delete(ConsentRow).where(col(ConsentRow.need_id) == row.id))
    session.execute(delete(ListingRow).where(col(ListingRow.id) == row.id))
    session.delete(row)
    session.flush()


def _read(session: Session, table: str, content: Any, key: str | None = None) -> Any:
    """Read a record and look up what it refers to; ``key`` is the id that it has to keep."""
    (record,) = read_table(table, [content], _ORIGIN)
    kind = TABLE_NAMES[table]
    faults = list(_dangling(session, table, record))
    if key is not None and kind.key_of(record) != key:
        told = Text("编号不能更改", "the id cannot be changed")
        faults.append(Fault(told, kind.key, kind.key_of(record), Text.same(key)))
    if table == "products" and record.requires and not faults:
        faults += _cycles(session, record)
    if faults:
        raise InputError([fault.at(sheet=table, row=1) for fault in faults])
    return record


def _dangling(session: Session, table: str, record: Any) -> Iterator[Fault]:
    message = Text("引用的编号不存在", "refers to an id that is not there")
    for name, field, target in REFERENCES:
        value = getattr(record, field) if name == table else None
        named = value if isinstance(value, frozenset) else {value} - {None}
        row = TABLE_NAMES[target].row
        known = set(session.scalars(select(row.key).where(row.key.in_(named)))) if named else set()
        if target == table:
            known.add(TABLE_NAMES[table].key_of(record))  # a cycle, which is told as one
        for identity in sorted(named - known):
            yield Fault(message, field, identity)


def _cycles(session: Session, product: Any) -> list[Fault]:
    """Return the fault of a product whose package would lead back to it."""
    query = select(ProductRow.document).where(col(ProductRow.key) != product.product_id)
    others = read_documents("products", session.scalars(query).all())
    found = Records(products=(product, *others)).faults()
    return [item.fault for item in found if item.index == 0 and item.fault.field == "requires"]


def _requiring(session: Session, key: str) -> list[Fault]:
    """Return a fault for each product whose package needs the one of this key."""
    near = col(ProductRow.document).contains(f'"{key}"', autoescape=True)
    query = select(ProductRow.document).where(col(ProductRow.key) != key, near)
    others = read_documents("products", session.scalars(query).all())
    told = Text("产品组合需要它，不能删除", "a package requires it: it cannot be removed")
    return [
        Fault(told, ID_FIELDS["products"], product.product_id, sheet="products")
        for product in others
        if key in product.requires
    ]


def _write(session: Session, table: str, row: Any, record: Any, now: datetime) -> None:
    names = {target for name, _, target in REFERENCES if name == table}
    ids = {target: _ids(session, target, record) for target in names}
    for name, value in columns_of(TABLE_NAMES[table], record, ids).items():
        setattr(row, name, value)
    row.updated_at = now
    session.add(row)
    session.flush()
    if table == "needs":
        _write_consent(session, row, record.consent, ids["institutions"], now)


def _ids(session: Session, target: str, record: Any) -> dict[str, UUID]:
    """Return the rows of one table that a record refers to."""
    row, key = TABLE_NAMES[target].row, ID_FIELDS[target]
    consent = getattr(record, "consent", None) if target == "institutions" else None
    named = set(consent or ()) | ({getattr(record, key)} if hasattr(record, key) else set())
    query = select(row.key, row.id).where(row.key.in_(named))
    return {found: row_id for found, row_id in session.execute(query)}


def _write_consent(
    session: Session,
    row: NeedRow,
    consent: frozenset[str] | None,
    ids: Mapping[str, UUID],
    now: datetime,
) -> None:
    """Set who may see a need as its record says; what was stated here stays."""
    if row.consents_stated:
        return
    session.execute(delete(ConsentRow).where(col(ConsentRow.need_id) == row.id))
    row.consents_to_all = consent is None
    given = (ids[key] for key in sorted(consent or ()))
    session.add_all(
        ConsentRow(need_id=row.id, institution_id=institution, given_at=now)
        for institution in given
    )
    session.flush()
