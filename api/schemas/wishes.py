"""How a firm wants to be approached."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import ConfigDict, Field, StrictBool, StrictInt

from api.schemas.base import Schema
from matcher.domain.enterprise import MAX_CONTACTS
from matcher.services.records.wishes import Wishes

_CONTACTS = "The most institutions that are given the need to answer; 0 for none."
_ANONYMOUS = "Whether an institution learns the firm's name only once it has accepted."


class WishesUpdate(Schema):
    """How a firm wants to be approached from now on."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"max_contacts": 3, "is_anonymous": True}]}
    )

    max_contacts: Annotated[StrictInt, Field(description=_CONTACTS, ge=0, le=MAX_CONTACTS)]
    is_anonymous: Annotated[StrictBool, Field(description=_ANONYMOUS)]


class WishesPublic(Schema):
    """How a firm wants to be approached."""

    max_contacts: Annotated[int, Field(description=_CONTACTS, ge=0)]
    is_anonymous: Annotated[bool, Field(description=_ANONYMOUS)]

    @classmethod
    def of(cls, wishes: Wishes) -> Self:
        """Take over what a firm wants."""
        return cls(max_contacts=wishes.contacts, is_anonymous=wishes.is_anonymous)
