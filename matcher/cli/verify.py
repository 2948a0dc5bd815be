"""`matcher verify`: check a plan by code that imports nothing of the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.output import CHECK_FAILED, DONE, Output, default_lang
from matcher.domain.text import Text
from matcher.verify.plan_file import verify_plan

PlanPath = Annotated[Path, typer.Argument(help="方案文件 / plan.json")]
InputPaths = Annotated[
    list[Path] | None,
    typer.Option("--input", help="同时核对输入文件 / also check the hash of an input file"),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify", help="独立校验方案 / check a plan and its certificate")(verify)


def verify(
    path: PlanPath,
    inputs: InputPaths = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Check a plan."""
    output = Output(lang or default_lang(), as_json)
    findings = verify_plan(path, tuple(inputs or ()))
    found = [{"code": f.code, "zh": f.zh, "en": f.en} for f in findings]
    output.document({"plan": path.name, "holds": not findings, "findings": found})
    if not findings:
        output.say(Text(f"{path.name}：校验通过", f"{path.name}: holds"), style="green")
        output.leave(DONE)
    num = len(findings)
    title = Text(f"{path.name}：校验不通过，{num} 处", f"{path.name}: refused, {num} finding(s)")
    output.say(title, style="bold red")
    for finding in findings:
        output.say(Text(f"- {finding.zh}", f"- {finding.en}"))
    output.leave(CHECK_FAILED)
