"""A plan for its page: the picture, the matches, what is unmatched and why, pools, certificate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matcher.domain.actor import Actor
from matcher.domain.plan_state import PlanAction, PlanState, allowed_actions
from matcher.domain.run import RunState
from matcher.domain.text import Lang
from matcher.scoring.explain import FEATURE_TEXTS
from matcher.store.tables import PlanRow

STATE_KINDS: Mapping[PlanState, str] = {
    PlanState.DRAFT: "plain",
    PlanState.CHECKED: "info",
    PlanState.PROPOSED: "warn",
    PlanState.PUBLISHED: "good",
    PlanState.SUPERSEDED: "plain",
    PlanState.DISCARDED: "bad",
}
RUN_KINDS: Mapping[RunState, str] = {
    RunState.QUEUED: "plain",
    RunState.RUNNING: "info",
    RunState.DONE: "good",
    RunState.FAILED: "bad",
    RunState.CANCELLED: "plain",
}
_LABEL = 34
"""Letters of a name in the picture: a longer one would lie on those of the other side."""

BY_HAND = (
    PlanAction.CHECK,
    PlanAction.PROPOSE,
    PlanAction.PUBLISH,
    PlanAction.RETRACT,
    PlanAction.UNDO,
    PlanAction.DISCARD,
)
"""What people do with a plan, in the order of its buttons."""


def actions_of(plan: PlanRow, actor: Actor) -> list[PlanAction]:
    """Return what somebody can do with a plan now; whoever proposed it does not let it out."""
    allowed = allowed_actions(PlanState.parse(plan.state))
    is_own = plan.proposed_by == actor.account_id
    return [
        action
        for action in BY_HAND
        if action in allowed and not (is_own and action is PlanAction.PUBLISH)
    ]


def picture(matches: Sequence[Mapping[str, Any]], lang: Lang) -> dict[str, Any]:
    """Return needs and institutions as a Sankey figure, thickness by the amount offered."""
    nodes: dict[str, int] = {}
    labels: list[str] = []

    def node(key: str, label: str) -> int:
        if key not in nodes:
            nodes[key] = len(labels)
            labels.append(label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…")
        return nodes[key]

    links = [
        (
            node(f"need {m['need']}", m["enterprise_name"][lang.value]),
            node(f"bank {m['institution']}", m["institution_name"][lang.value]),
            m["offered_fen"] / 1_000_000,
        )
        for m in matches
    ]
    return {
        "data": [
            {
                "type": "sankey",
                "valuesuffix": " 万元" if lang is Lang.ZH else " × 10,000 yuan",
                "node": {"label": labels, "pad": 15, "thickness": 14},
                "link": {
                    "source": [source for source, _, _ in links],
                    "target": [target for _, target, _ in links],
                    "value": [max(value, 0.01) for _, _, value in links],
                    # Without one, links take the colour of a background that is transparent.
                    "color": "rgba(96, 125, 118, 0.4)",
                },
            }
        ],
        # A line of letters for each node, so that no name lies on another.
        "layout": {
            "height": 160 + 26 * max(len({a for a, _, _ in links}), len({b for _, b, _ in links}))
        },
    }


def reasons_of(match: Mapping[str, Any], lang: Lang, most: int = 4) -> str:
    """Return the greatest parts of a match's score."""
    terms = sorted(match["terms"], key=lambda term: -term["part"])[:most]
    shown = [f"{FEATURE_TEXTS[t['feature']].of(lang)} {t['part']:.3f}" for t in terms]
    return ("，" if lang is Lang.ZH else ", ").join(shown)
