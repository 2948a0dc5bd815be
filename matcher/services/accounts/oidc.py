"""Login by the identity provider: sent away, come back once, and matched with an account.

Nobody gets an account by logging in. An account is matched by the provider's subject; one that
has none yet by its login, where that is the e-mail address that the provider has verified, and
is tied to the subject from then on.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from matcher.services.accounts.errors import NoAccountError, ProviderLoginError
from matcher.services.accounts.names import normal_login
from matcher.services.accounts.provider import Identity, Ties
from matcher.services.accounts.tokens import new_token, token_sha256
from matcher.store.tables import AccountRow, ProviderLoginRow

LASTS = timedelta(minutes=10)
HOME = "/me"
"""Where somebody goes who did not say where."""

_MAX_PATH = 500


def begin(session: Session, next_path: str | None, now: datetime) -> str:
    """Note that somebody is sent to the provider; return what their browser keeps."""
    expires_at = col(ProviderLoginRow.expires_at)
    session.execute(delete(ProviderLoginRow).where(expires_at <= now))
    token = new_token()
    session.add(
        ProviderLoginRow(
            token_sha256=token_sha256(token),
            next_path=own_path(next_path),
            expires_at=now + LASTS,
        )
    )
    return token


def ties_of(token: str) -> Ties:
    """Return what ties an answer to a browser: all of it follows from what the browser keeps."""
    return Ties(*(_derived(token, purpose) for purpose in ("state", "nonce", "verifier")))


def come_back(session: Session, token: str | None, state: str, now: datetime) -> str:
    """Take a login off the list, so that it comes back once; return where to go on.

    Raises
    ------
    ProviderLoginError
        If this browser was not sent, came back before or too late, or with another's answer.
    """
    if token is None or not hmac.compare_digest(
        state.encode(errors="replace"), ties_of(token).state.encode()
    ):
        raise ProviderLoginError
    row = ProviderLoginRow
    found = session.execute(
        delete(row)
        .where(col(row.token_sha256) == token_sha256(token), col(row.expires_at) > now)
        .returning(col(row.next_path))
    ).scalar_one_or_none()
    if found is None:
        raise ProviderLoginError
    return str(found)


def account_of(session: Session, identity: Identity) -> AccountRow:
    """Return the account of somebody whom the provider let in.

    Raises
    ------
    NoAccountError
        If there is none, or it is not active.
    """
    accounts = select(AccountRow).with_for_update()
    row = session.scalars(
        accounts.where(col(AccountRow.oidc_subject) == identity.subject)
    ).one_or_none()
    login = normal_login(identity.email or "")
    if row is None and login:
        row = session.scalars(
            accounts.where(col(AccountRow.login) == login, col(AccountRow.oidc_subject).is_(None))
        ).one_or_none()
    if row is None or not row.is_active:
        raise NoAccountError
    row.oidc_subject = identity.subject
    session.add(row)
    return row


def own_path(path: str | None) -> str:
    """Return a path on this service; what could lead elsewhere becomes `HOME`."""
    if path is None or len(path) > _MAX_PATH or not path.isascii() or not path.isprintable():
        return HOME
    leads_away = not path.startswith("/") or path.startswith("//") or "\\" in path
    return HOME if leads_away else path


def _derived(token: str, purpose: str) -> str:
    digest = hmac.digest(token.encode(errors="replace"), purpose.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
