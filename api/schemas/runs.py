"""What all runs have in common on the wire: plans, what-ifs, imports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.schemas.base import Schema, TextPublic
from api.schemas.problem import ProblemPublic
from matcher.domain.run import RunState
from matcher.services.runs.running import stage_of
from matcher.store.tables import RunRow

EXAMPLE_ID = "3f0e7a52-5d5c-4a39-9d5b-1a4c2d6f8b10"
Moment = Annotated[datetime | None, Field(examples=["2022-05-25T09:00:02+08:00"])]
Problem = Annotated[
    ProblemPublic | None, Field(description="Why there is no outcome, if `status` is `failed`.")
]


class RunPublic(Schema):
    """A piece of work that was asked for; times are Asia/Shanghai and of the run itself."""

    id: Annotated[UUID, Field(description="A random UUID.", examples=[EXAMPLE_ID])]
    number: Annotated[int, Field(description="Its place in the order of all runs.", ge=1)]
    account_id: Annotated[UUID, Field(description="Who asked for it.", examples=[EXAMPLE_ID])]
    status: Annotated[RunState, Field(description="Where it stands.")]
    is_wanted: Annotated[
        bool, Field(description="False once it was cancelled; a running one then ends soon.")
    ]
    stage: Annotated[TextPublic | None, Field(description="What is being done, while running.")]
    created_at: Annotated[datetime, Field(examples=["2022-05-25T09:00:00+08:00"])]
    started_at: Moment
    finished_at: Moment


def run_fields(row: RunRow) -> Mapping[str, Any]:
    """Return the fields of `RunPublic` for a run."""
    stage = stage_of(row)
    return {
        "id": row.id,
        "number": row.number,
        "account_id": row.account_id,
        "status": RunState(row.state),
        "is_wanted": row.is_wanted,
        "stage": None if stage is None else TextPublic.of(stage),
        "created_at": row.created_at,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
    }
