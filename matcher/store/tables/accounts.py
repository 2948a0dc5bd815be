"""Accounts and what lets them in: passwords, sessions, API keys."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field

from matcher.store.tables.base import Row
from matcher.store.tables.columns import moment


class AccountRow(Row, table=True):
    """Somebody who may log in.

    Parameters
    ----------
    login
        The name to log in with, lower case.
    password_hash
        Argon2; None where only the identity provider lets the account in.
    oidc_subject
        ``issuer|subject`` of the identity provider.
    institution_id, enterprise_id
        Whom a bank's or a firm's account speaks for.
    """

    __tablename__ = "account"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    login: str = Field(unique=True, max_length=128)
    name: str = Field(max_length=200)
    role: str = Field(max_length=16)
    institution_id: UUID | None = Field(default=None, foreign_key="institution.id", index=True)
    enterprise_id: UUID | None = Field(default=None, foreign_key="enterprise.id", index=True)
    password_hash: str | None = Field(default=None, max_length=255)
    oidc_subject: str | None = Field(default=None, unique=True, max_length=512)
    is_active: bool = True
    created_at: datetime = moment()


class SessionRow(Row, table=True):
    """A login of a person; the cookie holds a token of which only the SHA-256 is kept."""

    __tablename__ = "session"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    token_sha256: str = Field(unique=True, max_length=64)
    created_at: datetime = moment()
    expires_at: datetime = moment(index=True)
    revoked_at: datetime | None = moment(default=None, nullable=True)


class ApiKeyRow(Row, table=True):
    """A key of a system; only its SHA-256 is kept, for the key is random and long.

    Parameters
    ----------
    hint
        Its first characters, so that people can tell keys apart.
    scopes
        What it may do, separated by spaces.
    """

    __tablename__ = "api_key"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    name: str = Field(max_length=100)
    hint: str = Field(max_length=16)
    token_sha256: str = Field(unique=True, max_length=64)
    scopes: str = Field(max_length=1000)
    created_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(default=None, nullable=True)
    last_used_at: datetime | None = moment(default=None, nullable=True)


class LoginFailureRow(Row, table=True):
    """A login that failed, of an account's name or from an address: too many are refused.

    Parameters
    ----------
    subject_sha256
        The name tried, or the address, hashed: the table must not list who has an account.
    """

    __tablename__ = "login_failure"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    subject_sha256: str = Field(index=True, max_length=64)
    failed_at: datetime = moment(index=True)


class ProviderLoginRow(Row, table=True):
    """A login that was sent to the identity provider, until it comes back or is over.

    Parameters
    ----------
    token_sha256
        Of what the browser keeps; state, nonce and verifier follow from that and stand nowhere.
    next_path
        Where to go once somebody is logged in.
    """

    __tablename__ = "provider_login"

    token_sha256: str = Field(primary_key=True, max_length=64)
    next_path: str = Field(max_length=500)
    expires_at: datetime = moment(index=True)
