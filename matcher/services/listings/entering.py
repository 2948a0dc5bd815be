"""Onto the first list: every need that comes into the market, on the day that it came in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
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
    values: dict[str, Any] = {
        "id": NeedRow.id,
        "applied": came,
        "stage": literal(ListStage.APPLIED.value),
        "due_on": literal(date.max, Date),
        "version": literal(1),
        "updated_at": literal(now, Instant),
    }
    new = select(*values.values()).where(~exists().where(col(ListingRow.id) == col(NeedRow.id)))
    if need_id is not None:
        new = new.where(col(NeedRow.id) == need_id)
    session.execute(insert(ListingRow).from_select([*values], new, include_defaults=False))
