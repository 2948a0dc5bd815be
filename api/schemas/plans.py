"""Asking for a plan, and what is answered while it is made and after."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field, StrictInt, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.schemas.base import Schema
from api.schemas.examples import PLAN_CREATE
from api.schemas.records import Next
from api.schemas.runs import EXAMPLE_ID, Problem, RunPublic
from matcher.files.kinds import FIRST_YEAR, LAST_YEAR
from matcher.planning.effort import METHODS

MAX_PAIRS = 10_000
MAX_SEED = 2**31 - 1


def _day(value: object) -> date:
    """Read a day, and only in the one form that JSON Schema calls a date."""
    try:
        if isinstance(value, str) and len(value) == len("2022-05-25"):
            day = date.fromisoformat(value)
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
    except ValueError:
        pass
    ends: dict[str, Any] = {"first": FIRST_YEAR, "last": LAST_YEAR}
    raise PydanticCustomError("day", "not a day from {first} to {last}", ends)


def _number(value: object) -> float:
    """Read a number of JSON; text and true are none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise PydanticCustomError("number", "not a number")
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def _method(value: object) -> str:
    if not isinstance(value, str) or value not in METHODS:
        names = ", ".join(METHODS)
        raise PydanticCustomError("method", "not one of {names}", {"names": names})
    return value


Day = Annotated[date, BeforeValidator(_day)]
Number = Annotated[float, BeforeValidator(_number)]
Method = Annotated[
    str, BeforeValidator(_method), WithJsonSchema({"type": "string", "enum": list(METHODS)})
]
Fair = Literal["size", "sector", "region", "priority", "institution"]
Identity = Annotated[str, Field(min_length=1, max_length=64)]


class PairCreate(Schema):
    """A need and a product, by their ids in the market."""

    need_id: Identity
    product_id: Identity


class SolvingCreate(Schema):
    """How to solve."""

    method: Annotated[Method, Field(description="Name of the method.")] = "auto"
    gap: Annotated[
        Number, Field(description="Relative gap at which to stop.", ge=0, le=1, allow_inf_nan=False)
    ] = 1e-4
    time_limit_seconds: Annotated[
        Number,
        Field(
            description="Seconds to solve. The server allows no more than its own limit.",
            gt=0,
            allow_inf_nan=False,
        ),
    ] = 60.0
    seed: Annotated[
        StrictInt, Field(description="Seed of methods that draw lots.", ge=0, le=MAX_SEED)
    ] = 0


class PlanCreate(Schema):
    """How to plan, the day of the round and, unless it is the live one, the market."""

    model_config = ConfigDict(json_schema_extra={"examples": [PLAN_CREATE]})

    as_of: Annotated[
        Day | None,
        Field(
            description="Day of the round: ages and workdays count from it. Without it, the "
            "latest day on which a need was received."
        ),
    ] = None
    market: Annotated[
        dict[str, Any] | None,
        Field(description="The six tables. Without them the live market is planned."),
    ] = None
    solving: Annotated[SolvingCreate, Field(description="How to solve.")] = SolvingCreate()
    pins: Annotated[
        tuple[PairCreate, ...],
        Field(description="Pairs that must be matched.", max_length=MAX_PAIRS),
    ] = ()
    bans: Annotated[
        tuple[PairCreate, ...],
        Field(description="Pairs that must not be.", max_length=MAX_PAIRS),
    ] = ()
    floors: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=500)], ...],
        Field(
            description="What the plan owes to groups, each `RULE: 90%` or `institution ID: 5`.",
            max_length=100,
            examples=[["size = micro: 90%"]],
        ),
    ] = ()
    fair: Annotated[
        Fair | None, Field(description="The division whose worst-off group comes first.")
    ] = None


class PlanLinks(Schema):
    """Where to go from here; null until the plan is done."""

    self: Annotated[str, Field(examples=["/plans/3f0e7a52-5d5c-4a39-9d5b-1a4c2d6f8b10"])]
    document: Annotated[str | None, Field(description="plan.json, byte for byte.")]
    market: Annotated[str | None, Field(description="The market that it is a plan of.")]
    leads: Annotated[
        str | None, Field(description="Leads of an institution: add `?institution=ID`.")
    ]


class PlanProgressPublic(Schema):
    """How far the solver is."""

    objective: Annotated[float | None, Field(description="Worth of the best plan so far.")] = None
    bound: Annotated[float | None, Field(description="No plan is worth more.")] = None


class PlanOfRoundPublic(Schema):
    """What a plan of a round kept of the cases before, and what overrides by hand cost."""

    id: Annotated[UUID, Field(description="The round.", examples=[EXAMPLE_ID])]
    kept: Annotated[int, Field(description="Pairs that cases keep.")]
    ruled_out: Annotated[int, Field(description="Pairs that cases rule out.")]
    left_out: Annotated[
        list[tuple[str, str]],
        Field(description="Pairs of need and product that can be matched no more."),
    ]
    objective_without_overrides: float | None
    overrides_cost: Annotated[
        float | None, Field(description="Objective without the overrides less that with them.")
    ]


class PlanSummaryPublic(Schema):
    """A plan that is done, in figures."""

    digest: Annotated[str, Field(description="Of the document; it is its ETag as well.")]
    as_of: Annotated[date, Field(description="Day of the round.")]
    market_sha256: Annotated[str, Field(description="Hash of the market.")]
    status: Annotated[str, Field(description="Of the solver.", examples=["optimal"])]
    method: Annotated[str, Field(description="The method used.", examples=["milp"])]
    objective: float | None
    bound: float | None
    gap: float | None
    counts: Annotated[dict[str, int], Field(description="Needs, matches, amounts in fen, …")]
    round: Annotated[PlanOfRoundPublic | None, Field(description="If it is of a round.")] = None


class PlanPublic(RunPublic):
    """A plan that was asked for."""

    market: Annotated[
        Literal["live", "given"], Field(description="Whether it is of the live market.")
    ]
    progress: Annotated[PlanProgressPublic | None, Field(description="While it solves.")]
    summary: Annotated[PlanSummaryPublic | None, Field(description="If `status` is `done`.")]
    links: PlanLinks


class PlanDetailPublic(PlanPublic):
    """A plan with why there is none."""

    problem: Problem


class PlansPublic(Schema):
    """A page of plans, the newest first."""

    items: list[PlanPublic]
    next: Next


class PlanDocument(Schema):
    """The plan as `matcher plan` writes it to plan.json; money in fen, rates as text."""

    model_config = ConfigDict(extra="allow")

    format: Annotated[str, Field(examples=["yinqi-plan/2"])]
    digest: Annotated[str, Field(description="SHA-256 of all the rest, in canonical form.")]
    solver: Annotated[dict[str, Any], Field(description="Method, status and its reason.")]
    objective: Annotated[float | None, Field(description="Sum of the scores of the matches.")]
    bound: Annotated[float | None, Field(description="No plan is worth more than this.")]
    gap: float | None
    counts: dict[str, int]
    matches: Annotated[
        list[dict[str, Any]],
        Field(description="Each with what goes with it, the policies claimed and its reasons."),
    ]
    unmatched: Annotated[
        list[dict[str, Any]],
        Field(description="Each with its reason and, where it waits for a fund, its place."),
    ]
    pools_use: Annotated[list[dict[str, Any]], Field(description="Each with its price.")]
    problem: Annotated[dict[str, Any], Field(description="All that is needed to check the plan.")]
