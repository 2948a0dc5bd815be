"""Sessions of people: kept here, so that they end when they are ended.

A session lasts `IDLE` from when it was last used, and never longer than `LONGEST`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Update, delete, update
from sqlmodel import Session, col

from matcher.services.accounts.tokens import new_token, token_sha256
from matcher.store.tables import SessionRow

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
RENEWED_AFTER = timedelta(minutes=5)
"""How long a session is used before that is noted: reading must not always write."""

_KEPT = timedelta(days=30)


def open_session(
    session: Session, account_id: UUID, now: datetime, before: str | None = None
) -> str:
    """Open a session and return its token.

    Parameters
    ----------
    before
        The token that the browser showed; it lets nobody in any more, whoever's it was.
    """
    if before:
        end_session(session, before, now)
    session.execute(delete(SessionRow).where(col(SessionRow.expires_at) < now - _KEPT))
    token = new_token()
    session.add(
        SessionRow(
            account_id=account_id,
            token_sha256=token_sha256(token),
            created_at=now,
            expires_at=now + IDLE,
        )
    )
    return token


def end_session(session: Session, token: str, now: datetime) -> None:
    """End one session; it is no error if it is over already."""
    _revoke(session, now, col(SessionRow.token_sha256) == token_sha256(token))


def end_sessions(session: Session, account_id: UUID, now: datetime, but: str | None = None) -> None:
    """End all sessions of an account, but for one by its token."""
    conditions = [col(SessionRow.account_id) == account_id]
    if but is not None:
        conditions.append(col(SessionRow.token_sha256) != token_sha256(but))
    _revoke(session, now, *conditions)


def is_due(row: SessionRow, now: datetime) -> bool:
    """Tell whether it has to be noted that a session is in use."""
    return _end(row, now) - row.expires_at >= RENEWED_AFTER


def renewal(row: SessionRow, now: datetime) -> Update:
    """Return the update that notes it; a session that was ended meanwhile stays so."""
    end = _end(row, now)
    return (
        update(SessionRow)
        .where(col(SessionRow.id) == row.id, col(SessionRow.expires_at) < end)
        .values(expires_at=end)
    )


def _end(row: SessionRow, now: datetime) -> datetime:
    return min(now + IDLE, row.created_at + LONGEST)


def _revoke(session: Session, now: datetime, *conditions: object) -> None:
    session.execute(
        update(SessionRow)
        .where(*conditions, col(SessionRow.revoked_at).is_(None))  # type: ignore[arg-type]
        .values(revoked_at=now)
    )
