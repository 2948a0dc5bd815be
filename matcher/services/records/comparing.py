"""What a market that came in would change in the store, worked out before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any
from uuid import UUID, uuid4

from matcher.domain.enterprise import Need
from matcher.domain.errors import InputError
from matcher.domain.records import ID_FIELDS, Records
from matcher.services.records.state import Kept, KeptConsent, State
from matcher.store.mapping import TABLE_ROWS, TableRows, columns_of, read_documents


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


def merged(state: State, records: Records) -> Records:
    """Return what the store holds with records put over it, by their keys; new ones follow.

    Raises
    ------
    InputError
        If what comes in refers to what is nowhere, or a key stands in it twice.
    """
    doubled = [f for f in records.faults() if f.fault.field == ID_FIELDS[f.table]]
    if doubled:
        raise InputError([f.fault.at(sheet=f.table) for f in doubled])
    tables = {}
    for table in TABLE_ROWS:
        kept = _in_order(state, table)
        known = {table.key_of(record): record for record in kept}
        known |= {table.key_of(record): record for record in getattr(records, table.name)}
        tables[table.name] = tuple(known.values())
    found = Records(**tables)
    faults = [item.fault.at(sheet=item.table) for item in found.faults()]
    if faults:
        raise InputError(faults)
    return found


def _in_order(state: State, table: TableRows) -> Sequence[Any]:
    rows = sorted(state.rows[table.name].values(), key=lambda row: (row.position, row.id.hex))
    found = read_documents(table.name, [row.document for row in rows])
    if table.name != "needs":
        return found
    keys = {row_id: key for key, row_id in state.ids["institutions"].items()}
    return [
        _with_consent(need, state.consents[row.id], keys)
        for need, row in zip(found, rows, strict=True)
    ]


def _with_consent(need: Need, consent: KeptConsent, keys: dict[UUID, str]) -> Need:
    if consent.to_all:
        return need
    return replace(need, consent=frozenset(keys[row_id] for row_id in consent.given))


def compare(state: State, records: Records, new_id: Callable[[], UUID] = uuid4) -> MarketChange:
    """Work out how the store becomes these records and nothing else.

    Parameters
    ----------
    records
        All of the market, sound.
    new_id
        Gives the ids of new rows.
    """
    ids = state.ids
    change = MarketChange()
    for table in TABLE_ROWS:
        found = _compare_table(state, table, getattr(records, table.name), ids, new_id)
        change.tables[table.name] = found
    told = {values["id"] for values in _written(change)}
    for need in records.needs:
        _compare_consent(state, need, ids, change, told)
    return change


def _written(change: MarketChange) -> list[dict[str, Any]]:
    needs = change.tables["needs"]
    return [*needs.added, *needs.changed]


def _compare_table(
    state: State,
    table: TableRows,
    records: Sequence[Any],
    ids: dict[str, dict[str, UUID]],
    new_id: Callable[[], UUID],
) -> TableChange:
    kept, known = state.rows[table.name], ids[table.name]
    found = TableChange()
    for record in records:  # before the rows: a record may refer to a later one
        if table.key_of(record) not in known:
            known[table.key_of(record)] = new_id()
    for position, record in enumerate(records):
        key = table.key_of(record)
        values = {**columns_of(table, record, ids), "id": known[key], "position": position}
        _place(found, table, kept.get(key), values)
    wanted = {table.key_of(record) for record in records}
    found.removed = {key: row.id for key, row in kept.items() if key not in wanted}
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
    return kept == told or read_documents(table, [kept]) == read_documents(table, [told])


def _compare_consent(
    state: State,
    need: Need,
    ids: dict[str, dict[str, UUID]],
    change: MarketChange,
    told: set[UUID],
) -> None:
    """Note who may see a need, where that is new; what was stated here, no file changes."""
    row_id = ids["needs"][need.need_id]
    kept = state.consents.get(row_id)
    keys = need.consent
    wanted = None if keys is None else frozenset(ids["institutions"][key] for key in keys)
    if kept is not None and wanted == (None if kept.to_all else kept.given):
        return
    if kept is not None and kept.stated:
        change.kept_consents.append(need.need_id)
        return
    change.consents[row_id] = wanted
    if row_id not in told:
        table = change.tables["needs"]
        table.num_same -= 1
        document = state.rows["needs"][need.need_id].document
        table.changed.append({"id": row_id, "document": document})
