"""`matcher worker`: takes up what the service was asked to plan, to try out or to read."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from datetime import datetime
from threading import Thread
from typing import Annotated

import typer

from matcher.cli.language import Language
from matcher.cli.output import Output, default_lang
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.store import Database, open_database
from matcher.store.schema import is_current
from matcher.store.types import SHANGHAI

UPGRADE = Text("请先运行 matcher db upgrade", "run matcher db upgrade first")
_OLD = Text("数据库结构与程序不符", "the schema of the database is not that of the program")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("worker", help="处理任务 / work at the runs of the service")(work)


def work(
    once: Annotated[
        bool, typer.Option("--once", help="做完排队任务即退出 / end when nothing waits")
    ] = False,
    attached: Annotated[bool, typer.Option("--attached", hidden=True)] = False,
    lang: Language = None,
) -> None:
    """Work at the runs of the service until it is stopped, then give back what is under way."""
    # Imported here for the settings of the API, without the API.
    from api import Settings
    from api.logs import set_up_logging
    from matcher.services.chores import chores_of
    from matcher.services.work.child import ENGINE, ProcessChild
    from matcher.services.work.chores import Chores
    from matcher.services.work.registry import KINDS
    from matcher.services.work.worker import Worker

    settings = Settings.from_env()
    database = open_database(settings.database_url)
    require_current(database)
    set_up_logging()

    def start_child() -> ProcessChild:
        return ProcessChild(ENGINE)

    worker = Worker(database, KINDS, settings.work, start_child, _now)
    key_file = settings.signing_key_file or _key_file_beside(database)
    chores = chores_of(key_file, settings.webhooks_to_local)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: worker.stop())
    if attached:
        _stop_at_end_of_input(worker.stop)
    else:
        Output(lang or default_lang()).say(Text("任务处理进程已启动", "the worker works"))
    try:
        with Chores(database, chores, _now):
            worker.work(once)
    finally:
        database.close()


def _key_file_beside(database: Database) -> str:
    """Return where the key stands that nobody named: beside an SQLite database, else nowhere."""
    name = database.engine.url.database
    return f"{name}.signing-key.pem" if database.is_sqlite and name else ""


def _now() -> datetime:
    return datetime.now(SHANGHAI)


def require_current(database: Database) -> None:
    """Refuse a database whose schema is not that of the program.

    Raises
    ------
    InputError
        With the command that brings it up to date.
    """
    if not is_current(database):
        raise InputError([Fault(_OLD, "database_url", None, UPGRADE)])


def _stop_at_end_of_input(stop: Callable[[], None]) -> None:
    """End with the process that holds the other end of our standard input."""

    def watch() -> None:
        sys.stdin.buffer.read()
        stop()

    Thread(target=watch, name="yinqi-attached", daemon=True).start()
