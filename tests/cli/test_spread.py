"""Groups of options: a command takes the fields of its dataclass parameters one by one."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import signature
from typing import Annotated

import typer
from typer.testing import CliRunner

from matcher.cli.spread import spread


@dataclass(frozen=True)
class Size:
    """Two options."""

    width: Annotated[int, typer.Option("--wide")]
    height: Annotated[int, typer.Option("--high")] = 2


def test_each_field_is_an_option_with_its_default_and_the_command_gets_the_group() -> None:
    """In the order written; an option without a default is required, beside plain parameters."""
    seen = list[tuple[Size, bool]]()

    @spread
    def command(*, size: Size, loud: Annotated[bool, typer.Option("--loud")] = False) -> None:
        """Take note."""
        seen.append((size, loud))

    assert list(signature(command).parameters) == ["width", "height", "loud"]
    app = typer.Typer()
    app.command()(command)
    runner = CliRunner()
    assert runner.invoke(app, ["--wide", "3", "--loud"]).exit_code == 0
    assert runner.invoke(app, ["--wide", "3", "--high", "5"]).exit_code == 0
    assert seen == [(Size(3, 2), True), (Size(3, 5), False)]
    assert runner.invoke(app, []).exit_code == 2
