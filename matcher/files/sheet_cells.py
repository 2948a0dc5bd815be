"""Tables on sheets: safe cells, widths that fit Chinese, and a page that prints."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Generic, TypeAlias, TypeVar

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from matcher.domain.text import Lang, Text

T = TypeVar("T")
Value: TypeAlias = str | int | float | Decimal | date | None

MAX_TITLE = 31
LINE_POINTS = 15.0
MAX_POINTS = 409.0
MAX_TEXT = 32_000
"""Excel holds 32,767 characters in a cell."""

_HEADER_WIDTH = 9
"""A longer header is broken into lines rather than widening its column."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
FORMULA_SIGNS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""What text begins with that a spreadsheet may take for a formula; U+FF1D and on are full-width."""

_LINE = Side(style="thin", color="D0D7DE")
_BORDER = Border(bottom=_LINE)
_HEADER_FILL = PatternFill("solid", fgColor="1F4E78")
_TEXT_ALIGNMENT = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
_VALUE_ALIGNMENT = Alignment(vertical="center")
_MARKED_FILL = PatternFill("solid", fgColor="FFF4CE")
_FONTS = {Lang.ZH: "Microsoft YaHei", Lang.EN: "Calibri"}


class Form(Enum):
    """How a cell shows its value."""

    TEXT = "@"
    COUNT = "#,##0"
    MONEY = "#,##0.00"
    RATE = "0.00%"
    DAY = "yyyy-mm-dd"
    SCORE = "0.0000"
    PRICE = '0.000000;-0.000000;"–"'


_PLACES = {Form.COUNT.value: 0, Form.SCORE.value: 4, Form.PRICE.value: 6}


@dataclass(frozen=True)
class Column(Generic[T]):
    """One column of a table about things of type ``T``.

    Parameters
    ----------
    header
        What stands in the first row.
    value
        What a row shows, in the language asked for.
    form
        How it is shown; a function where that depends on the row.
    most
        Width, in half-width characters, beyond which text is broken into lines.
    is_mark
        Whether a cell that is not empty is a warning, and coloured.
    """

    header: Text
    value: Callable[[T, Lang], Value]
    form: Form | Callable[[T], Form] = Form.TEXT
    most: int = 24
    is_mark: bool = False

    def form_of(self, row: T) -> Form:
        return self.form if isinstance(self.form, Form) else self.form(row)


def write_table(
    sheet: Worksheet,
    columns: Sequence[Column[T]],
    rows: Sequence[T],
    lang: Lang,
) -> None:
    """Fill a sheet: header row, frozen and filtered; one row for each thing; ready to print."""
    for number, column in enumerate(columns, start=1):
        head(put(sheet, 1, number, column.header.of(lang), lang))
    for row_number, row in enumerate(rows, start=2):
        for number, column in enumerate(columns, start=1):
            value, form = column.value(row, lang), column.form_of(row)
            cell = put(sheet, row_number, number, value, lang, form)
            if column.is_mark and value is not None:
                cell.fill = _MARKED_FILL
    fit(sheet, [column.most for column in columns])
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    sheet.print_title_rows = "1:1"


def put(
    sheet: Worksheet, row: int, column: int, value: Value, lang: Lang, form: Form = Form.TEXT
) -> Cell:
    """Write a value as the cells of a table look; text is text, as `fill` has it."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # nothing is merged here
    fill(cell, value)
    if value is not None:
        cell.number_format = "General" if isinstance(value, str) else form.value
    cell.font = _font(lang)
    cell.alignment = _TEXT_ALIGNMENT if isinstance(value, str) else _VALUE_ALIGNMENT
    cell.border = _BORDER
    return cell


def fill(cell: Cell, value: Value) -> None:
    """Give a cell its value: the one place where any workbook of this project gets one.

    Text is always text, whatever it begins with: never a formula, never an error. Where it
    begins like a formula the cell also carries the mark that keeps Excel from reading it as one
    when somebody edits it or saves it as CSV.
    """
    if not isinstance(value, str):
        cell.value = value
        return
    shown = clean(value)
    cell.value = shown
    cell.data_type = "s"  # openpyxl makes formulas of '=…' and errors of '#N/A'
    if shown.startswith(tuple(FORMULA_SIGNS)):
        cell.quotePrefix = True


@cache
def _font(lang: Lang) -> Font:
    # Shared by all cells: making and comparing styles takes most of the time of a workbook.
    return Font(name=_FONTS[lang], size=10)


def head(cell: Cell) -> Cell:
    """Make a cell a header."""
    cell.font = Font(name=cell.font.name, size=10, bold=True, color="FFFFFF")
    cell.fill = _HEADER_FILL
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell


def clean(text: str) -> str:
    """Return text that a workbook can hold: no control characters, no half surrogates."""
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain if len(plain) <= MAX_TEXT else plain[: MAX_TEXT - 1] + "…"


def fit(sheet: Worksheet, most: Sequence[int]) -> None:
    """Set widths and heights so that nothing is cut off: Chinese takes two half-widths."""
    widths = [_column_width(sheet, number, limit) for number, limit in enumerate(most, start=1)]
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row in sheet.iter_rows():
        lines = [_lines(cell.value, widths[i]) for i, cell in enumerate(row[: len(widths)])]
        points = min(MAX_POINTS, LINE_POINTS * max(lines) + 3)
        sheet.row_dimensions[row[0].row or 1].height = points


def _column_width(sheet: Worksheet, number: int, most: int) -> int:
    cells = [row[0] for row in sheet.iter_rows(min_col=number, max_col=number)]
    heading = min(_HEADER_WIDTH, text_width(str(cells[0].value or ""))) + 3
    body = max((_shown_width(cell) for cell in cells[1:]), default=0) + 3
    return max(heading, min(body, most))


def _shown_width(cell: object) -> int:
    value, form = getattr(cell, "value", None), getattr(cell, "number_format", "")
    if isinstance(value, date):
        return 10
    if isinstance(value, int | float | Decimal):
        return len(f"{value:,.{_PLACES.get(form, 2)}f}")
    return max((text_width(line) for line in str(value or "").split("\n")), default=0)


def _lines(value: object, width: int) -> int:
    """Return how many lines a text takes; lines break early at words, so room is left."""
    if not isinstance(value, str):
        return 1
    return sum(max(1, -(-text_width(line) // max(1, width - 2))) for line in value.split("\n"))


def text_width(text: str) -> int:
    """Return the width of text in half-width characters."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def set_up_page(sheet: Worksheet, title: str) -> None:
    """Prepare a sheet for paper: A4 landscape, as wide as the page, with title and numbers."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.75
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    shown = clean(title).replace("\n", " ")[:80].replace("&", "&&")
    for place, words in ((sheet.oddHeader, shown), (sheet.oddFooter, "&P / &N")):
        if place is not None and place.center is not None:
            place.center.text = words


def sheet_title(name: str, taken: Collection[str]) -> str:
    """Return a name that Excel accepts and that no other sheet has, whatever the case."""
    plain = " ".join(_FORBIDDEN.sub(" ", clean(name)).split()).strip("' ") or "Sheet"
    used = {title.casefold() for title in taken} | {"history"}
    title, number = _cut(plain, MAX_TITLE), 2
    while title.casefold() in used:
        tail = f" ({number})"
        title, number = _cut(plain, MAX_TITLE - len(tail)) + tail, number + 1
    return title


def _cut(name: str, length: int) -> str:
    """Shorten a name to a length in UTF-16 units, as Excel counts."""
    while len(name.encode("utf-16-le")) > 2 * length:
        name = name[:-1]
    return name.strip("' ")
