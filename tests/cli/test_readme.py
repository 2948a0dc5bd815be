"""The commands that the README shows are there, with the options that it shows."""

from __future__ import annotations

import re
import shlex

import pytest
import typer
from typer.testing import CliRunner

from matcher.cli.app import make_app
from tests.cli.runner import ROOT

LINES = re.findall(
    r"^(?:\.venv/bin/)?matcher (.+)$", (ROOT / "README.md").read_text(), re.MULTILINE
)


def command_of(words: list[str]) -> tuple[typer.core.TyperCommand, list[str]]:
    """Return the command that words name, and the words that are left."""
    found = typer.main.get_command(make_app())
    while isinstance(found, typer.core.TyperGroup):
        name, *words = words
        assert name in found.commands, name
        found = found.commands[name]
    assert isinstance(found, typer.core.TyperCommand)
    return found, words


@pytest.mark.parametrize("line", LINES)
def test_the_readme_shows_commands_and_options_that_exist(line: str) -> None:
    """A command that is renamed must be renamed there."""
    command, words = command_of(shlex.split(line, comments=True))
    known = {
        option
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert {word for word in words if word.startswith("--")} <= known


def test_the_readme_shows_every_command() -> None:
    """And help is there for each, in both languages."""
    app = typer.main.get_command(make_app())
    assert isinstance(app, typer.core.TyperGroup)
    text = (ROOT / "README.md").read_text()
    for name, command in app.commands.items():
        assert f"matcher {name}" in text, name
        assert re.search(r"[\u4e00-\u9fff].* / .*[a-z]", command.help or ""), name


def test_every_command_has_help() -> None:
    """It can be read without a market."""
    app = make_app()
    for line in LINES:
        command = [word for word in shlex.split(line)[:2] if re.fullmatch("[a-z]+", word)]
        assert CliRunner().invoke(app, [command[0], "--help"]).exit_code == 0
