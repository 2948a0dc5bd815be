"""The two lists of the national practice: needs applied for, recommended, decided on."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from matcher.store.tables.base import Row
from matcher.store.tables.columns import moment, optional_document


class ListingRow(Row, table=True):
    """A need on its way through the lists; it goes with its need.

    Parameters
    ----------
    id
        The need's.
    applied
        The day on which it came onto the first list.
    stage
        A `ListStage`; it follows from the days.
    compliant_operation, fixed_premises, real_need, good_credit, compliant_use
        The five tests (`ListTest`): passed, failed, or nobody has answered.
    decide_by
        The last day on which a decision is in time; it stays when there is one.
    due_on
        The day by which a decision is owed; the last day there is if none is.
    refusal
        Why it was refused, as JSON; nothing with a day of decision: credit was granted.
    lead_id
        The lead that the decision follows from.
    version
        Counts changes: what `ETag` is made of.
    """

    __tablename__ = "listing"

    id: UUID = Field(foreign_key="need.id", primary_key=True)
    applied: date = Field(index=True)
    stage: str = Field(index=True, max_length=16)
    compliant_operation: bool | None = None
    fixed_premises: bool | None = None
    real_need: bool | None = None
    good_credit: bool | None = None
    compliant_use: bool | None = None
    contacted: date | None = None
    recommended: date | None = None
    decide_by: date | None = None
    due_on: date = Field(default=date.max, index=True)
    decided: date | None = None
    refusal: str | None = optional_document()
    lead_id: UUID | None = Field(default=None, foreign_key="lead.id")
    version: int = 1
    updated_at: datetime = moment()
