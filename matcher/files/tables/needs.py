"""The columns of needs."""

from __future__ import annotations

from datetime import date

from matcher.domain.choices import (
    Collateral,
    Instrument,
    Purpose,
    Repayment,
)
from matcher.domain.enterprise import DEFAULT_CONTACTS, Need
from matcher.domain.text import Text
from matcher.files.columns import Column, Table
from matcher.files.kinds import Word
from matcher.files.several import Pairs
from matcher.files.tables.shared import (
    DAY,
    DAYS,
    IDENTITIES,
    IDENTITY,
    INSTRUMENTS,
    MONEY,
    MONTHS,
    PROVENANCE,
    RATE,
    WHOLE,
    menu_note,
)

NEEDS = Table(
    name="needs",
    text=Text("需求", "needs"),
    record=Need,
    required=True,
    columns=(
        Column(
            field="need_id",
            text=Text("需求编号", "need id"),
            kind=IDENTITY,
            required=True,
            others=("id", "编号"),
            note=Text("您自定的唯一编号", "Your own unique id"),
            example="例-N1",
        ),
        Column(
            field="enterprise_id",
            text=Text("企业编号", "enterprise id"),
            kind=IDENTITY,
            required=True,
            others=("enterprise",),
            note=Text("企业表中的编号", "An id of the table of enterprises"),
            example="例-E1",
        ),
        Column(
            field="amount_fen",
            text=Text("融资金额", "amount"),
            kind=MONEY,
            required=True,
            unit="元",
            others=("金额",),
            note=Text(
                "希望得到的金额；可写 150万、1,500,000 或 一百五十万",
                "The amount wanted; a cell may name its own unit",
            ),
            example="150万",
        ),
        Column(
            field="amount_min_fen",
            text=Text("最低金额", "least amount"),
            kind=MONEY,
            unit="元",
            others=("amount min", "最低可接受金额"),
            note=Text(
                "少于此数就没有帮助；不填即全额", "Less than this does not help; blank: all of it"
            ),
            example="100万",
        ),
        Column(
            field="term_months",
            text=Text("期限", "term"),
            kind=MONTHS,
            unit="月",
            others=("融资期限",),
            note=Text("需要用款的月数，也可写 1年", "Months the money is needed for"),
            example=12,
        ),
        Column(
            field="term_days",
            text=Text("用款天数", "term in days"),
            kind=DAYS,
            unit="天",
            note=Text("转贷等按天用款时填写", "Of a bridge, that is needed for days"),
        ),
        Column(
            field="purpose",
            text=Text("用途", "purpose"),
            kind=Word(Purpose),
            others=("资金用途",),
            note=menu_note("从下拉表选一项", "Choose one", Purpose),
            example="流动资金",
        ),
        Column(
            field="instruments",
            text=Text("融资方式", "instruments"),
            kind=INSTRUMENTS,
            note=menu_note(
                "可接受的方式，用“、”分隔，不填即贷款", "Accepted ways, blank: loan", Instrument
            ),
            example="贷款、担保",
        ),
        Column(
            field="collateral",
            text=Text("押品", "collateral"),
            kind=Pairs(Word(Collateral), MONEY, "房产土地=300万; 应收账款=50万", once=False),
            others=("抵质押物",),
            note=menu_note(
                "“种类=价值”，用分号分隔，不写单位即为元；确定没有写“无”；种类",
                "kind=value in yuan, separated by semicolons; none if there is none; kinds",
                Collateral,
            ),
            example="房产土地=300万; 应收账款=50万",
        ),
        Column(
            field="needed_by",
            text=Text("最晚到账日", "needed by"),
            kind=DAY,
            others=("到账期限", "deadline"),
            note=Text("钱在这一天之后到账就没有帮助", "The last day on which the money helps"),
            example=date(2027, 6, 30),
        ),
        Column(
            field="max_rate",
            text=Text("最高年化成本", "highest rate"),
            kind=RATE,
            others=("max rate", "最高利率"),
            note=Text(
                "能接受的最高综合年化成本，写 4.5%",
                "Highest all-in yearly cost, written with the sign: 4.5%",
            ),
            example="6%",
        ),
        Column(
            field="repayment",
            text=Text("还款方式", "repayment"),
            kind=Word(Repayment),
            note=menu_note("希望的还款方式", "How it would like to repay", Repayment),
            example="随借随还",
        ),
        Column(
            field="priority",
            text=Text("优先级", "priority"),
            kind=WHOLE,
            note=Text("1（低）到 5（紧急），不填即 3", "1 (low) to 5 (urgent), blank: 3"),
            example=3,
        ),
        Column(
            field="consent",
            text=Text("授权机构", "consent"),
            kind=IDENTITIES,
            note=Text(
                "可以看到该需求的机构编号；不填即本轮全部机构",
                "Ids of the institutions that may see the need; blank: all",
            ),
        ),
        Column(
            field="contacts",
            text=Text("最多接洽家数", "contacts"),
            kind=WHOLE,
            unit="家",
            note=Text(
                f"最多愿意接洽几家机构，不填即 {DEFAULT_CONTACTS}",
                f"The most institutions it wants to hear from, blank: {DEFAULT_CONTACTS}",
            ),
            example=4,
        ),
        Column(
            field="received",
            text=Text("提出日期", "received"),
            kind=DAY,
            others=("收到日期",),
            note=Text("收到该需求的日期", "The day on which the need came in"),
        ),
        *PROVENANCE,
    ),
)
