"""Capacity at acceptance: taken by one conditional UPDATE, so that the last unit is taken once."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, Update, and_, update
from sqlmodel import Session, col

from matcher.domain.errors import Fault
from matcher.domain.text import Text
from matcher.services.errors import ConflictError
from matcher.store.tables import CapacityRow

_FULL = Text("名额或额度已用完", "there is nothing left of what it needs")


class CapacityError(ConflictError):
    """Nothing is left of a capacity."""


def take(session: Session, round_id: UUID, draws: Mapping[str, int]) -> None:
    """Take of each capacity what a lead draws, all or nothing.

    Capacities are taken in the order of their names, so that two acceptances that want the same
    cannot wait for each other.

    Raises
    ------
    CapacityError
        If one has too little left; the transaction has to be given up then. What it is called
        is not said: a bank would learn of another's.
    """
    for name, quantity in sorted(draws.items()):
        room = col(CapacityRow.used) + quantity <= col(CapacityRow.capacity)
        statement = update(CapacityRow).where(_is(round_id, name), room)
        if not _changed(session, statement, quantity):
            raise CapacityError([Fault(_FULL)])


def give_back(session: Session, round_id: UUID, draws: Mapping[str, int]) -> None:
    """Give back what a lead took that fell out after it was accepted."""
    for name, quantity in sorted(draws.items()):
        _changed(session, update(CapacityRow).where(_is(round_id, name)), -quantity)


def _is(round_id: UUID, name: str) -> ColumnElement[bool]:
    return and_(col(CapacityRow.round_id) == round_id, col(CapacityRow.name) == name)


def _changed(session: Session, statement: Update, quantity: int) -> bool:
    values = {"used": col(CapacityRow.used) + quantity}
    options = {"synchronize_session": False}
    result = session.connection().execute(statement.values(values).execution_options(**options))
    return bool(result.rowcount)
