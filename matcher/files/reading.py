"""Read a market: files or parsed JSON into records, or one error with every fault found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from matcher.domain.errors import Fault, InputError
from matcher.domain.records import ID_FIELDS, REFERENCES, Records
from matcher.domain.text import Text
from matcher.files.columns import Table
from matcher.files.objects import gather_objects
from matcher.files.raw import Gathered
from matcher.files.rows import ReadRow, read_table_rows
from matcher.files.sources import FileStamp, gather_content, gather_path
from matcher.files.tables import TABLES, table_named


@dataclass(frozen=True, slots=True)
class MarketFiles:
    """A market as read from files.

    Parameters
    ----------
    records
        The six tables, sound: no id twice, no reference into the void.
    files
        Name, hash and size of every file read.
    as_of
        The day of the round, where a JSON or TOML file says it.
    ignored
        Sheets and files that were there and not read.
    """

    records: Records
    files: tuple[FileStamp, ...]
    as_of: date | None = None
    ignored: tuple[str, ...] = ()


def read_market(path: Path, complete: bool = True) -> MarketFiles:
    """Read a workbook, a JSON or TOML file, or a folder of CSV, JSON, TOML and workbooks.

    Parameters
    ----------
    path
        The file or the folder.
    complete
        Whether this is all of the market: the required tables must be there, and what records
        refer to. If a catalogue is to be added, neither is asked for yet.

    Raises
    ------
    InputError
        With every fault of every file; nothing else is raised, whatever the files hold.
    """
    gathered = Gathered()
    stamps = gather_path(Path(path), gathered)
    records = _assemble(gathered, file=Path(path).name, whole=complete)
    return MarketFiles(records, tuple(stamps), gathered.as_of, tuple(gathered.ignored))


def read_market_content(content: bytes, name: str, complete: bool = True) -> MarketFiles:
    """Read the bytes of one workbook, JSON, TOML or CSV file as `read_market` reads the file.

    Raises
    ------
    InputError
        With every fault.
    """
    gathered = Gathered()
    stamp = gather_content(content, name, gathered)
    records = _assemble(gathered, file=name, whole=complete)
    return MarketFiles(records, (stamp,), gathered.as_of, tuple(gathered.ignored))


def read_records(data: Mapping[str, Any], origin: str = "JSON") -> Records:
    """Read parsed JSON: an object with the six tables as lists of objects.

    Parameters
    ----------
    data
        Keys are table names, rows have the names of columns; see `json_schema`.
    origin
        What faults name as the file.

    Raises
    ------
    InputError
        With every fault found.
    """
    gathered = Gathered()
    gather_objects(data, origin, gathered)
    return _assemble(gathered, file=origin, whole=True)


def read_table(name: str, rows: Sequence[object], origin: str = "JSON") -> tuple[Any, ...]:
    """Read rows of one table by themselves; what they refer to is not looked up.

    Raises
    ------
    InputError
        With every fault found.
    """
    gathered = Gathered()
    gather_objects({name: rows}, origin, gathered)
    records = _assemble(gathered, file=origin, whole=False)
    table = table_named(name)
    return getattr(records, table.name) if table else ()


def _assemble(gathered: Gathered, file: str | None, whole: bool) -> Records:
    """Read the rows of every table and check the records among each other."""
    faults = list(gathered.faults)
    absent = _absent(gathered)
    if whole:
        faults += [_missing(table, file) for table in absent if table.required]
    read: dict[str, list[ReadRow]] = {table.name: [] for table in TABLES}
    for raw in gathered.tables:
        rows, header_faults = read_table_rows(raw)
        faults += header_faults
        faults += [fault for row in rows for fault in row.faults]
        read[raw.table.name] += [row for row in rows if row.record is not None]
    records = Records(**{name: tuple(r.record for r in rows) for name, rows in read.items()})
    faults += _between(records, read, _not_to_look_up(gathered, absent, whole))
    if faults:
        raise InputError(faults)
    return records


def _absent(gathered: Gathered) -> list[Table]:
    """Return the tables of which no file says a word; unknown where a file could not be read."""
    if any(fault.sheet is None for fault in gathered.faults):
        return []
    present = {raw.table.name for raw in gathered.tables}
    told = [table_named(fault.sheet or "") for fault in gathered.faults]
    present |= {table.name for table in told if table}
    return [table for table in TABLES if table.name not in present]


def _missing(table: Table, file: str | None) -> Fault:
    message = Text("缺少表“{t}”", "the table '{t}' is missing").format(t=table.text)
    expected = Text("名为“{t}”的工作表或文件", "a sheet or file named '{t}'").format(t=table.text)
    return Fault(message, expected=expected, file=file, sheet=table.text.zh)


def _not_to_look_up(gathered: Gathered, absent: list[Table], whole: bool) -> set[str]:
    """Return the tables whose ids are not known in full, so that no reference can be judged."""
    every = {table.name for table in TABLES}
    if not whole or any(fault.sheet is None for fault in gathered.faults):
        return every
    unread = every - {raw.table.name for raw in gathered.tables}
    return unread - {table.name for table in absent if not table.required}


def _between(records: Records, read: Mapping[str, list[ReadRow]], unknown: set[str]) -> list[Fault]:
    """Return the faults between records, each at the row of its record."""
    targets = {(table, name): target for table, name, target in REFERENCES}
    found = []
    for item in records.faults():
        row, name = read[item.table][item.index], item.fault.field or ""
        is_reference = item.fault.field != ID_FIELDS[item.table]
        if name in row.bad or (is_reference and targets[item.table, name] in unknown):
            continue
        place = {"file": row.raw.file, "sheet": row.raw.sheet, "row": row.number}
        found.append(item.fault.at(column=row.columns.get(name), **place))
    return found
