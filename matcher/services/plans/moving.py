"""The one place where a plan changes its state: by the table, recorded, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.domain.errors import Fault
from matcher.domain.plan_state import TRANSITIONS, PlanAction, PlanState, allowed_actions
from matcher.domain.text import Text
from matcher.services.errors import ConflictError
from matcher.services.record import Happening, append
from matcher.store.tables import PlanRow

_REFUSED = Text("“{s}”状态的方案不能“{a}”", "a plan that is {s} refuses to {a}")


def move(
    session: Session,
    plan: PlanRow,
    action: PlanAction,
    actor: Actor,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Move a plan, which the transaction has locked, and record it.

    Raises
    ------
    ConflictError
        If its state does not allow that.
    """
    state = PlanState.parse(plan.state)
    after = TRANSITIONS.get((state, action))
    if after is None:
        message = _REFUSED.format(s=state.text, a=action.text)
        menu = Text.same(", ".join(a.value for a in allowed_actions(state)) or "–")
        raise ConflictError([Fault(message, "action", action.value, menu)])
    plan.state = after
    session.add(plan)
    append(
        session,
        Happening(
            kind="plan",
            action=action.value,
            subject_id=plan.id,
            at=now,
            account_id=actor.account_id,
            details={"before": state.value, "after": after.value, "digest": plan.digest}
            | dict(details or {}),
        ),
    )
