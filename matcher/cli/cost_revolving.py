"""`matcher cost revolving`: a line of credit, paid for by the days used."""

from __future__ import annotations

from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.cost_loan_showing import flows_document
from matcher.cli.cost_reading import Reader
from matcher.cli.cost_showing import document, fen, rate, show, words
from matcher.cli.output import Output, default_lang
from matcher.domain.text import Text
from matcher.finance.flows import GUARANTEE_FEE, INTEREST, total_of
from matcher.finance.irr import all_in_rate
from matcher.finance.revolving import most_used_fen, revolving_flows


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("revolving", help="随借随还 / a line of credit by days used")(revolving)


def revolving(
    uses: Annotated[
        list[str], typer.Option("--use", help="用款 / AMOUNT@START..END, any number of times")
    ],
    rate_word: Annotated[str, typer.Option("--rate", help="年利率 / yearly interest, a rate")],
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
    output, reader = Output(lang or default_lang(), as_json), Reader()
    drawn = reader.uses(uses)
    yearly = reader.rate("rate", "--rate", rate_word)
    fee_rate = reader.rate("guarantee_rate", "--guarantee-rate", guarantee_rate)
    limit_fen = None if limit is None else reader.money("limit_fen", "--limit", limit)
    convention = reader.day_count(day_count)
    flows = reader.finish(
        lambda: revolving_flows(
            drawn, yearly, guarantee_rate=fee_rate, day_count=convention, limit_fen=limit_fen
        )
    )
    cost = reader.finish(lambda: all_in_rate(flows))
    figures = [
        words("num_uses", Text("用款笔数", "uses"), len(drawn)),
        fen("most_used_fen", Text("最高余额", "most out at once"), most_used_fen(drawn)),
        fen("interest_fen", Text("利息", "interest"), -total_of(flows, INTEREST)),
        fen("guarantee_fen", Text("担保费", "guarantee fee"), -total_of(flows, GUARANTEE_FEE)),
        rate("effective", Text("综合融资成本（年化）", "all-in yearly cost"), cost),
    ]
    show(output, Text("随借随还", "Line of credit"), figures)
    output.document({**document(figures), "flows": flows_document(flows)})
