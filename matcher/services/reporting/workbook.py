"""A report as a workbook: a sheet of figures, and one for each table behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from matcher.domain.money import FEN_PER_YUAN
from matcher.domain.text import Lang, Text
from matcher.files.atomic import write_whole
from matcher.files.pretty_json import pretty_json
from matcher.files.sheet_cells import Column, Form, Value
from matcher.files.workbook import Sheet, workbook_bytes
from matcher.services.outputs import require_ending
from matcher.services.reporting.report import Grid, Report
from matcher.services.statistics import Line, Unit

TITLE = Text("统计报告", "Report")
ENDINGS = (".xlsx", ".json")
FEN_PER_WAN = 10_000 * FEN_PER_YUAN

_FORMS = {
    Unit.COUNT: Form.COUNT,
    Unit.FEN: Form.MONEY,
    Unit.RATE: Form.RATE,
    Unit.NUMBER: Form.MONEY,
    Unit.PRICE: Form.SCORE,
}
_Figure: TypeAlias = tuple[Text, Line]
_Row: TypeAlias = tuple[Text, tuple[Line, ...]]


def save_report(path: Path, report: Report, today: date, lang: Lang) -> None:
    """Write a report as Excel or JSON, as the ending of the file's name says.

    Raises
    ------
    InputError
        If the ending is neither, or the file cannot be written.
    """
    if require_ending(path, ENDINGS) == ".json":
        write_whole(path, (pretty_json(report.to_document()) + "\n").encode())
        return
    write_whole(path, report_workbook(report, today, lang))


def report_workbook(report: Report, today: date, lang: Lang) -> bytes:
    """Return the bytes of a report as an Excel workbook."""
    figures = [(block.title, line) for block in report.blocks for line in block.lines]
    sheets = [Sheet(TITLE, _FIGURES, figures)]
    for block in report.blocks:
        sheets += [_sheet(block.title, grid) for grid in block.grids]
    if report.notes:
        sheets.append(Sheet(Text("说明", "Notes"), _NOTES, report.notes))
    return workbook_bytes(TITLE, report.period.until or today, sheets, lang)


def _sheet(block: Text, grid: Grid) -> Sheet:
    name = Text("{b}{t}", "{b}, {t}").format(b=block, t=grid.title)
    first: Column[_Row] = Column(Text("名称", "name"), lambda row, lang: row[0].of(lang), most=34)
    units = [line.unit for line in grid.rows[0][1]] if grid.rows else []
    columns = [
        Column(_with_unit(header, unit), _cell(place), _FORMS[unit])
        for place, (header, unit) in enumerate(zip(grid.headers, units, strict=False))
    ]
    return Sheet(name, (first, *columns), grid.rows)


def _cell(place: int) -> Callable[[_Row, Lang], Value]:
    return lambda row, lang: _value(row[1][place], lang)


def _with_unit(header: Text, unit: Unit) -> Text:
    if unit is not Unit.FEN:
        return header
    return Text("{h}（万元）", "{h} (yuan)").format(h=header)


def _value(line: Line, lang: Lang) -> Value:
    """Return a figure as a spreadsheet counts it: money in 万元, or in yuan in English."""
    if line.value is None or line.unit is not Unit.FEN:
        return line.value
    return Decimal(line.value) / (FEN_PER_WAN if lang is Lang.ZH else FEN_PER_YUAN)


def _unit(line: Line, lang: Lang) -> str | None:
    return Text("万元", "yuan").of(lang) if line.unit is Unit.FEN else None


_FIGURES: tuple[Column[_Figure], ...] = (
    Column(Text("部分", "part"), lambda f, lang: f[0].of(lang), most=30),
    Column(Text("指标", "figure"), lambda f, lang: f[1].label.of(lang), most=34),
    Column(Text("数值", "value"), lambda f, lang: _value(f[1], lang), lambda f: _FORMS[f[1].unit]),
    Column(Text("单位", "unit"), lambda f, lang: _unit(f[1], lang)),
)
_NOTES: tuple[Column[Text], ...] = (
    Column(Text("说明", "note"), lambda note, lang: note.of(lang), most=90),
)
