"""What a market that came in would change in the store, worked out before anything is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID, uuid4

from matcher.domain.records import Records
from matcher.services.records.prepared import PreparedMarket
from matcher.services.records.state import Kept, State
from matcher.store.mapping import TABLE_ROWS, Prepared, TableRows, read_documents

_NUMBER = re.compile(r"\.?0+(?=[\"%])")
"""The end of a number as text that may say nothing."""


MOST_NAMED = 12
"""So many records of each kind of change are named to whoever looks at a preview."""


@dataclass(slots=True)
class TableChange:
    """The rows of one table that are new, changed, only moved, or gone.

    Parameters
    ----------
    added, changed
        Columns of rows, the id among them.
    moved
        Columns ``id`` and ``position`` of rows whose record stays as it is.
    removed
        The id of each row by its key.
    """

    added: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)
    removed: dict[str, UUID] = field(default_factory=dict)
    num_same: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are new, changed, gone and as they were."""
        return {
            "new": len(self.added),
            "changed": len(self.changed),
            "removed": len(self.removed),
            "unchanged": self.num_same,
        }

    @property
    def named(self) -> dict[str, list[str]]:
        """The keys of the first rows that are new, changed and gone."""
        keys = {
            "new": [row["key"] for row in self.added[:MOST_NAMED]],
            "changed": [row["key"] for row in self.changed[:MOST_NAMED]],
            "removed": list(self.removed)[:MOST_NAMED],
        }
        return {what: found for what, found in keys.items() if found}


@dataclass(slots=True)
class MarketChange:
    """What changes in every table, and who may see each need that is new or told otherwise.

    Parameters
    ----------
    consents
        By the id of a need: None for all institutions, else the ids of those that may see it.
    kept_consents
        Keys of the needs of which the file says another consent than was stated here.
    """

    tables: dict[str, TableChange] = field(default_factory=dict)
    consents: dict[UUID, frozenset[UUID] | None] = field(default_factory=dict)
    kept_consents: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """The counts of every table by its name."""
        return {f.name: self.tables[f.name].counts for f in fields(Records)}

    @property
    def named(self) -> dict[str, dict[str, list[str]]]:
        """The keys of the first changes of every table that changes, by its name."""
        found = {f.name: self.tables[f.name].named for f in fields(Records)}
        return {name: keys for name, keys in found.items() if keys}


def compare(
    state: State,
    market: PreparedMarket,
    merging: bool,
    new_id: Callable[[], UUID] = uuid4,
) -> MarketChange:
    """Work out what a market that came in changes.

    Parameters
    ----------
    market
        Sound (`matcher.services.records.prepared.faults_of`).
    merging
        Whether what is not in it stays as it is; else it goes.
    new_id
        Gives the ids of new rows.
    """
    ids = state.ids
    change = MarketChange()
    for table in TABLE_ROWS:
        rows = market[table.name]
        for row in rows:
            if row.key not in ids[table.name]:
                ids[table.name][row.key] = new_id()
        change.tables[table.name] = _compare_table(state, table, rows, ids, merging)
    needs = change.tables["needs"]
    told = {values["id"]: values for values in (*needs.added, *needs.changed)}
    for need in market["needs"]:
        _compare_consent(state, need, ids, change, told)
    return change


def _compare_table(
    state: State,
    table: TableRows,
    rows: Sequence[Prepared],
    ids: dict[str, dict[str, UUID]],
    merging: bool,
) -> TableChange:
    kept = state.rows[table.name]
    found = TableChange()
    free = max((row.position for row in kept.values()), default=-1) + 1
    for position, row in enumerate(rows):
        before, place = kept.get(row.key), position
        if merging and before is not None:
            place = before.position
        elif merging:
            place, free = free, free + 1
        values = {**row.columns_with(table, ids), "id": ids[table.name][row.key], "position": place}
        _place(found, table, before, values)
    others = kept.keys() - {row.key for row in rows}
    if merging:
        found.num_same += len(others)
    else:
        found.removed = {key: kept[key].id for key in sorted(others)}
    return found


def _place(found: TableChange, table: TableRows, kept: Kept | None, values: dict[str, Any]) -> None:
    """Put a row where it belongs: its other columns follow from its document."""
    if kept is None:
        found.added.append(values)
    elif not _says_the_same(table.name, kept.document, values["document"]):
        found.changed.append(values)
    else:
        found.num_same += 1
        if kept.position != values["position"]:
            found.moved.append({"id": values["id"], "position": values["position"]})


def _says_the_same(table: str, kept: str, told: str) -> bool:
    """Tell whether two documents are of equal records: 0.0370 and 0.037 are one rate."""
    if kept == told:
        return True
    near = _NUMBER.sub("", kept) == _NUMBER.sub("", told)  # reading them takes long
    return near and read_documents(table, [kept]) == read_documents(table, [told])


def _compare_consent(
    state: State,
    need: Prepared,
    ids: dict[str, dict[str, UUID]],
    change: MarketChange,
    told: dict[UUID, dict[str, Any]],
) -> None:
    """Note who may see a need, where that is new; what was stated here, no file changes."""
    row_id = ids["needs"][need.key]
    kept = state.consents.get(row_id)
    keys = need.references.get("consent")
    wanted = None if keys is None else frozenset(ids["institutions"][key] for key in keys)
    if kept is None:
        told[row_id]["consents_to_all"] = wanted is None
        change.consents |= {} if wanted is None else {row_id: wanted}
        return
    if wanted == (None if kept.to_all else kept.given):
        return
    if kept.stated:
        change.kept_consents.append(need.key)
        return
    change.consents[row_id] = wanted
    if row_id not in told:
        table = change.tables["needs"]
        table.num_same -= 1
        document = state.rows["needs"][need.key].document
        table.changed.append({"id": row_id, "key": need.key, "document": document})
