"""Let a plan out: one person proposes it, a second confirms; and take that back.

Publishing is one transaction: the plan before is superseded, leads are issued and taken back,
capacities set, all of it recorded. Whatever happens in the middle, a round has one live plan or
the one it had before.
"""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.errors import Fault
from matcher.domain.plan_state import PlanAction, PlanState
from matcher.domain.text import Text
from matcher.services.errors import NotAllowedError
from matcher.services.faults import reach
from matcher.services.plans.issuing import Issued, issue
from matcher.services.plans.moving import move
from matcher.services.record import begin
from matcher.store import blobs
from matcher.store.repositories.plans import Plans
from matcher.store.tables import PlanRow, RoundRow

_ONE_PERSON = Text(
    "须由另一人确认发布", "another person than the one who proposed it has to confirm"
)


def propose(session: Session, actor: Actor, plan_id: UUID, now: datetime) -> PlanRow:
    """Ask for a plan to go out.

    Raises
    ------
    ConflictError
        If it has not passed the checker.
    """
    begin(session)
    plan = Plans(session, actor).find(plan_id, lock=True)
    move(session, plan, PlanAction.PROPOSE, actor, now)
    plan.proposed_by, plan.proposed_at = actor.account_id, now
    session.flush()
    return plan


def retract(session: Session, actor: Actor, plan_id: UUID, now: datetime) -> PlanRow:
    """Take back that a plan was to go out.

    Raises
    ------
    ConflictError
        If nobody asked for that.
    """
    begin(session)
    plan = Plans(session, actor).find(plan_id, lock=True)
    move(session, plan, PlanAction.RETRACT, actor, now)
    plan.proposed_by = plan.proposed_at = None
    session.flush()
    return plan


def publish(session: Session, actor: Actor, plan_id: UUID, now: datetime) -> tuple[PlanRow, Issued]:
    """Confirm that a plan goes out, and let it.

    Raises
    ------
    NotAllowedError
        If the same person proposed it.
    ConflictError
        If it was not proposed.
    """
    begin(session)
    plan = Plans(session, actor).find(plan_id, lock=True)
    chosen = _round_of(session, plan.round_id)
    if plan.proposed_by == actor.account_id:
        raise NotAllowedError([Fault(_ONE_PERSON)])
    _supersede(session, plan, actor, now)
    told = {"round_id": plan.round_id.hex, "overrides": json.loads(plan.overrides)}
    move(session, plan, PlanAction.PUBLISH, actor, now, told)
    plan.published_by, plan.published_at = actor.account_id, now
    session.flush()
    reach("publish:before-issue")
    document = json.loads(blobs.fetch(session, plan.plan_sha256))
    issued = issue(session, plan, chosen, document, actor, now)
    reach("publish:before-commit")
    return plan, issued


def undo(session: Session, actor: Actor, plan_id: UUID, now: datetime) -> tuple[PlanRow, Issued]:
    """Take a published plan back; the one before it is live again, if there was one.

    What was accepted meanwhile stays: an institution was promised it.

    Returns
    -------
    tuple[PlanRow, Issued]
        The plan that is live now, or the one taken back where none is; what became of leads.

    Raises
    ------
    ConflictError
        If it is not live.
    """
    begin(session)
    plan = Plans(session, actor).find(plan_id, lock=True)
    chosen = _round_of(session, plan.round_id)
    move(session, plan, PlanAction.UNDO, actor, now)
    plan.published_by = plan.published_at = plan.proposed_by = plan.proposed_at = None
    session.flush()
    before = _last_superseded(session, plan.round_id)
    if before is None:
        empty = json.loads(blobs.fetch(session, plan.plan_sha256)) | {"matches": []}
        return plan, issue(session, plan, chosen, empty, actor, now)
    move(session, before, PlanAction.RESTORE, actor, now)
    before.superseded_at = None
    session.flush()
    document = json.loads(blobs.fetch(session, before.plan_sha256))
    return before, issue(session, before, chosen, document, actor, now)


def live_plan(session: Session, round_id: UUID) -> PlanRow | None:
    """Return the plan of a round that is out, None if none is."""
    query = select(PlanRow).where(
        PlanRow.round_id == round_id, PlanRow.state == PlanState.PUBLISHED
    )
    return session.scalars(query).one_or_none()


def _round_of(session: Session, round_id: UUID) -> RoundRow:
    found = session.get(RoundRow, round_id, populate_existing=True)
    assert found is not None
    return found


def _supersede(session: Session, plan: PlanRow, actor: Actor, now: datetime) -> None:
    before = live_plan(session, plan.round_id)
    if before is None or PlanState.parse(plan.state) is not PlanState.PROPOSED:
        return
    move(session, before, PlanAction.SUPERSEDE, actor, now, {"by": plan.id.hex})
    before.superseded_at = now
    session.flush()


def _last_superseded(session: Session, round_id: UUID) -> PlanRow | None:
    query = (
        select(PlanRow)
        .where(PlanRow.round_id == round_id, PlanRow.state == PlanState.SUPERSEDED)
        .order_by(col(PlanRow.superseded_at).desc(), col(PlanRow.number).desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()
