"""`matcher cost …`: what money costs, one calculator a command."""

from __future__ import annotations

from typing import Annotated

import typer

from matcher.cli import cost_loan, cost_revolving, cost_support, cost_tranches, options
from matcher.cli.cost_reading import Reader
from matcher.cli.cost_showing import document, fen, rate, show, words, yuan_text
from matcher.cli.output import Output, default_lang
from matcher.domain.text import Text
from matcher.finance.guarantee import guarantee_fee
from matcher.finance.rollover import MONTH_DAYS, rollover_fee
from matcher.finance.savings import Savings

AMOUNT = Text("金额", "amount")
SAVED = Text("节省", "saved")
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
    output, reader = Output(lang or default_lang(), as_json), Reader()
    amount_fen = reader.money("amount_fen", "--amount", amount)
    num_days = reader.whole("days", "--days", days)
    fee_rate = reader.rate("monthly_fee", "--monthly-fee", monthly_fee)
    num_month_days = reader.whole("month_days", "--month-days", month_days)
    fee = reader.finish(
        lambda: rollover_fee(
            amount_fen, num_days, fee_rate, halved=halved, month_days=num_month_days
        )
    )
    figures = [
        fen("amount_fen", AMOUNT, amount_fen),
        words("days", Text("天数", "days"), num_days),
        rate("monthly_fee", Text("月费率", "fee per month"), fee_rate),
        words("month_days", Text("每月天数", "days in a month"), num_month_days),
        fen("fee_fen", Text("费用", "fee"), fee.fee_fen),
        fen("reduction_fen", Text("减免", "reduction"), fee.reduction_fen),
        rate("yearly_rate", Text("折合年化（单利）", "as simple yearly interest"), fee.yearly_rate),
    ]
    show(output, Text("转贷费用", "Rollover fee"), figures)
    output.document(document(figures))


def guarantee(
    amount: Amount,
    rate_word: Annotated[str, typer.Option("--rate", help="年担保费率 / fee per year, a rate")],
    days: Days,
    day_count: Annotated[
        str, typer.Option("--day-count", help="计息规则 / ACT/365, ACT/360 or 30/360")
    ] = "ACT/365",
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Reckon a guarantee fee by the day."""
    output, reader = Output(lang or default_lang(), as_json), Reader()
    amount_fen = reader.money("amount_fen", "--amount", amount)
    yearly = reader.rate("rate", "--rate", rate_word)
    num_days = reader.whole("days", "--days", days)
    convention = reader.day_count(day_count)
    fee = reader.finish(lambda: guarantee_fee(amount_fen, yearly, num_days, convention))
    figures = [
        fen("amount_fen", AMOUNT, amount_fen),
        rate("rate", Text("年担保费率", "fee per year"), yearly),
        words("days", Text("使用天数", "days of use"), num_days),
        words("day_count", Text("计息规则", "day count"), convention),
        fen("daily_fen", Text("每日担保费", "fee per day"), fee.daily_fen),
        fen("used_fen", Text("按日计收合计", "paid by the day"), fee.used_fen),
        fen("upfront_fen", Text("一次性预收", "paid up front"), fee.upfront_fen),
        fen("saved_fen", SAVED, fee.saved_fen),
    ]
    note = Text(
        "合计按精确值计算后四舍五入一次，不是每日 {d} 乘以天数",
        "The total is exact and rounded once; it is not {d} a day times the days.",
    ).format(d=yuan_text(fee.daily_fen))
    show(output, Text("担保费", "Guarantee fee"), figures, note)
    output.document(document(figures))


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
    output, reader = Output(lang or default_lang(), as_json), Reader()
    num_loans = reader.whole("num_loans", "--loans", loans)
    book_fen = reader.money("book_fen", "--book", book)
    saved_fen = reader.money("saved_fen", "--saved", saved)
    fell = None if fall is None else reader.rate("fall", "--fall", fall)
    report = reader.finish(
        lambda: Savings(num_loans=num_loans, book_fen=book_fen, saved_fen=saved_fen, fall=fell)
    )
    figures = [
        words("num_loans", Text("笔数", "loans"), num_loans),
        fen("book_fen", Text("贷款总额", "lent"), book_fen),
        fen("mean_loan_fen", Text("笔均贷款", "mean loan"), report.mean_loan_fen),
        fen("saved_fen", SAVED, saved_fen),
        rate("share_of_book", Text("节省占比", "saved, of the amount lent"), report.share_of_book),
        rate("fall", Text("成本降幅", "fall of the cost"), fell),
        rate("rate_before", Text("推算原成本", "implied cost before"), report.rate_before),
        rate("rate_after", Text("推算现成本", "implied cost after"), report.rate_after),
    ]
    show(output, Text("降本成效", "Savings"), figures)
    output.document(document(figures))
