"""Accounts as an administrator makes, changes and closes them; and the first of all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from matcher.domain.actor import Actor, Role
from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.services.accounts.keys import revoke_keys
from matcher.services.accounts.names import require_login
from matcher.services.accounts.passwords import (
    hash_password,
    random_password,
    require_good_password,
)
from matcher.services.accounts.sessions import end_sessions
from matcher.store.locks import hold
from matcher.store.repositories.accounts import Accounts
from matcher.store.tables import AccountRow, EnterpriseRow, InstitutionRow

FIRST_LOGIN = "admin"
MAX_NAME = 200
MAX_SUBJECT = 512
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
    """What is to be different; None stays as it is."""

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
    _require_name(faults, draft.name)
    _require_free(faults, session, "login", col(AccountRow.login) == login, draft.login)
    _require_subject(faults, session, draft.oidc_subject)
    _require_bound(faults, session, draft.role, draft.institution_id, draft.enterprise_id)
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
        _require_name(faults, change.name)
    _require_bound(faults, session, role, institution, enterprise)
    if change.oidc_subject != row.oidc_subject:
        _require_subject(faults, session, change.oidc_subject)
    if change.is_active is False:
        _require_another_admin(faults, session, row)
    faults.raise_if_any()
    row.name = row.name if change.name is None else change.name.strip()
    row.institution_id, row.enterprise_id = institution, enterprise
    row.oidc_subject = change.oidc_subject or row.oidc_subject
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


def _require_name(faults: Faults, name: str) -> None:
    holds = 0 < len(name.strip()) <= MAX_NAME and name.isprintable()
    expected = Text("1 到 {n} 个可见字符", "1 to {n} visible characters")
    faults.require(holds, "name", name, expected.format(n=MAX_NAME))


def _require_free(
    faults: Faults, session: Session, field: str, same: ColumnElement[bool], value: str
) -> None:
    taken = session.scalar(select(AccountRow.id).where(same)) is not None
    faults.require(not taken, field, value, Text("尚无账号使用", "one that no account has"))


def _require_subject(faults: Faults, session: Session, subject: str | None) -> None:
    """Note a fault if a subject is none of an identity provider, or another account's."""
    if subject is None:
        return
    issuer, bar, identity = subject.partition("|")
    holds = bool(issuer and bar and identity) and len(subject) <= MAX_SUBJECT
    holds = holds and subject.isprintable()
    faults.require(holds, "oidc_subject", subject, Text.same("https://issuer|subject"))
    if holds:
        same = col(AccountRow.oidc_subject) == subject
        _require_free(faults, session, "oidc_subject", same, subject)


def _require_bound(
    faults: Faults,
    session: Session,
    role: Role,
    institution_id: UUID | None,
    enterprise_id: UUID | None,
) -> None:
    """Note a fault unless a bank has an institution, a firm an enterprise, and no other any."""
    bounds: tuple[tuple[str, UUID | None, type[Any], Role], ...] = (
        ("institution_id", institution_id, InstitutionRow, Role.BANK),
        ("enterprise_id", enterprise_id, EnterpriseRow, Role.ENTERPRISE),
    )
    for field_name, given, row, of_role in bounds:
        shown = None if given is None else str(given)
        if role is of_role:
            holds = given is not None and session.get(row, given) is not None
            expected = Text("市场中的一个编号", "an id of the live market")
        else:
            holds = given is None
            expected = Text("此角色不填", "nothing for this role")
        faults.require(holds, field_name, shown, expected)


def _require_another_admin(faults: Faults, session: Session, row: AccountRow) -> None:
    if Role(row.role) is not Role.ADMIN or not row.is_active:
        return
    others = session.scalar(
        select(AccountRow.id)
        .where(col(AccountRow.role) == Role.ADMIN.value, col(AccountRow.is_active))
        .where(col(AccountRow.id) != row.id)
        .limit(1)
    )
    expected = Text("至少保留一名管理员", "one administrator has to stay")
    faults.require(others is not None, "is_active", False, expected)
