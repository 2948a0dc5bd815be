"""How many stand where: what reports of the national practice print."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func
from sqlmodel import Session, col, select

from matcher.domain.lists import ListStage, ListTest
from matcher.services.listings.listing import passing
from matcher.store.tables import ListingRow


@dataclass(frozen=True, slots=True)
class ListFigures:
    """The needs that came onto the lists in a period, and what came of them.

    Parameters
    ----------
    num_applied
        All that came onto the first list.
    num_ready
        On the first list, and nothing keeps them from being recommended.
    num_recommended
        All that came onto the second list, those decided on among them.
    num_within
        Decided on within 30 days.
    num_uncontacted
        With whose firm nobody has spoken.
    held
        By test: how many on the first list fail it, and of how many nobody knows.
    """

    num_applied: int
    num_ready: int
    num_recommended: int
    num_decided: int
    num_granted: int
    num_within: int
    num_uncontacted: int
    held: dict[ListTest, tuple[int, int]]


def count_listings(
    session: Session, since: date | None = None, until: date | None = None
) -> ListFigures:
    """Count the listings that were applied for in a period; the ends are in."""
    applied = col(ListingRow.stage) == ListStage.APPLIED.value
    decided = col(ListingRow.decided).is_not(None)
    tests = [col(getattr(ListingRow, test.value)) for test in ListTest]
    columns: tuple[Any, ...] = (
        func.count(),
        _sum(and_(applied, *passing())),
        _sum(col(ListingRow.recommended).is_not(None)),
        _sum(decided),
        _sum(and_(decided, col(ListingRow.refusal).is_(None))),
        _sum(and_(decided, col(ListingRow.decided) <= col(ListingRow.decide_by))),
        _sum(col(ListingRow.contacted).is_(None)),
        *(_sum(and_(applied, test.is_(False))) for test in tests),
        *(_sum(and_(applied, test.is_(None))) for test in tests),
    )
    query = select(*columns).select_from(ListingRow)
    if since is not None:
        query = query.where(col(ListingRow.applied) >= since)
    if until is not None:
        query = query.where(col(ListingRow.applied) <= until)
    counts = [int(number or 0) for number in session.execute(query).one()]
    failed, unknown = counts[7:12], counts[12:]
    held = {test: (failed[n], unknown[n]) for n, test in enumerate(ListTest)}
    names = (field.name for field in fields(ListFigures) if field.name != "held")
    return ListFigures(held=held, **dict(zip(names, counts[:7], strict=True)))


def count_overdue(session: Session, today: date) -> int:
    """Return of how many a decision is owed whose last day has passed."""
    query = select(func.count()).where(col(ListingRow.due_on) < today)
    return int(session.scalars(query).one())


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
