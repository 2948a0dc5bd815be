"""Firms as lists and details show them."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.records import Changed, Identity, Key, Name, Next, Record
from matcher.store.tables import EnterpriseRow


class EnterprisePublic(Schema):
    """A firm."""

    id: Identity
    key: Key
    name: Name
    credit_code: Annotated[str | None, Field(description="Unified social credit code.")]
    region: Annotated[str | None, Field(description="GB/T 2260 code.")]
    industry: Annotated[str | None, Field(description="GB/T 4754 code.")]
    size: Annotated[str | None, Field(description="Size class.")]
    updated_at: Changed

    @classmethod
    def fields_of(cls, row: EnterpriseRow) -> dict[str, Any]:
        """Return the fields of a firm."""
        names = EnterprisePublic.model_fields
        return {name: getattr(row, name) for name in names}

    @classmethod
    def of(cls, row: EnterpriseRow) -> Self:
        """Take over a firm."""
        return cls(**cls.fields_of(row))


class EnterprisesPublic(Schema):
    """A page of firms."""

    items: list[EnterprisePublic]
    next: Next


class EnterpriseDetailPublic(EnterprisePublic):
    """A firm with its record."""

    record: Record
