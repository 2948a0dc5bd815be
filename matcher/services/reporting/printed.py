"""A report to be printed: PDF, in one language."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Any

from matcher.domain.text import Lang, Text
from matcher.files.agenda_pdf import compile_pdf
from matcher.files.sheet_cells import clean
from matcher.services.reporting.report import Block, Grid, Period, Report
from matcher.services.reporting.workbook import TITLE

_FIGURE, _VALUE = Text("指标", "figure"), Text("数值", "value")
_PERIOD = Text("统计期间：{a} 至 {b}", "period: {a} to {b}")
_ALL = Text("统计期间：全部", "period: all")
_WIDE = 7
"""Tables of more columns want the sheet across."""


def report_pdf(report: Report, today: date, lang: Lang) -> bytes:
    """Return a report as PDF; the same report gives the same bytes.

    Raises
    ------
    InputError
        If there is a character that no font has, naming what to install.
    """
    day = report.period.until or today
    grids = [grid for block in report.blocks for grid in block.grids]
    data = {
        "title": clean(f"{TITLE.of(lang)} · {day.isoformat()}"),
        "subtitle": clean(_period(report.period, today).of(lang)),
        "day": [day.year, day.month, day.day],
        "is_wide": any(len(grid.headers) > _WIDE for grid in grids),
        "blocks": [_block(block, lang) for block in report.blocks],
        "notes": [clean(note.of(lang)) for note in report.notes],
    }
    source = files("matcher.files").joinpath("report.typ").read_text(encoding="utf-8")
    return compile_pdf(source, data, day)


def _period(period: Period, today: date) -> Text:
    if period.is_all:
        return _ALL
    since = "…" if period.since is None else period.since.isoformat()
    return _PERIOD.format(a=since, b=(period.until or today).isoformat())


def _block(block: Block, lang: Lang) -> dict[str, Any]:
    return {
        "title": clean(block.title.of(lang)),
        "heads": [_FIGURE.of(lang), _VALUE.of(lang)],
        "rows": [[clean(one.label.of(lang)), clean(one.shown.of(lang))] for one in block.lines],
        "grids": [_grid(grid, lang) for grid in block.grids if grid.rows],
    }


def _grid(grid: Grid, lang: Lang) -> dict[str, Any]:
    return {
        "title": clean(grid.title.of(lang)),
        "heads": ["", *(clean(head.of(lang)) for head in grid.headers)],
        "rows": [
            [clean(text.of(lang)), *(clean(line.shown.of(lang)) for line in lines)]
            for text, lines in grid.rows
        ],
    }
