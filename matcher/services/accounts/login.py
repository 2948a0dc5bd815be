"""Login by password: counted, checked, and a session opened.

Two short transactions with the slow hash between them, so that nobody waits for it who writes;
hence it is given the database and not a session.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.services.accounts.attempts import begin_attempt, subjects_of, take_back
from matcher.services.accounts.devices import device_of, new_mark
from matcher.services.accounts.errors import LoginRefusedError
from matcher.services.accounts.names import normal_login
from matcher.services.accounts.passwords import rehashed, seat, verify_password
from matcher.services.accounts.secret import ServerSecret, server_secret
from matcher.services.accounts.sessions import open_session
from matcher.store import Database
from matcher.store.tables import AccountRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What somebody shows to log in.

    Parameters
    ----------
    address
        Where from; failures are counted for it.
    mark
        What this browser kept of an earlier login.
    before
        The token of the session that the browser still has; it ends.
    """

    login: str
    password: str = field(repr=False)
    address: str
    mark: str | None = field(default=None, repr=False)
    before: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A session that was opened: its account, its token, and what the browser is to keep."""

    account: AccountRow
    token: str = field(repr=False)
    mark: str = field(repr=False)


def log_in(database: Database, shown: Credentials, now: datetime) -> LoggedIn:
    """Open a session for whoever has the password.

    Raises
    ------
    TooManyLoginsError
        If too many logins failed, whether or not this one would, or too many are under way.
    LoginRefusedError
        If there is no such active account with this password.
    """
    with seat():
        return _log_in(database, shown, now)


def _log_in(database: Database, shown: Credentials, now: datetime) -> LoggedIn:
    secret = server_secret(database)
    login = normal_login(shown.login)
    device = device_of(secret, login, shown.mark)
    subjects = subjects_of(secret, login, shown.address, device)
    with database.writing() as session:
        notes = begin_attempt(session, subjects, now)
        account = _account_named(session, login)
        kept = account.password_hash if account is not None else None
    if not verify_password(shown.password, kept) or account is None or not account.is_active:
        raise LoginRefusedError
    anew = rehashed(shown.password, kept)
    with database.writing() as session:
        current = session.get(AccountRow, account.id, with_for_update=True)
        # Between the two transactions it may have been deactivated, or given another password.
        if current is None or not current.is_active or current.password_hash != kept:
            raise LoginRefusedError
        if anew is not None:
            current.password_hash = anew
        take_back(session, notes)
        return opened(session, secret, current, now, shown.before)


def opened(
    session: Session, secret: ServerSecret, account: AccountRow, now: datetime, before: str | None
) -> LoggedIn:
    """Open a session of somebody who has shown who they are."""
    token = open_session(session, account.id, now, before)
    return LoggedIn(account, token, new_mark(secret, account.login))


def check_password(
    database: Database, account_id: UUID, password: str, address: str, now: datetime
) -> None:
    """Check the password of somebody who is logged in; failures count as those of a login.

    Raises
    ------
    TooManyLoginsError
        If too many failed.
    InputError
        If it is another.
    """
    with seat():
        _check_password(database, account_id, password, address, now)


def _check_password(
    database: Database, account_id: UUID, password: str, address: str, now: datetime
) -> None:
    secret = server_secret(database)
    with database.writing() as session:
        account = session.get_one(AccountRow, account_id)
        subjects = subjects_of(secret, account.login, address, f"account {account_id}")
        notes = begin_attempt(session, subjects, now)
    if not verify_password(password, account.password_hash):
        raise InputError([Fault(Text("原密码不正确", "is not the present one"), field="current")])
    with database.writing() as session:
        take_back(session, notes)


def _account_named(session: Session, login: str) -> AccountRow | None:
    query = select(AccountRow).where(col(AccountRow.login) == login)
    return session.scalars(query).one_or_none()
