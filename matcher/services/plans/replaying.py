"""Have a plan made again from its snapshot, to see that the very same bytes come of it."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.domain.run import REPLAY
from matcher.services.plans.listing import find_plan
from matcher.services.runs.running import find_run
from matcher.services.work.queue import Asked, submit
from matcher.services.work.replay import OF_PLAN, replay_request
from matcher.services.work.settings import WorkSettings
from matcher.store import blobs
from matcher.store.repositories.base import not_found
from matcher.store.tables import RunRow


def replay_plan(
    session: Session,
    actor: Actor,
    round_id: UUID,
    plan_id: UUID,
    settings: WorkSettings,
    now: datetime,
) -> RunRow:
    """Queue a run that makes a plan again; its summary says whether the bytes are the same.

    Raises
    ------
    UnknownIdError
        If the round has no such plan.
    QueueFullError
        If too many runs wait.
    """
    plan = find_plan(session, actor, round_id, plan_id)
    made_by = session.get_one(RunRow, plan.run_id)
    request = replay_request(json.loads(made_by.request), str(plan.id), plan.plan_sha256)
    market = blobs.fetch(session, plan.market_sha256)
    return submit(session, Asked(REPLAY, actor.account_id, request, market), settings, now)


def find_replay(
    session: Session, actor: Actor, round_id: UUID, plan_id: UUID, run_id: UUID
) -> RunRow:
    """Return a run that makes a plan again.

    Raises
    ------
    UnknownIdError
        If the round has no such plan, or the plan no such run.
    """
    plan = find_plan(session, actor, round_id, plan_id)
    row = find_run(session, actor, REPLAY, run_id)
    if json.loads(row.request)[OF_PLAN]["plan_id"] != str(plan.id):
        raise not_found()
    return row
