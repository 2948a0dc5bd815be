"""A workbook: one sheet for each table; cells that hold no value are told apart from blank ones."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import repeat
from typing import Any
from xml.etree import ElementTree

from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from matcher.domain.text import Text
from matcher.files.columns import plain_header
from matcher.files.objects import unknown_table
from matcher.files.raw import BadCell, Gathered, claims_too_much, tabulate

MAX_UNPACKED = 256 * 1024 * 1024
MAX_MERGED = 200_000
GUIDES = ("说明", "readme", "选项")
"""Sheets that are there to be read by people."""

BROKEN = (
    # What openpyxl and zipfile raise on broken and crafted workbooks: no zip, a cut or damaged
    # one (BadZipFile, zlib, struct, EOFError), parts that are missing (LookupError), encrypted
    # (RuntimeError) or packed unknown ways (NotImplementedError), XML that does not parse
    # (SyntaxError), and numbers, styles and relations that are none (the rest).
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    RuntimeError,
    SyntaxError,
    ArithmeticError,
    AttributeError,
    OSError,
    TypeError,
    ValueError,
)
_OLD = b"\xd0\xcf\x11\xe0"
_XLSX = Text("用 Excel 或 WPS 另存的 .xlsx 工作簿", "a workbook saved as .xlsx")


def gather_workbook(data: bytes, file: str, gathered: Gathered) -> None:
    """Read every sheet that is named after a table."""
    _guarded(data, file, gathered, _gather_sheets)


def first_grid(data: bytes, file: str, gathered: Gathered) -> tuple[str, list[list[object]]]:
    """Return title and cells of the first sheet that people see; no cells where it has a fault."""
    found: list[tuple[str, list[list[object]]]] = []
    _guarded(data, file, gathered, lambda *given: found.append(_first_sheet(*given)))
    return found[0] if found else ("", [])


def _guarded(
    data: bytes,
    file: str,
    gathered: Gathered,
    read: Callable[[bytes, str, Gathered], None],
) -> None:
    """Read a workbook; one that is broken is a fault, whatever openpyxl makes of it."""
    if data.startswith(_OLD):
        gathered.fault("是旧式 .xls 或加了密码的工作簿", "is an old .xls or has a password", _XLSX,
                       file=file)  # fmt: skip
        return
    known = len(gathered.faults)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of extensions that it drops (drop-downs, formats): none holds data.
            warnings.simplefilter("ignore")
            read(data, file, gathered)
    except BROKEN:
        if len(gathered.faults) == known:
            gathered.fault("不是完好的 .xlsx 工作簿", "is not a sound .xlsx workbook", _XLSX,
                           file=file)  # fmt: skip


def _gather_sheets(data: bytes, file: str, gathered: Gathered) -> None:
    values, formulas = _load(data, file, gathered)
    for name in values.sheetnames:
        table = gathered.known.named(name)
        if table is not None:
            sheet = values[name]
            if not claims_too_much(
                sheet.max_row, sheet.max_column, gathered, file=file, sheet=name
            ):
                grid = _grid(values, formulas, name)
                tabulate(grid, table, file, name, gathered)
        elif gathered.known.meant(name) is not None:
            gathered.faults.append(unknown_table(name, file, gathered.known))
        elif values[name].sheet_state == "visible" and plain_header(name) not in GUIDES:
            gathered.ignored.append(name)


def _first_sheet(data: bytes, file: str, gathered: Gathered) -> tuple[str, list[list[object]]]:
    values, formulas = _load(data, file, gathered)
    name = next(n for n in values.sheetnames if values[n].sheet_state == "visible")
    sheet = values[name]
    if claims_too_much(sheet.max_row, sheet.max_column, gathered, file=file, sheet=name):
        return name, []
    return name, list(_grid(values, formulas, name))


def _load(data: bytes, file: str, gathered: Gathered) -> tuple[Workbook, Workbook | None]:
    """Return the workbook with its values and, if it has any, with its formulas."""
    has_formulas, has_merges = _inspect(data, file, gathered)
    values = load_workbook(io.BytesIO(data), read_only=not has_merges, data_only=True)
    formulas = load_workbook(io.BytesIO(data), read_only=True) if has_formulas else None
    return values, formulas


def _inspect(data: bytes, file: str, gathered: Gathered) -> tuple[bool, bool]:
    """Tell whether any sheet has formulas and merged cells; refuse what unpacks without end."""
    formulas = merges = False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MAX_UNPACKED:
            most = Text(f"展开后不超过 {MAX_UNPACKED >> 20} MB",
                        f"at most {MAX_UNPACKED >> 20} MB unpacked")  # fmt: skip
            gathered.fault("工作簿展开后太大", "the workbook unpacks to too much", most,
                           file=file, value=unpacked)  # fmt: skip
            raise ValueError("too large")
        for part in archive.namelist():
            if part.endswith(".xml") and "sheets/" in part:
                xml = archive.read(part)
                formulas |= re.search(rb"<(?:\w+:)?f[ >/]", xml) is not None
                merges |= b"mergeCell" in xml and _has_merges(xml)
    return formulas, merges


def _has_merges(xml: bytes) -> bool:
    """Tell whether a sheet has merged cells; openpyxl makes an object of each that they hide."""
    hidden = 0
    for _, element in ElementTree.iterparse(io.BytesIO(xml)):
        if element.tag.endswith("}mergeCell"):
            corners = range_boundaries(element.get("ref", ""))
            left, top, right, bottom = (corner or MAX_MERGED for corner in corners)
            hidden += (right - left + 1) * (bottom - top + 1)
        element.clear()
    if hidden > MAX_MERGED:
        raise ValueError(f"{hidden} merged cells")
    return hidden > 0


def _grid(values: Workbook, formulas: Workbook | None, name: str) -> Iterator[list[object]]:
    """Return the cells of a sheet row by row; a merged cell counts for every row that it spans."""
    sheet: Any = values[name]
    merged = _merged(sheet)
    texts: Any = repeat(()) if formulas is None else _rows(formulas[name])
    for number, (row, beside) in enumerate(zip(_rows(sheet), texts, strict=False), start=1):
        cells = [_value(cell) for cell in row]
        for column, cell in enumerate(beside):
            if cell.data_type == "f" and column < len(row) and _has_no_value(row[column]):
                cells[column] = _uncomputed(cell.value)
        for column, value in merged.get(number, ()):
            cells[column - 1] = value
        yield cells


def _rows(sheet: Any) -> Iterator[Any]:
    # A sheet's own word on its size may be too small: without it, openpyxl reads what is there.
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()
    return iter(sheet.iter_rows())


def _merged(sheet: Any) -> dict[int, list[tuple[int, object]]]:
    """Return, for each row below the top of a merged cell, the columns and its value there."""
    found: dict[int, list[tuple[int, object]]] = {}
    ranges = getattr(getattr(sheet, "merged_cells", None), "ranges", ())
    for area in ranges:
        value = _value(sheet.cell(area.min_row, area.min_col))
        for row in range(area.min_row + 1, min(area.max_row, sheet.max_row) + 1):
            found.setdefault(row, []).append((area.min_col, value))
    return found


def _value(cell: Any) -> object:
    """Return what a cell says: percent cells with their sign, errors as bad cells."""
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "e":
        return BadCell(str(value), Text("单元格是错误值", "the cell holds an error"))
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and "%" in (cell.number_format or ""):
        return f"{Decimal(f'{value:.15g}').scaleb(2).normalize():f}%"
    if isinstance(value, datetime):
        return value.date()
    return value


def _has_no_value(cell: Any) -> bool:
    # A formula that gave the empty text has a value: its type says so.
    return cell.value is None and cell.data_type != "str"


def _uncomputed(formula: object) -> BadCell:
    return BadCell(
        str(formula),
        Text(
            "公式没有算出的值，请在 Excel 中打开并保存，或改为数值",
            "the formula was never computed: open and save it in Excel, or enter the value",
        ),
    )
