"""API keys: for systems, shown once, narrower than the role that they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Update, func, or_, update
from sqlmodel import Session, col, select

from matcher.domain.actor import Actor, Role
from matcher.domain.errors import Faults
from matcher.domain.scope import SCOPES_OF
from matcher.domain.text import Text
from matcher.services.accounts.tokens import KEY_PREFIX, new_token, token_sha256
from matcher.store.repositories import not_found
from matcher.store.repositories.accounts import Accounts, ApiKeys
from matcher.store.tables import ApiKeyRow

LASTS = timedelta(days=365)
"""How long a key lasts if nothing else is asked."""

LASTS_AT_MOST = timedelta(days=2 * 365)
MAX_KEYS = 20
MAX_NAME = 100
NOTED_AFTER = timedelta(minutes=1)
"""How long a key is used before that is noted: reading must not always write."""

_HINT_LENGTH = 8


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was made, and its secret, which nobody can read again."""

    row: ApiKeyRow
    token: str = field(repr=False)


def issue_key(
    session: Session,
    actor: Actor,
    account_id: UUID,
    name: str,
    scopes: Iterable[str],
    now: datetime,
    expires_at: datetime | None = None,
) -> NewKey:
    """Make a key of one's own account, or, as an administrator, of any.

    Raises
    ------
    UnknownIdError
        If there is no such account for the actor.
    InputError
        If the role has no such scope, the end is not ahead or too far, or there are too many.
    """
    _require_own(actor, account_id)
    account = Accounts(session, actor).find(account_id, lock=True)
    end = expires_at or now + LASTS
    wanted = frozenset(scopes)
    possible = SCOPES_OF[Role(account.role)]
    faults = Faults()
    visible = Text("1 到 {n} 个可见字符", "1 to {n} visible characters").format(n=MAX_NAME)
    faults.require(0 < len(name) <= MAX_NAME and name.isprintable(), "name", name, visible)
    listed = Text.same(" ".join(sorted(possible)) or "-")
    faults.require(bool(wanted), "scopes", None, Text("至少一项权限", "at least one scope"))
    faults.require(wanted <= possible, "scopes", sorted(wanted - possible) or None, listed)
    faults.require(account.is_active, "account_id", None, Text("启用的账号", "an active account"))
    ahead = Text("现在之后、两年之内", "after now and within two years")
    faults.require(now < end <= now + LASTS_AT_MOST, "expires_at", end.isoformat(), ahead)
    few = _count_live(session, account_id, now) < MAX_KEYS
    faults.require(few, "account_id", None, Text("至多 {n} 个密钥", "{n} keys").format(n=MAX_KEYS))
    faults.raise_if_any()
    token = new_token(KEY_PREFIX)
    row = ApiKeyRow(
        account_id=account_id,
        name=name,
        hint=token[:_HINT_LENGTH],
        token_sha256=token_sha256(token),
        scopes=" ".join(sorted(wanted)),
        created_at=now,
        expires_at=end,
    )
    session.add(row)
    session.flush()
    return NewKey(row, token)


def revoke_key(session: Session, actor: Actor, key_id: UUID, now: datetime) -> ApiKeyRow:
    """Revoke a key: the next request with it is refused. It is no error if it was already.

    Raises
    ------
    UnknownIdError
        If there is no such key for the actor.
    """
    row = ApiKeys(session, actor).find(key_id, lock=True)
    _require_own(actor, row.account_id)
    if row.revoked_at is None:
        row.revoked_at = now
        session.add(row)
    return row


def revoke_keys(session: Session, account_id: UUID, now: datetime) -> None:
    """Revoke all keys of an account."""
    session.execute(
        update(ApiKeyRow)
        .where(col(ApiKeyRow.account_id) == account_id, col(ApiKeyRow.revoked_at).is_(None))
        .values(revoked_at=now)
    )


def is_due(row: ApiKeyRow, now: datetime) -> bool:
    """Tell whether it has to be noted that a key is in use."""
    return is_use_due(row.last_used_at, now)


def is_use_due(last_used_at: datetime | None, now: datetime) -> bool:
    """Tell whether it has to be noted that a key is in use that was last used then."""
    return last_used_at is None or now - last_used_at >= NOTED_AFTER


def use_of(row: ApiKeyRow, now: datetime) -> Update:
    """Return the update that notes it."""
    last = col(ApiKeyRow.last_used_at)
    return (
        update(ApiKeyRow)
        .where(col(ApiKeyRow.id) == row.id, or_(last.is_(None), last < now))
        .values(last_used_at=now)
    )


def _require_own(actor: Actor, account_id: UUID) -> None:
    # An auditor sees the keys of others, and changes none of them.
    if account_id != actor.account_id and actor.role is not Role.ADMIN:
        raise not_found()


def _count_live(session: Session, account_id: UUID, now: datetime) -> int:
    query = (
        select(func.count())
        .select_from(ApiKeyRow)
        .where(col(ApiKeyRow.account_id) == account_id)
        .where(col(ApiKeyRow.revoked_at).is_(None), col(ApiKeyRow.expires_at) > now)
    )
    return int(session.scalar(query) or 0)
