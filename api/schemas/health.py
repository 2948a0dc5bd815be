"""Whether the service works."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.schemas.base import Schema

_Version = Annotated[str, Field(description="Version of Yinqi.", examples=["0.1.0"])]


class LivenessPublic(Schema):
    """The process answers."""

    live: Annotated[bool, Field(description="It answers.", examples=[True])]
    version: _Version


class HealthPublic(LivenessPublic):
    """The process answers, and the service can be used."""

    ready: Annotated[
        bool,
        Field(description="The database answers and the queue moves.", examples=[True]),
    ]
