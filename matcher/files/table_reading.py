"""Read tables that are no market (deals, events, people): records, or one error with all faults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.columns import Table
from matcher.files.raw import Gathered
from matcher.files.rows import ReadRow, read_table_rows
from matcher.files.sources import FileStamp, gather_path
from matcher.files.table_set import TableSet

Reference = tuple[str, str, str]
"""(table, field, table referred to)."""


@dataclass(frozen=True, slots=True)
class TableFiles:
    """Tables as read from files.

    Parameters
    ----------
    records
        The records of each table by its name, in the order of the files; every table is there.
    present
        The names of the tables that some file has, empty ones too.
    files
        Name, hash and size of every file read.
    ignored
        Sheets and files that were there and not read.
    """

    records: Mapping[str, tuple[Any, ...]]
    present: frozenset[str]
    files: tuple[FileStamp, ...]
    ignored: tuple[str, ...] = ()


def read_tables(
    paths: Iterable[Path], known: TableSet, references: Sequence[Reference] = ()
) -> TableFiles:
    """Read workbooks, CSV, JSON and TOML files, or folders of them.

    The first column of a table is its id: each stands once.

    Parameters
    ----------
    references
        Fields that name a record of another table; looked up where that table is there.

    Raises
    ------
    InputError
        With every fault of every file; or if none of the tables is there.
    """
    gathered = Gathered(known)
    stamps = [stamp for path in paths for stamp in gather_path(Path(path), gathered)]
    faults = list(gathered.faults)
    read: dict[str, list[ReadRow]] = {table.name: [] for table in known.tables}
    for raw in gathered.tables:
        rows, header_faults = read_table_rows(raw)
        faults += header_faults
        faults += [fault for row in rows for fault in row.faults]
        read[raw.table.name] += [row for row in rows if row.record is not None]
    present = frozenset(raw.table.name for raw in gathered.tables)
    for table in known.tables:
        faults += _twice(table, read[table.name])
    faults += _dangling(read, [r for r in references if r[2] in present], known)
    if not present and not faults:
        faults.append(_nothing(known, stamps))
    if faults:
        raise InputError(faults)
    records = {name: tuple(row.record for row in rows) for name, rows in read.items()}
    return TableFiles(records, present, tuple(stamps), tuple(gathered.ignored))


def _twice(table: Table, rows: Sequence[ReadRow]) -> list[Fault]:
    """Return a fault for each id that is used again, at its row."""
    name = table.columns[0].field
    seen: set[str] = set()
    found = []
    for row in rows:
        identity = getattr(row.record, name)
        if identity in seen and name not in row.bad:
            message = Text("编号重复", "id is used twice")
            found.append(_at(row, Fault(message, field=name, value=identity)))
        seen.add(identity)
    return found


def _dangling(
    read: Mapping[str, Sequence[ReadRow]], references: Sequence[Reference], known: TableSet
) -> list[Fault]:
    """Return a fault for each reference to a record that is not there, at its row."""
    tables = {table.name: table for table in known.tables}
    found = []
    for name, field, target in references:
        key = tables[target].columns[0].field
        ids = {getattr(row.record, key) for row in read[target]}
        expected = Text("{t}表中的编号", "an id of the table {t}").format(t=tables[target].text)
        message = Text("引用的编号不存在", "refers to an id that is not there")
        for row in read[name]:
            value = getattr(row.record, field)
            if value is not None and value not in ids and field not in row.bad:
                found.append(_at(row, Fault(message, field=field, value=value, expected=expected)))
    return found


def _at(row: ReadRow, fault: Fault) -> Fault:
    column = row.columns.get(fault.field or "")
    return fault.at(file=row.raw.file, sheet=row.raw.sheet, row=row.number, column=column)


def _nothing(known: TableSet, stamps: Sequence[FileStamp]) -> Fault:
    names = Text.join([Text("{z}", "{e}").format(z=t.text.zh, e=t.name) for t in known.tables])
    expected = Text("工作表、文件或键名为：{n}", "a sheet, file or key named {n}").format(n=names)
    message = Text("没有可读的表", "there is no table to read")
    return Fault(message, expected=expected, file=", ".join(s.name for s in stamps) or None)
