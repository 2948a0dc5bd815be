"""People for tests of the service: one account for each role, with all that lets it in or not.

The market has to be there first, since banks and firms speak for rows of it: `load_seeds`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import Session, col, select

import seeds
from matcher.domain.actor import Actor, Role
from matcher.domain.scope import SCOPES_OF
from matcher.services.accounts.actors import actor_of
from matcher.services.accounts.tokens import KEY_PREFIX, new_token, token_sha256
from matcher.services.records import replace_market
from matcher.store import Database
from matcher.store.tables import (
    AccountRow,
    ApiKeyRow,
    EnterpriseRow,
    InstitutionRow,
    SessionRow,
)
from matcher.store.types import SHANGHAI
from tests.api.client import HOST

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)
"""When all of this happens; give the app the clock ``lambda: NOW``."""

PASSWORD = "correct horse 正确"
COOKIE = "yinqi_session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account and its secrets.

    Parameters
    ----------
    session, revoked_session, expired_session
        Tokens of the cookie.
    key, revoked_key, expired_key
        API keys with all scopes of the role; None for firms, which have none.
    """

    actor: Actor
    login: str
    session: str
    revoked_session: str
    expired_session: str
    key: str | None
    revoked_key: str | None
    expired_key: str | None

    @property
    def by_session(self) -> dict[str, str]:
        """The headers of a browser that is logged in, also for changes."""
        return session_headers(self.session)

    @property
    def by_key(self) -> dict[str, str]:
        """The headers of a system with the key."""
        assert self.key is not None
        return key_headers(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """One account for each role; `gone` is an organiser that was deactivated."""

    admin: Person
    organiser: Person
    staff: Person
    auditor: Person
    bank: Person
    other_bank: Person
    firm: Person
    other_firm: Person
    gone: Person

    def __iter__(self) -> Iterator[tuple[str, Person]]:
        for one in fields(self):
            yield one.name, getattr(self, one.name)


def session_headers(token: str) -> dict[str, str]:
    """Return the headers of a browser that shows a cookie."""
    return {"Cookie": f"{COOKIE}={token}", "Origin": HOST}


def key_headers(key: str) -> dict[str, str]:
    """Return the headers of a system that shows a key."""
    return {"Authorization": f"Bearer {key}"}


def load_seeds(database: Database, now: datetime = NOW) -> None:
    """Let the live market be the seeds."""
    with database.writing() as session:
        replace_market(session, seeds.load(), seeds.SEED_DATE, now)


def furnish(database: Database) -> People:
    """Load the seeds and make the accounts; for `tests.databases.filled_url`."""
    load_seeds(database)
    return make_accounts(database)


def make_accounts(database: Database, now: datetime = NOW) -> People:
    """Make one account for each role, two where one must not see the other's.

    Banks speak for the first two institutions of the market that offer products, firms for its
    first two enterprises.
    """
    with database.writing() as session:
        banks = session.scalars(
            select(InstitutionRow.id)
            .where(col(InstitutionRow.kind) == "bank")
            .order_by(col(InstitutionRow.position))
            .limit(2)
        ).all()
        firms = session.scalars(
            select(EnterpriseRow.id).order_by(col(EnterpriseRow.position)).limit(2)
        ).all()
        return People(
            admin=make_person(session, "admin", Role.ADMIN, now),
            organiser=make_person(session, "organiser", Role.ORGANISER, now),
            staff=make_person(session, "staff", Role.STAFF, now),
            auditor=make_person(session, "auditor", Role.AUDITOR, now),
            bank=make_person(session, "bank", Role.BANK, now, institution_id=banks[0]),
            other_bank=make_person(session, "other-bank", Role.BANK, now, institution_id=banks[1]),
            firm=make_person(session, "firm", Role.ENTERPRISE, now, enterprise_id=firms[0]),
            other_firm=make_person(
                session, "other-firm", Role.ENTERPRISE, now, enterprise_id=firms[1]
            ),
            gone=make_person(session, "gone", Role.ORGANISER, now, is_active=False),
        )


def make_person(
    session: Session,
    login: str,
    role: Role,
    now: datetime,
    institution_id: UUID | None = None,
    enterprise_id: UUID | None = None,
    is_active: bool = True,
) -> Person:
    """Make an account with all that lets it in, or did."""
    row = AccountRow(
        login=login,
        name=f"{role.text.zh} {login}",
        role=role.value,
        institution_id=institution_id,
        enterprise_id=enterprise_id,
        password_hash=_password_hash(),
        is_active=is_active,
        created_at=now - timedelta(days=400),
    )
    session.add(row)
    session.flush()
    has_keys = bool(SCOPES_OF[role])
    return Person(
        actor=actor_of(row),
        login=login,
        session=_session(session, row, now, timedelta(hours=12)),
        revoked_session=_session(session, row, now, timedelta(hours=12), is_revoked=True),
        expired_session=_session(session, row, now, timedelta(0)),
        key=_key(session, row, now, timedelta(days=30)) if has_keys else None,
        revoked_key=_key(session, row, now, timedelta(30), is_revoked=True) if has_keys else None,
        expired_key=_key(session, row, now, timedelta(0)) if has_keys else None,
    )


@cache
def cheap_hasher() -> PasswordHash:
    """Return a hasher as good as the real one but for its effort, of which tests have none."""
    return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


@cache
def _password_hash() -> str:
    return cheap_hasher().hash(PASSWORD)


def _session(
    session: Session,
    account: AccountRow,
    now: datetime,
    left: timedelta,
    is_revoked: bool = False,
) -> str:
    token = new_token()
    session.add(
        SessionRow(
            account_id=account.id,
            token_sha256=token_sha256(token),
            created_at=now - timedelta(hours=1),
            expires_at=now + left,
            revoked_at=now if is_revoked else None,
        )
    )
    return token


def _key(
    session: Session,
    account: AccountRow,
    now: datetime,
    left: timedelta,
    is_revoked: bool = False,
) -> str:
    token = new_token(KEY_PREFIX)
    session.add(
        ApiKeyRow(
            account_id=account.id,
            name=f"key of {account.login}",
            hint=token[:8],
            token_sha256=token_sha256(token),
            scopes=" ".join(sorted(SCOPES_OF[Role(account.role)])),
            created_at=now - timedelta(days=1),
            expires_at=now + left,
            revoked_at=now if is_revoked else None,
        )
    )
    return token
