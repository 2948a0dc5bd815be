"""`matcher report FILE …`: the figures that reports print, counted from the records."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from matcher.cli import options
from matcher.cli.gathering import Gathering
from matcher.cli.output import CHECK_FAILED, DONE, Output, default_lang
from matcher.cli.tables import add_row, new_table
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.planning.plan import Plan
from matcher.services.costing.reading import Reader
from matcher.services.outputs import require_ending
from matcher.services.planning import plan_round
from matcher.services.reporting import (
    Block,
    Period,
    Report,
    ReportTables,
    make_report,
    read_report_tables,
)
from matcher.services.reporting.report import Grid
from matcher.services.reporting.workbook import ENDINGS, save_report

Files = Annotated[
    list[Path] | None,
    typer.Argument(help="成交、项目、活动、走访、人员、保单表 / tables of deals, events …"),
]
MarketPath = Annotated[
    Path | None,
    typer.Option("--market", help="并报这个市场的方案 / market whose plan is counted"),
]
Since = Annotated[str | None, typer.Option("--since", help="起始日期 / first day, YYYY-MM-DD")]
Until = Annotated[str | None, typer.Option("--until", help="截止日期 / last day, YYYY-MM-DD")]
PoolSize = Annotated[
    str | None, typer.Option("--pool", help="全部成交的资金池规模 / pool of all deals, an amount")
]
OutFile = Annotated[
    Path | None, typer.Option("--out", help="写出 .xlsx 或 .json / file to write, .xlsx or .json")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report", help="统计报告 / deals, firms, amounts, turns, events, visits, counted")(
        report
    )


def report(
    files: Files = None,
    market: MarketPath = None,
    since: Since = None,
    until: Until = None,
    pool: PoolSize = None,
    out: OutFile = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Count what the tables hold, and the plan of a market."""
    output = Output(lang or default_lang(), as_json)
    if not files and market is None:
        raise InputError([_nothing_given()])
    told = Gathering()
    if out is not None:
        told.attempt(lambda: require_ending(out, ENDINGS), "")
    every_day: tuple[Period, int | None] = (Period(), None)
    period, pool_fen = told.attempt(lambda: _options(since, until, pool), every_day)
    none = ReportTables()
    tables = told.attempt(lambda: read_report_tables(files), none) if files else none
    told.raise_if_any()
    plan = None if market is None else _plan(output, market)
    found = make_report(tables, period, pool_fen, plan)
    show_report(output, found)
    if out is not None:
        today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
        save_report(out, found, today, output.lang)
        output.say(Text(f"已写入 {out}", f"wrote {out}"))
    output.document(found.to_document())
    output.leave(DONE if _counts_anything(found) else CHECK_FAILED)


def _nothing_given() -> Fault:
    message = Text("没有给出要统计的表", "there is no table to count")
    expected = Text(
        "文件，或 --market；空白表：matcher template 文件.xlsx --for report",
        "a file, or --market; an empty form: matcher template FILE.xlsx --for report",
    )
    return Fault(message, field="FILE", expected=expected)


def _options(since: str | None, until: str | None, pool: str | None) -> tuple[Period, int | None]:
    """Read the options, or raise all their faults."""
    reader = Reader()
    first = None if since is None else reader.day("since", "--since", since)
    last = None if until is None else reader.day("until", "--until", until)
    pool_fen = None if pool is None else reader.money("pool_fen", "--pool", pool)
    return reader.finish(lambda: Period(first, last)), pool_fen


def _plan(output: Output, market: Path) -> Plan:
    loaded = options.Source(market).load()
    with output.quiet_stdout():
        return plan_round(loaded, options.load_weights(None)).plan


def _counts_anything(found: Report) -> bool:
    return any(line.value for block in found.blocks for line in block.lines)


def show_report(output: Output, found: Report) -> None:
    """Print each block: its figures, then its tables."""
    for block in found.blocks:
        _show_block(output, block)
    for note in found.notes:
        output.say(Text("注：{n}", "Note: {n}").format(n=note), style="yellow")


def _show_block(output: Output, block: Block) -> None:
    headers = (Text("指标", "figure"), Text("数值", "value"))
    table = new_table(output, block.title, *headers, right=(1,))
    for line in block.lines:
        add_row(output, table, (line.label, line.shown))
    output.console.print(table)
    for grid in block.grids:
        _show_grid(output, block, grid)


def _show_grid(output: Output, block: Block, grid: Grid) -> None:
    title = Text("{b}：{t}", "{b}: {t}").format(b=block.title, t=grid.title)
    numbers = range(1, len(grid.headers) + 1)
    table = new_table(output, title, Text("名称", "name"), *grid.headers, right=numbers)
    for name, lines in grid.rows:
        add_row(output, table, (name, *(line.shown for line in lines)))
    output.console.print(table)
