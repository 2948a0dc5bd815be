"""`matcher serve`: the API on uvicorn."""

from __future__ import annotations

from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.output import Output, default_lang
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve", help="启动接口服务 / run the API")(serve)


def serve(
    host: Annotated[str, typer.Option(help="地址 / address to bind")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口 / port", min=1, max=65535)] = 8000,
    lang: options.Language = None,
) -> None:
    """Run the API until it is stopped."""
    # Imported here so that the other commands do not wait for the web framework.
    import uvicorn

    from api import Settings, create_app

    output = Output(lang or default_lang())
    if host not in LOOPBACK:
        message = Text("尚无登录，只能绑定本机", "there are no logins yet: bind to this machine")
        raise InputError([Fault(message, "--host", host, Text.same(", ".join(LOOPBACK)))])
    output.say(
        Text(
            f"接口文档：http://{host}:{port}/docs",
            f"API documentation: http://{host}:{port}/docs",
        )
    )
    uvicorn.run(create_app(Settings.from_env()), host=host, port=port, log_level="warning")
