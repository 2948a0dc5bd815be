"""The states of a plan on its way out, and the moves between them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from matcher.domain.choices import Choice


class PlanState(Choice):
    """Where a plan stands."""

    DRAFT = "draft", "草案"
    CHECKED = "checked", "已校验"
    PROPOSED = "proposed", "待确认发布"
    PUBLISHED = "published", "已发布"
    SUPERSEDED = "superseded", "已被取代"
    DISCARDED = "discarded", "已弃用"


class PlanAction(Choice):
    """What is done with a plan.

    ``supersede`` and ``restore`` come of publishing and of undoing another plan.
    """

    CHECK = "check", "校验"
    PROPOSE = "propose", "提请发布"
    RETRACT = "retract", "撤回提请"
    PUBLISH = "publish", "确认发布"
    UNDO = "undo", "撤销发布"
    SUPERSEDE = "supersede", "取代"
    RESTORE = "restore", "恢复"
    DISCARD = "discard", "弃用"


_S, _A = PlanState, PlanAction

TRANSITIONS: Mapping[tuple[PlanState, PlanAction], PlanState] = MappingProxyType(
    {
        (_S.DRAFT, _A.CHECK): _S.CHECKED,
        (_S.DRAFT, _A.DISCARD): _S.DISCARDED,
        (_S.CHECKED, _A.PROPOSE): _S.PROPOSED,
        (_S.CHECKED, _A.DISCARD): _S.DISCARDED,
        (_S.PROPOSED, _A.RETRACT): _S.CHECKED,
        (_S.PROPOSED, _A.PUBLISH): _S.PUBLISHED,
        (_S.PUBLISHED, _A.SUPERSEDE): _S.SUPERSEDED,
        # What was undone can go out again, after a second look.
        (_S.PUBLISHED, _A.UNDO): _S.CHECKED,
        (_S.SUPERSEDED, _A.RESTORE): _S.PUBLISHED,
    }
)
"""Every move there is; all else is refused."""


def allowed_actions(state: PlanState) -> tuple[PlanAction, ...]:
    """Return what can be done in a state, in the order of the table."""
    return tuple(action for before, action in TRANSITIONS if before is state)
