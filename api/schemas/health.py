"""Whether the service works."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.schemas.base import Schema


class HealthPublic(Schema):
    """The service answers, and takes plans on."""

    live: Annotated[bool, Field(description="It answers.", examples=[True])]
    ready: Annotated[bool, Field(description="Its worker runs.", examples=[True])]
    version: Annotated[str, Field(description="Version of Yinqi.", examples=["0.1.0"])]
