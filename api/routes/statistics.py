"""Statistics over the store: all for the office, a bank its own with small cells hidden."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.auth import allow
from api.database import ReadSession
from api.filters import DayAsked
from api.openapi import problems
from api.routing import Route
from api.schemas.statistics import StatisticsPublic
from matcher.domain.actor import OFFICE, Actor, Role
from matcher.services.reporting.report import Period
from matcher.services.store_statistics.report import Wanted, store_report

router = APIRouter(prefix="/statistics", tags=["statistics"], route_class=Route)

Counter = Annotated[Actor, Depends(allow(*OFFICE, Role.BANK))]


def asked_statistics(
    since: DayAsked = None,
    until: DayAsked = None,
    round: Annotated[UUID | None, Query(description="Only leads of this round.")] = None,
) -> Wanted:
    """Return what statistics are asked for."""
    return Wanted(Period(since, until), round)


Asked = Annotated[Wanted, Depends(asked_statistics)]


@router.get(
    "",
    operation_id="read_statistics",
    summary="统计 / Statistics",
    responses=problems(),
)
def read_statistics(actor: Counter, session: ReadSession, wanted: Asked) -> StatisticsPublic:
    """Count needs received, leads proposed, deals paid and events held in a period.

    A bank sees leads and deals of its own; groups of fewer than five are hidden, and with them
    such others as the sum would give away.
    """
    return StatisticsPublic.of(store_report(session, actor, wanted))
