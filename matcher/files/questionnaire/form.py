"""The questionnaire as a sheet of one page: label, value, note; drop-downs; either language."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from matcher.domain.text import Lang, Text
from matcher.files.atomic import write_whole
from matcher.files.columns import Column
from matcher.files.kinds import Kind
from matcher.files.questionnaire.fields import HEADS, OFFICE, SECTIONS, TITLE, is_asked_for
from matcher.files.rows import READ_ERRORS
from matcher.files.sheet_cells import fill, fit, head, put, set_up_page, sheet_title
from matcher.files.template import LISTS

_WIDTHS = [22, 40, 64]
_ROW_POINTS = 23.0
_HOW = Text(
    "带 * 的必填，其余可空（空白表示“不清楚”，不是“没有”）。请只填中间一列；金额以元为单位，"
    "也可写 350万；利率写百分号；日期先写年份。",
    "Items with * are required, others may stay blank (“not known”, not “none”). Fill in the "
    "middle column only; amounts are in yuan, rates carry their sign, dates begin with the year.",
)
_UNITS = {"元": "yuan", "月": "months", "人": "persons", "家": "places"}
_LINE = Side(style="thin", color="FF7F7F7F")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_ASKED = PatternFill("solid", fgColor="FFFCE4D6")
_SECTION = PatternFill("solid", fgColor="FFD9E2F3")
_VALUE = Alignment(vertical="center", wrap_text=True)


def write_form(path: Path, lang: Lang = Lang.ZH) -> None:
    """Write the empty form.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    book = Workbook()
    sheet: Any = book.active
    sheet.title = sheet_title(TITLE.of(lang), ())
    lists: Any = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for number, words in enumerate((TITLE, _HOW), start=1):
        put(sheet, number, 1, words.of(lang), lang)
    for number, words in enumerate(HEADS, start=1):
        head(put(sheet, 3, number, words.of(lang), lang))
    row = 4
    for text, columns in _parts():
        row = _write_part(sheet, lists, row, text, columns, lang)
    _lay_out(sheet, lang)
    buffer = io.BytesIO()
    book.save(buffer)
    write_whole(path, buffer.getvalue())


def _parts() -> list[tuple[Text, list[Column]]]:
    """Return the parts of the form: each section's own fields, then those of the office."""
    own = [(s.text, [c for c in s.table.columns if c.field not in s.office]) for s in SECTIONS]
    office = [s.table.column(name) for s in SECTIONS for name in s.office]
    return [*own, (OFFICE, office)]


def _write_part(
    sheet: Any, lists: Any, row: int, text: Text, columns: list[Column], lang: Lang
) -> int:
    """Write a heading and one row for each column; return the next free row."""
    for number in (1, 2, 3):
        put(sheet, row, number, text.of(lang) if number == 1 else None, lang).fill = _SECTION
    sheet.cell(row, 1).font = Font(name=sheet.cell(row, 1).font.name, size=10, bold=True)
    for at, column in enumerate(columns, start=row + 1):
        _write_row(sheet, lists, at, column, lang)
    return row + 1 + len(columns)


def _write_row(sheet: Any, lists: Any, row: int, column: Column, lang: Lang) -> None:
    asked = is_asked_for(column)
    put(sheet, row, 1, label_of(column, lang), lang).border = _BOX
    answer = put(sheet, row, 2, None, lang)
    answer.number_format, answer.alignment = column.kind.number_format, _VALUE
    put(sheet, row, 3, column.note.of(lang), lang).border = _BOX
    answer.border = _BOX
    if asked:
        answer.fill = _ASKED
    words = menu_of(column.kind, lang)
    if words:
        _add_menu(sheet, lists, row, words, column, lang)


def label_of(column: Column, lang: Lang) -> str:
    """Return the label of a field, which the reader understands as it does headers."""
    unit = column.unit if lang is Lang.ZH else _UNITS.get(column.unit, "")
    bracket = f"({unit})" if lang is Lang.ZH else f" ({unit})"
    label = column.text.of(lang) + (bracket if unit else "")
    return f"* {label}" if is_asked_for(column) else label


def menu_of(kind: Kind, lang: Lang) -> list[str]:
    """Return the words to choose from: only such as can be read back."""
    found = []
    for text in kind.menu:
        words = (text.of(lang), text.zh)
        found += [word for word in words if _is_readable(kind, word)][:1]
    return found


def _is_readable(kind: Kind, word: str) -> bool:
    try:
        kind.read(word)
    except READ_ERRORS:
        return False
    return True


def _add_menu(
    sheet: Any, lists: Any, row: int, words: list[str], column: Column, lang: Lang
) -> None:
    number = 1 if lists["A1"].value is None else lists.max_column + 1
    for at, word in enumerate((column.field, *words), start=1):
        fill(lists.cell(at, number), word)
    letter = get_column_letter(number)
    menu = DataValidation(
        type="list",
        formula1=f"'{LISTS}'!${letter}$2:${letter}${len(words) + 1}",
        allow_blank=True,
        showErrorMessage=not column.kind.is_open,
        errorTitle=Text("不在可选范围内", "not one of the choices").of(lang)[:32],
        error=f"{column.kind.expected.of(lang):.200}",
    )
    menu.add(f"B{row}")
    sheet.add_data_validation(menu)


def _lay_out(sheet: Any, lang: Lang) -> None:
    """Set widths and heights, and one upright page."""
    fit(sheet, _WIDTHS)
    for letter, width in zip("ABC", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for row in range(4, sheet.max_row + 1):  # room to write by hand
        sheet.row_dimensions[row].height = max(sheet.row_dimensions[row].height, _ROW_POINTS)
    for row in (1, 2):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=3)
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 30, 48
    sheet["A1"].font = Font(name=sheet["A1"].font.name, size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center", vertical="center")
    set_up_page(sheet, TITLE.of(lang))
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.fitToHeight = 1
    sheet.freeze_panes = "A4"
