"""What a monitor asks of the queue: how many runs there are, and whether anybody takes them up."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, func
from sqlmodel import Session, col, select

from matcher.domain.run import RunState
from matcher.store.tables import RunRow

PATIENCE = timedelta(seconds=30)
"""How long the first run of the queue may wait while nobody works; a worker looks far sooner."""


def run_counts(session: Session) -> dict[tuple[str, str], int]:
    """Return how many runs there are, by kind and state."""
    query = select(RunRow.kind, RunRow.state, func.count()).group_by(
        col(RunRow.kind), col(RunRow.state)
    )
    return {(kind, state): count for kind, state, count in session.execute(query)}


def is_stalled(session: Session, now: datetime, patience: timedelta = PATIENCE) -> bool:
    """Tell whether runs wait that no worker takes up."""
    alive = and_(col(RunRow.state) == RunState.RUNNING, col(RunRow.lease_until) > now)
    if session.scalars(select(RunRow.id).where(alive).limit(1)).first() is not None:
        return False
    queued = select(func.min(RunRow.created_at)).where(col(RunRow.state) == RunState.QUEUED)
    oldest: datetime | None = session.scalars(queued).one()
    if oldest is None:
        return False
    ended: datetime | None = session.scalars(select(func.max(RunRow.finished_at))).one()
    since = oldest if ended is None else max(oldest, ended)
    return now - since > patience
