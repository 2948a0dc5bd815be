"""What-ifs on the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field

from api.schemas.base import Schema, TextPublic
from api.schemas.plans import Day, SolvingCreate
from api.schemas.records import Next
from api.schemas.runs import EXAMPLE_ID, Problem, RunPublic

MAX_QUESTIONS = 20
MAX_ADVICE = 100
Words = Annotated[str, Field(min_length=1, max_length=500)]
EXAMPLE: dict[str, Any] = {
    "scenario": {
        "name": "关注程度减半 / half the leads",
        "changes": [
            {
                "kind": "scale",
                "table": "institutions",
                "all": True,
                "fields": ["leads"],
                "factor": 0.5,
            }
        ],
    },
    "solving": {"time_limit_seconds": 30},
}


class QuestionsCreate(Schema):
    """What is asked beside the scenario, in the words of `matcher whatif`."""

    sweeps: Annotated[
        tuple[Words, ...],
        Field(
            description="One number over a range: `pool:ID:capacity=1e7:2e8:10`.",
            max_length=MAX_QUESTIONS,
        ),
    ] = ()
    front: Annotated[
        str | None,
        Field(
            description="Score against the worst-off of size, sector, region or priority.",
            max_length=40,
        ),
    ] = None
    least: Annotated[
        tuple[Words, ...],
        Field(
            description="The least extra that serves: `pool:ID serves NEED`.",
            max_length=MAX_QUESTIONS,
        ),
    ] = ()
    displace: Annotated[
        bool, Field(description="Whether the least may displace needs that are served.")
    ] = False
    advice: Annotated[
        int, Field(description="How many changes to advise; 0 for none.", ge=0, le=MAX_ADVICE)
    ] = 0


class ScenarioCreate(Schema):
    """A scenario, what to compare it with, and what else is asked under it."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    baseline: Annotated[
        UUID | None,
        Field(description="Id of a plan that is done; without it the live market is planned anew."),
    ] = None
    as_of: Annotated[Day | None, Field(description="Day of the round, without a baseline.")] = None
    scenario: Annotated[
        dict[str, Any] | None,
        Field(description="`name` and `changes`, as `matcher template scenario.toml` explains."),
    ] = None
    ask: Annotated[QuestionsCreate, Field(description="Questions.")] = QuestionsCreate()
    solving: Annotated[SolvingCreate, Field(description="How to solve.")] = SolvingCreate()


class ScenarioLinks(Schema):
    """Where to go from here."""

    self: Annotated[str, Field(examples=[f"/scenarios/{EXAMPLE_ID}"])]
    comparison: Annotated[str | None, Field(description="The answers; null until it is done.")]
    baseline: Annotated[str | None, Field(description="The plan that it is compared with.")]


class ScenarioSummaryPublic(Schema):
    """What came of it, in figures."""

    as_of: Annotated[date, Field(description="Day of the round.")]
    name: Annotated[str, Field(description="Of the scenario.")]
    num_changes: Annotated[int, Field(ge=0)]
    answers: Annotated[list[str], Field(description="Keys of the answers in the document.")]
    num_gained: Annotated[int | None, Field(description="Needs that are met only under it.")]
    num_lost: Annotated[int | None, Field(description="Needs that are met only without it.")]


class ScenarioPublic(RunPublic):
    """A what-if that was asked."""

    name: Annotated[str | None, Field(description="Of the scenario.")]
    progress: Annotated[
        dict[str, Any] | None,
        Field(description="`done` of `total` steps, or `objective` and `bound` of a solve."),
    ]
    summary: Annotated[ScenarioSummaryPublic | None, Field(description="If it is done.")]
    links: ScenarioLinks


class ScenarioDetailPublic(ScenarioPublic):
    """A what-if with all that was asked, and why there is no answer."""

    scenario: Annotated[dict[str, Any] | None, Field(description="As it was asked.")]
    ask: QuestionsCreate
    problem: Problem


class ScenariosPublic(Schema):
    """A page of what-ifs, the newest first."""

    items: list[ScenarioPublic]
    next: Next


class ComparisonDocument(Schema):
    """The answers as `matcher whatif` writes them to whatif.json."""

    model_config = ConfigDict(extra="allow")

    format: Annotated[str, Field(examples=["yinqi-whatif/1"])]
    as_of: date
    scenario: Annotated[dict[str, Any], Field(description="With its hash.")]
    changes: Annotated[list[TextPublic], Field(description="The changes in words.")]
    notes: list[TextPublic]
    comparison: Annotated[
        dict[str, Any] | None, Field(description="Before and after; who gains and who loses.")
    ] = None
