"""Accounts and keys as an actor may see them: administrator and auditor all, others their own."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import ColumnElement

from matcher.domain.actor import Actor, Role
from matcher.store.paging import Order, moment
from matcher.store.repositories.base import EVERYTHING, Repository
from matcher.store.tables import AccountRow, ApiKeyRow

_SEE_ALL = (Role.ADMIN, Role.AUDITOR)


class Accounts(Repository[AccountRow]):
    """Who may log in."""

    row: ClassVar[type[Any]] = AccountRow
    order = Order(AccountRow.login, AccountRow.id)  # type: ignore[arg-type]

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on an account."""
        if actor.role in _SEE_ALL:
            return EVERYTHING
        return self.row.id == actor.account_id  # type: ignore[no-any-return]


class ApiKeys(Repository[ApiKeyRow]):
    """What systems get in with."""

    row: ClassVar[type[Any]] = ApiKeyRow
    order = Order(ApiKeyRow.created_at, ApiKeyRow.id, moment, descending=True)  # type: ignore[arg-type]

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a key."""
        if actor.role in _SEE_ALL:
            return EVERYTHING
        return self.row.account_id == actor.account_id  # type: ignore[no-any-return]
