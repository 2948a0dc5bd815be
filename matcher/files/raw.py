"""Tables as a file has them, before anything is understood: headers, rows and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from matcher.domain.errors import Fault
from matcher.domain.text import Text
from matcher.files.columns import Table
from matcher.files.table_set import MARKET, TableSet

MAX_ROWS = 200_000
MAX_COLUMNS = 500


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that holds no value: an error, or a formula that was never computed.

    Parameters
    ----------
    shown
        What stands in it.
    message
        What is wrong with it.
    """

    shown: str
    message: Text


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: its number as the file counts, and its cells by header."""

    number: int
    cells: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table of one file.

    Parameters
    ----------
    table
        The table that it is.
    file, sheet
        Where it stands.
    headers
        Each header and the row that it stands in, in order.
    rows
        The rows that are not blank.
    is_sheet
        Whether it is a grid with one row of headers, not a list of objects.
    """

    table: Table
    file: str | None
    sheet: str | None
    headers: tuple[tuple[str, int], ...]
    rows: tuple[RawRow, ...]
    is_sheet: bool


@dataclass
class Gathered:
    """What files brought so far: the day of the round, tables, names left unread, faults.

    ``known`` are the tables that are looked for: those of a market, unless told otherwise.
    """

    known: TableSet = MARKET
    as_of: date | None = None
    tables: list[RawTable] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, zh: str, en: str, expected: Text | None = None, **place: object) -> None:
        """Note a fault of a file, a sheet or a cell."""
        self.faults.append(Fault(Text(zh, en), expected=expected).at(**place))


_NO_HEADER = ("单元格所在列没有表头", "the cell stands under no header")


def is_blank(value: object) -> bool:
    """Tell whether a cell says nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def tabulate(
    grid: Iterable[list[object]], table: Table, file: str, sheet: str | None, gathered: Gathered
) -> None:
    """Turn a grid into a raw table: the first row that is not blank has the headers."""
    place: dict[str, Any] = {"file": file, "sheet": sheet}
    columns: list[str | None] | None = None
    headers: tuple[tuple[str, int], ...] = ()
    rows: list[RawRow] = []
    for number, cells in enumerate(grid, start=1):
        if number > MAX_ROWS or len(cells) > MAX_COLUMNS:
            _too_large(gathered, place)
            return
        if all(is_blank(cell) for cell in cells):
            continue
        if columns is None:
            columns = [_header(cell) for cell in cells]
            headers = tuple((name, number) for name in columns if name)
            continue
        rows.append(RawRow(number, _by_header(columns, cells)))
        for index in _beyond(columns, cells):
            where = {**place, "row": number, "column": column_letter(index)}
            gathered.fault(*_NO_HEADER, value=cells[index], **where)
    if columns is None:
        gathered.fault("表是空的", "the table is empty", Text("一行表头", "a header row"), **place)
        return
    gathered.tables.append(RawTable(table, file, sheet, headers, tuple(rows), is_sheet=True))


def _header(cell: object) -> str | None:
    shown = cell.shown if isinstance(cell, BadCell) else cell
    return None if is_blank(shown) else str(shown).strip()


def _by_header(columns: list[str | None], cells: list[object]) -> dict[str, object]:
    """Return the cells that are not blank; of two alike headers the first counts."""
    found: dict[str, object] = {}
    for name, cell in zip(columns, cells, strict=False):
        if name and not is_blank(cell):
            found.setdefault(name, cell)
    return found


def _beyond(columns: list[str | None], cells: list[object]) -> list[int]:
    """Return the places of cells that hold something under no header."""
    named = len(columns)
    return [
        index
        for index, cell in enumerate(cells)
        if (index >= named or columns[index] is None) and not is_blank(cell)
    ]


def _too_large(gathered: Gathered, place: Mapping[str, Any]) -> None:
    expected = Text(
        f"不超过 {MAX_ROWS} 行、{MAX_COLUMNS} 列；删去空白行列及其格式后另存",
        f"at most {MAX_ROWS} rows and {MAX_COLUMNS} columns; delete blank ones with their formats",
    )
    gathered.fault("表太大", "the sheet is too large", expected, **place)


def claims_too_much(
    num_rows: int | None, num_columns: int | None, gathered: Gathered, **place: object
) -> bool:
    """Note a fault if a sheet says of itself that it is larger than any market."""
    too_large = (num_rows or 0) > MAX_ROWS or (num_columns or 0) > MAX_COLUMNS
    if too_large:
        _too_large(gathered, place)
        gathered.faults[-1] = gathered.faults[-1].at(value=f"{num_rows} × {num_columns}")
    return too_large


def column_letter(index: int) -> str:
    """Return the letter of a column that has no header, counted from 0."""
    letters, index = "", index + 1
    while index:
        index, digit = divmod(index - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
