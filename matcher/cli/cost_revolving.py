"""`matcher cost revolving`: a line of credit, paid for by the days used."""

from __future__ import annotations

from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.cost_showing import option, show
from matcher.cli.output import Output, default_lang
from matcher.services.costing.reading import Reader
from matcher.services.costing.revolving import revolving as reckon_revolving


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("revolving", help="随借随还 / a line of credit by days used")(revolving)


def revolving(
    uses: Annotated[
        list[str], typer.Option("--use", help="用款 / AMOUNT@START..END, any number of times")
    ],
    rate: Annotated[str, typer.Option("--rate", help="年利率 / yearly interest, a rate")],
    guarantee_rate: Annotated[
        str, typer.Option("--guarantee-rate", help="年担保费率，按日计收 / guarantee fee per year")
    ] = "0",
    limit: Annotated[
        str | None, typer.Option("--limit", help="授信额度 / line of credit in yuan")
    ] = None,
    day_count: Annotated[
        str, typer.Option("--day-count", help="计息规则 / ACT/365, ACT/360 or 30/360")
    ] = "ACT/365",
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Reckon a line of credit by the days used."""
    answer = reckon_revolving(
        Reader(option),
        use=uses,
        rate=rate,
        guarantee_rate=guarantee_rate,
        limit=limit,
        day_count=day_count,
    )
    show(Output(lang or default_lang(), as_json), answer)
