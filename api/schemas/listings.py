"""Needs on the two lists: what was found out, what is owed, what was decided."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, StrictBool

from api.schemas.base import Schema, TextPublic
from api.schemas.plans import Day
from api.schemas.records import Changed, Identity, Key, Named, Next
from matcher.domain.case import Reason
from matcher.domain.lists import ListStage, ListTest
from matcher.domain.text import Text
from matcher.services.listings.changing import ListingChange
from matcher.services.listings.listing import Listed
from matcher.services.listings.rows import answers_of

_DAY = "2025-03-03"
When = Annotated[date | None, Field(examples=[_DAY])]
Said = StrictBool | None


def _answer(name: str) -> Any:
    told = f"{name}: true is passed, false failed, null not known."
    return Field(description=told, examples=[True])


class FiveTestsPublic(Schema):
    """What was found out of the five tests."""

    compliant_operation: Annotated[Said, _answer("合规经营")] = None
    fixed_premises: Annotated[Said, _answer("固定经营场所")] = None
    real_need: Annotated[Said, _answer("真实融资需求")] = None
    good_credit: Annotated[Said, _answer("信用状况良好")] = None
    compliant_use: Annotated[Said, _answer("贷款用途依法合规")] = None


class ListingUpdate(Schema):
    """What is to be changed; what is not named stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"tests": {"real_need": True}, "contacted": _DAY}]}
    )

    tests: FiveTestsPublic = FiveTestsPublic()
    contacted: Annotated[
        Day | None,
        Field(description="The day on which somebody first spoke with the firm; null: nobody."),
    ] = None

    def change(self) -> ListingChange:
        """Return what was named."""
        named = self.tests.model_fields_set
        tests = {test: getattr(self.tests, test.value) for test in ListTest if test.value in named}
        has_contact = "contacted" in self.model_fields_set
        return ListingChange(tests=tests, contacted=self.contacted if has_contact else ...)


class RefusalPublic(Schema):
    """Why credit was refused."""

    code: str
    text: TextPublic
    is_mendable: Annotated[bool, Field(description="Whether the need is matched again.")]

    @classmethod
    def of(cls, reason: Reason) -> Self:
        """Take over a reason."""
        text = TextPublic.of(reason.text)
        return cls(code=reason.code, text=text, is_mendable=reason.mendable)


def _text(text: Text | None) -> TextPublic | None:
    return None if text is None else TextPublic.of(text)


class ListingPublic(Schema):
    """A need on its way through the lists."""

    id: Identity
    key: Key
    enterprise: Named
    amount_fen: Annotated[int, Field(description="The amount wanted.", ge=0)]
    version: Annotated[int, Field(description="What `ETag` names.", ge=1)]
    stage: ListStage
    applied: Annotated[date, Field(description="Onto the first list (申报清单).", examples=[_DAY])]
    tests: FiveTestsPublic
    held_back_by: Annotated[
        TextPublic | None,
        Field(description="The tests failed or not known, by name; null where all are passed."),
    ]
    contacted: Annotated[When, Field(description="First contact with the firm, by anybody.")]
    recommended: Annotated[When, Field(description="Onto the second list (推荐清单).")]
    decide_by: Annotated[When, Field(description="The last day for a decision: day 30.")]
    days_left: Annotated[
        int | None, Field(description="Until then, where a decision is owed; never below 0.")
    ]
    is_overdue: bool
    decided: Annotated[When, Field(description="The day of the banks' decision.")]
    refusal: Annotated[
        RefusalPublic | None, Field(description="Null with a day of decision: granted.")
    ]
    rematched: Annotated[
        TextPublic | None, Field(description="Why it is matched again; null where it is not.")
    ]
    updated_at: Changed

    @classmethod
    def of(cls, one: Listed) -> Self:
        """Take over a place on the lists."""
        row, need, firm, listing = one.row, one.need, one.enterprise, one.listing
        answers = {test.value: said for test, said in answers_of(row).items()}
        days: dict[str, Any] = {
            name: getattr(row, name)
            for name in ("applied", "contacted", "recommended", "decide_by", "decided")
        }
        return cls(
            id=need.id,
            key=need.key,
            enterprise=Named(id=firm.id, key=firm.key, name=firm.name),
            amount_fen=need.amount_fen,
            version=row.version,
            stage=listing.stage,
            tests=FiveTestsPublic(**answers),
            held_back_by=_text(listing.held_back_by),
            days_left=one.days_left,
            is_overdue=one.is_overdue,
            refusal=None if listing.refusal is None else RefusalPublic.of(listing.refusal),
            rematched=_text(one.relisted),
            updated_at=row.updated_at,
            **days,
        )


class ListingsPublic(Schema):
    """A page of listings."""

    items: list[ListingPublic]
    next: Next


class RecommendedPublic(Schema):
    """What became of asking for all that pass."""

    num_recommended: Annotated[int, Field(description="How many were recommended now.", ge=0)]
