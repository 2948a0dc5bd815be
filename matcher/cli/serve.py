"""`matcher serve`: the API on uvicorn."""

from __future__ import annotations

from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.output import Output, default_lang
from matcher.domain.text import Text


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

    from api import create_app

    output = Output(lang or default_lang())
    output.say(
        Text(
            f"接口文档:http://{host}:{port}/docs(尚无登录,只应绑定本机)",
            f"API documentation: http://{host}:{port}/docs (no logins yet: bind to this machine)",
        )
    )
    uvicorn.run(create_app(), host=host, port=port, log_level="warning")
