"""`matcher import` and `matcher export`: files into the live market of the service, and out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

import seeds
from matcher.cli import options
from matcher.cli.db import DEFAULT_URL, Url
from matcher.cli.output import DONE, Output, default_lang
from matcher.cli.tables import add_row, new_table
from matcher.domain.errors import Fault, InputError
from matcher.domain.records import Records
from matcher.domain.text import Text
from matcher.files import read_market
from matcher.files.atomic import write_whole
from matcher.files.tables import TABLES
from matcher.services.imports import Mode, apply_records
from matcher.services.outputs import require_ending
from matcher.services.records.exporting import market_sheets
from matcher.services.records.loading import market_bytes_of
from matcher.services.records.replacing import Outcome
from matcher.store import Database, open_database, upgrade
from matcher.store.schema import is_current
from matcher.store.types import SHANGHAI

_COLUMNS = (
    ("new", Text("新增", "new")),
    ("changed", Text("更改", "changed")),
    ("removed", Text("删除", "removed")),
    ("unchanged", Text("不变", "unchanged")),
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import", help="导入市场 / a file into the live market")(import_market)
    app.command("export", help="导出市场 / the live market as a file")(export_market)


def import_market(
    file: Annotated[
        Path | None,
        typer.Argument(help="市场：Excel、JSON、TOML 或文件夹 / workbook, file or folder"),
    ] = None,
    database: Url = DEFAULT_URL,
    merge: Annotated[
        bool, typer.Option("--merge", help="按编号合并，不删除 / merge by id, remove nothing")
    ] = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="只预览 / only tell what would be done")
    ] = False,
    with_seeds: Annotated[
        bool, typer.Option("--seeds", help="导入示例市场 / the seed market instead of a file")
    ] = False,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Put a market into the database of the service, all of it or nothing."""
    output = Output(lang or default_lang(), as_json)
    mode = Mode.MERGE if merge else Mode.REPLACE
    records, as_of = _read(file, with_seeds, mode)
    with opened(database) as found, found.writing() as session:
        outcome = apply_records(session, records, as_of, mode, _now(), preview)
    _show(output, outcome, preview)
    output.document({"counts": outcome.counts, "kept_consents": list(outcome.kept_consents)})
    output.leave(DONE)


def export_market(
    out: Annotated[Path, typer.Option("--out", help="文件名 / file to write, *.json or *.xlsx")],
    database: Url = DEFAULT_URL,
    lang: options.Language = None,
) -> None:
    """Write the live market as a file that can be read again."""
    ending = require_ending(out, (".json", ".xlsx"))
    today = _now().date()
    with opened(database) as found, found.reading() as session:
        if ending == ".json":
            content = market_bytes_of(session, otherwise=today)
        else:
            content = market_sheets(session, today)
    write_whole(out, content)
    Output(lang or default_lang()).say(Text(f"已写入 {out}", f"wrote {out}"))


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """Open a database that has the newest schema; an embedded one is brought up to it.

    Raises
    ------
    InputError
        If a server has another schema.
    """
    database = open_database(url)
    try:
        if database.is_sqlite:
            upgrade(database)
        elif not is_current(database):
            message = Text("表结构不是最新", "the schema is not up to date")
            expected = Text("先运行 matcher db upgrade", "run matcher db upgrade first")
            raise InputError([Fault(message, field="--database", expected=expected)])
        yield database
    finally:
        database.close()


def _read(file: Path | None, with_seeds: bool, mode: Mode) -> tuple[Records, date | None]:
    if (file is None) == (not with_seeds):
        message = Text("给出一个文件，或 --seeds", "name a file, or --seeds")
        raise InputError([Fault(message, field="FILE")])
    if file is None:
        return seeds.load(), seeds.SEED_DATE
    found = read_market(file, complete=mode is Mode.REPLACE)
    return found.records, found.as_of


def _show(output: Output, outcome: Outcome, preview: bool) -> None:
    title = (
        Text("预览（未写入）", "Preview (nothing written)") if preview else Text("已导入", "Taken")
    )
    names = [Text("表", "table"), *(text for _, text in _COLUMNS)]
    table = new_table(output, title, *names, right=range(1, 5))
    for one in TABLES:
        counts = outcome.counts[one.name]
        numbers = (Text.same(counts[name]) for name, _ in _COLUMNS)
        add_row(output, table, (one.text, *numbers))
    output.console.print(table)
    if outcome.kept_consents:
        told = Text(
            "以下需求的授权已在系统中另行说明，文件不改变它：{n}",
            "consent to these needs was stated in the service, which no file changes: {n}",
        )
        names = [Text.same(key) for key in outcome.kept_consents]
        output.say(told.format(n=Text.join(names)), style="yellow")


def _now() -> datetime:
    return datetime.now(SHANGHAI)
