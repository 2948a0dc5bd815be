"""The all-in cost of a loan as an answer: figures, its plan of repayment, every flow."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from matcher.domain.text import Text
from matcher.finance.flows import FEE, GUARANTEE_FEE, INTEREST, PREMIUM, SUBSIDY, CashFlow
from matcher.finance.loan_cost import LoanCost
from matcher.finance.repayment import Instalment
from matcher.services.costing.answer import Answer, Column, Table
from matcher.services.costing.figures import (
    Figure,
    as_is,
    exact_text,
    in_percent,
    in_yuan,
)

_CLOCK_NOTE = Text(
    "综合融资成本为实际现金流的内部收益率（复利，ACT/365）；单利口径为净成本除以实际占用本金",
    "The all-in cost is the internal rate of return of the real cash flows (compounded, "
    "ACT/365); the simple rate is the net cost over the money really used.",
)


def loan_answer(cost: LoanCost) -> Answer:
    """Return what a loan costs."""
    details = {
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
    return Answer(
        Text("综合融资成本", "All-in cost"),
        _figures(cost),
        "effective",
        (_CLOCK_NOTE,),
        (_plan(cost.plan),),
        MappingProxyType(details),
    )


def flows_document(flows: tuple[CashFlow, ...]) -> list[dict[str, Any]]:
    """Return flows as JSON values."""
    return [
        {
            "day": flow.day.isoformat(),
            "amount_fen": flow.amount_fen,
            "kind": {"zh": flow.kind.zh, "en": flow.kind.en},
        }
        for flow in flows
    ]


def _figures(cost: LoanCost) -> tuple[Figure, ...]:
    loan = cost.loan
    return (
        in_yuan("amount_fen", Text("金额", "amount"), loan.amount_fen),
        in_percent("rate", Text("年利率", "interest"), loan.rate),
        as_is("months", Text("期限（月）", "months"), loan.months),
        as_is("day_count", Text("计息规则", "day count"), loan.day_count),
        in_yuan("interest_fen", Text("利息合计", "interest in all"), cost.paid_fen(INTEREST)),
        in_yuan("fees_fen", Text("手续费", "fees"), cost.paid_fen(FEE)),
        in_yuan("guarantee_fen", Text("担保费", "guarantee fee"), cost.paid_fen(GUARANTEE_FEE)),
        in_yuan("premium_fen", Text("保险费", "insurance premium"), cost.paid_fen(PREMIUM)),
        in_yuan("subsidy_fen", Text("补贴", "subsidies"), -cost.paid_fen(SUBSIDY)),
        in_yuan("net_cost_fen", Text("净成本", "net cost"), cost.net_cost_fen),
        in_percent("effective", Text("综合融资成本（年化）", "all-in yearly cost"), cost.effective),
        in_percent(
            "nominal", Text("名义年化（按月）", "nominal, compounded monthly"), cost.nominal
        ),
        in_percent("simple", Text("单利年化", "simple yearly rate"), cost.simple),
    )


def _plan(rows: tuple[Instalment, ...]) -> Table:
    columns = (
        Column(Text("期", "no.")),
        Column(Text("日期", "day")),
        Column(Text("本金", "principal"), is_amount=True),
        Column(Text("利息", "interest"), is_amount=True),
        Column(Text("合计", "payment"), is_amount=True),
    )
    cells = (
        (
            Text.same(number),
            Text.same(row.day.isoformat()),
            row.principal_fen,
            row.interest_fen,
            row.payment_fen,
        )
        for number, row in enumerate(rows, start=1)
    )
    return Table(Text("还款计划", "Repayments"), columns, tuple(cells))
