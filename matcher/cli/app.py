"""The commands together, and what every command does with an error.

Exit codes: 0 done, 1 a check failed or there is nothing to propose, 2 bad input.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from matcher.cli import (
    convene,
    cost,
    db,
    demo,
    explain,
    people,
    plan,
    policies,
    questionnaire,
    report,
    schedule,
    serve,
    similar,
    template,
    urgent,
    verify,
    whatif,
)
from matcher.cli.output import BAD_INPUT, CHECK_FAILED, Output, default_lang
from matcher.domain.errors import CheckError, MatcherError
from matcher.domain.text import Lang

HELP = "银企撮合 / Yinqi: needs for money matched with those who can give it, and proof how well."

_COMMANDS = (
    demo, plan, verify, whatif, schedule, explain, urgent, convene, similar, people, policies,
    template, questionnaire, report, cost, serve, db,
)  # fmt: skip


def make_app() -> typer.Typer:
    """Build the command line."""
    app = typer.Typer(
        help=HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )
    for module in _COMMANDS:
        module.register(app)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        make_app()(given)
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
