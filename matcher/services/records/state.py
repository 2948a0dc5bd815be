"""What the store holds of the live market, as far as it is compared with what comes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from matcher.store.mapping import TABLE_ROWS
from matcher.store.tables import ConsentRow, NeedRow

LOCK_SETTING = "market_revision"
"""The setting that counts changes of the live market."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A row as it is: its id, its place in the table and its record."""

    id: UUID
    position: int
    document: str


@dataclass(frozen=True, slots=True)
class KeptConsent:
    """Who may see one need, as its rows say: by the ids of institutions' rows."""

    to_all: bool
    stated: bool
    given: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class State:
    """The rows of every table by the key of their record, and the consents of every need."""

    rows: Mapping[str, Mapping[str, Kept]]
    consents: Mapping[UUID, KeptConsent]

    @property
    def ids(self) -> dict[str, dict[str, UUID]]:
        """The id of every row by table and key."""
        return {
            table: {key: row.id for key, row in rows.items()} for table, rows in self.rows.items()
        }


def lock_market(session: Session) -> None:
    """Let nobody else change the live market before this transaction ends.

    Whoever changes it calls this before reading: what was read holds when it is written. On
    SQLite a session that writes is the only one anyway.
    """
    name = {"name": LOCK_SETTING}
    session.connection().execute(
        text("INSERT INTO setting (name, value) VALUES (:name, '0') ON CONFLICT (name) DO NOTHING"),
        name,
    )
    session.connection().execute(
        text(
            "UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS VARCHAR)"
            " WHERE name = :name"
        ),
        name,
    )


def market_revision(session: Session) -> str:
    """Return what changes with every change of the live market."""
    query = text("SELECT value FROM setting WHERE name = :name")
    found = session.connection().execute(query, {"name": LOCK_SETTING}).scalar_one_or_none()
    return "0" if found is None else str(found)


def read_state(session: Session) -> State:
    """Read what the store holds."""
    rows = {}
    for table in TABLE_ROWS:
        row = table.row
        query = select(row.key, row.id, row.position, row.document)
        rows[table.name] = {key: Kept(*rest) for key, *rest in session.execute(query)}
    return State(rows, _consents(session))


def _consents(session: Session) -> dict[UUID, KeptConsent]:
    given: dict[UUID, set[UUID]] = {}
    pairs = select(ConsentRow.need_id, ConsentRow.institution_id, ConsentRow.withdrawn_at)
    for need, institution, withdrawn_at in session.execute(pairs):
        if withdrawn_at is None:
            given.setdefault(need, set()).add(institution)
    needs = select(NeedRow.id, NeedRow.consents_to_all, NeedRow.consents_stated)
    return {
        need: KeptConsent(to_all, stated, frozenset(given.get(need, ())))
        for need, to_all, stated in session.execute(needs)
    }
