"""A market as a workbook that is read back: one sheet a table, every column that a sheet has.

What a sheet cannot say (an id with a comma in a list, the words of a source) is in the JSON of a
market alone; a cell that would not read back as what it shows is refused and never written.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from matcher.domain.errors import Fault, InputError
from matcher.domain.records import Records
from matcher.domain.text import Lang, Text
from matcher.files.columns import Column, Table
from matcher.files.kinds import Kind
from matcher.files.market_cells import cell_of, header_of, read_back
from matcher.files.plan_excel import _without_clock
from matcher.files.sheet_cells import Value, clean, fill, head, set_up_page, text_width
from matcher.files.tables import TABLES
from matcher.files.writing import fields_of

_MAX_WIDTH = 40


def market_workbook(records: Records, day: date, tables: Sequence[Table] = TABLES) -> bytes:
    """Return records as an Excel workbook; the same records give the same bytes.

    Parameters
    ----------
    day
        What the file says of its own time; the day of the round is not kept in a workbook.
    tables
        Which tables, each as a sheet.

    Raises
    ------
    InputError
        Naming every cell that would not read back.
    """
    faults: list[Fault] = []
    grids = [(table, _grid(table, getattr(records, table.name), faults)) for table in tables]
    if faults:  # before a sheet is opened, which has to be written to its end
        raise InputError(faults)
    book = Workbook(write_only=True)
    book.properties.creator = "Yinqi 银企"
    book.properties.created = datetime.combine(day, time())
    for table, grid in grids:
        _write_sheet(book.create_sheet(table.text.zh), table, grid)
    buffer = io.BytesIO()
    book.save(buffer)
    return _without_clock(buffer.getvalue(), f"{day.isoformat()}T00:00:00Z".encode())


def _columns(table: Table) -> list[Column]:
    return [column for column in table.columns if column.in_sheets]


def _write_sheet(sheet: Any, table: Table, grid: Sequence[Sequence[Value]]) -> None:
    columns = _columns(table)
    set_up_page(sheet, table.text.zh)
    sheet.freeze_panes = "B2"
    for number, column in enumerate(columns, start=1):
        width = min(_MAX_WIDTH, max(12, text_width(header_of(column)) + 4))
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([head(_cell(sheet, header_of(column))) for column in columns])
    formats = [column.kind.number_format for column in columns]
    for row in grid:
        sheet.append([_cell(sheet, v, f) for v, f in zip(row, formats, strict=True)])


def _grid(table: Table, records: Sequence[Any], faults: list[Fault]) -> list[list[Value]]:
    columns = _columns(table)
    known: dict[tuple[str, Kind, Any], Value] = {}
    return [
        list(_row(table, columns, record, number, faults, known))
        for number, record in enumerate(records, start=2)
    ]


def _row(
    table: Table,
    columns: Sequence[Column],
    record: Any,
    number: int,
    faults: list[Fault],
    known: dict[tuple[str, Kind, Any], Value],
) -> Iterator[Value]:
    """Yield the cells of a record; ``known`` are those of the rows before, of which most repeat."""
    values = fields_of(table, record)
    for column in columns:
        value = values[column.field]
        if _says_nothing(record, column, value):
            yield None
            continue
        kind, unit = column.kind_in(values)
        key = (column.field, kind, tuple(value) if isinstance(value, list) else value)
        if key not in known:
            known[key] = cell_of(kind, value)
            if not _reads_back(kind, unit, known[key], value):
                faults.append(_unsayable(table, column, number, value))
        yield known[key]


def _says_nothing(record: Any, column: Column, value: Any) -> bool:
    """Tell whether a cell stays blank: what is not known, and lists that are empty anyway."""
    if value is None or value not in ((), frozenset()):
        return value is None
    defaults = {one.name: one.default for one in fields(record)}
    return bool(value == defaults[column.field])


def _reads_back(kind: Kind, unit: Any, shown: Value, value: Any) -> bool:
    found = read_back(kind, clean(shown) if isinstance(shown, str) else shown, unit)
    return bool(found == (frozenset(value) if isinstance(value, list) else value))


def _cell(sheet: Any, value: Value, number_format: str = "General") -> Any:
    """Return a cell; numbers and days are shown as their column is, text as it is."""
    if value is None:
        return None
    cell: Any = WriteOnlyCell(sheet)
    fill(cell, value)
    if not isinstance(value, str):
        cell.number_format = number_format
    return cell


def _unsayable(table: Table, column: Column, number: int, value: Any) -> Fault:
    message = Text("表格无法写出这一项，请导出 JSON", "a sheet cannot say this: export JSON")
    return Fault(
        message,
        field=column.field,
        value=str(value),
        sheet=table.text.of(Lang.ZH),
        row=number,
        column=header_of(column),
    )
