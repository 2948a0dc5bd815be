"""Who may see a need."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.records import Named, Next
from matcher.services.records.consents import Recipient

_WHEN = "2022-05-25T09:00:00+08:00"


class RecipientPublic(Schema):
    """An institution and what it may see."""

    institution: Named
    may_see: Annotated[bool, Field(description="Whether it may see the need now.")]
    given_at: Annotated[
        datetime | None,
        Field(description="Since when by name; null where all may see it.", examples=[_WHEN]),
    ]
    withdrawn_at: Annotated[
        datetime | None, Field(description="When it was taken back.", examples=[None])
    ]

    @classmethod
    def of(cls, one: Recipient) -> Self:
        """Take over a recipient."""
        bank = one.institution
        return cls(
            institution=Named(id=bank.id, key=bank.key, name=bank.name),
            may_see=one.may_see,
            given_at=one.given_at,
            withdrawn_at=one.withdrawn_at,
        )


class ConsentsPublic(Schema):
    """A page of those who may see a need, or once might."""

    consents_to_all: Annotated[
        bool, Field(description="Whether every institution may see it, later ones too.")
    ]
    items: list[RecipientPublic]
    next: Next
