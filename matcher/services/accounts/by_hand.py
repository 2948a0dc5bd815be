"""Accounts at the command line: by login and by the ids of the market, not by those of rows.

Whoever has the database in hand may do all that an administrator may.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor, Role
from matcher.domain.errors import Fault, UnknownIdError
from matcher.domain.text import Text
from matcher.services.accounts.names import normal_login
from matcher.store.paging import MAX_LIMIT, Page
from matcher.store.repositories.accounts import Accounts
from matcher.store.tables import AccountRow, EnterpriseRow, InstitutionRow

BY_HAND = Actor(account_id=UUID(int=0), role=Role.ADMIN)
"""Who acts: nobody's account, for none was asked for."""


def all_accounts(session: Session) -> list[AccountRow]:
    """Return every account, by login."""
    found: list[AccountRow] = []
    cursor: str | None = None
    while True:
        part = Accounts(session, BY_HAND).page(Page(MAX_LIMIT, cursor))
        found.extend(part.rows)
        cursor = part.next
        if cursor is None:
            return found


def account_named(session: Session, login: str) -> AccountRow:
    """Return the account of a login.

    Raises
    ------
    UnknownIdError
        If there is none.
    """
    query = select(AccountRow).where(col(AccountRow.login) == normal_login(login))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise UnknownIdError(
            [Fault(Text("没有这个账号", "no account has this login"), "login", login)]
        )
    return found


def institution_named(session: Session, key: str | None) -> UUID | None:
    """Return the row of an institution by its id in the market; None if none is named."""
    return _row_of(session, InstitutionRow, "institution", key)


def enterprise_named(session: Session, key: str | None) -> UUID | None:
    """Return the row of a firm by its id in the market; None if none is named."""
    return _row_of(session, EnterpriseRow, "enterprise", key)


def keys_of(session: Session, table: type[Any]) -> dict[UUID, str]:
    """Return the ids in the market of the rows of a table."""
    return {row.id: row.key for row in session.execute(select(table.id, table.key))}


def _row_of(session: Session, table: type[Any], field: str, key: str | None) -> UUID | None:
    if key is None:
        return None
    found: UUID | None = session.scalar(select(table.id).where(table.key == key))
    if found is None:
        raise UnknownIdError([Fault(Text("市场中没有", "is not in the live market"), field, key)])
    return found
