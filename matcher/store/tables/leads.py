"""Leads and their cases, what they draw on, and the record of all that happened."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from matcher.store.tables.base import Row
from matcher.store.tables.columns import document, fen, moment, optional_document


class LeadRow(Row, table=True):
    """A match as its institution sees it, and the case that it becomes.

    Parameters
    ----------
    status
        A `CaseStatus`; the history in `case_event` leads to it.
    is_alive
        Whether something can still happen: its status is not final.
    rank
        1 is the best of the institution in its plan.
    version
        Counts changes: what `ETag` is made of.
    is_anonymous
        Whether the firm's name is kept back until the lead is accepted.
    respond_by, decide_by
        The last days on which the institution's answer is in time.
    draws
        What it takes of each capacity when it is accepted, as JSON.
    due_on
        The day by which its institution owes the next answer; the last day there is if none.
    record_number
        Number of the newest entry of the record about it.
    accepted_at, declined_at, approved_at, disbursed_at
        When that was done to it, the first time, as the record says; None if it was not.
    document
        What is known of the match beside: firm, reasons in bands, papers, costs, as JSON.
    shown
        What its institution is told, as the JSON of `GET /leads`: made anew at each change, so
        that a list is read and not put together.
    """

    __tablename__ = "lead"
    __table_args__ = (
        Index("ix_lead_best", "institution_id", "score", "id"),
        Index("ix_lead_due", "institution_id", "due_on", "id"),
        Index("ix_lead_changed", "institution_id", "record_number", "id"),
        # All that the figures of the cockpit need, so that they read no lead.
        Index(
            "ix_lead_counted",
            "need_id",
            "institution_id",
            "offered_fen",
            "proposed_at",
            "accepted_at",
            "declined_at",
            "approved_at",
            "disbursed_at",
        ),
        # A pair that fell out may come back; it is never twice alive.
        Index(
            "ux_lead_alive",
            "round_id",
            "need_id",
            "product_id",
            unique=True,
            sqlite_where=text("is_alive"),
            postgresql_where=text("is_alive"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    round_id: UUID = Field(foreign_key="round.id", index=True)
    plan_id: UUID = Field(foreign_key="plan.id", index=True)
    need_id: UUID = Field(foreign_key="need.id", index=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id", index=True)
    product_id: UUID = Field(foreign_key="product.id", index=True)
    institution_id: UUID = Field(foreign_key="institution.id", index=True)
    status: str = Field(index=True, max_length=16)
    is_alive: bool = Field(default=True, index=True)
    rank: int
    score: float = Field(index=True)
    amount_fen: int = fen(index=True)
    offered_fen: int = fen()
    region: str | None = Field(default=None, index=True, max_length=6)
    needed_by: date | None = Field(default=None, index=True)
    is_anonymous: bool = False
    respond_by: date | None = Field(default=None, index=True)
    decide_by: date | None = Field(default=None, index=True)
    due_on: date = Field(default=date.max, index=True)
    record_number: int = Field(default=0, sa_type=BigInteger, index=True)
    shown: bytes = Field(default=b"{}", sa_type=LargeBinary)
    draws: str = document()
    document: str = document()
    version: int = 1
    proposed_at: datetime = moment(index=True)
    accepted_at: datetime | None = moment(default=None, nullable=True)
    declined_at: datetime | None = moment(default=None, nullable=True)
    approved_at: datetime | None = moment(default=None, nullable=True)
    disbursed_at: datetime | None = moment(default=None, nullable=True)
    updated_at: datetime = moment(index=True)


class CapacityRow(Row, table=True):
    """What is left of one capacity of a round; taken by one conditional UPDATE.

    Parameters
    ----------
    name
        ``kind:id[:day]`` as a plan file names its rows; ``need:KEY`` for the contacts that a
        firm wants.
    capacity, used
        Places or fen.
    """

    __tablename__ = "capacity"
    __table_args__ = (
        UniqueConstraint("round_id", "name"),
        CheckConstraint("used >= 0 AND used <= capacity", name="ck_capacity_within"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    round_id: UUID = Field(foreign_key="round.id", index=True)
    name: str = Field(max_length=200)
    unit: str = Field(max_length=8)
    capacity: int = fen()
    used: int = fen()


class CaseEventRow(Row, table=True):
    """One thing that happened, never changed and never removed; each holds the hash before.

    Parameters
    ----------
    number
        Its place in the chain of all events, from 1 without a gap.
    kind
        ``case`` for a move of a case; ``plan``, ``consent``, ``capacity``, … for other things
        that must be provable.
    subject_id
        The lead, plan or need that it happened to.
    institution_id, enterprise_id
        Whose it is, so that each can ask for what is new.
    content
        Who, what, when, why, as canonical JSON: what is hashed.
    previous_sha256, sha256
        Of the event before, and of this one: SHA-256 of the hash before and the content.
    """

    __tablename__ = "case_event"

    number: int = Field(sa_type=BigInteger, primary_key=True)
    kind: str = Field(index=True, max_length=16)
    subject_id: UUID = Field(index=True)
    institution_id: UUID | None = Field(default=None, index=True)
    enterprise_id: UUID | None = Field(default=None, index=True)
    at: datetime = moment(index=True)
    content: str = document()
    previous_sha256: str = Field(max_length=64)
    sha256: str = Field(unique=True, max_length=64)


class ChainHeadRow(Row, table=True):
    """The head of the chain on one day, signed, to be kept outside.

    Parameters
    ----------
    number, sha256
        The last event of the day.
    signature
        Ed25519 over day, number and hash, base64.
    public_key
        The public half of the key, as PEM.
    """

    __tablename__ = "chain_head"

    day: date = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)
    sha256: str = Field(max_length=64)
    signature: str = Field(max_length=128)
    public_key: str = Field(max_length=400)
    created_at: datetime = moment()


class IdempotencyRow(Row, table=True):
    """The answer that a POST was given, to be given again to whoever sends it again.

    Parameters
    ----------
    key
        ``Idempotency-Key`` as sent; it belongs to one account.
    request_sha256
        Of method, path and body: another request under the same key is refused.
    status, headers, body
        The answer; without a status the first request is not through yet.
    """

    __tablename__ = "idempotency"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    key: str = Field(max_length=255)
    request_sha256: str = Field(max_length=64)
    status: int | None = None
    headers: str | None = optional_document()
    body: str | None = Field(default=None, max_length=4_000_000)
    created_at: datetime = moment(index=True)


class WebhookRow(Row, table=True):
    """Where an institution's system wants to be told of what is new.

    Parameters
    ----------
    secret
        What deliveries are signed with (HMAC-SHA256); shown once. It has to be kept as it is.
    sent_number
        The last event that was delivered.
    """

    __tablename__ = "webhook"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    institution_id: UUID = Field(foreign_key="institution.id", index=True)
    account_id: UUID = Field(foreign_key="account.id")
    url: str = Field(max_length=2000)
    secret: str = Field(max_length=128)
    is_active: bool = True
    sent_number: int = Field(default=0, sa_type=BigInteger)
    failures: int = 0
    next_try_at: datetime | None = moment(default=None, nullable=True)
    last_status: int | None = None
    created_at: datetime = moment()
