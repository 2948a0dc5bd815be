"""`matcher cost …`: what money costs, one calculator a command."""

from __future__ import annotations

from typing import Annotated

import typer

from matcher.cli import cost_loan, cost_revolving, cost_support, cost_tranches, options
from matcher.cli.cost_showing import option, show
from matcher.cli.output import Output, default_lang
from matcher.finance.rollover import MONTH_DAYS
from matcher.services.costing import fees
from matcher.services.costing.reading import Reader
from matcher.services.costing.savings import savings as reckon_savings

Amount = Annotated[str, typer.Option("--amount", help="金额，如 350万 / amount in yuan")]
Days = Annotated[str, typer.Option("--days", help="使用天数 / days of use")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    costs = typer.Typer(help="融资成本测算 / what money costs", no_args_is_help=True)
    costs.command("rollover", help="转贷费用 / fee of a bridge fund")(rollover)
    costs.command("guarantee", help="按日担保费 / guarantee fee by the day")(guarantee)
    costs.command("savings", help="降本成效 / what a programme saved")(savings)
    for module in (cost_loan, cost_revolving, cost_support, cost_tranches):
        module.register(costs)
    app.add_typer(costs, name="cost")


def rollover(
    amount: Amount,
    days: Days,
    monthly_fee: Annotated[
        str, typer.Option("--monthly-fee", help="月费率，如 6‰ / fee per month, a rate")
    ],
    halved: Annotated[bool, typer.Option("--halved", help="减半收取 / the fee is halved")] = False,
    month_days: Annotated[
        str, typer.Option("--month-days", help="每月天数 / days in a month")
    ] = str(MONTH_DAYS),
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Reckon the fee of a rollover."""
    answer = fees.rollover(
        Reader(option),
        amount=amount,
        days=days,
        monthly_fee=monthly_fee,
        halved=halved,
        month_days=month_days,
    )
    show(Output(lang or default_lang(), as_json), answer)


def guarantee(
    amount: Amount,
    rate: Annotated[str, typer.Option("--rate", help="年担保费率 / fee per year, a rate")],
    days: Days,
    day_count: Annotated[
        str, typer.Option("--day-count", help="计息规则 / ACT/365, ACT/360 or 30/360")
    ] = "ACT/365",
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Reckon a guarantee fee by the day."""
    answer = fees.guarantee(
        Reader(option), amount=amount, rate=rate, days=days, day_count=day_count
    )
    show(Output(lang or default_lang(), as_json), answer)


def savings(
    loans: Annotated[str, typer.Option("--loans", help="笔数 / number of loans")],
    book: Annotated[str, typer.Option("--book", help="贷款总额 / amount lent")],
    saved: Annotated[str, typer.Option("--saved", help="年节省金额 / saved in a year")],
    fall: Annotated[
        str | None, typer.Option("--fall", help="成本降幅，如 54% / fall of the cost, a rate")
    ] = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Report what a programme saved."""
    answer = reckon_savings(Reader(option), loans=loans, book=book, saved=saved, fall=fall)
    show(Output(lang or default_lang(), as_json), answer)
