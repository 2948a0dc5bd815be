"""`matcher cost tranches`: a grant in tranches, and what is paid of it."""

from __future__ import annotations

from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.cost_showing import option, show
from matcher.cli.output import Output, default_lang
from matcher.services.costing.reading import Reader
from matcher.services.costing.tranches import tranches as reckon_tranches

Amount = Annotated[str, typer.Option("--amount", help="金额，如 350万 / amount in yuan")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("tranches", help="里程碑分期拨付 / tranches by milestone")(tranches)


def tranches(
    amount: Amount,
    shares: Annotated[str, typer.Option("--shares", help="各期比例，如 40/40/20 / shares")],
    milestones: Annotated[
        list[str] | None,
        typer.Option(
            "--milestone",
            help="各期节点，如 review/new_financing / what releases each tranche, in order",
        ),
    ] = None,
    reached: Annotated[
        list[str] | None, typer.Option("--reached", help="已达成的节点 / milestone reached")
    ] = None,
    failed: Annotated[
        str | None, typer.Option("--failed", help="未达成的节点 / milestone failed")
    ] = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Show the tranches of a grant and what is paid of it."""
    answer = reckon_tranches(
        Reader(option),
        amount=amount,
        shares=shares,
        milestone=milestones or (),
        reached=reached or (),
        failed=failed,
    )
    show(Output(lang or default_lang(), as_json), answer)
