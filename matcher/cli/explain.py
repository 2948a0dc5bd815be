"""`matcher explain NEED PRODUCT`: why a product fits a need or does not."""

from __future__ import annotations

from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.market import MarketOption, load_market
from matcher.cli.output import Output, default_lang
from matcher.cli.show_explanation import explanation_document, show_explanation
from matcher.services.explaining import explain_pair


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain", help="解释一对需求与产品 / explain one pair of need and product")(
        explain
    )


def explain(
    need: Annotated[str, typer.Argument(help="需求编号 / id of the need")],
    product: Annotated[str, typer.Argument(help="产品编号 / id of the product")],
    market: MarketOption = None,
    catalogue: options.CataloguePath = None,
    exchange_rate: options.ExchangeRate = "1",
    as_of: options.AsOf = None,
    calendar: options.Calendar = None,
    lpr: options.Lpr = None,
    weights: options.WeightsPath = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Explain one pair."""
    output = Output(lang or default_lang(), as_json)
    loaded = load_market(market, catalogue, exchange_rate, as_of, calendar, lpr)
    found = explain_pair(loaded.market, options.load_weights(weights), need, product)
    show_explanation(output, found)
    output.document(explanation_document(found))
