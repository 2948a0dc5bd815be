"""`matcher record`: whether the record of the service holds, and its heads to be kept outside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from matcher.cli.db import DEFAULT_URL, Url
from matcher.cli.language import Language
from matcher.cli.output import Output, default_lang
from matcher.cli.worker import require_current
from matcher.domain.chain import Head
from matcher.domain.errors import CheckError, Fault, InputError
from matcher.domain.text import Text
from matcher.store import Database, open_database
from matcher.store.types import SHANGHAI

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / one JSON document")]
_SOUND = Text("存证完整：{n} 条", "the record holds: {n} entries")
_UNREADABLE = Text("文件无法读取", "the file cannot be read")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="存证 / the record of all that happened", no_args_is_help=True)
    group.command("verify", help="核验存证 / look whether the record holds")(verify)
    group.command("head", help="签名链头 / the signed head of a day, to be kept outside")(head)
    app.add_typer(group, name="record")


def verify(
    heads: Annotated[
        list[Path] | None,
        typer.Option("--head", help="留存的链头 / a head that was kept outside", dir_okay=False),
    ] = None,
    public_key: Annotated[
        Path | None,
        typer.Option("--public-key", help="公钥 PEM / the key that you were given", dir_okay=False),
    ] = None,
    database: Url = DEFAULT_URL,
    as_json: AsJson = False,
    lang: Language = None,
) -> None:
    """Look at every entry of the record and at every head; exit with 1 if anything is wrong.

    Without a head that was kept outside nobody can see that the end was cut off.
    """
    from matcher.services.record.append import head_of
    from matcher.services.record.verify import faults_of_record

    kept = [_kept(path, public_key) for path in heads or ()]
    with _opened(database) as opened, opened.reading() as session:
        faults = faults_of_record(session, kept)
        end = head_of(session)
    number = 0 if end is None else end.number
    if faults:
        raise CheckError(faults)
    output = Output(lang or default_lang(), as_json)
    output.say(_SOUND.format(n=number))
    output.document({"entries": number, "heads": len(kept)})


def head(
    day: Annotated[
        str | None, typer.Option("--day", help="日期，默认最近一天 / YYYY-MM-DD, else the newest")
    ] = None,
    database: Url = DEFAULT_URL,
) -> None:
    """Print the signed head of a day as JSON, with the public key."""
    from matcher.services.record.reading import head_of_day, last_signed_day

    with _opened(database) as opened, opened.reading() as session:
        chosen = last_signed_day(session) if day is None else _day(day)
        if chosen is None:
            message = Text("尚无签名链头", "no head was signed yet")
            raise InputError([Fault(message, "--day")])
        signed, key = head_of_day(session, chosen)
    typer.echo(json.dumps({**signed.document, "public_key": key}))


def _kept(path: Path, public_key: Path | None) -> Head:
    """Return a head that was kept, if its signature holds."""
    from matcher.services.record.heads import read_head

    document = _json(path)
    key = _text(public_key) if public_key is not None else str(document.get("public_key", ""))
    try:
        return read_head(document, key)
    except InputError as error:
        raise InputError([fault.at(file=path.name) for fault in error.faults]) from None


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(_text(path))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InputError([Fault(_UNREADABLE, file=path.name)])
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeError):
        raise InputError([Fault(_UNREADABLE, file=path.name)]) from None


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=SHANGHAI).date()
    except ValueError:
        expected = Text.same("YYYY-MM-DD")
        message = Text("不是日期", "is no day")
        raise InputError([Fault(message, "--day", text, expected)]) from None


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        require_current(database)
        yield database
    finally:
        database.close()
