"""From a secret to the actor that it lets in, or to nobody."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor, Role
from matcher.services.accounts.tokens import token_sha256
from matcher.store.tables import AccountRow, ApiKeyRow, SessionRow


def actor_of_session(session: Session, token: str, now: datetime) -> Actor | None:
    """Return who a session's token lets in; None if it is unknown, over or revoked."""
    query = (
        select(AccountRow)
        .join(SessionRow, col(SessionRow.account_id) == col(AccountRow.id))
        .where(col(SessionRow.token_sha256) == token_sha256(token))
        .where(col(SessionRow.expires_at) > now, col(SessionRow.revoked_at).is_(None))
        .where(col(AccountRow.is_active))
    )
    account = session.scalars(query).one_or_none()
    return None if account is None else actor_of(account)


def actor_of_key(session: Session, token: str, now: datetime) -> Actor | None:
    """Return who an API key lets in; None if it is unknown, over or revoked."""
    query = (
        select(AccountRow, ApiKeyRow)
        .join(ApiKeyRow, col(ApiKeyRow.account_id) == col(AccountRow.id))
        .where(col(ApiKeyRow.token_sha256) == token_sha256(token))
        .where(col(ApiKeyRow.revoked_at).is_(None), col(AccountRow.is_active))
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    account, key = found
    if key.expires_at is not None and key.expires_at <= now:
        return None
    return actor_of(account, frozenset(key.scopes.split()))


def actor_of(account: AccountRow, scopes: frozenset[str] | None = None) -> Actor:
    """Return the actor that an account is."""
    return Actor(
        account_id=account.id,
        role=Role(account.role),
        institution_id=account.institution_id,
        enterprise_id=account.enterprise_id,
        scopes=scopes,
    )
