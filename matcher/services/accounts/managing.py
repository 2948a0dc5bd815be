"""Accounts as an administrator makes, changes and closes them; and the first of all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor, Role
from matcher.domain.errors import Faults
from matcher.services.accounts.keys import revoke_keys
from matcher.services.accounts.names import require_login
from matcher.services.accounts.passwords import (
    hash_password,
    random_password,
    require_good_password,
)
from matcher.services.accounts.rules import (
    require_another_admin,
    require_bound,
    require_free,
    require_name,
    require_subject,
)
from matcher.services.accounts.sessions import end_sessions
from matcher.store.locks import hold
from matcher.store.repositories.accounts import Accounts
from matcher.store.tables import AccountRow

FIRST_LOGIN = "admin"
_LOCK = "accounts"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDraft:
    """An account that is to be.

    Parameters
    ----------
    password
        None for a random one, which is shown once.
    oidc_subject
        ``issuer|subject``; an account with it needs no password.
    """

    login: str
    name: str
    role: Role
    institution_id: UUID | None = None
    enterprise_id: UUID | None = None
    password: str | None = field(default=None, repr=False)
    oidc_subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """What is to be different; None stays as it is.

    Parameters
    ----------
    oidc_subject
        Empty to cut the account off from the identity provider.
    """

    name: str | None = None
    is_active: bool | None = None
    institution_id: UUID | None = None
    enterprise_id: UUID | None = None
    oidc_subject: str | None = None


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account that was made, and its password if that was made for it."""

    row: AccountRow
    password: str | None = field(default=None, repr=False)


def create_account(session: Session, draft: AccountDraft, now: datetime) -> NewAccount:
    """Make an account.

    Raises
    ------
    InputError
        With every fault: the login is none or taken, the password is bad, the role asks for
        another institution or firm than is given, or there is none such.
    """
    hold(session, _LOCK)  # two of one name: the second is told, not broken off
    faults = Faults()
    login = require_login(faults, draft.login)
    require_name(faults, draft.name)
    require_free(faults, session, "login", col(AccountRow.login) == login, draft.login)
    require_subject(faults, session, draft.oidc_subject)
    require_bound(faults, session, draft.role, draft.institution_id, draft.enterprise_id)
    if draft.password is not None:
        require_good_password(faults, draft.password, login)
    faults.raise_if_any()
    made = random_password() if draft.password is draft.oidc_subject is None else None
    password = draft.password or made
    row = AccountRow(
        login=login,
        name=draft.name.strip(),
        role=draft.role.value,
        institution_id=draft.institution_id,
        enterprise_id=draft.enterprise_id,
        password_hash=None if password is None else hash_password(password),
        oidc_subject=draft.oidc_subject,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return NewAccount(row, made)


def change_account(
    session: Session, actor: Actor, account_id: UUID, change: AccountChange, now: datetime
) -> AccountRow:
    """Change an account; one that is deactivated loses its sessions and keys at once.

    Raises
    ------
    UnknownIdError
        If there is no such account for the actor.
    InputError
        With every fault; also if no active administrator would be left.
    """
    hold(session, _LOCK)
    row = Accounts(session, actor).find(account_id, lock=True)
    faults = Faults()
    role = Role(row.role)
    institution = change.institution_id or row.institution_id
    enterprise = change.enterprise_id or row.enterprise_id
    if change.name is not None:
        require_name(faults, change.name)
    require_bound(faults, session, role, institution, enterprise)
    if change.oidc_subject and change.oidc_subject != row.oidc_subject:
        require_subject(faults, session, change.oidc_subject)
    if change.is_active is False:
        require_another_admin(faults, session, row)
    faults.raise_if_any()
    row.name = row.name if change.name is None else change.name.strip()
    row.institution_id, row.enterprise_id = institution, enterprise
    if change.oidc_subject is not None:
        row.oidc_subject = change.oidc_subject or None
    row.is_active = row.is_active if change.is_active is None else change.is_active
    session.add(row)
    if not row.is_active:
        end_sessions(session, row.id, now)
        revoke_keys(session, row.id, now)
    return row


def reset_password(
    session: Session, actor: Actor, account_id: UUID, now: datetime, password: str | None = None
) -> str | None:
    """Give an account another password and end its sessions.

    Returns
    -------
    str or None
        The password if it was made, to be shown once; None if it was given.

    Raises
    ------
    UnknownIdError
        If there is no such account for the actor.
    InputError
        If the password is bad.
    """
    row = Accounts(session, actor).find(account_id, lock=True)
    made = random_password() if password is None else None
    _set_password(session, row, password or made or "", now)
    return made


def change_own_password(
    session: Session, actor: Actor, password: str, now: datetime, token: str | None
) -> None:
    """Take a new password whose owner has shown the old one; other sessions end.

    Parameters
    ----------
    token
        The session that goes on.

    Raises
    ------
    InputError
        If the password is bad.
    """
    row = Accounts(session, actor).find(actor.account_id, lock=True)
    _set_password(session, row, password, now, token)


def first_admin(session: Session, now: datetime) -> str | None:
    """Make the account `FIRST_LOGIN` if there is none at all.

    Returns
    -------
    str or None
        Its random password, to be shown once; None if there were accounts.
    """
    hold(session, _LOCK)
    if session.scalar(select(AccountRow.id).limit(1)) is not None:
        return None
    draft = AccountDraft(login=FIRST_LOGIN, name=Role.ADMIN.text.zh, role=Role.ADMIN)
    return create_account(session, draft, now).password


def _set_password(
    session: Session, row: AccountRow, password: str, now: datetime, token: str | None = None
) -> None:
    faults = Faults()
    require_good_password(faults, password, row.login)
    faults.raise_if_any()
    row.password_hash = hash_password(password)
    session.add(row)
    end_sessions(session, row.id, now, but=token)
