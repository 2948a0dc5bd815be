"""What-ifs that an analyst works on: the changes so far, what is asked, and the run of it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlmodel import Field

from matcher.store.tables.base import Row
from matcher.store.tables.columns import document, moment


class WhatIfRow(Row, table=True):
    """A what-if on somebody's bench.

    Parameters
    ----------
    baseline_id
        The run of the plan that it is compared with; None for the live market.
    as_of
        The day of the round on the live market; None for the market's own.
    changes
        As the list of a scenario file has them, each with its sentence, as JSON.
    questions
        Sweeps, front, least and advice, as JSON.
    run_id
        The run that was asked of it last.
    asked_version
        Its version when that run was asked: older than `version` where it has changed since.
    is_shared
        Whether colleagues see it.
    version
        Counts changes of what is asked.
    """

    __tablename__ = "what_if"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    name: str = Field(max_length=200)
    baseline_id: UUID | None = Field(default=None, foreign_key="run.id")
    as_of: date | None = None
    changes: str = document()
    questions: str = document()
    run_id: UUID | None = Field(default=None, foreign_key="run.id")
    asked_version: int = 0
    is_shared: bool = Field(default=False, index=True)
    version: int = 1
    created_at: datetime = moment(index=True)
    updated_at: datetime = moment()
