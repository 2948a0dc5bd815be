"""Accounts as they are listed: narrowed down, and by id for whoever has to name people."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col

from matcher.domain.actor import Actor, Role
from matcher.services.accounts.names import normal_login
from matcher.store.paging import Page, Slice
from matcher.store.repositories.accounts import Accounts
from matcher.store.tables import AccountRow


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilter:
    """Which accounts: all that every given part holds for.

    Parameters
    ----------
    search
        Letters that login or name has.
    institution_id
        Those that speak for one institution: its officers.
    """

    role: Role | None = None
    is_active: bool | None = None
    search: str | None = None
    institution_id: UUID | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions on an `AccountRow`."""
        if self.role is not None:
            yield col(AccountRow.role) == self.role.value
        if self.is_active is not None:
            yield col(AccountRow.is_active).is_(self.is_active)
        if self.search is not None:
            login = col(AccountRow.login).icontains(self.search, autoescape=True)
            yield or_(login, col(AccountRow.name).icontains(self.search, autoescape=True))
        if self.institution_id is not None:
            yield col(AccountRow.institution_id) == self.institution_id


def list_accounts(
    session: Session, actor: Actor, page: Page, which: AccountFilter
) -> Slice[AccountRow]:
    """Return a page of the accounts that an actor may see, by login.

    Raises
    ------
    InputError
        If the cursor is none of this list.
    """
    return Accounts(session, actor).page(page, *which.conditions())


def accounts_by_id(
    session: Session, actor: Actor, ids: Collection[UUID]
) -> Mapping[UUID, AccountRow]:
    """Return those accounts of some ids that an actor may see."""
    if not ids:
        return {}
    query = Accounts(session, actor).query().where(col(AccountRow.id).in_(ids))
    return {row.id: row for row in session.scalars(query)}


def account_of_login(session: Session, actor: Actor, login: str) -> AccountRow | None:
    """Return the account of a login, None if there is none for this actor."""
    query = Accounts(session, actor).query().where(col(AccountRow.login) == normal_login(login))
    found: AccountRow | None = session.scalars(query).one_or_none()
    return found
