"""`matcher template`: the workbooks that an organiser fills in."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.output import Output, default_lang
from matcher.domain.text import Text
from matcher.files import write_template
from matcher.files.template import write_tables_template
from matcher.services.people import PEOPLE_FILE
from matcher.services.reporting import REPORT_FILES


class For(StrEnum):
    """What the workbook is for."""

    MARKET = "market"
    PEOPLE = "people"
    REPORT = "report"


_TABLES = {For.PEOPLE: PEOPLE_FILE.tables, For.REPORT: REPORT_FILES.tables}
Use = Annotated[
    For,
    typer.Option("--for", help="用途：市场、人员安排或统计报告 / a market, people or a report"),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("template", help="生成填报模板 / write the workbook to fill in")(template)


def template(
    path: Annotated[Path, typer.Argument(help="文件名 / file to write, *.xlsx")],
    use: Use = For.MARKET,
    lang: options.Language = None,
) -> None:
    """Write the template."""
    if use is For.MARKET:
        write_template(path)
    else:
        write_tables_template(path, _TABLES[use])
    Output(lang or default_lang()).say(Text(f"已写入 {path}", f"wrote {path}"))
