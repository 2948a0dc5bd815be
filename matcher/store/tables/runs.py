"""Work that is done outside of requests, and the bytes that it reads and leaves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field

from matcher.store.tables.base import Row
from matcher.store.tables.columns import content, document, moment, optional_document


class BlobRow(Row, table=True):
    """Bytes by their SHA-256, compressed (zlib); never changed.

    Markets that plans were made of, plans, comparisons, files that were sent in.
    """

    __tablename__ = "blob"

    sha256: str = Field(primary_key=True, max_length=64)
    media_type: str = Field(max_length=100)
    size_bytes: int
    compressed: bytes = content()
    created_at: datetime = moment()


class RunRow(Row, table=True):
    """One piece of work: a plan, a scenario, an import.

    Parameters
    ----------
    kind
        ``plan``, ``scenario`` or ``import``.
    state
        ``queued``, ``running``, ``done``, ``failed``, ``cancelled``.
    number
        Its place in the queue: first come, first served.
    request
        What was asked for, as JSON; large input is in a blob.
    input_sha256, outcome_sha256
        Blobs that it reads and that it left.
    stage, progress
        What is being done (both languages) and how far it is, as JSON, while it runs.
    summary
        What lists show of the outcome, as JSON.
    problem
        Why there is no outcome: the faults, as JSON.
    worker, lease_until
        Who works at it and until when nobody else may; it is renewed while the worker lives.
    attempts
        How often a worker took it up.
    is_wanted
        Whether it should go on; the worker looks between steps.
    """

    __tablename__ = "run"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kind: str = Field(index=True, max_length=16)
    state: str = Field(index=True, max_length=16)
    number: int = Field(unique=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    request: str = document()
    input_sha256: str | None = Field(default=None, foreign_key="blob.sha256")
    outcome_sha256: str | None = Field(default=None, foreign_key="blob.sha256")
    stage: str | None = optional_document()
    progress: str | None = optional_document()
    summary: str | None = optional_document()
    problem: str | None = optional_document()
    worker: str | None = Field(default=None, max_length=64)
    lease_until: datetime | None = moment(default=None, nullable=True)
    attempts: int = 0
    is_wanted: bool = True
    created_at: datetime = moment(index=True)
    started_at: datetime | None = moment(default=None, nullable=True)
    finished_at: datetime | None = moment(default=None, nullable=True)
