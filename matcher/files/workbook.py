"""Any tables as a workbook that can be printed; the same content gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from matcher.domain.text import Lang, Text
from matcher.files.atomic import write_whole
from matcher.files.plan_excel import _without_clock
from matcher.files.sheet_cells import Column, set_up_page, sheet_title, write_table


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its columns and what its rows are about.

    Parameters
    ----------
    freeze
        The first cell that moves when the sheet is scrolled.
    """

    name: Text
    columns: Sequence[Column[Any]]
    rows: Sequence[Any]
    freeze: str = "A2"


def write_workbook(
    path: Path, title: Text, day: date, sheets: Sequence[Sheet], lang: Lang = Lang.ZH
) -> None:
    """Write sheets as an Excel workbook, whole or not at all.

    Raises
    ------
    InputError
        If the place cannot be written to.
    """
    write_whole(path, workbook_bytes(title, day, sheets, lang))


def workbook_bytes(title: Text, day: date, sheets: Sequence[Sheet], lang: Lang = Lang.ZH) -> bytes:
    """Return sheets as the bytes of an Excel workbook."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "Yinqi 银企"
    book.properties.title = f"{title.of(lang)} {day.isoformat()}"
    book.properties.created = datetime.combine(day, time())
    for sheet in sheets:
        page: Worksheet = book.create_sheet(sheet_title(sheet.name.of(lang), book.sheetnames))
        set_up_page(page, f"{sheet.name.of(lang)} · {day.isoformat()}")
        write_table(page, sheet.columns, sheet.rows, lang)
        page.freeze_panes = sheet.freeze
    buffer = io.BytesIO()
    book.save(buffer)
    return _without_clock(buffer.getvalue(), f"{day.isoformat()}T00:00:00Z".encode())
