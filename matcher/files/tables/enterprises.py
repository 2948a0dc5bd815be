"""The columns of enterprises."""

from __future__ import annotations

from datetime import date

from matcher.domain.choices import (
    Ownership,
    Size,
    TaxGrade,
)
from matcher.domain.enterprise import Enterprise
from matcher.domain.text import Text
from matcher.files.codes import CreditCode, Industry, Region
from matcher.files.columns import Column, Table
from matcher.files.kinds import Word
from matcher.files.tables.shared import (
    DAY,
    FIGURES,
    FLAG,
    IDENTITIES,
    IDENTITY,
    MONEY,
    PROVENANCE,
    RATE,
    TAG_SET,
    WHOLE,
    WORDS,
    menu_note,
)

ENTERPRISES = Table(
    name="enterprises",
    text=Text("企业", "enterprises"),
    record=Enterprise,
    required=True,
    columns=(
        Column(
            field="enterprise_id",
            text=Text("企业编号", "enterprise id"),
            kind=IDENTITY,
            required=True,
            others=("id", "编号"),
            note=Text(
                "您自定的唯一编号，需求表用它指向企业",
                "Your own unique id; the table of needs refers to it",
            ),
            example="例-E1",
        ),
        Column(
            field="name",
            text=Text("企业名称", "name"),
            kind=WORDS,
            required=True,
            others=("名称", "enterprise name"),
            note=Text("营业执照上的名称", "The name on the business licence"),
            example="示例科技有限公司",
        ),
        Column(
            field="name_en",
            text=Text("英文名称", "name in English"),
            kind=WORDS,
            note=Text("可不填", "Optional"),
            example="Example Technology Co., Ltd.",
        ),
        Column(
            field="credit_code",
            text=Text("统一社会信用代码", "credit code"),
            kind=CreditCode(),
            others=("信用代码", "unified social credit code"),
            note=Text(
                "18 位，单元格须为文本格式，否则末几位会丢失",
                "18 characters; keep the cell as text or digits are lost",
            ),
        ),
        Column(
            field="region",
            text=Text("地区代码", "region"),
            kind=Region(),
            others=("地区", "行政区划代码"),
            note=Text(
                "GB/T 2260 代码，如 330108 为杭州市滨江区",
                "GB/T 2260 code; 330108 is Binjiang, Hangzhou",
            ),
            example="330108",
        ),
        Column(
            field="industry",
            text=Text("行业代码", "industry"),
            kind=Industry(),
            others=("行业", "industry code"),
            note=Text("GB/T 4754 代码，如 I65 或 C27", "GB/T 4754 code such as I65 or C27"),
            example="I65",
        ),
        Column(
            field="stated_size",
            text=Text("企业规模", "size"),
            kind=Word(Size),
            others=("规模",),
            note=Text(
                "企业自报；人数、收入、资产和行业齐全时由系统按 2017 年标准计算",
                "As the firm states it; computed by the rule of 2017 where the figures allow",
            ),
            example="小型",
        ),
        Column(
            field="founded",
            text=Text("成立日期", "founded"),
            kind=DAY,
            others=("注册日期",),
            note=Text("营业执照上的成立日期", "The date on the business licence"),
            example=date(2016, 5, 20),
        ),
        Column(
            field="staff",
            text=Text("职工人数", "staff"),
            kind=WHOLE,
            unit="人",
            others=("从业人员",),
            note=Text("上年末从业人员数", "Persons employed at the end of last year"),
            example=86,
        ),
        Column(
            field="revenue_fen",
            text=Text("营业收入", "revenue"),
            kind=MONEY,
            unit="元",
            note=Text("上一完整年度；可写 3200万 或 三千二百万", "Of the last full year"),
            example="3200万",
        ),
        Column(
            field="assets_fen",
            text=Text("资产总额", "assets"),
            kind=MONEY,
            unit="元",
            note=Text("上年末资产总计", "Total assets at the end of last year"),
            example="4500万",
        ),
        Column(
            field="ownership",
            text=Text("企业性质", "ownership"),
            kind=Word(Ownership),
            note=menu_note("所有制", "Who owns it", Ownership),
            example="民营",
        ),
        Column(
            field="tags",
            text=Text("资质标签", "tags"),
            kind=TAG_SET,
            others=("标签",),
            note=Text(
                "用“、”分隔，可写表外的标签；确定没有写“无”，不清楚就空着",
                "Separated by commas, others are kept; write none if there are none",
            ),
            example="高新技术企业、科技型中小企业",
        ),
        Column(
            field="tax_grade",
            text=Text("纳税信用等级", "tax grade"),
            kind=Word(TaxGrade),
            note=Text("最近一次评定结果", "The latest grade"),
            example="A级",
        ),
        Column(
            field="first_time_borrower",
            text=Text("首贷户", "first-time borrower"),
            kind=FLAG,
            note=Text("从未获得过银行贷款填“是”", "Yes if it never had a bank loan"),
            example="否",
        ),
        Column(
            field="banks",
            text=Text("合作机构", "banks"),
            kind=IDENTITIES,
            others=("合作银行",),
            note=Text(
                "已有往来机构的编号，用“、”分隔；确定没有写“无”",
                "Ids of the institutions it already works with; none if there are none",
            ),
            example="例-B1",
        ),
        Column(
            field="conflicts",
            text=Text("关联机构", "conflicts"),
            kind=IDENTITIES,
            note=Text(
                "有关联关系、不得推荐的机构编号", "Ids of related institutions, never proposed"
            ),
        ),
        Column(
            field="lead_share",
            text=Text("负责人持股", "lead share"),
            kind=RATE,
            others=("share of the lead",),
            note=Text("项目负责人持股比例，如 30%", "Share held by the lead, such as 30%"),
        ),
        Column(
            field="team_share",
            text=Text("核心团队持股", "team share"),
            kind=RATE,
            others=("share of the core team",),
            note=Text("核心团队合计持股比例", "Share held by the core team together"),
        ),
        Column(
            field="lead_is_largest",
            text=Text("负责人为最大股东", "lead is the largest shareholder"),
            kind=FLAG,
            note=Text("是 或 否", "Yes or no"),
        ),
        Column(
            field="indicators",
            text=Text("其他指标", "indicators"),
            kind=FIGURES,
            others=("指标",),
            note=Text(
                "“名称=数值”，用分号分隔，规则里写作 指标.名称",
                "name=number, separated by semicolons; rules call them indicator.name",
            ),
            example="融资轮次=2; 研发占比=12%",
        ),
        *PROVENANCE,
    ),
)
