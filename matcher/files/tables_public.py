"""The columns of pools and policies: what is scarce, and what the public adds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from matcher.domain.choices import Benefit, Instrument, PoolUnit
from matcher.domain.institution import Pool
from matcher.domain.money import WAN, YUAN
from matcher.domain.policy import Policy
from matcher.domain.text import Text
from matcher.files.columns import Column, Table
from matcher.files.kinds import Kind, Word, plain
from matcher.files.quantities import Money
from matcher.files.tables_firms import (
    DAY,
    IDENTITY,
    INSTRUMENTS,
    MONEY,
    PROVENANCE,
    RATE,
    WHOLE,
    WORDS,
    menu_note,
)
from matcher.files.tables_offers import RULE_NOTE, RULES

_UNIT = Word(
    PoolUnit,
    others=(
        *dict.fromkeys(("金额", "元", "万元", "money", "yuan", "10k yuan"), PoolUnit.FEN).items(),
        *dict.fromkeys(("名额", "家", "户", "places"), PoolUnit.COUNT).items(),
    ),
    shown=(Text("元", "yuan"), Text("万元", "10k yuan"), Text("个", "places")),
)


def _capacity_kind(row: Mapping[str, object]) -> tuple[Kind, Decimal | None]:
    """Tell how the capacity of a pool reads from what it is counted in."""
    word = plain(row.get("unit", "金额"))
    if _UNIT.read(word) is PoolUnit.COUNT:
        return WHOLE, None
    # A bare number beside "fen" could be either, so it must name its unit.
    kind = Money(bare=word.lower() not in ("fen", "分"))
    return kind, {"万元": WAN, "10k yuan": WAN, "元": YUAN, "yuan": YUAN}.get(word.lower())


POOLS = Table(
    name="pools",
    text=Text("资源池", "pools"),
    record=Pool,
    columns=(
        Column(
            field="pool_id",
            text=Text("资源池编号", "pool id"),
            kind=IDENTITY,
            required=True,
            others=("id", "编号"),
            note=Text("您自定的唯一编号", "Your own unique id"),
            example="例-R1",
        ),
        Column(
            field="name",
            text=Text("资源池名称", "name"),
            kind=WORDS,
            required=True,
            others=("名称", "pool name"),
            note=Text("如 风险补偿池、顾问走访名额", "Such as a risk pool or visits of advisers"),
            example="示例风险补偿池",
        ),
        Column(
            field="name_en",
            text=Text("英文名称", "name in English"),
            kind=WORDS,
            note=Text("可不填", "Optional"),
            example="Example risk pool",
        ),
        Column(
            field="unit",
            text=Text("计量单位", "unit"),
            kind=_UNIT,
            others=("单位",),
            note=Text(
                "元、万元 或 个；容量按它理解，不填即元",
                "yuan, 万元 or places; the capacity is read by it, blank: yuan",
            ),
            example="万元",
        ),
        Column(
            field="capacity",
            text=Text("容量", "capacity"),
            kind=MONEY,
            required=True,
            note=Text(
                "剩余可用量，按“计量单位”理解；自带单位时以单元格为准；整数分写在 capacity_fen 列",
                "What is left, in the unit of the column “unit” unless the cell names its own; "
                "whole fen go to capacity_fen",
            ),
            example=2000,
            resolve=_capacity_kind,
        ),
        *PROVENANCE,
    ),
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
            field="category",
            text=Text("政策类别", "category"),
            kind=WORDS,
            others=("类别",),
            note=Text("按您的分类填写", "By your own classes"),
            example="金融支持",
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
