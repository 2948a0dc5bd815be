"""Plans that are made again."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.runs import EXAMPLE_ID, Problem, RunPublic


class ReplaySummaryPublic(Schema):
    """What came of a replay."""

    plan_id: Annotated[UUID, Field(examples=[EXAMPLE_ID])]
    is_equal: Annotated[bool, Field(description="Whether the very same bytes came.")]
    sha256: Annotated[str, Field(description="Of the bytes that came.")]
    digest: Annotated[str, Field(description="Of the plan that came.")]


class ReplayPublic(RunPublic):
    """A plan that is made again from its snapshot."""

    summary: Annotated[ReplaySummaryPublic | None, Field(description="If `status` is `done`.")]
    problem: Problem
