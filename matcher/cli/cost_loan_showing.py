"""The all-in cost of a loan as tables on the terminal, and as JSON values."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from matcher.cli.cost_showing import Figure, document, exact_text, fen, rate, show, words, yuan_text
from matcher.cli.output import Output, text_document
from matcher.domain.text import Text
from matcher.finance.flows import FEE, GUARANTEE_FEE, INTEREST, PREMIUM, SUBSIDY, CashFlow
from matcher.finance.loan_cost import LoanCost
from matcher.finance.repayment import Instalment

MOST_ROWS = 24
_CLOCK_NOTE = Text(
    "综合融资成本为实际现金流的内部收益率（复利，ACT/365）；单利口径为净成本除以实际占用本金",
    "The all-in cost is the internal rate of return of the real cash flows (compounded, "
    "ACT/365); the simple rate is the net cost over the money really used.",
)


def show_loan(output: Output, cost: LoanCost) -> None:
    """Print what the loan costs, and its plan of repayment."""
    output.console.print(_plan(output, cost.plan))
    show(output, Text("综合融资成本", "All-in cost"), _figures(cost), _CLOCK_NOTE)


def loan_document(cost: LoanCost) -> dict[str, Any]:
    """Return the cost, the plan and every flow as JSON values."""
    return {
        **document(_figures(cost)),
        "plan": str(cost.loan.plan),
        "start": cost.loan.start.isoformat(),
        "end": cost.loan.end.isoformat(),
        "payments": [
            {
                "day": row.day.isoformat(),
                "owed_fen": row.owed_fen,
                "principal_fen": row.principal_fen,
                "interest_fen": row.interest_fen,
            }
            for row in cost.plan
        ],
        "flows": flows_document(cost.flows),
        "rate_exact": exact_text(cost.loan.rate),
    }


def flows_document(flows: tuple[CashFlow, ...]) -> list[dict[str, Any]]:
    """Return flows as JSON values."""
    return [
        {"day": f.day.isoformat(), "amount_fen": f.amount_fen, "kind": text_document(f.kind)}
        for f in flows
    ]


def _figures(cost: LoanCost) -> list[Figure]:
    loan = cost.loan
    return [
        fen("amount_fen", Text("金额", "amount"), loan.amount_fen),
        rate("rate", Text("年利率", "interest"), loan.rate),
        words("months", Text("期限（月）", "months"), loan.months),
        words("day_count", Text("计息规则", "day count"), loan.day_count),
        fen("interest_fen", Text("利息合计", "interest in all"), cost.paid_fen(INTEREST)),
        fen("fees_fen", Text("手续费", "fees"), cost.paid_fen(FEE)),
        fen("guarantee_fen", Text("担保费", "guarantee fee"), cost.paid_fen(GUARANTEE_FEE)),
        fen("premium_fen", Text("保险费", "insurance premium"), cost.paid_fen(PREMIUM)),
        fen("subsidy_fen", Text("补贴", "subsidies"), -cost.paid_fen(SUBSIDY)),
        fen("net_cost_fen", Text("净成本", "net cost"), cost.net_cost_fen),
        rate("effective", Text("综合融资成本（年化）", "all-in yearly cost"), cost.effective),
        rate("nominal", Text("名义年化（按月）", "nominal, compounded monthly"), cost.nominal),
        rate("simple", Text("单利年化", "simple yearly rate"), cost.simple),
    ]


def _plan(output: Output, rows: tuple[Instalment, ...]) -> Table:
    lang = output.lang
    table = Table(title=Text("还款计划", "Repayments").of(lang), title_justify="left")
    for label in (Text("期", "no."), Text("日期", "day")):
        table.add_column(label.of(lang))
    for label in (Text("本金", "principal"), Text("利息", "interest"), Text("合计", "payment")):
        table.add_column(label.of(lang), justify="right")
    for number, row in enumerate(rows, start=1):
        if number <= MOST_ROWS or number == len(rows):
            amounts = (row.principal_fen, row.interest_fen, row.payment_fen)
            shown = (yuan_text(a).of(lang) for a in amounts)
            table.add_row(str(number), row.day.isoformat(), *shown)
        elif number == len(rows) - 1:
            table.add_row("…", "…", "…", "…", "…")
    return table
