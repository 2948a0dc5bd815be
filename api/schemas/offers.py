"""Institutions, products, pools and policies as lists and details show them."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.records import Changed, Identity, Key, Name, Named, Next, Record
from matcher.services.records.lists import ListedProduct


class OfferPublic(Schema):
    """What institutions, pools and policies have in common."""

    id: Identity
    key: Key
    name: Name
    updated_at: Changed
    record: Record

    @classmethod
    def of(cls, row: Any, record: dict[str, Any]) -> Self:
        """Take over a row with its record as it may be read."""
        names = [name for name in cls.model_fields if name != "record"]
        return cls(**{name: getattr(row, name) for name in names}, record=record)


class InstitutionPublic(OfferPublic):
    """A bank, guarantor, insurer, fund or office."""

    kind: Annotated[str, Field(description="What it is.", examples=["bank"])]
    region: Annotated[str | None, Field(description="GB/T 2260 code of where it works from.")]


class PoolPublic(OfferPublic):
    """A shared capacity."""


class PolicyPublic(OfferPublic):
    """A benefit with its conditions."""


class ProductPublic(Schema):
    """A product with the institution that offers it."""

    id: Identity
    key: Key
    name: Name
    institution: Named
    instrument: Annotated[str, Field(description="What it is.", examples=["loan"])]
    updated_at: Changed
    record: Record

    @classmethod
    def of(cls, listed: ListedProduct, record: dict[str, Any]) -> Self:
        """Take over a product with its record as it may be read."""
        row, bank = listed.product, listed.institution
        return cls(
            id=row.id,
            key=row.key,
            name=row.name,
            institution=Named(id=bank.id, key=bank.key, name=bank.name),
            instrument=row.instrument,
            updated_at=row.updated_at,
            record=record,
        )


class InstitutionsPublic(Schema):
    """A page of institutions."""

    items: list[InstitutionPublic]
    next: Next


class PoolsPublic(Schema):
    """A page of pools."""

    items: list[PoolPublic]
    next: Next


class PoliciesPublic(Schema):
    """A page of policies."""

    items: list[PolicyPublic]
    next: Next


class ProductsPublic(Schema):
    """A page of products."""

    items: list[ProductPublic]
    next: Next
