"""Where an institution's system is told what is new."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.records import Identity, Next
from matcher.services.webhooks.addresses import MAX_URL_LENGTH
from matcher.store.tables import WebhookRow

_MOMENT = "2026-03-02T10:00:00+08:00"
_URL = "https://bank.example.com/yinqi"


class WebhookCreate(Schema):
    """A webhook that is to be made."""

    url: Annotated[
        str,
        Field(
            description="https, at a public address.",
            min_length=1,
            max_length=MAX_URL_LENGTH,
            examples=[_URL],
        ),
    ]


class WebhookPublic(Schema):
    """A webhook."""

    id: Identity
    url: Annotated[str, Field(examples=[_URL])]
    is_active: Annotated[
        bool, Field(description="False after too many failures in a row: make a new one.")
    ]
    sent_number: Annotated[int, Field(description="The last event that was delivered.", ge=0)]
    failures: Annotated[int, Field(description="In a row.", ge=0)]
    last_status: Annotated[int | None, Field(description="Of the last answer.", examples=[200])]
    next_try_at: Annotated[datetime | None, Field(examples=[None])]
    created_at: Annotated[datetime, Field(examples=[_MOMENT])]

    @classmethod
    def of(cls, row: WebhookRow) -> Self:
        """Take over a webhook, without its secret."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class WebhookCreatedPublic(Schema):
    """A webhook that was made."""

    webhook: WebhookPublic
    secret: Annotated[
        str,
        Field(
            description="What deliveries are signed with; it is shown this once.",
            examples=["yqw_…"],
        ),
    ]


class WebhooksPublic(Schema):
    """A page of webhooks, the newest first."""

    items: list[WebhookPublic]
    next: Next
