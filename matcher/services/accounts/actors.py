"""From a secret to the actor that it lets in, or to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Update, bindparam
from sqlmodel import Session, col, select

from matcher.domain.actor import Actor, Role
from matcher.services.accounts.keys import is_due as is_key_due
from matcher.services.accounts.keys import is_use_due, use_of
from matcher.services.accounts.sessions import is_due as is_session_due
from matcher.services.accounts.sessions import renewal
from matcher.services.accounts.tokens import token_sha256
from matcher.store import Database
from matcher.store.besides import try_update
from matcher.store.prepared import prepared
from matcher.store.tables import AccountRow, ApiKeyRow, SessionRow
from matcher.store.types import Instant


@dataclass(frozen=True, slots=True)
class LetIn:
    """Somebody whom a secret lets in.

    Parameters
    ----------
    noted
        The update that notes that the secret is in use; None if that was noted lately.
    """

    actor: Actor
    noted: Update | None


def actor_by_session(database: Database, token: str, now: datetime) -> Actor | None:
    """Return who a session's token lets in; None if it is unknown, over or revoked."""
    with database.reading() as session:
        found = _by_session(session, token, now)
    return _noted(database, found)


def actor_by_key(database: Database, token: str, now: datetime) -> Actor | None:
    """Return who an API key lets in; None if it is unknown, over or revoked."""
    with database.reading() as session:
        found = _by_key(session, token, now)
    return _noted(database, found)


def known_by_key(cursor: Any, database: Database, token: str, now: datetime) -> Actor | None:
    """Return who an API key lets in, as `actor_by_key`, by a statement made beforehand.

    None also where it is due to be noted that the key is in use: `actor_by_key` does both.
    """
    known = prepared(_KNOWN, database.engine.dialect)
    for row in known.rows(cursor, token=token_sha256(token), now=now):
        account_id, role, institution_id, enterprise_id, scopes, last_used_at = (
            known.read(row, place) for place in range(len(row))
        )
        if is_use_due(last_used_at, now):
            return None
        return Actor(
            account_id=account_id,
            role=Role(role),
            institution_id=institution_id,
            enterprise_id=enterprise_id,
            scopes=frozenset(scopes.split()),
        )
    return None


def actor_of(account: AccountRow, scopes: frozenset[str] | None = None) -> Actor:
    """Return the actor that an account is."""
    return Actor(
        account_id=account.id,
        role=Role(account.role),
        institution_id=account.institution_id,
        enterprise_id=account.enterprise_id,
        scopes=scopes,
    )


def _noted(database: Database, found: LetIn | None) -> Actor | None:
    if found is None:
        return None
    if found.noted is not None:
        try_update(database, found.noted)
    return found.actor


def _by_session(session: Session, token: str, now: datetime) -> LetIn | None:
    query = (
        select(AccountRow, SessionRow)
        .join(SessionRow, col(SessionRow.account_id) == col(AccountRow.id))
        .where(col(SessionRow.token_sha256) == token_sha256(token))
        .where(col(SessionRow.expires_at) > now, col(SessionRow.revoked_at).is_(None))
        .where(col(AccountRow.is_active))
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    account, row = found
    return LetIn(actor_of(account), renewal(row, now) if is_session_due(row, now) else None)


def _by_key(session: Session, token: str, now: datetime) -> LetIn | None:
    query = (
        select(AccountRow, ApiKeyRow)
        .join(ApiKeyRow, col(ApiKeyRow.account_id) == col(AccountRow.id))
        .where(col(ApiKeyRow.token_sha256) == token_sha256(token))
        .where(col(ApiKeyRow.revoked_at).is_(None), col(ApiKeyRow.expires_at) > now)
        .where(col(AccountRow.is_active))
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    account, key = found
    actor = actor_of(account, frozenset(key.scopes.split()))
    return LetIn(actor, use_of(key, now) if is_key_due(key, now) else None)


_KNOWN = (
    select(
        AccountRow.id,
        AccountRow.role,
        AccountRow.institution_id,
        AccountRow.enterprise_id,
        ApiKeyRow.scopes,  # type: ignore[call-overload]
        ApiKeyRow.last_used_at,
    )
    .join(ApiKeyRow, col(ApiKeyRow.account_id) == col(AccountRow.id))
    .where(col(ApiKeyRow.token_sha256) == bindparam("token"))
    .where(
        col(ApiKeyRow.revoked_at).is_(None),
        col(ApiKeyRow.expires_at) > bindparam("now", type_=Instant),
    )
    .where(col(AccountRow.is_active))
)
