"""Whether the record is what was written: every hash, every column, every head that was kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.chain import Head, Link, broken
from matcher.domain.errors import Fault
from matcher.domain.text import Text
from matcher.store.tables import CaseEventRow, ChainHeadRow

_BATCH = 500
_COLUMN = Text("列与所记内容不符", "a column is not what the content says")


def faults_of_record(session: Session, kept: Iterable[Head] = ()) -> list[Fault]:
    """Return every place where the record does not hold.

    Parameters
    ----------
    kept
        Heads that were kept outside; those of the days that stand in the database are looked
        at as well.
    """
    days = session.execute(select(ChainHeadRow.number, ChainHeadRow.sha256)).all()
    heads = [*kept, *(Head(*day) for day in days)]
    faults = list[Fault]()
    return [*broken(_links(session, faults), heads), *faults]


def _links(session: Session, faults: list[Fault]) -> Iterator[Link]:
    query = select(CaseEventRow).order_by(col(CaseEventRow.number))
    for row in session.scalars(query.execution_options(yield_per=_BATCH)):
        faults += column_faults(row)
        yield Link(row.number, row.content, row.previous_sha256, row.sha256)


def column_faults(row: CaseEventRow) -> list[Fault]:
    """Return the columns of an event that are not what its content says."""
    try:
        said = json.loads(row.content)
        told = {name: said[name] for name in ("kind", "at")}
        told |= {name: _id(said[name]) for name in _IDS}
    except (ValueError, KeyError, TypeError, RecursionError):
        return [Fault(_COLUMN, "content", row.number)]
    found: dict[str, Any] = {name: getattr(row, name) for name in ("kind", *_IDS)}
    found["at"] = row.at.isoformat(timespec="microseconds")
    wrong = sorted(name for name in told if told[name] != found[name])
    return [Fault(_COLUMN, name, row.number) for name in wrong]


_IDS = ("subject_id", "institution_id", "enterprise_id")


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(hex=text)
