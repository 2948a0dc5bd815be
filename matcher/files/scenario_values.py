"""Values of a change: fields of records in the words of the market files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matcher.domain.errors import InputError
from matcher.domain.text import Text
from matcher.files.columns import Column, Table
from matcher.files.kinds import RefusedError
from matcher.files.raw import is_blank
from matcher.files.reading import read_table
from matcher.files.rows import READ_ERRORS
from matcher.files.tables import table_named
from matcher.files.toml_table import UNUSABLE, TomlTable
from matcher.files.writing import write_record

MIXED = "mixed"
RAW_CAPACITY = "capacity_raw"
"""A capacity in fen or places, whichever the pool counts: what is written without its unit."""

_NOT_SET = ("source", "illustrative", "stated")


@dataclass(frozen=True)
class Values:
    """Fields with their values as records hold them, and fields to clear."""

    pairs: tuple[tuple[str, Any], ...] = ()
    clear: tuple[str, ...] = ()


def read_values(given: TomlTable, key: str, table: Table, unit: str | None) -> Values:
    """Read a table of fields: names, headers and values as in the files of a market.

    Parameters
    ----------
    unit
        What the pools that are meant are counted in (``fen``, ``count``, or `MIXED`), as their
        capacity reads by it.
    """
    cells = given.raw(key)
    if cells is None:
        return Values()
    if not isinstance(cells, Mapping):
        expected = Text("字段与取值", "fields with values")
        given.refuse(key, UNUSABLE, cells, expected)
        return Values()
    cells = dict(cells)
    raw = _taken_raw(given, cells) if table.name == "pools" else ()
    named = _named(given, cells, table)
    row = {column.field: cell for column, cell, _ in named}
    if "capacity" in row and "unit" not in row and table.name == "pools":
        row["unit"] = "fen" if unit in (None, MIXED) else unit
        if unit == MIXED:
            message = Text("选中的资源池单位不同", "the pools count different things")
            given.refuse("capacity", message, None, Text("只选一种单位的", "pools of one sort"))
    values = {c.field: _read(given, c, cell, stated, row) for c, cell, stated in named}
    if "unit" in row and "unit" not in values:
        values["unit"] = table.column("unit").kind.read(row["unit"])
    cleared = tuple(c.field for c, cell, _ in named if is_blank(cell))
    pairs = tuple(sorted((f, v) for f, v in values.items() if f not in cleared))
    return Values((*raw, *pairs), cleared)


def _taken_raw(given: TomlTable, cells: dict[str, object]) -> tuple[tuple[str, int], ...]:
    """Take out a capacity in whatever its pool counts, as programs write it."""
    if RAW_CAPACITY not in cells:
        return ()
    value = cells.pop(RAW_CAPACITY)
    if isinstance(value, int) and not isinstance(value, bool):
        return (("capacity", value),)
    given.refuse(RAW_CAPACITY, UNUSABLE, value, Text("整数（分或个）", "whole fen, or places"))
    return ()


def _named(
    given: TomlTable, cells: Mapping[str, object], table: Table
) -> list[tuple[Column, object, Any]]:
    """Return the column of each cell, with the unit that its name states."""
    found = []
    for name, cell in cells.items():
        heading = table.heading(str(name))
        if heading is None or heading.column.field in _NOT_SET:
            message = Text("没有这一项", "there is no such field")
            given.refuse(str(name), message, None, table.nearest(str(name)))
        else:
            found.append((heading.column, cell, heading.unit))
    return found


def _read(
    given: TomlTable, column: Column, cell: object, unit: Any, row: Mapping[str, object]
) -> Any:
    if is_blank(cell):
        return None
    kind = column.kind
    try:
        kind, stated = column.kind_in(row)
        return kind.read(cell, stated if unit is None else unit)
    except RefusedError as error:
        given.refuse(column.field, error.message, cell, error.expected or kind.expected)
    except READ_ERRORS:
        given.refuse(column.field, UNUSABLE, cell, kind.expected)
    return None


def write_values(table: str, pairs: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    """Return values so that `read_values` reads them back."""
    known = table_named(table)
    assert known is not None
    row = dict(pairs)
    written: dict[str, Any] = {}
    if table == "pools" and "unit" not in row and "capacity" in row:
        written[RAW_CAPACITY] = row["capacity"]
        pairs = tuple(pair for pair in pairs if pair[0] != "capacity")
    for name, value in pairs:
        column = known.column(name)
        kind, _ = column.kind_in(row)
        written[column.wire_name(kind)] = kind.write(value)
    return written


def read_record(given: TomlTable, key: str, table: Table) -> Any:
    """Read a record of a table, as a row of a market file; None where it cannot be read."""
    row = given.raw(key)
    try:
        return read_table(table.name, [row], given.section or key)[0]
    except InputError as error:
        for fault in error.faults:
            given.refuse(fault.column or fault.field or key, fault.message, fault.value,
                         fault.expected)  # fmt: skip
    return None


__all__ = ["Values", "read_record", "read_values", "write_record", "write_values"]
