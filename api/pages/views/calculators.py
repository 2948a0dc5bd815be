"""The calculators that there are, each with an example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from api.pages.views.calculator import Calculator, Input, Kind, Words
from matcher.domain.text import Text
from matcher.finance.charges import GuaranteeMode
from matcher.finance.repayment import Plan
from matcher.services.costing import fees, support
from matcher.services.costing.answer import Answer
from matcher.services.costing.loan import ChargeWords, LoanWords, RateWords, loan
from matcher.services.costing.reading import Reader
from matcher.services.costing.revolving import revolving
from matcher.services.costing.savings import savings
from matcher.services.costing.tranches import tranches


def _of(reckon: Callable[..., Answer]) -> Callable[[Reader, Words], Answer]:
    return lambda reader, words: reckon(reader, **words)


def _loan(reader: Reader, words: Words) -> Answer:
    def part(kind: type) -> dict[str, Any]:
        names = {one.name for one in fields(kind)}
        return {name: word for name, word in words.items() if name in names}

    return loan(
        reader,
        LoanWords(**part(LoanWords)),
        RateWords(**part(RateWords)),
        ChargeWords(**part(ChargeWords)),
    )


_MONEY = Text("如 350万、3,500,000", "as 3,500,000 or 350万")
_RATE = Text("如 2.65%", "as 2.65%")
_AMOUNT = Input("amount", Text("金额", "Amount"), hint=_MONEY, required=True)
_YEARLY = Input("rate", Text("年利率", "Yearly interest"), hint=_RATE, required=True)
_GUARANTEE_RATE = Input(
    "guarantee_rate", Text("年担保费率", "Guarantee fee per year"), hint=Text("如 0.5%", "as 0.5%")
)
_DAY_COUNT = Input(
    "day_count",
    Text("计息规则", "Day count"),
    Kind.MENU,
    menu=tuple((word, Text.same(word)) for word in ("ACT/365", "ACT/360", "30/360")),
)

_ALL = (
    Calculator(
        "rollover",
        Text("转贷费用", "Rollover"),
        Text(
            "应急转贷资金用几天、费率多少，要付多少，折合年化多少",
            "What a bridge fund costs for the days it is used, and what that is a year",
        ),
        (
            _AMOUNT,
            Input("days", Text("使用天数", "Days of use"), required=True),
            Input(
                "monthly_fee",
                Text("月费率", "Fee per month"),
                hint=Text("如 6‰", "as 6‰ or 0.6%"),
                required=True,
            ),
            Input("halved", Text("减半收取", "The fee is halved"), Kind.FLAG),
        ),
        _of(fees.rollover),
        MappingProxyType({"amount": "2000万", "days": "10", "monthly_fee": "6‰"}),
        (
            Input(
                "month_days",
                Text("每月天数", "Days in a month"),
                hint=Text("不填按 30 天", "30 where it is left empty"),
            ),
        ),
    ),
    Calculator(
        "guarantee",
        Text("按日担保费", "Guarantee by the day"),
        Text(
            "担保费按实际使用天数计收，与一次性预收全年相比省多少",
            "A guarantee paid for the days used, against a whole year up front",
        ),
        (
            _AMOUNT,
            Input(
                "rate",
                Text("年担保费率", "Guarantee fee per year"),
                hint=Text("如 0.5%", "as 0.5%"),
                required=True,
            ),
            Input("days", Text("使用天数", "Days of use"), required=True),
        ),
        _of(fees.guarantee),
        MappingProxyType({"amount": "50万", "rate": "0.5%", "days": "182"}),
        (_DAY_COUNT,),
    ),
    Calculator(
        "loan",
        Text("综合融资成本", "All-in cost"),
        Text(
            "利息、手续费、担保费、保险费与补贴全部算进去，一年到底多少",
            "Interest, fees, guarantee, insurance and subsidies in one yearly rate",
        ),
        (
            _AMOUNT,
            _YEARLY,
            Input("start", Text("放款日", "First day"), Kind.DAY, required=True),
            Input("months", Text("期限（月）", "Months"), required=True),
            Input(
                "plan",
                Text("还款方式", "Repayment"),
                Kind.MENU,
                menu=tuple((one.value, one.text) for one in Plan),
            ),
            _GUARANTEE_RATE,
        ),
        _loan,
        MappingProxyType(
            {
                "amount": "100万",
                "rate": "4.35%",
                "start": "2026-03-02",
                "months": "12",
                "plan": "instalments",
                "guarantee_rate": "0.5%",
                "subsidy": "5000@2026-12-31",
            }
        ),
        (
            Input(
                "guarantee_mode",
                Text("担保费收取方式", "Guarantee fee is paid"),
                Kind.MENU,
                menu=tuple((one.value, one.text) for one in GuaranteeMode),
            ),
            Input(
                "every",
                Text("每几个月还款一次", "Months from payment to payment"),
                hint=Text("不填按每月", "each month where it is left empty"),
            ),
            _DAY_COUNT,
            Input("fee_once", Text("一次性费率", "Fee up front, a rate"), hint=_RATE),
            Input("fee_fixed", Text("一次性费用", "Fee up front, an amount"), hint=_MONEY),
            Input(
                "fee_monthly",
                Text("月费率", "Fee per month, a rate"),
                hint=Text("如 0.1%", "as 0.1%"),
            ),
            Input(
                "fee_daily",
                Text("按日计收的年费率", "Yearly fee charged by days"),
                hint=Text("如 0.5%", "as 0.5%"),
            ),
            Input("premium", Text("保险费", "Insurance premium"), hint=_MONEY),
            Input(
                "subsidy",
                Text("补贴", "Subsidies"),
                Kind.LINES,
                hint=Text(
                    "每行一笔，如 5000@2026-12-31", "a line each, amount and day: 5000@2026-12-31"
                ),
            ),
        ),
    ),
    Calculator(
        "premium",
        Text("保费补贴", "Premium subsidy"),
        Text("财政补贴后企业实付多少保险费", "What is left of a premium after its subsidy"),
        (
            Input("premium", Text("保险费", "Premium"), hint=_MONEY, required=True),
            Input(
                "subsidy",
                Text("补贴比例", "Share that is paid"),
                hint=Text("如 60%", "as 60%"),
                required=True,
            ),
            Input("cap", Text("补贴封顶", "Most that is paid"), hint=_MONEY),
        ),
        _of(support.premium),
        MappingProxyType({"premium": "10万", "subsidy": "60%"}),
    ),
    Calculator(
        "subsidy",
        Text("贷款贴息", "Interest subsidy"),
        Text("降息与贴息之后，利率实际是多少", "The rate after a cut and a subsidy on interest"),
        (
            _AMOUNT,
            _YEARLY,
            Input(
                "months", Text("期限（月）", "Months"), hint=Text("不填按 12 个月", "12 if empty")
            ),
            Input("points", Text("贴息百分点", "Points paid"), hint=Text("如 1%", "as 1%")),
            Input(
                "share",
                Text("贴息占利息比例", "Share of interest paid"),
                hint=Text("如 50%", "as 50%"),
            ),
        ),
        _of(support.subsidy),
        MappingProxyType(
            {
                "amount": "990万",
                "rate": "2.95%",
                "cut": "0.3%",
                "authority": "0.2%",
                "points": "0.1%",
                "most_loan": "1000万",
            }
        ),
        (
            Input("cap", Text("贴息封顶", "Most that is paid"), hint=_MONEY),
            Input("most_loan", Text("可贴息贷款上限", "Largest loan that may"), hint=_MONEY),
            Input(
                "most_excluded",
                Text("上限本身不可贴息", "That largest itself may not"),
                Kind.FLAG,
            ),
            Input("cut", Text("申请降息", "Cut asked for"), hint=Text("如 0.3%", "as 0.3%")),
            Input(
                "authority",
                Text("降息权限", "Largest cut granted"),
                hint=Text("如 0.2%", "as 0.2%"),
            ),
        ),
    ),
    Calculator(
        "revolving",
        Text("随借随还", "Line of credit"),
        Text("按实际用款天数付息，综合成本多少", "A line of credit, paid for by the days used"),
        (
            Input(
                "use",
                Text("用款", "Uses"),
                Kind.LINES,
                hint=Text(
                    "每行一笔，如 50万@2026-01-01..2026-07-02",
                    "a line each: 500,000@2026-01-01..2026-07-02",
                ),
                required=True,
            ),
            _YEARLY,
            _GUARANTEE_RATE,
        ),
        _of(revolving),
        MappingProxyType(
            {
                "use": "50万@2026-01-01..2026-07-02\n30万@2026-08-01..2026-10-15",
                "rate": "4%",
                "guarantee_rate": "0.5%",
            }
        ),
        (Input("limit", Text("授信额度", "Line of credit"), hint=_MONEY), _DAY_COUNT),
    ),
    Calculator(
        "tranches",
        Text("分期拨付", "Tranches"),
        Text(
            "达到节点才拨付：已拨多少、还等什么",
            "Paid as milestones are reached: what is paid, and what it waits for",
        ),
        (
            _AMOUNT,
            Input(
                "shares",
                Text("各期比例", "Shares"),
                hint=Text("如 40/40/20", "as 40/40/20"),
                required=True,
            ),
            Input(
                "milestone",
                Text("各期节点", "Milestones"),
                Kind.LINES,
                hint=Text(
                    "每期一行；几个节点任一即可时用 / 分开；不填为 1、2、3",
                    "a line for each tranche; / where any of several will do; 1, 2, 3 if empty",
                ),
            ),
            Input(
                "reached",
                Text("已达成的节点", "Milestones reached"),
                Kind.LINES,
                hint=Text("每行一个，按先后", "a line each, in order"),
            ),
            Input("failed", Text("未达成的节点", "Milestone failed")),
        ),
        _of(tranches),
        MappingProxyType(
            {
                "amount": "300万",
                "shares": "40/40/20",
                "milestone": "社会资本到位\n考核通过/获得新的市场融资\n项目验收",
                "reached": "社会资本到位",
            }
        ),
    ),
    Calculator(
        "savings",
        Text("降本成效", "Savings"),
        Text("一项政策让企业少付了多少", "What a programme saved its borrowers"),
        (
            Input("loans", Text("笔数", "Loans"), required=True),
            Input("book", Text("贷款总额", "Lent in all"), hint=_MONEY, required=True),
            Input("saved", Text("年节省金额", "Saved in a year"), hint=_MONEY, required=True),
            Input("fall", Text("成本降幅", "Fall of the cost"), hint=Text("如 54%", "as 54%")),
        ),
        _of(savings),
        MappingProxyType({"loans": "28", "book": "2824.5万", "saved": "91.5万", "fall": "54%"}),
    ),
)

CALCULATORS: Mapping[str, Calculator] = MappingProxyType({one.name: one for one in _ALL})
"""By name, in the order in which they are shown."""
