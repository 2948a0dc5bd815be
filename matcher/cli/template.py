"""`matcher template`: the workbooks and the files that an organiser fills in."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.output import Output, default_lang
from matcher.domain.text import Text
from matcher.files import write_template
from matcher.files.event_toml import write_event_example
from matcher.files.scenario import write_scenario_example
from matcher.files.template import write_tables_template
from matcher.services.outputs import require_ending
from matcher.services.people import PEOPLE_FILE
from matcher.services.reporting import REPORT_FILES


class For(StrEnum):
    """What the file is for."""

    MARKET = "market"
    PEOPLE = "people"
    REPORT = "report"
    EVENT = "event"
    SCENARIO = "scenario"


_TABLES = {For.PEOPLE: PEOPLE_FILE.tables, For.REPORT: REPORT_FILES.tables}
Use = Annotated[
    For,
    typer.Option(
        "--for",
        help="用途：市场、人员、统计报告、活动、情景 / what the file is for",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("template", help="生成填报模板 / write the form to fill in")(template)


def template(
    path: Annotated[
        Path, typer.Argument(help="文件名 / file to write, *.xlsx; *.toml for an event, a scenario")
    ],
    use: Use = For.MARKET,
    lang: options.Language = None,
) -> None:
    """Write the template."""
    if use is For.MARKET:
        write_template(path)
    elif use is For.EVENT:
        require_ending(path, (".toml",))
        write_event_example(path)
    elif use is For.SCENARIO:
        require_ending(path, (".toml",))
        write_scenario_example(path)
    else:
        write_tables_template(path, _TABLES[use])
    Output(lang or default_lang()).say(Text(f"已写入 {path}", f"wrote {path}"))
