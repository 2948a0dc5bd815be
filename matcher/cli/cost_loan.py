"""`matcher cost loan`: a loan with its fees, guarantee, premium and subsidies, all in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.cost_showing import option, show
from matcher.cli.output import Output, default_lang
from matcher.services.costing.loan import ChargeWords, LoanWords, RateWords
from matcher.services.costing.loan import loan as reckon_loan
from matcher.services.costing.reading import Reader

Zero = "0"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("loan", help="综合融资成本 / all-in yearly cost of a loan")(loan)


def loan(
    amount: Annotated[str, typer.Option("--amount", help="金额，如 350万 / amount in yuan")],
    start: Annotated[str, typer.Option("--start", help="放款日 / first day, YYYY-MM-DD")],
    months: Annotated[str, typer.Option("--months", help="期限（月）/ term in months")],
    rate: Annotated[
        str | None, typer.Option("--rate", help="年利率，如 2.65% / yearly interest")
    ] = None,
    lpr: Annotated[
        Path | None, typer.Option("--lpr", help="LPR 表 CSV 或 TOML / dated LPR table")
    ] = None,
    tenor: Annotated[str, typer.Option("--tenor", help="LPR 期限 / 1y or 5y")] = "1y",
    spread_bp: Annotated[
        str, typer.Option("--spread-bp", help="LPR 加点（基点）/ basis points over LPR")
    ] = Zero,
    plan: Annotated[
        str, typer.Option("--plan", help="还款方式 / bullet, instalments, principal")
    ] = "bullet",
    every: Annotated[
        str, typer.Option("--every", help="每几个月还款一次 / months from payment to payment")
    ] = "1",
    day_count: Annotated[
        str, typer.Option("--day-count", help="计息规则 / ACT/365, ACT/360 or 30/360")
    ] = "ACT/365",
    fee_once: Annotated[
        str, typer.Option("--fee-once", help="一次性费率 / fee up front, a rate")
    ] = Zero,
    fee_fixed: Annotated[
        str, typer.Option("--fee-fixed", help="一次性费用金额 / fee up front in yuan")
    ] = Zero,
    fee_monthly: Annotated[
        str, typer.Option("--fee-monthly", help="月费率 / fee per month, a rate")
    ] = Zero,
    fee_daily: Annotated[
        str, typer.Option("--fee-daily", help="按日计收的年费率 / yearly rate charged by days")
    ] = Zero,
    guarantee_rate: Annotated[
        str, typer.Option("--guarantee-rate", help="年担保费率 / guarantee fee per year")
    ] = Zero,
    guarantee_mode: Annotated[
        str, typer.Option("--guarantee-mode", help="担保费收取方式 / daily or yearly in advance")
    ] = "daily",
    premium: Annotated[
        str, typer.Option("--premium", help="保险费金额 / insurance premium in yuan")
    ] = Zero,
    subsidies: Annotated[
        list[str] | None, typer.Option("--subsidy", help="补贴 / AMOUNT@DATE, any number of times")
    ] = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Reckon the all-in yearly cost of a loan."""
    answer = reckon_loan(
        Reader(option),
        LoanWords(
            amount=amount, start=start, months=months, plan=plan, every=every, day_count=day_count
        ),
        RateWords(rate=rate, lpr=lpr, tenor=tenor, spread_bp=spread_bp),
        ChargeWords(
            fee_once=fee_once,
            fee_fixed=fee_fixed,
            fee_monthly=fee_monthly,
            fee_daily=fee_daily,
            guarantee_rate=guarantee_rate,
            guarantee_mode=guarantee_mode,
            premium=premium,
            subsidy=subsidies or (),
        ),
    )
    show(Output(lang or default_lang(), as_json), answer)
