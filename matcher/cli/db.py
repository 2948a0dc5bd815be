"""`matcher db`: the database of the service: upgrade, backup, restore, check."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.language import Language
from matcher.cli.output import Output, default_lang
from matcher.domain.errors import CheckError
from matcher.domain.text import Text
from matcher.store import Database, open_database
from matcher.store.backup import Manifest, backup, restore
from matcher.store.schema import newest_revision, revision_of, upgrade
from matcher.store.soundness import faults_of

Url = Annotated[
    str,
    typer.Option(
        "--database",
        envvar="MATCHER_API_DATABASE_URL",
        help="数据库地址 / URL: sqlite:///file.db, postgresql://user:password@host/name",
    ),
]
DEFAULT_URL = "sqlite:///yinqi.db"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="数据库 / the database of the service", no_args_is_help=True)
    group.command("upgrade", help="升级表结构 / bring the schema up to date")(upgrade_schema)
    group.command("backup", help="备份 / save all rows into a file")(save)
    group.command("restore", help="恢复到空库 / fill an empty database from a backup")(bring_back)
    group.command("check", help="检查 / look whether all is whole")(check)
    app.add_typer(group, name="db")


def upgrade_schema(database: Url = DEFAULT_URL, lang: Language = None) -> None:
    """Bring the schema up to date; what is there stays."""
    with _opened(database) as opened:
        before = revision_of(opened)
        upgrade(opened)
    told = Text("表结构：{a} → {b}", "schema: {a} → {b}")
    none = Text("无", "none")
    shown = told.format(a=before or none, b=newest_revision())
    Output(lang or default_lang()).say(shown)


def save(
    file: Annotated[Path, typer.Argument(help="备份文件 / file to write", dir_okay=False)],
    database: Url = DEFAULT_URL,
    lang: Language = None,
) -> None:
    """Save all rows into a file; the service may go on meanwhile."""
    with _opened(database) as opened:
        _tell(backup(opened, file), Text("已备份", "saved"), lang)


def bring_back(
    file: Annotated[Path, typer.Argument(help="备份文件 / the backup", exists=True)],
    database: Url = DEFAULT_URL,
    lang: Language = None,
) -> None:
    """Fill an empty database from a backup, of whichever kind of database."""
    with _opened(database) as opened:
        _tell(restore(opened, file), Text("已恢复", "restored"), lang)


def check(database: Url = DEFAULT_URL, lang: Language = None) -> None:
    """Look whether all is whole."""
    with _opened(database) as opened:
        faults = faults_of(opened)
    if faults:
        raise CheckError(faults)
    Output(lang or default_lang()).say(Text("检查通过", "all is whole"))


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.close()


def _tell(manifest: Manifest, done: Text, lang: Language) -> None:
    told = Text("{d} {n} 行，{t} 张表", "{d}: {n} rows of {t} tables")
    text = told.format(d=done, n=manifest.num_rows, t=len(manifest.tables))
    Output(lang or default_lang()).say(text)
