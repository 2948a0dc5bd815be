"""What the records of the market have in common on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.schemas.base import Schema

Identity = Annotated[
    UUID, Field(description="Its id here.", examples=["3f0e7a52-5d5c-4a39-9d5b-1a4c2d6f8b10"])
]
Key = Annotated[
    str, Field(description="The id that people gave it, as in the workbook.", max_length=64)
]
Name = Annotated[str, Field(description="Its name, at most 500 characters of it.")]
Changed = Annotated[datetime, Field(examples=["2022-05-25T09:00:00+08:00"])]
Next = Annotated[
    str | None, Field(description="What to send as `cursor` for the next page; null at the end.")
]
Record = Annotated[
    dict[str, Any],
    Field(description="The record as a market file has it; what is not known is left out."),
]


class Named(Schema):
    """A record that another one belongs to."""

    id: Identity
    key: Key
    name: Name


def body_of(schema: str) -> dict[str, Any]:
    """Return what the document says of a body that is a record of the market."""
    reference = {"$ref": f"#/components/schemas/{schema}"}
    content = {"application/json": {"schema": reference}}
    return {"requestBody": {"required": True, "content": content}}
