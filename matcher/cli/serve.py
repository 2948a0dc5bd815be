"""`matcher serve`: the service on uvicorn, with a worker beside it."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from matcher.cli.language import Language
from matcher.cli.output import Output, default_lang
from matcher.cli.supervising import Keeper
from matcher.cli.worker import require_current
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.store import open_database, upgrade
from matcher.store.types import SHANGHAI

if TYPE_CHECKING:
    from api import Settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")
DATABASE_VARIABLE = "MATCHER_API_DATABASE_URL"

_OPEN = Text(
    "绑定其他地址前须启用安全 Cookie 并列出主机名",
    "to be reached from elsewhere it needs secure cookies and the names of its hosts",
)
_HOW = Text.same("MATCHER_API_SECURE_COOKIES=true, MATCHER_API_ALLOWED_HOSTS=yinqi.example.cn")
_READY = Text("服务地址：{u}；{l}", "{u}; {l}")
_FIRST = Text(
    "请以 {n} 登录，初始密码 {p}（只显示一次）",
    "log in as {n} with the password {p} (shown this once)",
)
_KNOWN = Text(
    "请用已有账号登录（忘记密码：matcher account password）",
    "log in with an account of yours (forgotten: matcher account password)",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve", help="启动服务 / run the service")(serve)


def serve(
    host: Annotated[str, typer.Option(help="地址 / address to bind")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口 / port", min=1, max=65535)] = 8000,
    database: Annotated[
        str | None,
        typer.Option("--database", envvar=DATABASE_VARIABLE, help="数据库 / sqlite:///… or …"),
    ] = None,
    with_worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="同时处理任务 / work at runs as well")
    ] = True,
    lang: Language = None,
) -> None:
    """Run the service until it is stopped: it makes its own SQLite database, and keeps a worker.

    On PostgreSQL the schema is brought up to date by `matcher db upgrade` and not here: others
    may be at work with it.
    """
    from api import Settings

    settings = Settings.from_env()
    if database is not None:
        settings = replace(settings, database_url=database)
    _require_safe(host, settings)
    password = _prepare(settings)
    output = Output(lang or default_lang())

    def announce() -> None:
        output.say(_line(f"http://{_shown(host)}:{port}/docs", password))

    with ExitStack() as stack:
        if with_worker:
            worker = _worker(settings)
            worker.start()
            stack.callback(worker.stop)
        _run(settings, host, port, announce)


def _require_safe(host: str, settings: Settings) -> None:
    """Refuse to be reached from elsewhere without what keeps logins safe there."""
    is_safe = settings.secure_cookies and not set(settings.allowed_hosts) <= set(LOOPBACK)
    if host not in LOOPBACK and not is_safe:
        raise InputError([Fault(_OPEN, "--host", host, _HOW)])


def _prepare(settings: Settings) -> str | None:
    """See to the schema and to the first account; return that account's password if it is new."""
    from matcher.services.accounts.managing import first_admin

    database = open_database(settings.database_url)
    try:
        if database.is_sqlite:
            upgrade(database)
        require_current(database)
        with database.writing() as session:
            return first_admin(session, datetime.now(SHANGHAI))
    finally:
        database.close()


def _worker(settings: Settings) -> Keeper:
    # The URL may hold a password: it goes by the environment, where other users see it not.
    environ = {**os.environ, DATABASE_VARIABLE: settings.database_url}
    command = [sys.executable, "-P", "-m", "matcher", "worker", "--attached"]
    return Keeper(command, environ, settings.stop_seconds)


def _run(settings: Settings, host: str, port: int, announce: Callable[[], None]) -> None:
    # Imported here so that what is wrong with the options is told without waiting for them.
    import uvicorn

    from api import create_app
    from api.logs import set_up_logging

    class Server(uvicorn.Server):
        """Says where it is as soon as it can be reached, and not before."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            """Start up."""
            await super().startup(sockets)
            if self.started:
                announce()

    set_up_logging()
    # uvicorn raises the signal that stopped it once more; the worker has to be ended all the same.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    app = create_app(settings, is_warmed=True)
    config = uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False)
    Server(config).run()


def _leave(*_: object) -> None:
    raise SystemExit(0)


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _line(url: str, password: str | None) -> Text:
    from matcher.services.accounts.managing import FIRST_LOGIN

    login = _KNOWN if password is None else _FIRST.format(n=FIRST_LOGIN, p=password)
    return _READY.format(u=url, l=login)
