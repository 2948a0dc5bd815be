"""`matcher template`: the workbook that an organiser fills in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.output import Output, default_lang
from matcher.domain.text import Text
from matcher.files import write_template


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("template", help="生成填报模板 / write the workbook to fill in")(template)


def template(
    path: Annotated[Path, typer.Argument(help="文件名 / file to write, *.xlsx")],
    lang: options.Language = None,
) -> None:
    """Write the template."""
    write_template(path)
    Output(lang or default_lang()).say(Text(f"已写入 {path}", f"wrote {path}"))
