"""Rounds of matchmaking, their plans on the way out, and what the next round takes over."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StrictBool, StrictInt

from api.schemas.base import Schema, TextPublic
from api.schemas.plans import Day, Fair, Method, Number
from api.schemas.plans import Identity as Key
from api.schemas.records import Identity, Next
from matcher.domain.case import CaseStatus
from matcher.domain.plan_state import PlanState, allowed_actions
from matcher.services.plans.asking import MAX_REASON_LENGTH, OverrideKind
from matcher.services.plans.rounds import MAX_DAYS

_DAY = "2022-06-02"
_MOMENT = "2026-03-02T10:00:00+08:00"
_ID = "3f0e7a52-5d5c-4a39-9d5b-1a4c2d6f8b10"
Moment = Annotated[datetime, Field(examples=[_MOMENT])]
Whence = Annotated[UUID | None, Field(examples=[_ID])]
When = Annotated[datetime | None, Field(examples=[_MOMENT])]
Days = Annotated[StrictInt, Field(ge=1, le=MAX_DAYS)]
Words = Annotated[str, Field(min_length=1, max_length=MAX_REASON_LENGTH, pattern=r"\S")]


class RoundCreate(Schema):
    """A round that is to be opened."""

    name: Annotated[
        str, Field(min_length=1, max_length=200, pattern=r"\S", examples=["六月第一轮"])
    ]
    as_of: Annotated[Day, Field(description="Its day.", examples=[_DAY])]
    is_open: Annotated[
        StrictBool,
        Field(description="Open leads (抢单): the first institution that accepts a need has it."),
    ] = False
    is_recommended_only: Annotated[
        StrictBool,
        Field(
            description="Take needs of the recommended list (推荐清单) only, with what cases of "
            "the round before keep."
        ),
    ] = False
    response_workdays: Annotated[
        Days, Field(description="Workdays to accept or decline a lead.")
    ] = 3
    decision_days: Annotated[Days, Field(description="Days to approve or reject a case.")] = 30


class RoundPublic(Schema):
    """A round."""

    id: Identity
    name: str
    as_of: Annotated[date, Field(examples=[_DAY])]
    is_open: bool
    is_recommended_only: bool
    response_workdays: int
    decision_days: int
    seed_commitment: Annotated[
        str,
        Field(
            description="SHA-256 of `seed:salt` (decimal digits, hexadecimal salt), drawn when "
            "the round was opened, so that nobody can choose how ties are broken.",
            examples=["ab" * 32],
        ),
    ]
    seed: Annotated[int | None, Field(description="Told once a plan of the round is out.")]
    seed_salt: str | None
    live_plan_id: Annotated[Whence, Field(description="Its plan that is out.")]
    created_by: Identity
    created_at: Moment


class RoundsPublic(Schema):
    """A page of rounds, the newest first."""

    items: list[RoundPublic]
    next: Next


class CarriedCasePublic(Schema):
    """A case as the next round takes it."""

    lead_id: Identity
    need_key: str
    product_key: str
    status: CaseStatus
    why: Annotated[TextPublic | None, Field(description="Why the need is matched again.")]


class CarryOverPublic(Schema):
    """What the next round does with the cases of this one."""

    kept: Annotated[list[CarriedCasePublic], Field(description="Confirmed, or still in time.")]
    requeued: Annotated[list[CarriedCasePublic], Field(description="Matched again, and why.")]
    ended: Annotated[list[CarriedCasePublic], Field(description="Over for good.")]
    need_keys: Annotated[list[str], Field(description="The needs to be matched again.")]


class OverrideCreate(Schema):
    """A pair that is fixed by hand."""

    need: Annotated[Key, Field(description="`need_id` in the market.", examples=["need-1"])]
    product: Annotated[Key, Field(description="`product_id` in the market.", examples=["a-credit"])]
    kind: OverrideKind
    reason: Annotated[Words, Field(description="Why; it is kept with the plan.")]


class RoundRunCreate(Schema):
    """How to plan a round; its day and its seed are the round's own."""

    method: Annotated[Method, Field(description="Name of the method.")] = "auto"
    gap: Annotated[Number, Field(ge=0, le=1, allow_inf_nan=False)] = 1e-4
    time_limit_seconds: Annotated[Number, Field(gt=0, allow_inf_nan=False)] = 60.0
    floors: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=500)], ...], Field(max_length=100)
    ] = ()
    fair: Fair | None = None
    overrides: Annotated[
        tuple[OverrideCreate, ...],
        Field(
            description="Pairs fixed by hand; the plan is made without them too, and the "
            "objective that they cost is reported.",
            max_length=1000,
        ),
    ] = ()
    follows: Annotated[
        UUID | None,
        Field(
            description="The round before: what it keeps is kept, what it ended is ruled out. "
            "Without it what this round's own leads have accepted is kept.",
            examples=[None],
        ),
    ] = None


class PlanDraftCreate(Schema):
    """Which run is to be the next plan of a round."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"run_id": _ID}]})

    run_id: Annotated[UUID, Field(description="A plan of the round's day that is done.")]


class OverridesPublic(Schema):
    """What was fixed by hand, and what all of it cost."""

    items: list[OverrideCreate]
    cost: Annotated[float | None, Field(description="In the objective; null if not priced.")]


class RoundPlanPublic(Schema):
    """A plan of a round."""

    id: Identity
    round_id: Identity
    number: Annotated[int, Field(description="Counts the plans of the round.", ge=1)]
    state: PlanState
    actions: Annotated[list[str], Field(description="What its state allows.")]
    run_id: Identity
    digest: str
    plan_sha256: str
    market_sha256: str
    summary: Annotated[dict[str, Any], Field(description="Objective, bound, gap, counts, ….")]
    overrides: OverridesPublic
    created_by: Identity
    created_at: Moment
    checked_at: When
    proposed_by: Whence
    proposed_at: When
    published_by: Whence
    published_at: When
    superseded_at: When

    @classmethod
    def of(cls, row: Any, **more: Any) -> Self:
        """Take over a plan; ``row`` is a `PlanRow`."""
        parsed = {"summary": json.loads(row.summary), "overrides": json.loads(row.overrides)}
        own = ("actions", "summary", "overrides", *more)
        fields = {name: getattr(row, name) for name in cls.model_fields if name not in own}
        state = PlanState.parse(row.state)
        actions = [action.value for action in allowed_actions(state)]
        return cls(**fields | {"state": state, "actions": actions} | parsed | more)


class RoundPlansPublic(Schema):
    """A page of the plans of a round, the newest first."""

    items: list[RoundPlanPublic]
    next: Next


class IssuedPublic(Schema):
    """What became of the leads."""

    new: int
    kept: Annotated[int, Field(description="They were there, in this round or another.")]
    cancelled: int
    left_out: Annotated[
        int,
        Field(description="Records gone, consent taken back or a conflict declared since."),
    ]


class PublishedPublic(Schema):
    """A plan that went out, or came back, with what became of the leads."""

    plan: RoundPlanPublic
    leads: IssuedPublic
