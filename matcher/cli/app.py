"""The commands together, and what every command does with an error.

Exit codes: 0 done, 1 a check failed or there is nothing to propose, 2 bad input.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from matcher.cli.output import BAD_INPUT, CHECK_FAILED, Output, default_lang
from matcher.domain.errors import CheckError, MatcherError
from matcher.domain.text import Lang

HELP = "银企撮合 / Yinqi: needs for money matched with those who can give it, and proof how well."

_MODULES = {
    "demo": "demo",
    "plan": "plan",
    "verify": "verify",
    "whatif": "whatif",
    "schedule": "schedule",
    "explain": "explain",
    "urgent": "urgent",
    "convene": "convene",
    "similar": "similar",
    "people": "people",
    "policies": "policies",
    "template": "template",
    "questionnaire": "questionnaire",
    "report": "report",
    "cost": "cost",
    "serve": "serve",
    "worker": "worker",
    "db": "db",
    "account": "account",
    "record": "record",
    "import": "live",
    "export": "live",
}
"""The commands in the order of the help, each with its module of `matcher.cli`."""


def make_app(command: str | None = None) -> typer.Typer:
    """Build the command line.

    Parameters
    ----------
    command
        The one command that will be called, if that is known: then no other is imported, since
        the engine takes seconds that `matcher serve` and `matcher worker` do not have.
    """
    app = typer.Typer(
        help=HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )
    # Without this, an app with one command would not be called by the command's name.
    app.callback()(_nothing)
    modules = [_MODULES[command]] if command in _MODULES else list(_MODULES.values())
    for module in dict.fromkeys(modules):
        import_module(f"matcher.cli.{module}").register(app)
    return app


def _nothing() -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        make_app(given[0] if given else None)(given)
    except MatcherError as error:
        _said(given).faults(error)
        sys.exit(CHECK_FAILED if isinstance(error, CheckError) else BAD_INPUT)


def _said(arguments: Sequence[str]) -> Output:
    """Find language and form of output in the arguments, for an error before they are parsed."""
    lang = default_lang()
    for position, word in enumerate(arguments[:-1]):
        if word == "--lang" and arguments[position + 1] in tuple(Lang):
            lang = Lang(arguments[position + 1])
    return Output(lang, "--json" in arguments)
