"""Leads: the matches of one institution as its officers see them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.base import Schema, TextPublic


class PlanReasonPublic(Schema):
    """One term of the score: `part` = `weight` × `value`."""

    feature: Annotated[str, Field(examples=["amount"])]
    group: Annotated[str, Field(description="Whose wish it is.", examples=["enterprise"])]
    text: TextPublic
    value: Annotated[float, Field(ge=0, le=1)]
    weight: Annotated[float, Field(ge=0, le=1)]
    part: Annotated[float, Field(ge=0, le=1)]


class PlanCompanionPublic(Schema):
    """A product that always goes with the one offered: a guarantee, an insurance, …."""

    product_id: str
    product_name: TextPublic
    institution_id: str
    institution_name: TextPublic
    approval_follows: Annotated[
        bool, Field(description="Whether it is approved with the product, without a review.")
    ]


class ClaimPublic(Schema):
    """A policy that the cost counts on."""

    policy_id: str
    name: TextPublic
    benefit: Annotated[str, Field(examples=["fee_subsidy"])]
    support_fen: Annotated[
        int, Field(description="The most that it pays over the term, in fen.", ge=0)
    ]


class PlanLeadPublic(Schema):
    """One firm to meet."""

    rank: Annotated[int, Field(description="1 is the best of the institution.", ge=1)]
    need_id: str
    enterprise_name: TextPublic
    amount_fen: Annotated[int, Field(description="The amount wanted, in fen.")]
    term_months: int | None
    term_days: Annotated[int | None, Field(description="The term of a bridge of days.")]
    needed_by: date | None
    product_id: str
    product_name: TextPublic
    companions: Annotated[
        list[PlanCompanionPublic], Field(description="What goes with the product, and whose it is.")
    ]
    claims: Annotated[list[ClaimPublic], Field(description="The policies that the cost counts on.")]
    score: Annotated[float, Field(description="Sum of the parts of `reasons`, to six decimals.")]
    offered_fen: Annotated[int, Field(description="What the package could give, in fen.")]
    all_in_low_rate: Annotated[
        str | None,
        Field(
            description="Yearly all-in cost of the package after the claims, at the lowest rates.",
            examples=["0.0365"],
        ),
    ]
    all_in_high_rate: Annotated[
        str | None, Field(description="The same at the highest rate.", examples=["0.042"])
    ]
    cash_date: Annotated[date | None, Field(description="When the money could be there.")]
    slack_workdays: Annotated[int | None, Field(description="Workdays to spare.")]
    reasons: Annotated[list[PlanReasonPublic], Field(description="The score, greatest part first.")]
    missing: Annotated[
        list[TextPublic], Field(description="What has to be shown before the match holds.")
    ]
    pinned: Annotated[bool, Field(description="Whether the organiser asked for it.")]
    illustrative: Annotated[bool, Field(description="Whether it rests on made-up data.")]


class PlanLeadsPublic(Schema):
    """A page of the leads of one institution, best first."""

    plan_id: UUID
    as_of: Annotated[date, Field(description="Day of the round.")]
    institution_id: str
    institution_name: TextPublic
    total: Annotated[int, Field(description="How many leads the institution has.", ge=0)]
    items: list[PlanLeadPublic]
    next: Annotated[
        int | None, Field(description="What to send as `after` for the next page; null at the end.")
    ]
