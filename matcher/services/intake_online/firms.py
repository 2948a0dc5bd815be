"""The firm of a questionnaire: whose it is, and what the market learns of it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func
from sqlmodel import Session, col, select

from matcher.domain.actor import Actor, Role
from matcher.domain.enterprise import Enterprise
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.questionnaire import ENTERPRISE
from matcher.store.mapping import TABLE_NAMES, columns_of, read_documents
from matcher.store.tables import EnterpriseRow

_KEPT = ("enterprise_id", "provenance", "name", "name_en", "banks", "conflicts")
"""What a questionnaire never changes of a firm that is known."""


def own_key(session: Session, actor: Actor) -> str | None:
    """Return the key of the firm that an actor speaks for, None for the office."""
    if actor.role is not Role.ENTERPRISE:
        return None
    found: str = session.scalars(
        select(EnterpriseRow.key).where(EnterpriseRow.id == actor.enterprise_id)
    ).one()
    return found


def known_firm(session: Session, actor: Actor, firm: Enterprise) -> EnterpriseRow | None:
    """Return the row of the firm of a questionnaire, None if it is new to the market.

    A firm that hands in for itself is the one that its account speaks for. For the office it is
    found by its id or, failing that, by its credit code.
    """
    if actor.role is Role.ENTERPRISE:
        return session.scalars(
            select(EnterpriseRow).where(EnterpriseRow.id == actor.enterprise_id)
        ).one()
    by_key = session.scalars(
        select(EnterpriseRow).where(EnterpriseRow.key == firm.enterprise_id)
    ).one_or_none()
    if by_key is not None or firm.credit_code is None:
        return by_key
    query = select(EnterpriseRow).where(EnterpriseRow.credit_code == firm.credit_code)
    return session.scalars(query.order_by(col(EnterpriseRow.position))).first()


def add_firm(session: Session, firm: Enterprise, now: datetime) -> EnterpriseRow:
    """Add a firm behind the others."""
    last = session.scalars(select(func.max(EnterpriseRow.position))).one()
    columns = columns_of(TABLE_NAMES["enterprises"], firm, {})
    position = 0 if last is None else last + 1
    row = EnterpriseRow(id=uuid4(), position=position, updated_at=now, **columns)
    session.add(row)
    session.flush()
    return row


def learn(
    session: Session, row: EnterpriseRow, told: Enterprise, now: datetime
) -> tuple[Text, ...]:
    """Fill in what was not known of a firm; what was known stays, and a note names the fields.

    Raises
    ------
    InputError
        If the credit code is another one: it is not this firm's questionnaire.
    """
    (known,) = read_documents("enterprises", [row.document])
    _require_same_code(known, told)
    names = [f.name for f in fields(Enterprise) if f.name not in _KEPT]
    news = {name: getattr(told, name) for name in names if _says(getattr(told, name))}
    blanks = {name: value for name, value in news.items() if not _says(getattr(known, name))}
    if blanks:
        columns = columns_of(TABLE_NAMES["enterprises"], replace(known, **blanks), {})
        for name, value in columns.items():
            setattr(row, name, value)
        row.updated_at = now
        session.add(row)
        session.flush()
    otherwise = [name for name in news if name not in blanks and news[name] != getattr(known, name)]
    if told.name != known.name:
        otherwise.insert(0, "name")
    return (_note(otherwise),) if otherwise else ()


def _require_same_code(known: Enterprise, told: Enterprise) -> None:
    if told.credit_code is None or known.credit_code in (None, told.credit_code):
        return
    message = Text("不是本企业的统一社会信用代码", "is not the credit code of this firm")
    raise InputError([Fault(message, "credit_code", told.credit_code, sheet="enterprise")])


def _says(value: Any) -> bool:
    return value is not None and value != () and value != frozenset()


def _note(names: list[str]) -> Text:
    labels = {column.field: column.text for column in ENTERPRISE.table.columns}
    told = Text(
        "企业已有资料，以下各项与所填不同，保留原资料：{f}",
        "the firm is known, and what it tells otherwise is kept as it was: {f}",
    )
    return told.format(f=Text.join([labels.get(name, Text.same(name)) for name in names]))
