"""`matcher cost loan`: a loan with its fees, guarantee, premium and subsidies, all in."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.cost_loan_showing import loan_document, show_loan
from matcher.cli.cost_reading import Reader
from matcher.cli.output import Output, default_lang
from matcher.domain.choices import Tenor
from matcher.domain.errors import Fault
from matcher.domain.text import Text
from matcher.finance.charges import Charges, GuaranteeMode
from matcher.finance.loan_cost import loan_cost
from matcher.finance.repayment import Loan, Plan

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
    output, reader = Output(lang or default_lang(), as_json), Reader()
    terms = _LoanWords(reader, amount, start, months, plan, every, day_count)
    quoted = _quoted_rate(reader, rate, lpr, tenor, spread_bp, start)
    borrowed = reader.attempt(lambda: terms.loan(quoted))
    rates = {
        field: reader.rate(field, option, word)
        for field, option, word in (
            ("fee_once_rate", "--fee-once", fee_once),
            ("fee_monthly_rate", "--fee-monthly", fee_monthly),
            ("fee_daily_rate", "--fee-daily", fee_daily),
            ("guarantee_rate", "--guarantee-rate", guarantee_rate),
        )
    }
    fixed_fen = reader.money("fee_fixed_fen", "--fee-fixed", fee_fixed)
    premium_fen = reader.money("premium_fen", "--premium", premium)
    mode = reader.choice("guarantee_mode", "--guarantee-mode", guarantee_mode, GuaranteeMode)
    paid_back = reader.subsidies(subsidies or [])
    charges = reader.attempt(
        lambda: Charges(
            **rates,
            fee_fixed_fen=fixed_fen,
            guarantee_mode=mode,
            premium_fen=premium_fen,
            subsidies=paid_back,
        )
    )
    reader.raise_if_any()
    assert borrowed is not None
    assert charges is not None
    cost = reader.finish(lambda: loan_cost(borrowed, charges))
    show_loan(output, cost)
    output.document(loan_document(cost))


class _LoanWords:
    """The terms of a loan as read from its words."""

    def __init__(
        self,
        reader: Reader,
        amount: str,
        start: str,
        months: str,
        plan: str,
        every: str,
        day_count: str,
    ) -> None:
        self.amount_fen = reader.money("amount_fen", "--amount", amount)
        self.start = reader.day("start", "--start", start)
        self.months = reader.whole("months", "--months", months)
        self.plan = reader.choice("plan", "--plan", plan, Plan)
        self.every_months = reader.whole("every_months", "--every", every)
        self.day_count = reader.day_count(day_count)

    def loan(self, rate: Decimal) -> Loan:
        """Return the loan at a rate."""
        return Loan(
            amount_fen=self.amount_fen,
            rate=rate,
            start=self.start,
            months=self.months,
            plan=self.plan,
            every_months=self.every_months,
            day_count=self.day_count,
        )


def _quoted_rate(
    reader: Reader, rate: str | None, lpr: Path | None, tenor: str, spread_bp: str, start: str
) -> Decimal:
    """Return the rate given, or the LPR of the first day with its spread."""
    if (rate is None) == (lpr is None):
        message = Text("必须且只能给出一个", "exactly one of them must be given")
        reader.faults.append(Fault(message, field="--rate, --lpr"))
    if lpr is None or rate is not None:
        return reader.rate("rate", "--rate", rate or Zero)
    num_faults = len(reader.faults)
    published = reader.choice("tenor", "--tenor", tenor, Tenor)
    spread = reader.whole("spread_bp", "--spread-bp", spread_bp)
    table = reader.lpr(lpr)
    day = Reader().day("date", "--start", start)  # its fault is noted with the loan's terms
    if table is None or len(reader.faults) > num_faults:
        return Decimal(0)
    reader.name("date", "--start")
    return reader.attempt(lambda: table.loan_rate(day, published, spread)) or Decimal(0)
