"""Imports: what was asked for, and what they did or found."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.problem import ProblemPublic
from api.schemas.records import Next
from api.schemas.runs import Problem, RunPublic, run_fields
from matcher.services.imports import ImportAsked, Mode
from matcher.services.runs.running import request_of, summary_of
from matcher.store.tables import RunRow


class TableCounts(Schema):
    """What an import does to the records of one table."""

    new: Annotated[int, Field(ge=0)]
    changed: Annotated[int, Field(ge=0)]
    removed: Annotated[int, Field(ge=0)]
    unchanged: Annotated[int, Field(ge=0)]


class ImportPublic(RunPublic):
    """A file that was sent in."""

    name: Annotated[str, Field(description="What the sender calls it.", examples=["market.xlsx"])]
    mode: Mode
    preview: Annotated[bool, Field(description="Whether it writes nothing.")]
    counts: Annotated[
        dict[str, TableCounts] | None,
        Field(description="By table, once it is done: what it did, or would do."),
    ]
    ignored: Annotated[list[str], Field(description="Sheets that were there and not read.")]
    kept_consents: Annotated[
        list[str],
        Field(
            description="Needs of which the file says another consent than was stated here: "
            "theirs stays."
        ),
    ]

    @classmethod
    def fields_of(cls, row: RunRow) -> dict[str, Any]:
        """Return the fields of an import."""
        asked, summary = ImportAsked.of(request_of(row)), summary_of(row) or {}
        return {
            **run_fields(row),
            "name": asked.name,
            "mode": asked.mode,
            "preview": asked.preview,
            "counts": summary.get("counts"),
            "ignored": summary.get("ignored", []),
            "kept_consents": summary.get("kept_consents", []),
        }

    @classmethod
    def of(cls, row: RunRow) -> Self:
        """Take over an import."""
        return cls(**cls.fields_of(row))


class ImportDetailPublic(ImportPublic):
    """An import with what is wrong with its file."""

    problem: Problem

    @classmethod
    def told(cls, row: RunRow, problem: ProblemPublic | None) -> Self:
        """Take over an import with its problem."""
        return cls(**cls.fields_of(row), problem=problem)


class ImportsPublic(Schema):
    """A page of imports."""

    items: list[ImportPublic]
    next: Next
