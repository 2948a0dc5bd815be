"""The record as its readers see it, the newest first, and the heads that were signed."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from matcher.domain.actor import Actor, Role
from matcher.domain.chain import Head
from matcher.services.record.heads import SignedHead
from matcher.store.paging import Order, Page, Slice, whole_number
from matcher.store.repositories.base import EVERYTHING, NOTHING, Repository, not_found
from matcher.store.tables import CaseEventRow, ChainHeadRow

READERS = (Role.AUDITOR, Role.ADMIN)


class Entries(Repository[CaseEventRow]):
    """Entries of the record: the auditor's and the administrator's."""

    row: ClassVar[type[Any]] = CaseEventRow
    order = Order(
        CaseEventRow.number,  # type: ignore[arg-type]
        CaseEventRow.subject_id,  # type: ignore[arg-type]
        whole_number,
        descending=True,
    )

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on an entry."""
        return EVERYTHING if actor.role in READERS else NOTHING


def list_entries(
    session: Session,
    actor: Actor,
    page: Page,
    kind: str | None = None,
    subject_id: UUID | None = None,
) -> Slice[CaseEventRow]:
    """Return a page of the record, the newest first.

    Raises
    ------
    InputError
        If the cursor is none of this list.
    """
    where = [] if kind is None else [col(CaseEventRow.kind) == kind]
    where += [] if subject_id is None else [col(CaseEventRow.subject_id) == subject_id]
    return Entries(session, actor).page(page, *where)


def head_of_day(session: Session, day: date) -> tuple[SignedHead, str]:
    """Return the head that was signed for a day, and the public key that it was signed with.

    Raises
    ------
    UnknownIdError
        If none was.
    """
    row = session.get(ChainHeadRow, day)
    if row is None:
        raise not_found()
    return SignedHead(row.day, Head(row.number, row.sha256), row.signature), row.public_key


def last_signed_day(session: Session) -> date | None:
    """Return the newest day that has a signed head, None if none has."""
    newest: date | None = session.scalars(select(func.max(ChainHeadRow.day))).one()
    return newest
