"""Records as JSON: field names, whole fen, rates as text, rules in the rule syntax."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.domain.provenance import Provenance
from matcher.domain.records import Records
from matcher.files.columns import Table
from matcher.files.tables import TABLES


def write_json(records: Records) -> dict[str, list[dict[str, Any]]]:
    """Return the six tables so that `read_records` reads equal records back.

    What is not known (None) is left out. A record that is illustrative as a whole does not name
    its illustrative fields beside.
    """
    return {
        table.name: [_write(table, record) for record in getattr(records, table.name)]
        for table in TABLES
    }


def write_record(record: object) -> dict[str, Any]:
    """Return one record of any table as a JSON object.

    Raises
    ------
    KeyError
        If it is no record of a market.
    """
    return _write(_BY_CLASS[type(record)], record)


_BY_CLASS: Mapping[type[Any], Table] = {table.record: table for table in TABLES}


def _write(table: Table, record: Any) -> dict[str, Any]:
    row: dict[str, Any] = {}
    fields = fields_of(table, record)
    for column in table.columns:
        value = fields[column.field]
        if value is not None:
            kind, _ = column.kind_in(fields)
            row[column.wire_name(kind)] = kind.write(value)
    return row


def fields_of(table: Table, record: Any) -> dict[str, Any]:
    """Return the value of each column of a record, None where nothing is known."""
    fields = {c.field: getattr(record, c.field, None) for c in table.columns}
    return fields | _provenance(record.provenance)


def _provenance(provenance: Provenance) -> dict[str, Any]:
    marked: Any = provenance.illustrative or sorted(provenance.illustrative_fields)
    return {
        "source": provenance.source,
        "illustrative": marked or None,
        "stated": provenance.stated or None,
    }
