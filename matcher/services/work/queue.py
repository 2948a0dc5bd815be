"""The moves of a run, each one statement that changes a row only from a state that allows it.

Nothing here looks first and writes later: who comes too late changes no row and is told so. The
states that allow a move are those of `matcher.domain.run.TRANSITIONS`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, func, text, update
from sqlalchemy.engine import CursorResult
from sqlmodel import Session, col, select

from matcher.domain.errors import MatcherError
from matcher.domain.run import TRANSITIONS, RunAction, RunState
from matcher.domain.text import Text
from matcher.services.work.errors import QueueFullError, WorkerLostError, error_json
from matcher.services.work.kinds import Result
from matcher.services.work.settings import WorkSettings
from matcher.store import blobs
from matcher.store.tables import RunRow

_QUEUE_LOCK = 8_820_147
"""Of PostgreSQL, held while the queue is counted; SQLite has one writer as it is."""

_LOST = Text(
    "处理该任务的进程连续 {n} 次中断", "the processes that worked at it died, {n} in a row"
)


class Standing(Enum):
    """What a worker finds when it looks at its run."""

    WANTED = "wanted"
    UNWANTED = "unwanted"
    LOST = "lost"
    """It is somebody else's by now, or over."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a new run is asked to do.

    Parameters
    ----------
    request
        As values of JSON.
    content
        The input, where it came with the request.
    """

    kind: str
    account_id: UUID
    request: Mapping[str, Any]
    content: bytes | None = None
    media_type: str = "application/json"


def submit(session: Session, asked: Asked, settings: WorkSettings, now: datetime) -> RunRow:
    """Queue a run; it is there when the transaction is.

    Raises
    ------
    QueueFullError
        If as many wait already as may.
    """
    _lock_queue(session)
    waiting = select(func.count()).where(col(RunRow.state) == RunState.QUEUED)
    if session.scalars(waiting).one() >= settings.max_queued:
        raise QueueFullError
    kept = None
    if asked.content is not None:
        kept = blobs.keep(session, asked.content, asked.media_type, now)
    last = session.scalars(select(func.max(RunRow.number))).one()
    row = RunRow(
        id=uuid4(),
        kind=asked.kind,
        state=RunState.QUEUED,
        number=(last or 0) + 1,
        account_id=asked.account_id,
        request=json.dumps(asked.request, ensure_ascii=False, sort_keys=True),
        input_sha256=kept,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def is_due(session: Session, settings: WorkSettings, now: datetime) -> bool:
    """Tell whether `claim` would do something; only looks."""
    if session.scalars(select(RunRow.id).where(_is_abandoned(now)).limit(1)).first() is not None:
        return True
    waiting = select(RunRow.id).where(col(RunRow.state) == RunState.QUEUED).limit(1)
    return (
        session.scalars(waiting).first() is not None
        and _num_alive(session, now) < settings.max_running
    )


def claim(session: Session, worker: str, settings: WorkSettings, now: datetime) -> RunRow | None:
    """Take the next run up: one that its worker left behind before one that waits.

    Runs that were left behind are ended here where they may not be taken up again: the ones
    that nobody wants any more as cancelled, those that were tried too often as failed.

    Returns
    -------
    RunRow or None
        The run, running and leased to the worker; None if there is nothing to do, or as many
        run already as may.
    """
    _lock_queue(session)
    row = _left_behind(session, settings, now)
    if _num_alive(session, now) >= settings.max_running:
        return None
    row = row or session.scalars(_next(col(RunRow.state) == RunState.QUEUED).limit(1)).first()
    if row is None:
        return None
    row.state = TRANSITIONS[RunState(row.state), RunAction.CLAIM]
    row.worker = worker
    row.lease_until = now + timedelta(seconds=settings.lease_seconds)
    row.attempts += 1
    row.started_at = row.started_at or now
    row.stage = row.progress = None
    session.flush()
    return row


def beat(
    session: Session,
    run_id: UUID,
    worker: str,
    settings: WorkSettings,
    now: datetime,
    told: Mapping[str, str] | None = None,
) -> Standing:
    """Say that the worker lives, and learn whether its run is still wanted.

    Parameters
    ----------
    told
        Columns with what the run tells of itself: `stage` and `progress`, as JSON.
    """
    lease = now + timedelta(seconds=settings.lease_seconds)
    mine = update(RunRow).where(*_is_mine(run_id, worker)).values(lease_until=lease, **(told or {}))
    if not _changed(session, mine):
        return Standing.LOST
    wanted = session.scalars(select(RunRow.is_wanted).where(col(RunRow.id) == run_id)).one()
    return Standing.WANTED if wanted else Standing.UNWANTED


def keep_input(
    session: Session, run_id: UUID, worker: str, content: bytes, media_type: str, now: datetime
) -> bool:
    """Keep what a run is computed from; False if it is somebody else's by now."""
    sha256 = blobs.keep(session, content, media_type, now)
    mine = update(RunRow).where(*_is_mine(run_id, worker)).values(input_sha256=sha256)
    return _changed(session, mine)


def hold(session: Session, run_id: UUID, worker: str) -> bool:
    """Hold a run until the transaction ends; False if it is unwanted or somebody else's."""
    query = select(RunRow.id).where(*_is_mine(run_id, worker), col(RunRow.is_wanted))
    return session.scalars(query.with_for_update()).one_or_none() is not None


def finish(session: Session, run_id: UUID, worker: str, result: Result, now: datetime) -> bool:
    """Keep the outcome; False if the run is somebody else's or over."""
    kept = None
    if result.content is not None:
        kept = blobs.keep(session, result.content, result.media_type, now)
    summary = json.dumps(result.summary, ensure_ascii=False)
    values = {"outcome_sha256": kept, "summary": summary}
    return _end(session, run_id, worker, RunAction.FINISH, now, values)


def fail(session: Session, run_id: UUID, worker: str, error: MatcherError, now: datetime) -> bool:
    """Keep why there is no outcome; False if the run is somebody else's or over."""
    return _end(session, run_id, worker, RunAction.FAIL, now, {"problem": error_json(error)})


def drop(session: Session, run_id: UUID, worker: str, now: datetime) -> bool:
    """Mark a run cancelled that its worker found unwanted."""
    return _end(session, run_id, worker, RunAction.CANCEL, now, {})


def give_back(session: Session, run_id: UUID, worker: str) -> bool:
    """Put a run back in its place in the queue, as if the worker had not taken it up."""
    values = {
        "state": TRANSITIONS[RunState.RUNNING, RunAction.GIVE_BACK],
        "attempts": RunRow.attempts - 1,
        **_FREE,
    }
    return _changed(session, update(RunRow).where(*_is_mine(run_id, worker)).values(values))


def cancel(session: Session, run_id: UUID, now: datetime) -> bool:
    """Say that nobody wants a run any more; False if it is over.

    One that waits is cancelled at once, one that runs as soon as its worker looks.
    """
    waiting = update(RunRow).where(col(RunRow.id) == run_id, col(RunRow.state) == RunState.QUEUED)
    to = TRANSITIONS[RunState.QUEUED, RunAction.CANCEL]
    if _changed(session, waiting.values(state=to, is_wanted=False, finished_at=now)):
        return True
    running = update(RunRow).where(col(RunRow.id) == run_id, col(RunRow.state) == RunState.RUNNING)
    return _changed(session, running.values(is_wanted=False))


_FREE = {"worker": None, "lease_until": None, "stage": None, "progress": None}


def _end(
    session: Session,
    run_id: UUID,
    worker: str,
    action: RunAction,
    now: datetime,
    values: Mapping[str, Any],
) -> bool:
    to = TRANSITIONS[RunState.RUNNING, action]
    mine = update(RunRow).where(*_is_mine(run_id, worker))
    return _changed(session, mine.values(state=to, finished_at=now, **_FREE, **values))


def _left_behind(session: Session, settings: WorkSettings, now: datetime) -> RunRow | None:
    """End the runs that were left behind for good, and return the first that may be tried again."""
    again = []
    for row in session.scalars(_next(_is_abandoned(now))):
        if row.is_wanted and row.attempts < settings.max_attempts:
            again.append(row)
            continue
        action = RunAction.FAIL if row.is_wanted else RunAction.CANCEL
        if row.is_wanted:
            row.problem = error_json(WorkerLostError(_LOST.format(n=row.attempts)))
        row.state = TRANSITIONS[RunState(row.state), action]
        row.finished_at = now
        for name, value in _FREE.items():
            setattr(row, name, value)
    session.flush()
    return again[0] if again else None


def _next(condition: ColumnElement[bool]) -> Any:
    """Return the query for runs in their order, without those that somebody just changes."""
    query = select(RunRow).where(condition).order_by(col(RunRow.number))
    return query.with_for_update(skip_locked=True)


def _num_alive(session: Session, now: datetime) -> int:
    alive = and_(col(RunRow.state) == RunState.RUNNING, col(RunRow.lease_until) > now)
    return session.scalars(select(func.count()).where(alive)).one()


def _is_abandoned(now: datetime) -> ColumnElement[bool]:
    """Return the condition on a run that its worker left behind."""
    return and_(col(RunRow.state) == RunState.RUNNING, col(RunRow.lease_until) <= now)


def _is_mine(run_id: UUID, worker: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(RunRow.id) == run_id,
        col(RunRow.worker) == worker,
        col(RunRow.state) == RunState.RUNNING,
    )


def _changed(session: Session, statement: Any) -> bool:
    found = session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(found, CursorResult)
    return bool(found.rowcount == 1)


def _lock_queue(session: Session) -> None:
    """Let nobody else count, number or claim before this transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _QUEUE_LOCK})
