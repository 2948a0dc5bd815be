"""One effect for a request that is sent again: its answer is kept with what it did, and replayed.

The row is written in the transaction of the effect. Whoever sends the same at the same time
waits for that transaction: if it is committed they get its answer, if not they do the work.

References
----------
IETF draft-ietf-httpapi-idempotency-key-header-06 (2025): one key, one request, one answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.services.errors import ConflictError
from matcher.store.tables import IdempotencyRow

KEPT_FOR = timedelta(hours=24)
"""How long an answer is kept; after that the same key is a new request."""

MAX_BODY_LENGTH = 4_000_000


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that wants one effect however often it is sent.

    Parameters
    ----------
    request_sha256
        Of all that makes it the same request.
    """

    key: str
    request_sha256: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer that was given; without a body it held a secret and is not shown again."""

    status: int
    headers: Mapping[str, str]
    body: str | None


class SecretAnswerError(ConflictError):
    """It was done, and its answer held a secret that is shown once."""

    def __init__(self) -> None:
        message = Text("已执行过；其中的密钥只显示一次", "it was done; its secret is shown once")
        super().__init__([Fault(message)])


def take(session: Session, account_id: UUID, claim: Claim, now: datetime) -> UUID | Kept:
    """Claim a request for this transaction, or find the answer that it was given.

    Returns
    -------
    UUID or Kept
        The row to keep the answer in, or the answer.

    Raises
    ------
    InputError
        If the key was used for another request.
    SecretAnswerError
        If the answer held a secret.
    """
    _forget(session, account_id, now - KEPT_FOR)
    identity = uuid4()
    values = {
        "id": identity,
        "account_id": account_id,
        "key": claim.key,
        "request_sha256": claim.request_sha256,
        "created_at": now,
    }
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(IdempotencyRow).values(values).on_conflict_do_nothing()
    if session.connection().execute(insert.returning(IdempotencyRow.id)).first() is not None:
        return identity
    query = select(IdempotencyRow).where(
        IdempotencyRow.account_id == account_id, IdempotencyRow.key == claim.key
    )
    row = session.scalars(query).one()
    if row.request_sha256 != claim.request_sha256:
        message = Text("该键已用于另一个请求", "the key was used for another request")
        raise InputError([Fault(message, field="Idempotency-Key")])
    assert row.status is not None  # it is written in the transaction that made the row
    if row.body is None:
        raise SecretAnswerError
    return Kept(row.status, json.loads(row.headers or "{}"), row.body)


def keep(session: Session, identity: UUID, answer: Kept) -> None:
    """Keep the answer in the row that `take` made."""
    row = session.get(IdempotencyRow, identity)
    assert row is not None
    row.status, row.headers, row.body = answer.status, json.dumps(dict(answer.headers)), answer.body
    session.add(row)
    session.flush()


def _forget(session: Session, account_id: UUID, before: datetime) -> None:
    old = delete(IdempotencyRow).where(
        col(IdempotencyRow.account_id) == account_id, col(IdempotencyRow.created_at) < before
    )
    session.connection().execute(old)
