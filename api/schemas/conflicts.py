"""Declared conflicts of interest."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.records import Identity, Named, Next
from matcher.services.plans.conflicts import DeclaredConflict

_MOMENT = "2026-03-02T10:00:00+08:00"


class ConflictCreate(Schema):
    """A conflict: the office names both sides, a bank one of its leads."""

    institution_id: Annotated[UUID | None, Field(description="For the office.")] = None
    enterprise_id: Annotated[UUID | None, Field(description="For the office.")] = None
    lead_id: Annotated[
        UUID | None,
        Field(description="The firm and the institution of this lead.", examples=[None]),
    ] = None
    reason: Annotated[
        str, Field(min_length=1, max_length=1000, pattern=r"\S", examples=["企业系本行股东"])
    ]


class ConflictPublic(Schema):
    """A conflict; the two are never proposed to each other while it stands."""

    id: Identity
    institution: Named
    enterprise: Annotated[Named | None, Field(description="For the office; null for banks.")]
    reason: str
    declared_at: Annotated[datetime, Field(examples=[_MOMENT])]
    withdrawn_at: Annotated[datetime | None, Field(examples=[None])]

    @classmethod
    def of(cls, one: DeclaredConflict) -> Self:
        """Take over a conflict."""
        row, bank, firm = one.row, one.institution, one.enterprise
        return cls(
            id=row.id,
            institution=Named(id=bank.id, key=bank.key, name=bank.name),
            enterprise=None if firm is None else Named(id=firm.id, key=firm.key, name=firm.name),
            reason=row.reason,
            declared_at=row.declared_at,
            withdrawn_at=row.withdrawn_at,
        )


class ConflictsPublic(Schema):
    """A page of conflicts, the newest first."""

    items: list[ConflictPublic]
    next: Next
