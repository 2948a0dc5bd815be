"""Onto the first list: every need that comes into the market, on the day that it came in."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, exists, func, insert, literal
from sqlmodel import Session, col, select

from matcher.domain.lists import ListStage
from matcher.store.tables import ListingRow, NeedRow
from matcher.store.types import Instant


def enter_new(session: Session, now: datetime, need_id: UUID | None = None) -> None:
    """Put the needs that are on no list yet onto the first; the market has to be locked.

    Parameters
    ----------
    need_id
        The one that came in; None for all of them.
    """
    came = func.coalesce(NeedRow.received, literal(now.date(), Date))
    new = select(
        NeedRow.id,
        came,
        literal(ListStage.APPLIED.value),
        literal(date.max, Date),
        literal(1),
        literal(now, Instant),
    ).where(~exists().where(col(ListingRow.id) == col(NeedRow.id)))
    if need_id is not None:
        new = new.where(col(NeedRow.id) == need_id)
    columns = ["id", "applied", "stage", "due_on", "version", "updated_at"]
    session.execute(insert(ListingRow).from_select(columns, new, include_defaults=False))
