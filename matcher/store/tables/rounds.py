"""Rounds and their plans: what was proposed, who let it go out, and what takes its place."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from matcher.store.tables.base import Row
from matcher.store.tables.columns import document, moment


class RoundRow(Row, table=True):
    """One round of matchmaking.

    Parameters
    ----------
    is_open
        Whether leads are open (抢单): the first institution that accepts a need has it.
    seed, seed_commitment
        Breaks ties in the plans of the round. The commitment, SHA-256 of the seed and a salt,
        is shown from the first day; seed and salt when the round has a plan.
    rules
        How long institutions may take, and which needs it takes, as JSON.
    """

    __tablename__ = "round"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(max_length=200)
    as_of: date
    is_open: bool = False
    seed: int
    seed_salt: str = Field(max_length=64)
    seed_commitment: str = Field(max_length=64)
    rules: str = document()
    created_by: UUID = Field(foreign_key="account.id")
    created_at: datetime = moment(index=True)


class PlanRow(Row, table=True):
    """A plan of a round, from the draft to what took its place.

    Parameters
    ----------
    number
        Counts the plans of a round from 1.
    state
        ``draft``, ``checked``, ``proposed`` (one person wants it out), ``published``,
        ``superseded``, ``discarded``.
    run_id
        The run that made it.
    plan_sha256, market_sha256
        Blobs of plan.json and of the market that it was made of: enough to make it again.
    summary
        Objective, bound, gap and counts, as JSON.
    overrides
        Pairs pinned and banned by hand, each with its reason and the objective that it cost,
        as JSON.
    view
        Where the parts are that its page is made of (blobs), as JSON.
    """

    __tablename__ = "plan"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        # Whatever happens at once: never two live plans in a round.
        Index(
            "ux_plan_live",
            "round_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    round_id: UUID = Field(foreign_key="round.id", index=True)
    number: int
    state: str = Field(index=True, max_length=16)
    run_id: UUID = Field(foreign_key="run.id")
    plan_sha256: str = Field(foreign_key="blob.sha256")
    market_sha256: str = Field(foreign_key="blob.sha256")
    digest: str = Field(max_length=80)
    summary: str = document()
    overrides: str = document()
    view: str = document()
    created_by: UUID = Field(foreign_key="account.id")
    created_at: datetime = moment(index=True)
    checked_at: datetime | None = moment(default=None, nullable=True)
    proposed_by: UUID | None = Field(default=None, foreign_key="account.id")
    proposed_at: datetime | None = moment(default=None, nullable=True)
    published_by: UUID | None = Field(default=None, foreign_key="account.id")
    published_at: datetime | None = moment(default=None, nullable=True)
    superseded_at: datetime | None = moment(default=None, nullable=True)


class ConflictRow(Row, table=True):
    """A declared conflict of interest: this institution is never proposed to this firm."""

    __tablename__ = "conflict"
    __table_args__ = (UniqueConstraint("institution_id", "enterprise_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    institution_id: UUID = Field(foreign_key="institution.id", index=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id", index=True)
    reason: str = Field(max_length=1000)
    declared_by: UUID = Field(foreign_key="account.id")
    declared_at: datetime = moment()
    withdrawn_at: datetime | None = moment(default=None, nullable=True)
