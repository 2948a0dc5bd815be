"""The columns of pools."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from matcher.domain.choices import (
    PoolUnit,
)
from matcher.domain.institution import Pool
from matcher.domain.money import WAN, YUAN
from matcher.domain.text import Text
from matcher.files.columns import Column, Table
from matcher.files.kinds import Kind, Word, plain
from matcher.files.quantities import Money
from matcher.files.several import Pairs
from matcher.files.tables.shared import DAY, FLAG, IDENTITY, MONEY, PROVENANCE, WHOLE, WORDS, YEAR

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
        Column(
            field="revolving",
            text=Text("周转使用", "revolving"),
            kind=FLAG,
            others=("周转",),
            note=Text(
                "到期归还后可再次使用的资金池（如转贷资金）填“是”",
                "Yes if what is drawn comes back and is lent again, as of a bridge fund",
            ),
        ),
        Column(
            field="returns",
            text=Text("回款计划", "returns"),
            kind=Pairs(DAY, MONEY, "2027-06-10=2000万; 2027-06-20=1000万"),
            note=Text(
                "“日期=金额”，此前放出的资金何时归还；仅周转资金池",
                "day=amount: when what is out comes back; only of a revolving pool",
            ),
        ),
        Column(
            field="years",
            text=Text("年度预算", "yearly budget"),
            kind=Pairs(YEAR, MONEY, "2027=4000万; 2028=4000万"),
            note=Text(
                "“年份=剩余金额”；填写后按年度计，不再看容量",
                "year=what it has left; a round then draws on its year and not on the capacity",
            ),
        ),
        *PROVENANCE,
    ),
)
