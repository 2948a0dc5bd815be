"""Leads as their institution sees them, and what it answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.base import Schema, TextPublic
from api.schemas.plan_leads import ClaimPublic
from api.schemas.records import Identity, Key, Named, Next
from matcher.domain.case import REASONS, CaseAction, CaseStatus, PartStatus, Role
from matcher.services.leads.bands import Band

_DAY = "2026-03-05"
_MOMENT = "2026-03-02T10:00:00+08:00"
Day = Annotated[date | None, Field(examples=[_DAY])]
Number = Annotated[int, Field(description="A number of the record.", ge=0, examples=[42])]
Reason = Annotated[
    str,
    Field(
        description="Why; whether the firm can mend it follows from the code.",
        examples=["papers_missing"],
        json_schema_extra={"enum": list(REASONS)},
        max_length=64,
    ),
]
HowToMend = Annotated[
    str | None,
    Field(
        description="What the firm could do about it, in your own words; the firm reads it.",
        max_length=500,
        examples=["补交近三个月纳税证明"],
    ),
]


class FirmPublic(Schema):
    """Whom the lead is about; who it is stays unsaid until you accept, where it asked for that."""

    is_anonymous: Annotated[bool, Field(description="Whether its name is kept back now.")]
    name: TextPublic | None
    credit_code: Annotated[str | None, Field(examples=["91330108YQ0009007R"])]
    founded: Day
    region: Annotated[str | None, Field(description="GB/T 2260.", examples=["330108"])]
    industry: Annotated[str | None, Field(description="GB/T 4754.", examples=["I651"])]
    size: Annotated[str | None, Field(examples=["small"])]


class OfferedPublic(Schema):
    """The product that the lead is for."""

    id: Identity
    key: Key
    name: TextPublic


class CompanionPublic(Schema):
    """What goes with the product: a guarantee, an insurance, …, and where its review stands."""

    id: Identity
    key: Key
    name: TextPublic
    institution_name: TextPublic
    approval_follows: Annotated[
        bool, Field(description="Whether it is approved with the product, without a review.")
    ]
    status: PartStatus


class WhyPublic(Schema):
    """One thing that speaks for the firm, in a band; sums are not shown."""

    feature: Annotated[str, Field(examples=["amount"])]
    text: TextPublic
    band: Band
    band_text: TextPublic


class LeadPublic(Schema):
    """A firm that looks for money, and one of your products that fits it."""

    id: Identity
    round_id: Identity
    version: Annotated[int, Field(description="Counts changes; what `ETag` is made of.", ge=1)]
    record_number: Number
    status: CaseStatus
    is_alive: Annotated[bool, Field(description="Whether anything can still come of it.")]
    actions: Annotated[list[CaseAction], Field(description="What its institution may do now.")]
    proposed_at: Annotated[datetime, Field(examples=[_MOMENT])]
    updated_at: Annotated[datetime, Field(examples=[_MOMENT])]
    respond_by: Annotated[Day, Field(description="Last day to accept or decline.")]
    decide_by: Annotated[Day, Field(description="Last day to approve or reject.")]
    due_on: Annotated[Day, Field(description="The day of the answer owed now; null if none is.")]
    rank: Annotated[int, Field(description="Its place among your leads of the plan.", ge=1)]
    firm: FirmPublic
    amount_fen: Annotated[int, Field(description="The amount wanted, in fen.", ge=0)]
    needed_by: Day
    term_months: int | None
    term_days: Annotated[int | None, Field(description="The term of a bridge of days.")]
    purpose: Annotated[str | None, Field(examples=["wages"])]
    instruments: Annotated[list[str] | None, Field(examples=[["loan"]])]
    collateral_fen: Annotated[
        dict[str, int] | None, Field(description="Kind and value.", examples=[{"patents": 10**7}])
    ]
    repayment: str | None
    product: OfferedPublic
    companions: list[CompanionPublic]
    claims: Annotated[list[ClaimPublic], Field(description="The policies that the cost counts on.")]
    offered_fen: Annotated[int, Field(description="What the package could give, in fen.")]
    all_in_low_rate: Annotated[str | None, Field(examples=["0.0365"])]
    all_in_high_rate: Annotated[str | None, Field(examples=["0.042"])]
    cash_date: Annotated[Day, Field(description="When the money could be there.")]
    slack_workdays: Annotated[int | None, Field(description="Workdays to spare.")]
    band: Annotated[Band, Field(description="How well it fits in all.")]
    reasons: Annotated[list[WhyPublic], Field(description="What weighs most comes first.")]
    missing: Annotated[
        list[TextPublic], Field(description="Papers to be shown before the match holds.")
    ]
    is_illustrative: Annotated[bool, Field(description="Whether it rests on made-up data.")]


class OfficeSidePublic(Schema):
    """What the office alone sees of a lead."""

    institution: Named
    enterprise: Named
    need: Named
    plan_id: Identity
    score: float


class ListedLeadPublic(LeadPublic):
    """A lead in a list."""

    office: Annotated[
        OfficeSidePublic | None, Field(description="For the office; null for banks.")
    ] = None


class LeadsPublic(Schema):
    """A page of leads."""

    items: list[ListedLeadPublic]
    next: Next
    newest: Annotated[
        int,
        Field(
            description="Number of the newest change of any of your leads: what to send as "
            "`since` the next time.",
            ge=0,
            examples=[42],
        ),
    ]


class ReasonPublic(Schema):
    """Why a case fell out."""

    code: Annotated[str, Field(examples=["papers_missing"])]
    text: TextPublic
    is_mendable: Annotated[bool, Field(description="Whether the need comes back next round.")]


class HappenedPublic(Schema):
    """One thing that happened to a case."""

    number: Number
    at: Annotated[datetime, Field(examples=[_MOMENT])]
    action: Annotated[str, Field(examples=["propose"])]
    text: TextPublic
    by: Annotated[Role, Field(description="In which role.")]
    account_id: Annotated[UUID | None, Field(description="Who; for the office alone.")]
    part: Annotated[str | None, Field(description="The companion decided on.")]
    reason: ReasonPublic | None


class ClockPublic(Schema):
    """How long it has been, and what is owed."""

    days: Annotated[int, Field(description="Calendar days since the proposal.", ge=0)]
    workdays: Annotated[int, Field(ge=0)]
    days_left: Annotated[
        int | None, Field(description="To the answer owed; below 0 is late; null if none is owed.")
    ]
    is_overdue: bool


class LeadDetailPublic(ListedLeadPublic):
    """A lead with its history and its clock."""

    clock: ClockPublic
    history: list[HappenedPublic]


class AcceptCreate(Schema):
    """Nothing to say beside: an empty object."""


class DeclineCreate(Schema):
    """Why a lead is declined."""

    reason: Reason
    how_to_mend: HowToMend = None


class StageCreate(Schema):
    """How far a case has come."""

    action: Annotated[CaseAction, Field(description="What was done.", examples=["contact"])]
    reason: Annotated[
        Reason | None, Field(description="Asked for by `reject` and `cancel`, by no other.")
    ] = None
    how_to_mend: HowToMend = None


class PartCreate(Schema):
    """What was decided on a companion product that has a review of its own."""

    action: Annotated[CaseAction, Field(description="`approve` or `reject`.", examples=["approve"])]
    reason: Annotated[Reason | None, Field(description="Asked for by `reject`.")] = None
    how_to_mend: HowToMend = None
