"""A plan as a workbook that an organiser can print and forward.

The sheets of the institutions hold only what each may see, so that they can be sent on one by
one; the others are for the organiser. The same plan gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from matcher.domain.text import Lang, Text
from matcher.files.atomic import write_whole
from matcher.files.plan_excel_overview import write_overview
from matcher.files.plan_excel_sheets import (
    FLOOR_COLUMNS,
    LEAD_COLUMNS,
    MATCH_COLUMNS,
    POOL_COLUMNS,
    UNMATCHED_COLUMNS,
    Lead,
)
from matcher.files.plan_json import PlanInputs
from matcher.files.sheet_cells import set_up_page, sheet_title, write_table
from matcher.planning.plan import Plan

TITLES = {
    "overview": Text("概览", "Overview"),
    "matches": Text("匹配", "Matches"),
    "unmatched": Text("未匹配", "Unmatched"),
    "pools": Text("资源池", "Pools"),
    "floors": Text("底线", "Floors"),
}
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def write_plan_workbook(path: Path, plan: Plan, inputs: PlanInputs, lang: Lang = Lang.ZH) -> None:
    """Write a plan as an Excel workbook, whole or not at all.

    Raises
    ------
    InputError
        If the place cannot be written to.
    """
    write_whole(path, workbook_bytes(plan, inputs, lang))


def workbook_bytes(plan: Plan, inputs: PlanInputs, lang: Lang = Lang.ZH) -> bytes:
    """Return the bytes of the workbook, the same for the same plan."""
    book = Workbook()
    book.remove(book.worksheets[0])
    day = plan.graph.market.as_of
    book.properties.creator = "Yinqi 银企"
    book.properties.title = f"{Text('银企对接方案', 'Matching plan').of(lang)} {day.isoformat()}"
    book.properties.created = datetime.combine(day, time())
    write_overview(_sheet(book, TITLES["overview"], plan, lang), plan, inputs, lang)
    _write_tables(book, plan, lang)
    for name, leads in _leads(plan):
        sheet = _sheet(book, name, plan, lang)
        write_table(sheet, LEAD_COLUMNS, leads, lang)
    buffer = io.BytesIO()
    book.save(buffer)
    return _without_clock(buffer.getvalue(), f"{day.isoformat()}T00:00:00Z".encode())


def _write_tables(book: Workbook, plan: Plan, lang: Lang) -> None:
    """Write the sheets that are for the organiser alone."""
    matches = _sheet(book, TITLES["matches"], plan, lang)
    write_table(matches, MATCH_COLUMNS, plan.matches, lang)
    matches.freeze_panes = "C2"
    unmatched = _sheet(book, TITLES["unmatched"], plan, lang)
    write_table(unmatched, UNMATCHED_COLUMNS, plan.unmatched, lang)
    pools = _sheet(book, TITLES["pools"], plan, lang)
    write_table(pools, POOL_COLUMNS, plan.pools, lang)
    if plan.floors:
        floors = _sheet(book, TITLES["floors"], plan, lang)
        write_table(floors, FLOOR_COLUMNS, plan.floors, lang)


def _sheet(book: Workbook, name: Text, plan: Plan, lang: Lang) -> Worksheet:
    sheet: Worksheet = book.create_sheet(sheet_title(name.of(lang), book.sheetnames))
    set_up_page(sheet, f"{name.of(lang)} · {plan.graph.market.as_of.isoformat()}")
    return sheet


def _leads(plan: Plan) -> Iterator[tuple[Text, list[Lead]]]:
    for institution in plan.graph.market.institutions:
        leads = plan.of_institution(institution.institution_id)
        if leads:
            yield institution.text, list(enumerate(leads, start=1))


def _without_clock(content: bytes, stamp: bytes) -> bytes:
    """Return the same archive with fixed times: openpyxl writes the hour into two places."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", data)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            new.writestr(entry, data)
    return out.getvalue()
