"""The record: all that happened, in a chain of hashes, with a signed head a day."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.records import Identity, Next
from matcher.store.tables import CaseEventRow

_MOMENT = "2026-03-02T10:00:00+08:00"
Sha256 = Annotated[str, Field(min_length=64, max_length=64, examples=["ab" * 32])]


class EntryPublic(Schema):
    """One thing that happened."""

    number: Annotated[int, Field(description="Its place, from 1 without a gap.", ge=1)]
    kind: Annotated[str, Field(examples=["case"])]
    action: Annotated[str, Field(examples=["accept"])]
    subject_id: Identity
    institution_id: UUID | None
    enterprise_id: UUID | None
    account_id: Annotated[UUID | None, Field(description="Who; null for the system itself.")]
    at: Annotated[datetime, Field(examples=[_MOMENT])]
    details: dict[str, Any]
    content: Annotated[str, Field(description="What is hashed, letter by letter.")]
    previous_sha256: Sha256
    sha256: Annotated[
        Sha256, Field(description="SHA-256 of number, hash before and content, line by line.")
    ]

    @classmethod
    def of(cls, row: CaseEventRow) -> Self:
        """Take over an entry."""
        told = json.loads(row.content)
        account = told["account_id"]
        return cls(
            number=row.number,
            kind=row.kind,
            action=told["action"],
            subject_id=row.subject_id,
            institution_id=row.institution_id,
            enterprise_id=row.enterprise_id,
            account_id=None if account is None else UUID(hex=account),
            at=row.at,
            details=told["details"],
            content=row.content,
            previous_sha256=row.previous_sha256,
            sha256=row.sha256,
        )


class RecordPublic(Schema):
    """A page of the record, the newest first."""

    items: list[EntryPublic]
    next: Next


class EndPublic(Schema):
    """Where the record ends now."""

    number: Annotated[int, Field(description="0 if nothing has happened.", ge=0)]
    sha256: Annotated[str | None, Field(examples=["ab" * 32])]
    last_signed_day: Annotated[date | None, Field(examples=["2026-03-01"])]


class SignedHeadPublic(Schema):
    """The head of one day, signed: keep it outside, and `matcher record verify` holds to it."""

    format: Annotated[str, Field(examples=["yinqi-head/1"])]
    day: Annotated[date, Field(examples=["2026-03-01"])]
    number: int
    sha256: Sha256
    signature: Annotated[str, Field(description="Ed25519, base64.")]
    public_key: Annotated[str, Field(description="PEM; compare it with the one you were given.")]
