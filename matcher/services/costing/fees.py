"""Fees by the day: of a bridge fund, and of a guarantee."""

from __future__ import annotations

from matcher.domain.text import Text
from matcher.finance.guarantee import guarantee_fee
from matcher.finance.rollover import MONTH_DAYS, rollover_fee
from matcher.services.costing.answer import Answer
from matcher.services.costing.figures import as_is, in_percent, in_yuan, yuan_text
from matcher.services.costing.reading import Reader

AMOUNT = Text("金额", "amount")
DAY_COUNT = "ACT/365"


def rollover(
    reader: Reader,
    *,
    amount: str,
    days: str,
    monthly_fee: str,
    halved: bool = False,
    month_days: str = str(MONTH_DAYS),
) -> Answer:
    """Reckon the fee of a rollover.

    Raises
    ------
    InputError
        With every fault of the words.
    """
    amount_fen = reader.money("amount_fen", "amount", amount)
    num_days = reader.whole("days", "days", days)
    fee_rate = reader.rate("monthly_fee", "monthly_fee", monthly_fee)
    num_month_days = reader.whole("month_days", "month_days", month_days)
    fee = reader.finish(
        lambda: rollover_fee(
            amount_fen, num_days, fee_rate, halved=halved, month_days=num_month_days
        )
    )
    figures = (
        in_yuan("amount_fen", AMOUNT, amount_fen),
        as_is("days", Text("天数", "days"), num_days),
        in_percent("monthly_fee", Text("月费率", "fee per month"), fee_rate),
        as_is("month_days", Text("每月天数", "days in a month"), num_month_days),
        in_yuan("fee_fen", Text("费用", "fee"), fee.fee_fen),
        in_yuan("reduction_fen", Text("减免", "reduction"), fee.reduction_fen),
        in_percent(
            "yearly_rate", Text("折合年化（单利）", "as simple yearly interest"), fee.yearly_rate
        ),
    )
    return Answer(Text("转贷费用", "Rollover fee"), figures, "fee_fen")


def guarantee(
    reader: Reader, *, amount: str, rate: str, days: str, day_count: str = DAY_COUNT
) -> Answer:
    """Reckon a guarantee fee by the day.

    Raises
    ------
    InputError
        With every fault of the words.
    """
    amount_fen = reader.money("amount_fen", "amount", amount)
    yearly = reader.rate("rate", "rate", rate)
    num_days = reader.whole("days", "days", days)
    convention = reader.day_count(day_count)
    fee = reader.finish(lambda: guarantee_fee(amount_fen, yearly, num_days, convention))
    figures = (
        in_yuan("amount_fen", AMOUNT, amount_fen),
        in_percent("rate", Text("年担保费率", "fee per year"), yearly),
        as_is("days", Text("使用天数", "days of use"), num_days),
        as_is("day_count", Text("计息规则", "day count"), convention),
        in_yuan("daily_fen", Text("每日担保费", "fee per day"), fee.daily_fen),
        in_yuan("used_fen", Text("按日计收合计", "paid by the day"), fee.used_fen),
        in_yuan("upfront_fen", Text("一次性预收", "paid up front"), fee.upfront_fen),
        in_yuan("saved_fen", Text("节省", "saved"), fee.saved_fen),
    )
    note = Text(
        "合计按精确值计算后四舍五入一次，不是每日 {d} 乘以天数",
        "The total is exact and rounded once; it is not {d} a day times the days.",
    ).format(d=yuan_text(fee.daily_fen))
    return Answer(Text("担保费", "Guarantee fee"), figures, "used_fen", (note,))
