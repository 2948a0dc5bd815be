"""The columns of policies."""

from __future__ import annotations

from matcher.domain.choices import (
    Benefit,
    Instrument,
)
from matcher.domain.policy import Policy
from matcher.domain.text import Text
from matcher.files.columns import Column, Table
from matcher.files.kinds import Word
from matcher.files.tables.shared import (
    DAY,
    IDENTITY,
    INSTRUMENTS,
    MONEY,
    PROVENANCE,
    RATE,
    RULE_NOTE,
    RULES,
    WORDS,
    menu_note,
)

POLICIES = Table(
    name="policies",
    text=Text("政策", "policies"),
    record=Policy,
    columns=(
        Column(
            field="policy_id",
            text=Text("政策编号", "policy id"),
            kind=IDENTITY,
            required=True,
            others=("id", "编号"),
            note=Text("您自定的唯一编号", "Your own unique id"),
            example="例-G1",
        ),
        Column(
            field="name",
            text=Text("政策名称", "name"),
            kind=WORDS,
            required=True,
            others=("名称", "policy name"),
            note=Text("政策或条款的名称", "The name of the policy or clause"),
            example="示例贴息政策",
        ),
        Column(
            field="name_en",
            text=Text("英文名称", "name in English"),
            kind=WORDS,
            note=Text("可不填", "Optional"),
            example="Example interest subsidy",
        ),
        Column(
            field="issuer",
            text=Text("发布单位", "issuer"),
            kind=WORDS,
            note=Text("哪个部门发布", "Who issued it"),
            example="示例区财政局",
        ),
        Column(
            field="issuer_en",
            text=Text("发布单位英文", "issuer in English"),
            kind=WORDS,
            note=Text("可不填", "Optional"),
        ),
        Column(
            field="category",
            text=Text("政策类别", "category"),
            kind=WORDS,
            others=("类别",),
            note=Text("按您的分类填写", "By your own classes"),
            example="金融支持",
        ),
        Column(
            field="category_en",
            text=Text("政策类别英文", "category in English"),
            kind=WORDS,
            note=Text("可不填", "Optional"),
        ),
        Column(
            field="benefit",
            text=Text("支持方式", "benefit"),
            kind=Word(Benefit),
            note=menu_note("不填即其他", "Blank: other", Benefit),
            example="贷款贴息",
        ),
        Column(
            field="rate",
            text=Text("支持比例", "rate"),
            kind=RATE,
            others=("比例",),
            note=Text(
                "占利息、保费或费用的比例，或利率下降的幅度；没有比例就空着",
                "Share of the interest, premium or fee, or the cut in the rate; else blank",
            ),
            example="50%",
        ),
        Column(
            field="cap_fen",
            text=Text("每户上限", "cap"),
            kind=MONEY,
            unit="元",
            note=Text("每家企业最多可得，不填即不限", "The most for one firm, blank: no cap"),
            example="50万",
        ),
        Column(
            field="instruments",
            text=Text("适用方式", "instruments"),
            kind=INSTRUMENTS,
            others=("融资方式",),
            note=menu_note("空着即全部", "Blank: all", Instrument),
            example="贷款",
        ),
        Column(
            field="criteria",
            text=Text("享受条件", "criteria"),
            kind=RULES,
            others=("条件", "准入条件"),
            note=RULE_NOTE,
            example="企业规模 属于 小型、微型",
        ),
        Column(
            field="pool_id",
            text=Text("资源池编号", "pool id"),
            kind=IDENTITY,
            others=("资源池", "pool"),
            note=Text("预算所在资源池的编号", "Id of the pool that holds its budget"),
            example="例-R1",
        ),
        Column(
            field="valid_from",
            text=Text("起始日期", "valid from"),
            kind=DAY,
            note=Text("可申请的第一天", "First day on which it can be claimed"),
        ),
        Column(
            field="valid_to",
            text=Text("截止日期", "valid to"),
            kind=DAY,
            note=Text("可申请的最后一天", "Last day on which it can be claimed"),
        ),
        *PROVENANCE,
    ),
)
