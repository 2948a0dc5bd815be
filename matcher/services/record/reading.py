"""The record as its readers see it, the newest first, and the heads that were signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from matcher.domain.actor import Actor, Role
from matcher.domain.chain import Head
from matcher.domain.moments import CHINA
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


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries: all that every given part holds for.

    Parameters
    ----------
    account_id
        Who did it.
    day
        The day in China on which it happened.
    """

    kind: str | None = None
    subject_id: UUID | None = None
    account_id: UUID | None = None
    day: date | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions on a `CaseEventRow`."""
        if self.kind is not None:
            yield col(CaseEventRow.kind) == self.kind
        if self.subject_id is not None:
            yield col(CaseEventRow.subject_id) == self.subject_id
        if self.account_id is not None:
            # The content is canonical: its keys are sorted, and this is the first.
            begins = f'{{"account_id":"{self.account_id.hex}"'
            yield col(CaseEventRow.content).startswith(begins, autoescape=True)
        if self.day is not None:
            begin = datetime.combine(self.day, time(), CHINA)
            yield col(CaseEventRow.at) >= begin
            if self.day < date.max:
                yield col(CaseEventRow.at) < begin + timedelta(days=1)


def list_entries(
    session: Session, actor: Actor, page: Page, which: EntryFilter | None = None
) -> Slice[CaseEventRow]:
    """Return a page of the record, the newest first.

    Raises
    ------
    InputError
        If the cursor is none of this list.
    """
    where = () if which is None else which.conditions()
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


def signed_days(session: Session, before: date | None, most: int) -> list[ChainHeadRow]:
    """Return heads that were signed, the newest first.

    Parameters
    ----------
    before
        Only of days before this; None for the newest.
    most
        The most to return.
    """
    query = select(ChainHeadRow).order_by(col(ChainHeadRow.day).desc()).limit(most)
    if before is not None:
        query = query.where(col(ChainHeadRow.day) < before)
    return list(session.scalars(query))


def last_signed_day(session: Session) -> date | None:
    """Return the newest day that has a signed head, None if none has."""
    newest: date | None = session.scalars(select(func.max(ChainHeadRow.day))).one()
    return newest
