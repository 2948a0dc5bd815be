"""Pages of leads, best first, by urgency, or by what changed; read as they were put into words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_
from sqlmodel import Session, col, select

from matcher.domain.actor import Actor, Role
from matcher.domain.case import CaseStatus
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.store import Database
from matcher.store.paging import MAX_LIMIT, Order, Page, day, whole_number
from matcher.store.prepared import prepared
from matcher.store.repositories.leads import Leads, is_consented
from matcher.store.tables import LeadRow

_CHANGED = Order(LeadRow.record_number, LeadRow.id, whole_number)  # type: ignore[arg-type]
_DUE = Order(LeadRow.due_on, LeadRow.id, day)  # type: ignore[arg-type]


class LeadSort(StrEnum):
    """What a list of leads is sorted by."""

    BEST = "best"
    DUE = "due"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFilter:
    """Which leads: all that every given part holds for.

    Parameters
    ----------
    region
        Beginning of a GB/T 2260 code.
    amount_from_fen, amount_to_fen, due_from, due_to
        Ends that are in; ``due`` is the day on which the firm needs the money.
    statuses
        Any of these; without any, and without ``since``, those of which something can still
        come.
    since
        A number of the record: only leads that changed after it, whatever their status.
    """

    round_id: UUID | None = None
    institution_id: UUID | None = None
    product_id: UUID | None = None
    region: str | None = None
    amount_from_fen: int | None = None
    amount_to_fen: int | None = None
    due_from: date | None = None
    due_to: date | None = None
    statuses: tuple[CaseStatus, ...] = ()
    since: int | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions on a `LeadRow`."""
        for name in ("round_id", "institution_id", "product_id"):
            if (wanted := getattr(self, name)) is not None:
                yield getattr(LeadRow, name) == wanted
        if self.region is not None:
            yield col(LeadRow.region).startswith(self.region, autoescape=True)
        if self.since is not None:
            yield col(LeadRow.record_number) > self.since
        if self.statuses:
            yield col(LeadRow.status).in_([status.value for status in self.statuses])
        elif self.since is None:
            yield col(LeadRow.is_alive).is_(True)
        yield from self._ranges()

    def _ranges(self) -> Iterator[ColumnElement[bool]]:
        amount, needed_by = col(LeadRow.amount_fen), col(LeadRow.needed_by)
        if self.amount_from_fen is not None:
            yield amount >= self.amount_from_fen
        if self.amount_to_fen is not None:
            yield amount <= self.amount_to_fen
        if self.due_from is not None:
            yield needed_by >= self.due_from
        if self.due_to is not None:
            yield needed_by <= self.due_to


@dataclass(frozen=True, slots=True)
class LeadPage:
    """A page of leads.

    Parameters
    ----------
    items
        Each as JSON, in bytes.
    newest
        Number of the newest change of any lead of whoever asks; 0 if there is none.
    """

    items: tuple[bytes, ...]
    next: str | None
    newest: int


def list_leads(
    session: Session,
    actor: Actor,
    page: Page,
    which: LeadFilter,
    sort: LeadSort = LeadSort.BEST,
) -> LeadPage:
    """Return a page of the leads that an actor may see, as their institution sees them.

    Raises
    ------
    InputError
        If the cursor is none of this list.
    """
    visible = Leads(session, actor).visible_to(actor)
    newest = _newest(actor)
    columns: Any = (LeadRow.shown, LeadRow.id, LeadRow.record_number, LeadRow.due_on)
    columns += (newest.scalar_subquery().label("newest"),)
    query: Any = select(*columns)
    query = query.where(visible, *which.conditions())
    if sort is LeadSort.BEST:
        query = _best(session, actor, query, page)
    else:
        query = (_CHANGED if sort is LeadSort.CHANGED else _DUE).apply(query, page)
    rows = session.connection().execute(query).all()
    limit = min(page.limit, MAX_LIMIT)
    number = rows[0].newest if rows else session.connection().execute(newest).scalar_one()
    return LeadPage(
        tuple(row.shown for row in rows[:limit]),
        _cursor(sort, rows[limit - 1], page) if len(rows) > limit else None,
        number or 0,
    )


def first_page(cursor: Any, database: Database, institution_id: UUID, limit: int) -> LeadPage:
    """Return the first page of a bank's leads as `list_leads` does, by a statement made before."""
    dialect, own = database.engine.dialect, {"institution": institution_id}
    query = prepared(_FIRST_PAGE, dialect)
    rows = query.rows(cursor, **own, rows=limit + 1)
    if not rows:
        ((newest,),) = prepared(_NEWEST, dialect).rows(cursor, **own)
        return LeadPage((), None, newest or 0)
    next_page = query.read(rows[limit - 1], 1).hex if len(rows) > limit else None
    return LeadPage(tuple(row[0] for row in rows[:limit]), next_page, rows[0][2] or 0)


_OWN = col(LeadRow.institution_id) == bindparam("institution")
_NEWEST = select(func.max(LeadRow.record_number)).where(_OWN)
_FIRST_PAGE = (
    select(LeadRow.shown, LeadRow.id, _NEWEST.scalar_subquery().label("newest"))
    .where(_OWN, is_consented(), col(LeadRow.is_alive).is_(True))
    .order_by(col(LeadRow.score).desc(), col(LeadRow.id).desc())
    .limit(bindparam("rows"))
)


def _newest(actor: Actor) -> Select[Any]:
    query = select(func.max(LeadRow.record_number))
    if actor.role is Role.BANK:
        query = query.where(LeadRow.institution_id == actor.institution_id)
    return query


def _best(session: Session, actor: Actor, query: Select[Any], page: Page) -> Select[Any]:
    """Sort by score, the best first; the cursor names a lead, for no bank is to know the score."""
    if page.after is not None:
        score, identity = _last(session, actor, page.after)
        query = query.where(
            or_(
                col(LeadRow.score) < score,
                and_(col(LeadRow.score) == score, col(LeadRow.id) < identity),
            )
        )
    order = (col(LeadRow.score).desc(), col(LeadRow.id).desc())
    return query.order_by(*order).limit(min(page.limit, MAX_LIMIT) + 1)


def _last(session: Session, actor: Actor, cursor: str) -> tuple[float, UUID]:
    message = Text("翻页标记不可用", "is no cursor of this list")
    refused = InputError([Fault(message, "cursor", cursor[:60])])
    try:
        identity = UUID(hex=cursor)
    except ValueError:
        raise refused from None
    query = select(LeadRow.score).where(LeadRow.id == identity)
    if not actor.is_office:
        query = query.where(LeadRow.institution_id == actor.institution_id)
    score = session.scalars(query).one_or_none()
    if score is None:
        raise refused
    return score, identity


def _cursor(sort: LeadSort, row: Any, page: Page) -> str:
    if sort is LeadSort.BEST:
        identity: UUID = row.id
        return identity.hex
    order = _CHANGED if sort is LeadSort.CHANGED else _DUE
    found = order.slice([row, row], Page(1, page.after)).next
    assert found is not None
    return found
