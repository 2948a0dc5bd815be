"""The live market out of the store, as records and as the bytes of a market file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from matcher.domain.errors import Fault, InputError
from matcher.domain.records import Records
from matcher.domain.text import Text
from matcher.domain.workdays import calendar_around
from matcher.files.tables import TABLES
from matcher.files.tables.needs import NEEDS
from matcher.services.market_file import file_bytes
from matcher.store.mapping import TABLE_NAMES, TABLE_ROWS, TableRows, read_documents
from matcher.store.mapping.documents import CONSENT, content_of
from matcher.store.tables import ConsentRow, InstitutionRow, NeedRow, SettingRow

DAY_SETTING = "market_day"
"""The setting with the day of the round that the last file named."""


def market_records(session: Session) -> Records:
    """Return the records of the live market, each table in its order, with consents as they are."""
    found = {table.name: _records(session, table) for table in TABLE_ROWS}
    consents = given_keys(session)
    found["needs"] = tuple(
        need if need.need_id not in consents else replace(need, consent=consents[need.need_id])
        for need in found["needs"]
    )
    return Records(**found)


def _records(session: Session, table: TableRows) -> tuple[Any, ...]:
    row = table.row
    query = select(row.document).order_by(row.position, row.id)
    return read_documents(table.name, session.scalars(query).all())


def given_keys(session: Session, need_id: UUID | None = None) -> Mapping[str, frozenset[str]]:
    """Return the keys of the institutions that may see each need that not all may see."""
    needs = select(NeedRow.key).where(~col(NeedRow.consents_to_all))
    pairs = (
        select(NeedRow.key, InstitutionRow.key)
        .join(ConsentRow, col(ConsentRow.need_id) == col(NeedRow.id))
        .join(InstitutionRow, col(InstitutionRow.id) == col(ConsentRow.institution_id))
        .where(col(ConsentRow.withdrawn_at).is_(None), ~col(NeedRow.consents_to_all))
    )
    if need_id is not None:
        needs = needs.where(col(NeedRow.id) == need_id)
        pairs = pairs.where(col(NeedRow.id) == need_id)
    found: dict[str, set[str]] = {key: set() for key in session.scalars(needs)}
    for need, institution in session.execute(pairs):
        found[need].add(institution)
    return {need: frozenset(keys) for need, keys in found.items()}


def market_day(session: Session) -> date | None:
    """Return the day of the round that the market's file named, None if none did."""
    found = session.get(SettingRow, DAY_SETTING)
    day = None if found is None else json.loads(found.value)
    return None if day is None else date.fromisoformat(day)


def market_bytes_of(
    session: Session,
    as_of: date | None = None,
    otherwise: date | None = None,
    only: frozenset[str] | None = None,
) -> bytes:
    """Return the live market as a market file in its canonical form.

    Parameters
    ----------
    as_of
        The day of the round; without it what the market's file named or, failing that, the
        latest day on which a need was received.
    otherwise
        The day where nothing says one.
    only
        The keys of the needs that are to be in it; None for all.

    Raises
    ------
    InputError
        If nothing says the day, or no calendar is known of it.
    """
    latest = select(func.max(NeedRow.received))
    day = as_of or market_day(session) or session.scalars(latest).one() or otherwise
    if day is None:
        message = Text("未给出日期，需求也没有提出日期", "no day is given, and no need says when")
        raise InputError([Fault(message, field="as_of")])
    calendar_around(day)
    tables = {table.name: _documents(session, TABLE_NAMES[table.name]) for table in TABLES}
    if only is not None:
        tables["needs"] = [need for need in tables["needs"] if need["need_id"] in only]
    return file_bytes({"as_of": day.isoformat(), **tables})


def _documents(session: Session, table: TableRows) -> list[dict[str, Any]]:
    """Return the records of a table as JSON, sorted by their keys as a market is."""
    row = table.row
    found = {key: document for key, document in session.execute(select(row.key, row.document))}
    contents = {key: content_of(found[key]) for key in sorted(found)}
    if table.name == "needs":
        for key, keys in given_keys(session).items():
            contents[key] = with_consent(contents[key], keys)
    return list(contents.values())


def with_consent(content: dict[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    """Return the JSON of a need with its consent in the place that it has in a market file."""
    places = {column.wire_name(column.kind): n for n, column in enumerate(NEEDS.columns)}
    whole = {**content, CONSENT: sorted(keys)}
    return dict(sorted(whole.items(), key=lambda item: places[item[0]]))
