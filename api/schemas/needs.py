"""Needs as lists and details show them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.records import Changed, Identity, Key, Named, Next, Record
from matcher.services.records.lists import ListedNeed


class NeedPublic(Schema):
    """A need with what is most looked for of its firm."""

    id: Identity
    key: Key
    enterprise: Named
    region: Annotated[str | None, Field(description="GB/T 2260 code of the firm.")]
    industry: Annotated[str | None, Field(description="GB/T 4754 code of the firm.")]
    size: Annotated[str | None, Field(description="Size class of the firm.")]
    amount_fen: Annotated[int, Field(description="The amount wanted.", ge=0)]
    instruments: Annotated[list[str], Field(description="The instruments that it accepts.")]
    needed_by: Annotated[date | None, Field(description="The last day that helps.")]
    received: Annotated[date | None, Field(description="The day on which it came in.")]
    priority: Annotated[int, Field(description="From 1 (low) to 5 (urgent).", ge=1, le=5)]
    consents_to_all: Annotated[
        bool, Field(description="Whether every institution may see it; else see its consents.")
    ]
    updated_at: Changed

    @classmethod
    def fields_of(cls, listed: ListedNeed) -> dict[str, Any]:
        """Return the fields of a need."""
        need, firm = listed.need, listed.enterprise
        return {
            "id": need.id,
            "key": need.key,
            "enterprise": Named(id=firm.id, key=firm.key, name=firm.name),
            "region": firm.region,
            "industry": firm.industry,
            "size": firm.size,
            "amount_fen": need.amount_fen,
            "instruments": need.instruments.split(),
            "needed_by": need.needed_by,
            "received": need.received,
            "priority": need.priority,
            "consents_to_all": need.consents_to_all,
            "updated_at": need.updated_at,
        }

    @classmethod
    def of(cls, listed: ListedNeed) -> Self:
        """Take over a need."""
        return cls(**cls.fields_of(listed))


class NeedsPublic(Schema):
    """A page of needs."""

    items: list[NeedPublic]
    next: Next


class NeedDetailPublic(NeedPublic):
    """A need with its record."""

    record: Record
