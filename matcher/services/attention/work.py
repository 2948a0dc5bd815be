"""Runs under way or failed of late, and plans that wait for a second person."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col

from matcher.domain.actor import Actor
from matcher.domain.plan_state import PlanState
from matcher.domain.run import PLAN, RunState
from matcher.services.attention.reading import MOST, by_id
from matcher.store.paging import Page
from matcher.store.repositories.plans import Plans, Rounds
from matcher.store.repositories.runs import Runs
from matcher.store.tables import AccountRow, PlanRow, RoundRow, RunRow

FAILED_FOR = timedelta(days=1)
"""A run that failed is told for so long."""


@dataclass(frozen=True, slots=True)
class RunTold:
    """A run under way, or one that failed of late.

    Parameters
    ----------
    round_id
        The round that it plans, if it plans one.
    """

    row: RunRow
    state: RunState
    round_id: UUID | None


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """A plan that somebody wants out and a second person has to confirm."""

    plan: PlanRow
    round: RoundRow
    proposed_by: str
    is_own: bool


def runs_told(session: Session, actor: Actor, now: datetime) -> tuple[RunTold, ...]:
    """Return the runs under way, and those that failed of late, the newest first."""
    state, finished = col(RunRow.state), col(RunRow.finished_at)
    under_way = state.in_([RunState.QUEUED.value, RunState.RUNNING.value])
    failed = (state == RunState.FAILED.value) & (finished >= now - FAILED_FOR)
    rows = Runs(session, actor).page(Page(MOST), under_way | failed).rows
    return tuple(RunTold(row, RunState(row.state), _round_of(row)) for row in rows)


def _round_of(row: RunRow) -> UUID | None:
    found = json.loads(row.request).get("round") if row.kind == PLAN else None
    return None if found is None else UUID(found["id"])


def waiting_plans(session: Session, actor: Actor) -> tuple[WaitingPlan, ...]:
    """Return the plans that a second person has to confirm, the newest first."""
    where = col(PlanRow.state) == PlanState.PROPOSED.value
    plans = Plans(session, actor).page(Page(MOST), where).rows
    rounds = {row.round_id: Rounds(session, actor).find(row.round_id) for row in plans}
    people = by_id(session, AccountRow, [row.proposed_by for row in plans])
    return tuple(
        WaitingPlan(
            row,
            rounds[row.round_id],
            people[row.proposed_by].name if row.proposed_by in people else "",
            row.proposed_by == actor.account_id,
        )
        for row in plans
    )
