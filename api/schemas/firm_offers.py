"""Offers as the firm sees them, and why other products are not among them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field

from api.schemas.base import Schema, TextPublic
from api.schemas.leads import CompanionPublic
from api.schemas.plan_leads import ClaimPublic
from api.schemas.records import Identity, Named, Next
from matcher.domain.case import CasePart, CaseStatus
from matcher.domain.criteria import Verdict
from matcher.domain.text import Text
from matcher.services.offers.listing import Offer
from matcher.services.offers.others import Other, Others, Unmatched
from matcher.store.tables import NeedRow

_DAY = "2026-03-05"
_MOMENT = "2026-03-02T10:00:00+08:00"
Day = Annotated[date | None, Field(examples=[_DAY])]
WHY_WITHDRAWN = ("need_gone", "served_elsewhere", "terms_refused")


class WhyOver(Schema):
    """Why nothing comes of an offer."""

    code: str
    text: TextPublic
    is_mendable: Annotated[bool, Field(description="Whether the need can come back next round.")]


class OfferClock(Schema):
    """How long it has run, and by when the institution owes its next answer."""

    days: Annotated[int, Field(ge=0)]
    workdays: Annotated[int, Field(ge=0)]
    due_on: Day
    is_overdue: bool


class FirmOfferPublic(Schema):
    """A product that an institution was asked to offer you."""

    id: Identity
    version: Annotated[int, Field(description="Counts changes; what `ETag` is made of.", ge=1)]
    need: Named
    institution: Named
    product: Named
    product_text: TextPublic
    instrument: Annotated[str, Field(examples=["loan"])]
    status: CaseStatus
    status_text: TextPublic
    is_alive: Annotated[bool, Field(description="Whether anything can still come of it.")]
    can_withdraw: bool
    proposed_at: Annotated[datetime, Field(examples=[_MOMENT])]
    clock: OfferClock
    why_over: WhyOver | None
    amount_fen: Annotated[int, Field(description="The amount wanted, in fen.", ge=0)]
    offered_fen: Annotated[int, Field(description="What the package could give, in fen.", ge=0)]
    all_in_low_rate: Annotated[
        str | None,
        Field(
            description="Yearly all-in cost with guarantee and policies, at the lowest rates.",
            examples=["0.0365"],
        ),
    ]
    all_in_high_rate: Annotated[str | None, Field(examples=["0.042"])]
    cash_date: Annotated[Day, Field(description="When the money could be there.")]
    slack_workdays: Annotated[int | None, Field(description="Workdays to spare before the day.")]
    papers: Annotated[list[TextPublic], Field(description="What to bring.")]
    companions: list[CompanionPublic]
    claims: Annotated[list[ClaimPublic], Field(description="The policies that the cost counts on.")]
    is_illustrative: Annotated[bool, Field(description="Whether it rests on made-up data.")]

    @classmethod
    def of(cls, offer: Offer) -> Self:
        """Take over an offer."""
        lead, known, case = offer.lead, offer.known, offer.case
        reason = case.reason
        return cls(
            id=lead.id,
            version=lead.version,
            need=_need(offer.need),
            institution=_named(offer.institution),
            product=_named(offer.product),
            product_text=TextPublic(**known["product_name"]),
            instrument=offer.product.instrument,
            status=case.status,
            status_text=TextPublic.of(case.status.text),
            is_alive=not case.is_final,
            can_withdraw=offer.can_withdraw,
            proposed_at=lead.proposed_at,
            clock=_clock(offer),
            why_over=None
            if reason is None
            else WhyOver(
                code=reason.code, text=TextPublic.of(reason.text), is_mendable=reason.mendable
            ),
            amount_fen=lead.amount_fen,
            offered_fen=lead.offered_fen,
            all_in_low_rate=known["all_in_low"],
            all_in_high_rate=known["all_in_high"],
            cash_date=known["cash_date"],
            slack_workdays=known["slack_workdays"],
            papers=[TextPublic(**text) for text in known["missing"]],
            companions=[
                _companion(companion, part)
                for companion, part in zip(known["companions"], case.parts, strict=True)
            ],
            claims=[_claim(claim) for claim in known["claims"]],
            is_illustrative=known["illustrative"],
        )


def _clock(offer: Offer) -> OfferClock:
    clock = offer.clock
    return OfferClock(
        days=clock.elapsed.calendar_days,
        workdays=clock.elapsed.workdays,
        due_on=None if clock.deadline is None else clock.deadline.due,
        is_overdue=clock.is_overdue,
    )


def _named(row: Any) -> Named:
    return Named(id=row.id, key=row.key, name=row.name)


def _need(row: NeedRow) -> Named:
    return Named(id=row.id, key=row.key, name=row.key)


def _companion(companion: dict[str, Any], part: CasePart) -> CompanionPublic:
    return CompanionPublic(
        id=companion["id"],
        key=companion["product"],
        name=TextPublic(**companion["product_name"]),
        institution_name=TextPublic(**companion["institution_name"]),
        approval_follows=companion["approval_follows"],
        status=part.status,
    )


def _claim(claim: dict[str, Any]) -> ClaimPublic:
    return ClaimPublic(
        policy_id=claim["policy"],
        name=TextPublic(**claim["name"]),
        benefit=claim["benefit"],
        support_fen=claim["support_fen"],
    )


class FirmOffersPublic(Schema):
    """A page of offers, the newest first."""

    items: list[FirmOfferPublic]
    next: Next


class WithdrawCreate(Schema):
    """The firm takes itself out of an offer."""

    reason: Annotated[
        str,
        Field(
            description="Why.",
            max_length=64,
            json_schema_extra={"enum": list(WHY_WITHDRAWN)},
            pattern=f"^({'|'.join(WHY_WITHDRAWN)})$",
            examples=["served_elsewhere"],
        ),
    ]


class VerdictPublic(Schema):
    """A rule that the need fails."""

    label: TextPublic
    text: TextPublic
    is_mendable: Annotated[bool, Field(description="Whether the firm could do something about it.")]

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        """Take over a verdict."""
        return cls(
            label=TextPublic.of(verdict.label),
            text=TextPublic.of(verdict.sentence),
            is_mendable=verdict.mendable,
        )


class OtherPublic(Schema):
    """A product that is not on offer."""

    institution: Named
    product: Named
    instrument: str
    failing: Annotated[
        list[VerdictPublic], Field(description="Empty: it fits, and was not proposed this time.")
    ]
    changes: Annotated[
        list[TextPublic] | None,
        Field(description="The smallest change that would make it fit; null: none would."),
    ]
    missing: Annotated[list[TextPublic], Field(description="What would have to be shown.")]

    @classmethod
    def of(cls, other: Other) -> Self:
        """Take over a product."""
        return cls(
            institution=_named(other.institution),
            product=_named(other.product),
            instrument=other.product.instrument,
            failing=[VerdictPublic.of(verdict) for verdict in other.failing],
            changes=_texts(None if other.changes is None else [c.text for c in other.changes]),
            missing=[TextPublic.of(text) for text in other.missing],
        )


class UnmatchedPublic(Schema):
    """Why the plan that is out has nothing for the need."""

    kind: Annotated[str, Field(examples=["not_eligible"])]
    reason: TextPublic
    changes: Annotated[
        list[TextPublic] | None, Field(description="What would help; null: nothing that is known.")
    ]

    @classmethod
    def of(cls, found: Unmatched) -> Self:
        """Take over a reason."""
        return cls(
            kind=found.kind, reason=TextPublic.of(found.reason), changes=_texts(found.changes)
        )


class OthersPublic(Schema):
    """Why other products are not on offer to a need, the nearest first."""

    need: Named
    unmatched: UnmatchedPublic | None
    items: list[OtherPublic]

    @classmethod
    def of(cls, found: Others) -> Self:
        """Take over what was found."""
        return cls(
            need=_need(found.need),
            unmatched=None if found.unmatched is None else UnmatchedPublic.of(found.unmatched),
            items=[OtherPublic.of(one) for one in found.products],
        )


def _texts(texts: Any) -> list[TextPublic] | None:
    if texts is None:
        return None
    known: list[Text] = list(texts)
    return [TextPublic.of(text) for text in known]
