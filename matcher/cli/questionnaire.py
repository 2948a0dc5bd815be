"""`matcher questionnaire …`: the form that a firm fills in, and how it becomes a need."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from matcher.cli import options
from matcher.cli.output import DONE, Output, default_lang, text_document
from matcher.cli.tables import add_row, joined, new_table
from matcher.domain.money import money_text
from matcher.domain.text import Text
from matcher.files import write_record
from matcher.files.questionnaire import questionnaire_schema, write_form
from matcher.services.intake import Intake, Urgency
from matcher.services.outputs import require_ending
from matcher.services.questionnaires import Merged, merge, save_merged, take_in_files

Forms = Annotated[
    list[Path], typer.Argument(help="填好的表 .xlsx 或答案 .json / filled forms or JSON answers")
]
Day = Annotated[
    str | None, typer.Option("--date", help="受理日期（默认今天）/ day of the intake, YYYY-MM-DD")
]
MarketPath = Annotated[
    Path | None, typer.Option("--market", help="并入这个市场 / market to add them to")
]
OutFile = Annotated[
    Path | None, typer.Option("--out", help="写出市场 JSON / market file to write, .json")
]
_URGENCIES = {
    Urgency.OVERDUE: Text("已逾期", "overdue"),
    Urgency.URGENT: Text("紧急", "urgent"),
    Urgency.SOON: Text("近期", "soon"),
    Urgency.LATER: Text("较远", "later"),
}
_STYLES = {Urgency.OVERDUE: "bold red", Urgency.URGENT: "red", Urgency.SOON: "yellow"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    forms = typer.Typer(
        help="企业融资需求意向征集表 / the form on financing needs", no_args_is_help=True
    )
    forms.command("template", help="生成空白表 / write the empty form")(template)
    forms.command("schema", help="打印 JSON Schema / print the JSON Schema of an answer")(schema)
    forms.command("read", help="核对并受理 / check filled forms and take them in")(read)
    app.add_typer(forms, name="questionnaire")


def template(
    path: Annotated[Path, typer.Argument(help="文件名 / file to write, *.xlsx")],
    lang: options.Language = None,
) -> None:
    """Write the empty form, in the language asked for."""
    output = Output(lang or default_lang())
    write_form(path, output.lang)
    output.say(Text(f"已写入 {path}", f"wrote {path}"))


def schema() -> None:
    """Print the schema; it is a JSON document, and bilingual."""
    print(json.dumps(questionnaire_schema(), ensure_ascii=False, indent=1))


def read(
    files: Forms,
    market: MarketPath = None,
    as_of: Day = None,
    out: OutFile = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Check forms field by field, sort them by deadline, and make a market of them."""
    output = Output(lang or default_lang(), as_json)
    if out is not None:
        require_ending(out, (".json",))
    day = options.parse_day(as_of) or datetime.now(ZoneInfo("Asia/Shanghai")).date()
    intakes = take_in_files(files, day)
    merged = merge(intakes, day, market)
    show_intakes(output, intakes)
    for note in merged.notes:
        output.say(Text("注：{n}", "Note: {n}").format(n=note), style="yellow")
    if out is not None:
        save_merged(out, merged)
        output.say(Text(f"已写入 {out}", f"wrote {out}"))
    output.document(intakes_document(intakes, merged))
    output.leave(DONE)


def show_intakes(output: Output, intakes: Sequence[Intake]) -> None:
    """Print the queue with what would help to know."""
    table = new_table(
        output,
        Text("受理结果", "Taken in"),
        Text("紧急程度", "urgency"),
        Text("需求", "need"),
        Text("金额", "amount"),
        Text("期限", "deadline"),
        Text("建议补充", "would help to know"),
    )
    for one in intakes:
        cells = (
            _URGENCIES[one.triage.urgency],
            Text("{n}\n{e}", "{n}\n{e}").format(n=one.need.need_id, e=one.enterprise.text),
            money_text(one.need.amount_fen),
            one.triage.reason,
            joined(missing.label for missing in one.missing),
        )
        add_row(output, table, cells, _STYLES.get(one.triage.urgency))
    output.console.print(table)
    urgent = sum(one.triage.urgency in (Urgency.OVERDUE, Urgency.URGENT) for one in intakes)
    told = Text("受理 {n} 份，其中 {u} 份紧急或已逾期", "{n} taken in, {u} urgent or overdue")
    output.say(told.format(n=len(intakes), u=urgent), style="bold")


def intakes_document(intakes: Sequence[Intake], merged: Merged) -> dict[str, Any]:
    """Return the questionnaires as JSON values, the most urgent first."""
    return {
        "intakes": [
            {
                "urgency": str(one.triage.urgency),
                "days_left": one.triage.days_left,
                "text": text_document(one.triage.reason),
                "enterprise": write_record(one.enterprise),
                "need": write_record(one.need),
                "missing": [
                    {
                        "field": missing.field,
                        "label": text_document(missing.label),
                        "note": text_document(missing.note),
                    }
                    for missing in one.missing
                ],
            }
            for one in intakes
        ],
        "notes": [text_document(note) for note in merged.notes],
    }
