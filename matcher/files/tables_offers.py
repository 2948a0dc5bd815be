"""The columns of institutions and products."""

from __future__ import annotations

from matcher.domain.choices import (
    Collateral,
    InstitutionKind,
    Instrument,
    Repayment,
)
from matcher.domain.institution import Institution, Product
from matcher.domain.text import Text
from matcher.files.codes import Region
from matcher.files.columns import Column, Table
from matcher.files.kinds import Word
from matcher.files.quantities import Workdays
from matcher.files.several import Pairs, Rules, SetOf
from matcher.files.tables_firms import (
    DAY,
    IDENTITIES,
    IDENTITY,
    MONEY,
    MONTHS,
    PROVENANCE,
    RATE,
    WHOLE,
    WORDS,
    menu_note,
)

RULES, WORKDAYS = Rules(), Workdays()
RULE_NOTE = Text(
    "一行一条或用分号分隔，如 营业收入 >= 500万; 地区 属于 3301；说不清的照录并加引号",
    'One a line or separated by semicolons: revenue >= 5000000; region in 3301; prose in "quotes"',
)

INSTITUTIONS = Table(
    name="institutions",
    text=Text("机构", "institutions"),
    record=Institution,
    required=True,
    columns=(
        Column(
            field="institution_id",
            text=Text("机构编号", "institution id"),
            kind=IDENTITY,
            required=True,
            others=("id", "编号"),
            note=Text("您自定的唯一编号", "Your own unique id"),
            example="例-B1",
        ),
        Column(
            field="name",
            text=Text("机构名称", "name"),
            kind=WORDS,
            required=True,
            others=("名称", "institution name"),
            note=Text("全称或通用简称", "Its full or usual name"),
            example="示例银行",
        ),
        Column(
            field="name_en",
            text=Text("英文名称", "name in English"),
            kind=WORDS,
            note=Text("可不填", "Optional"),
            example="Example Bank",
        ),
        Column(
            field="kind",
            text=Text("机构类型", "kind"),
            kind=Word(InstitutionKind),
            others=("类型",),
            note=menu_note("不填即银行", "Blank: bank", InstitutionKind),
            example="银行",
        ),
        Column(
            field="region",
            text=Text("地区代码", "region"),
            kind=Region(),
            others=("地区",),
            note=Text("办公地的 GB/T 2260 代码", "GB/T 2260 code of where it works from"),
            example="330108",
        ),
        Column(
            field="leads",
            text=Text("可接洽数", "leads"),
            kind=WHOLE,
            unit="家",
            note=Text(
                "本轮最多能跟进几家企业，不填即不限",
                "The most needs it can take up this round, blank: no limit",
            ),
            example=10,
        ),
        Column(
            field="quota_fen",
            text=Text("额度", "quota"),
            kind=MONEY,
            unit="元",
            note=Text(
                "本轮最多能承诺的金额，不填即不限",
                "The most money it can promise this round, blank: no limit",
            ),
            example="5000万",
        ),
        *PROVENANCE,
    ),
)

PRODUCTS = Table(
    name="products",
    text=Text("产品", "products"),
    record=Product,
    required=True,
    columns=(
        Column(
            field="product_id",
            text=Text("产品编号", "product id"),
            kind=IDENTITY,
            required=True,
            others=("id", "编号"),
            note=Text("您自定的唯一编号", "Your own unique id"),
            example="例-P1",
        ),
        Column(
            field="institution_id",
            text=Text("机构编号", "institution id"),
            kind=IDENTITY,
            required=True,
            others=("institution",),
            note=Text("机构表中的编号", "An id of the table of institutions"),
            example="例-B1",
        ),
        Column(
            field="name",
            text=Text("产品名称", "name"),
            kind=WORDS,
            required=True,
            others=("名称", "product name"),
            note=Text("产品的名称", "The product's name"),
            example="示例科技贷",
        ),
        Column(
            field="name_en",
            text=Text("英文名称", "name in English"),
            kind=WORDS,
            note=Text("可不填", "Optional"),
            example="Example tech loan",
        ),
        Column(
            field="instrument",
            text=Text("产品类型", "instrument"),
            kind=Word(Instrument),
            others=("类型", "融资方式"),
            note=menu_note("不填即贷款", "Blank: loan", Instrument),
            example="贷款",
        ),
        Column(
            field="amount_min_fen",
            text=Text("最低金额", "least amount"),
            kind=MONEY,
            unit="元",
            others=("amount min",),
            note=Text("每笔最低金额，不填即不限", "The least for one need, blank: no limit"),
            example="10万",
        ),
        Column(
            field="amount_max_fen",
            text=Text("最高金额", "highest amount"),
            kind=MONEY,
            unit="元",
            others=("amount max",),
            note=Text("每笔最高金额，不填即不限", "The most for one need, blank: no limit"),
            example="1000万",
        ),
        Column(
            field="term_min_months",
            text=Text("最短期限", "shortest term"),
            kind=MONTHS,
            unit="月",
            others=("term min",),
            note=Text("不填即不限", "Blank: no limit"),
            example=1,
        ),
        Column(
            field="term_max_months",
            text=Text("最长期限", "longest term"),
            kind=MONTHS,
            unit="月",
            others=("term max",),
            note=Text("不填即不限", "Blank: no limit"),
            example=36,
        ),
        Column(
            field="rate",
            text=Text("年利率", "rate"),
            kind=RATE,
            others=("利率",),
            note=Text("最低年利率（保费率、收益分成），写 3.45%", "Lowest yearly rate, as 3.45%"),
            example="3.45%",
        ),
        Column(
            field="rate_max",
            text=Text("最高年利率", "highest rate"),
            kind=RATE,
            others=("利率上限",),
            note=Text(
                "报价为区间时的上限，否则空着", "The upper end where a range is quoted, else blank"
            ),
            example="4.35%",
        ),
        Column(
            field="fee_once_rate",
            text=Text("一次性费率", "fee once"),
            kind=RATE,
            note=Text("按金额一次收取，如 0.5%", "Share of the amount, once"),
        ),
        Column(
            field="fee_yearly_rate",
            text=Text("年费率", "yearly fee"),
            kind=RATE,
            others=("fee yearly",),
            note=Text("按金额每年收取", "Share of the amount, each year"),
        ),
        Column(
            field="fee_monthly_rate",
            text=Text("月费率", "monthly fee"),
            kind=RATE,
            others=("fee monthly",),
            note=Text("按金额每月收取，如 6‰", "Share of the amount, each month, such as 6‰"),
        ),
        Column(
            field="fee_fixed_fen",
            text=Text("固定费用", "fixed fee"),
            kind=MONEY,
            unit="元",
            others=("fee fixed",),
            note=Text("不论金额一次收取", "Once, whatever the amount"),
        ),
        Column(
            field="collateral",
            text=Text("押品", "collateral"),
            kind=Pairs(Word(Collateral), RATE, "房产土地=70%; 应收账款=50%"),
            others=("抵质押物", "抵质押率"),
            note=menu_note(
                "“种类=抵质押率”，用分号分隔；空着即不要求；种类",
                "kind=advance rate, separated by semicolons; blank: none is asked; kinds",
                Collateral,
            ),
            example="房产土地=70%; 应收账款=50%",
        ),
        Column(
            field="unsecured_fen",
            text=Text("信用额度", "unsecured"),
            kind=MONEY,
            unit="元",
            others=("免押额度",),
            note=Text("无需押品的部分", "The part that needs no collateral"),
            example="100万",
        ),
        Column(
            field="acceptance_workdays",
            text=Text("受理时限", "acceptance"),
            kind=WORKDAYS,
            unit="工作日",
            others=("审批时限",),
            note=Text("申请到答复的工作日数", "Workdays from application to the answer"),
            example=3,
        ),
        Column(
            field="cash_workdays",
            text=Text("到账时限", "cash"),
            kind=WORKDAYS,
            unit="工作日",
            others=("放款时限",),
            note=Text("申请到放款的工作日数", "Workdays from application to the money"),
            example=7,
        ),
        Column(
            field="repayment",
            text=Text("还款方式", "repayment"),
            kind=SetOf(Word(Repayment)),
            note=menu_note("用“、”分隔", "Separated by commas", Repayment),
            example="随借随还、到期还本",
        ),
        Column(
            field="criteria",
            text=Text("准入条件", "criteria"),
            kind=RULES,
            others=("条件",),
            note=RULE_NOTE,
            example='职工人数 <= 1000; 资质标签 具备 高新技术企业; "无重大违法记录"',
        ),
        Column(
            field="preferences",
            text=Text("偏好条件", "preferences"),
            kind=RULES,
            others=("偏好",),
            note=Text(
                "机构乐见但不强求的条件，写法同准入条件", "What it likes to see, written alike"
            ),
            example="纳税信用等级 = A级",
        ),
        Column(
            field="leads",
            text=Text("可接洽数", "leads"),
            kind=WHOLE,
            unit="家",
            note=Text("本轮该产品的名额，不填即不限", "Places this round, blank: no limit"),
        ),
        Column(
            field="quota_fen",
            text=Text("额度", "quota"),
            kind=MONEY,
            unit="万元",
            note=Text("本轮该产品的总额度，不填即不限", "Money this round, blank: no limit"),
        ),
        Column(
            field="pools",
            text=Text("资源池编号", "pools"),
            kind=IDENTITIES,
            others=("资源池",),
            note=Text(
                "每笔匹配要动用的资源池编号，用“、”分隔",
                "Ids of the pools that every match draws on",
            ),
            example="例-R1",
        ),
        Column(
            field="valid_from",
            text=Text("起始日期", "valid from"),
            kind=DAY,
            note=Text("可申请的第一天", "First day on which it can be applied for"),
        ),
        Column(
            field="valid_to",
            text=Text("截止日期", "valid to"),
            kind=DAY,
            note=Text("可申请的最后一天", "Last day on which it can be applied for"),
        ),
        Column(
            field="note",
            text=Text("备注", "note"),
            kind=WORDS,
            note=Text("不参与计算的说明", "Words that nothing is computed from"),
        ),
        *PROVENANCE,
    ),
)
