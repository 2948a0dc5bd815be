"""The workbook that an organiser fills in: six sheets with drop-downs, notes and an example row."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from matcher.domain.text import Text
from matcher.files.atomic import write_whole
from matcher.files.columns import Column, Table
from matcher.files.guide import write_guide
from matcher.files.sheet_cells import fill, set_up_page, text_width
from matcher.files.tables import TABLES

NUM_ROWS = 2_000
"""Rows below the header that are formatted and have drop-downs."""

LISTS = "选项"
HEADER_FILL = PatternFill("solid", start_color="FF1F4E78")
REQUIRED_FILL = PatternFill("solid", start_color="FFC00000")
EXAMPLE_FILL = PatternFill("solid", start_color="FFF2F2F2")
_HEADER_FONT = Font(bold=True, color="FFFFFFFF")
_EXAMPLE_FONT = Font(italic=True, color="FF7F7F7F")
_LINE = Side(style="thin", color="FFD9D9D9")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_WRAPPED = Alignment(vertical="top", wrap_text=True)


def write_template(path: Path) -> None:
    """Write the template; read back untouched, it is a small market of illustrative records.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    book = Workbook()
    guide: Any = book.active
    write_guide(guide)
    _write_book(path, book, TABLES)


def write_tables_template(path: Path, tables: Sequence[Table]) -> None:
    """Write a workbook to fill in for tables that are no market, without a guide.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    _write_book(path, book, tables)


def _write_book(path: Path, book: Workbook, tables: Sequence[Table]) -> None:
    lists: Any = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for table in tables:
        _write_sheet(book.create_sheet(table.text.zh), table, lists)
    book.move_sheet(lists, len(tables))
    book.active = 0
    buffer = io.BytesIO()
    book.save(buffer)
    write_whole(path, buffer.getvalue())


def _write_sheet(sheet: Any, table: Table, lists: Any) -> None:
    columns = [column for column in table.columns if column.in_sheets]
    for number, column in enumerate(columns, start=1):
        _write_header(sheet.cell(1, number), column)
        _write_column(sheet, number, column)
        if column.kind.menu:
            _add_menu(sheet, number, column, lists)
    last = get_column_letter(len(columns))
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{last}1"
    sheet.row_dimensions[1].height = 34
    set_up_page(sheet, table.text.zh)
    sheet.sheet_properties.tabColor = "1F4E78" if table.required else "7F7F7F"


def _write_header(cell: Any, column: Column) -> None:
    fill(cell, column.header)
    cell.font, cell.alignment, cell.border = _HEADER_FONT, _CENTRED, _BORDER
    cell.fill = REQUIRED_FILL if column.required else HEADER_FILL
    cell.comment = Comment(note_of(column), "Yinqi", width=320, height=170)


def note_of(column: Column) -> str:
    """Return the note of a column in both languages, duty and accepted values included."""
    duty = Text("必填", "Required") if column.required else Text("选填", "Optional")
    zh = f"{column.text.zh}（{duty.zh}）\n{column.note.zh}\n填写：{column.kind.expected.zh}"
    en = f"{column.text.en} ({duty.en})\n{column.note.en}\nAccepted: {column.kind.expected.en}"
    return f"{zh}\n\n{en}"


def _write_column(sheet: Any, number: int, column: Column) -> None:
    """Set width and format of a column, and write its cell of the example row."""
    letter = get_column_letter(number)
    example = column.example
    widest = max(text_width(column.header), text_width(str(example or ""))) + 4
    sheet.column_dimensions[letter].width = min(max(widest, 12), 36)
    sheet.column_dimensions[letter].number_format = column.kind.number_format
    cell = sheet.cell(2, number)
    fill(cell, _typed(column))
    cell.number_format = column.kind.number_format
    cell.font, cell.fill, cell.border = _EXAMPLE_FONT, EXAMPLE_FILL, _BORDER
    cell.alignment = _WRAPPED


def _typed(column: Column) -> Any:
    """Return the example as a person types it: a percentage becomes a percent cell."""
    example = column.example
    if isinstance(example, str) and column.kind.number_format.endswith("%"):
        return float(column.kind.read(example))
    return example


def _add_menu(sheet: Any, number: int, column: Column, lists: Any) -> None:
    """Offer the words of a column; where several or others may stand, without insisting."""
    words = [text.zh for text in column.kind.menu]
    list_number = 1 if lists["A1"].value is None else lists.max_column + 1
    for row, word in enumerate((f"{sheet.title}.{column.field}", *words), start=1):
        fill(lists.cell(row, list_number), word)
    at = get_column_letter(list_number)
    menu = DataValidation(
        type="list",
        formula1=f"'{LISTS}'!${at}$2:${at}${len(words) + 1}",
        allow_blank=True,
        showErrorMessage=not column.kind.is_open,
        errorTitle="不在可选范围内",
        error=f"{column.kind.expected.zh:.200}",
    )
    letter = get_column_letter(number)
    menu.add(f"{letter}2:{letter}{NUM_ROWS + 1}")
    sheet.add_data_validation(menu)
