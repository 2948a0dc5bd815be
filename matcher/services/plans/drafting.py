"""A draft: what a run came to, kept with all that is needed to make it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.errors import CheckError, Fault
from matcher.domain.plan_state import PlanAction, PlanState
from matcher.domain.run import PLAN, RunState
from matcher.domain.text import Text
from matcher.services.errors import ConflictError
from matcher.services.plans.moving import move
from matcher.services.plans.viewing import keep_view
from matcher.services.record import begin
from matcher.store import blobs
from matcher.store.repositories.plans import Plans, Rounds
from matcher.store.repositories.runs import Runs
from matcher.store.tables import PlanRow, RunRow
from matcher.verify.plan_file import verify_plan


class RefusedPlanError(ConflictError, CheckError):
    """The checker finds that the plan does not hold what it claims."""


OVERRIDES = "overrides"
"""Where the request of a run says what was pinned and banned by hand, and why."""


def draft(session: Session, actor: Actor, round_id: UUID, run_id: UUID, now: datetime) -> PlanRow:
    """Take the plan of a run as the next draft of a round.

    Raises
    ------
    UnknownIdError
        If there is no such round or run.
    ConflictError
        If the run is no plan that is done, or was made for another day.
    """
    chosen = Rounds(session, actor).find(round_id)
    run = Runs(session, actor).find(run_id)
    summary = _summary_of(run)
    if summary["as_of"] != chosen.as_of.isoformat():
        message = Text("方案的日期不是本轮的日期", "the plan is of another day than the round")
        raise ConflictError([Fault(message, "run_id", summary["as_of"])])
    begin(session)
    last = session.scalars(
        select(func.max(PlanRow.number)).where(col(PlanRow.round_id) == round_id)
    ).one()
    request = json.loads(run.request)
    assert run.outcome_sha256 is not None
    assert run.input_sha256 is not None
    document = json.loads(blobs.fetch(session, run.outcome_sha256))
    row = PlanRow(
        round_id=round_id,
        number=(last or 0) + 1,
        state=PlanState.DRAFT,
        run_id=run.id,
        plan_sha256=run.outcome_sha256,
        market_sha256=run.input_sha256,
        digest=summary["digest"],
        summary=run.summary or "{}",
        overrides=json.dumps(_overrides(request, run), ensure_ascii=False, sort_keys=True),
        view=keep_view(session, document, now),
        created_by=actor.account_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def check(session: Session, actor: Actor, plan_id: UUID, now: datetime) -> PlanRow:
    """Have the independent checker read the plan and its market, as they are kept.

    Raises
    ------
    RefusedPlanError
        With everything that does not hold; the plan stays a draft.
    ConflictError
        If it is no draft.
    """
    begin(session)
    plan = Plans(session, actor).find(plan_id, lock=True)
    findings = verify_plan(blobs.fetch(session, plan.plan_sha256))
    if findings:
        raise RefusedPlanError([Fault(Text(f.zh, f.en), value=f.code) for f in findings])
    move(session, plan, PlanAction.CHECK, actor, now)
    plan.checked_at = now
    session.flush()
    return plan


def discard(session: Session, actor: Actor, plan_id: UUID, now: datetime) -> PlanRow:
    """Put a plan that never went out aside; its bytes stay.

    Raises
    ------
    ConflictError
        If it is out, or was.
    """
    begin(session)
    plan = Plans(session, actor).find(plan_id, lock=True)
    move(session, plan, PlanAction.DISCARD, actor, now)
    session.flush()
    return plan


def _overrides(request: Mapping[str, Any], run: RunRow) -> dict[str, Any]:
    """Return what was fixed by hand, and what all of it cost, where the run priced it."""
    said = json.loads(run.summary or "{}").get("round", {})
    return {"items": request.get(OVERRIDES, []), "cost": said.get("overrides_cost")}


def _summary_of(run: RunRow) -> dict[str, str]:
    if run.kind != PLAN or run.state != RunState.DONE or run.outcome_sha256 is None:
        message = Text("不是已完成的方案", "is no plan that is done")
        raise ConflictError([Fault(message, "run_id", run.state)])
    found: dict[str, str] = json.loads(run.summary or "{}")
    return found
