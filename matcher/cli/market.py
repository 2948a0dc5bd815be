"""The market of a command that takes the seed market where none is named."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import seeds
from matcher.cli import options
from matcher.services.rounds import Round, make_round

MarketOption = Annotated[
    Path | None,
    typer.Option("--market", help="市场（默认示例市场）/ market (default: the seed market)"),
]


def load_market(
    market: Path | None,
    catalogue: Path | None = None,
    exchange_rate: str = "1",
    as_of: str | None = None,
    calendar: Path | None = None,
    lpr: Path | None = None,
) -> Round:
    """Read a round as the options say; without a market, that of the seeds.

    Raises
    ------
    InputError
        With every fault of the options or of the files.
    """
    if market is None:
        day = options.parse_day(as_of) or seeds.SEED_DATE
        return make_round(seeds.load(), day, lpr=options.load_lpr(lpr))
    return options.Source(market, catalogue, exchange_rate, as_of, calendar, lpr).load()
