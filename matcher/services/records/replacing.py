"""Put a market that came in into the store, all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, update
from sqlmodel import Session, col

from matcher.domain.errors import InputError
from matcher.domain.records import Records
from matcher.services.listings.entering import enter_new
from matcher.services.records.comparing import MarketChange, compare
from matcher.services.records.keeping import removal_faults
from matcher.services.records.loading import DAY_SETTING
from matcher.services.records.prepared import PreparedMarket, faults_of, prepare_market
from matcher.services.records.state import lock_market, read_state
from matcher.store.mapping import TABLE_ROWS
from matcher.store.tables import ConsentRow, ListingRow, NeedRow, SettingRow

_MANY = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do.

    Parameters
    ----------
    counts
        By table: how many records are new, changed, removed and unchanged.
    kept_consents
        Keys of the needs of which the file says another consent than was stated here; theirs
        stays as it is.
    named
        By table, the keys of the first records that are new, changed and removed.
    """

    counts: dict[str, dict[str, int]]
    kept_consents: tuple[str, ...] = ()
    named: dict[str, dict[str, list[str]]] = field(default_factory=dict)


def replace_market(
    session: Session,
    records: Records,
    as_of: date | None,
    now: datetime,
    preview: bool = False,
) -> Outcome:
    """Let the live market be these records and nothing else; see `put_market`."""
    return put_market(session, prepare_market(records), as_of, now, False, preview)


def merge_market(
    session: Session,
    records: Records,
    as_of: date | None,
    now: datetime,
    preview: bool = False,
) -> Outcome:
    """Put records over those of the same key, and new ones behind; see `put_market`."""
    return put_market(session, prepare_market(records), as_of, now, True, preview)


def put_market(
    session: Session,
    market: PreparedMarket,
    as_of: date | None,
    now: datetime,
    merging: bool,
    preview: bool,
) -> Outcome:
    """Put a market that came in into the store.

    Parameters
    ----------
    as_of
        The day of the round; None leaves it to the needs or, in merging, as it is.
    merging
        Whether what is not in it stays as it is; else it goes.
    preview
        Whether only to tell what would be done.

    Raises
    ------
    InputError
        If the records do not hold together, or one that is to go has an account or a
        questionnaire; every fault is named and nothing is changed.
    """
    lock_market(session)
    state = read_state(session)
    faults = faults_of(market, state, merging)
    if faults:
        raise InputError(faults)
    change = compare(state, market, merging)
    for name, table in change.tables.items():
        faults += removal_faults(session, name, table.removed)
    if faults:
        raise InputError(faults)
    if not preview:
        _write(session, change, now)
        _write_day(session, as_of, merging)
        session.expire_all()
    return Outcome(change.counts, tuple(change.kept_consents), change.named)


def _write_day(session: Session, as_of: date | None, merging: bool) -> None:
    if as_of is None and merging:
        return
    day = None if as_of is None else as_of.isoformat()
    session.merge(SettingRow(name=DAY_SETTING, value=json.dumps(day)))
    session.flush()


def _write(session: Session, change: MarketChange, now: datetime) -> None:
    """Write new and changed rows, each after what it refers to; then take away, in reverse."""
    for table in TABLE_ROWS:
        found = change.tables[table.name]
        stamp = {"updated_at": now}
        added = [{**values, **stamp} for values in found.added]
        _many(session, insert(table.row.__table__), added)
        _many(session, update(table.row), [{**values, **stamp} for values in found.changed])
        _many(session, update(table.row), found.moved)
    _write_consents(session, change, now)
    enter_new(session, now)
    for table in reversed(TABLE_ROWS):
        for ids in _parts(list(change.tables[table.name].removed.values())):
            _forget(session, table.name, ids)
            session.execute(delete(table.row).where(table.row.id.in_(ids)))


def _many(session: Session, statement: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(statement, rows)


def _write_consents(session: Session, change: MarketChange, now: datetime) -> None:
    for ids in _parts(list(change.consents)):
        session.execute(delete(ConsentRow).where(col(ConsentRow.need_id).in_(ids)))
    flags = [
        {"id": need, "consents_to_all": wanted is None} for need, wanted in change.consents.items()
    ]
    _many(session, update(NeedRow), flags)
    given = [
        {"id": uuid4(), "need_id": need, "institution_id": institution, "given_at": now}
        for need, wanted in change.consents.items()
        for institution in sorted(wanted or ())
    ]
    _many(session, insert(ConsentRow), given)


def _forget(session: Session, table: str, ids: list[UUID]) -> None:
    """Take away the consents and listings of needs, or consents to institutions, that will go."""
    columns = {"needs": ConsentRow.need_id, "institutions": ConsentRow.institution_id}
    if table in columns:
        session.execute(delete(ConsentRow).where(col(columns[table]).in_(ids)))
    if table == "needs":
        session.execute(delete(ListingRow).where(col(ListingRow.id).in_(ids)))


def _parts(ids: list[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(ids), _MANY):
        yield ids[start : start + _MANY]
