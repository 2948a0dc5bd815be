"""Every kind of change that a form can ask for, in the order of the menu.

`matcher.whatif.changes.CHANGES` says which kinds there are; those that put things back as they
were are made by undoing and not by a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from matcher.domain.choices import Size
from matcher.domain.text import Text
from matcher.planning.dimensions import DIMENSIONS
from matcher.services.bench.forms import ChangeForm, Kind, Part
from matcher.services.bench.wording import WEIGHT_TEXTS
from matcher.services.statistics.sectors import SECTIONS
from matcher.whatif.changes import (
    AddRecord,
    Ban,
    ChangeCriteria,
    CopyNeeds,
    MoveDay,
    MoveDeadlines,
    Pin,
    RemoveRecords,
    ScaleDemand,
    ScaleFields,
    SetFair,
    SetFields,
    SetFloors,
    SetWeights,
    ShiftRates,
)
from matcher.whatif.changes.aims import NOBODY
from matcher.whatif.changes.base import TABLE_TEXTS

OFFERS_FIRST = ("pools", "products", "institutions", "policies", "needs", "enterprises")
"""The tables in the order in which people ask about them."""

_FACTOR = Text("如 0.5、1.2 或 50%", "as 0.5, 1.2 or 50%")
_RULE = Text("如 instrument = 贷款 and rate <= 5%", "as instrument = loan and rate <= 5%")


def _records(table: str | None = None, name: str = "", label: Text | None = None) -> Part:
    return Part(name, label or Text("哪些记录", "Which records"), Kind.RECORDS, table=table)


def _group_menu() -> tuple[tuple[str, Text], ...]:
    """Return the groups that a floor may be about, a word each: ``size:micro``."""
    named = Text("{d}：{g}", "{d}: {g}")
    sizes = [("size", size.value, size.text) for size in Size]
    sectors = [("sector", key, text) for key, text in SECTIONS.items()]
    priorities = [("priority", str(n), Text.same(n)) for n in range(1, 6)]
    return tuple(
        (f"{way}:{key}", named.format(d=DIMENSIONS[way].text, g=text))
        for way, key, text in (*sizes, *sectors, *priorities)
    )


_ALL = (
    ChangeForm(
        SetFields.kind,
        Text("改数值", "Set a value"),
        Text(
            "把资源池、产品、机构、政策或需求的一项改成新值，或清空（不限）",
            "Give a pool, product, institution, policy or need another value, or none",
        ),
        (
            _records(),
            Part("values", Text("哪一项", "Which field"), Kind.FIELD, required=True),
        ),
        OFFERS_FIRST,
    ),
    ChangeForm(
        ScaleFields.kind,
        Text("按倍数改", "Multiply a number"),
        Text("额度翻倍、名额减半、补贴打折", "A quota doubled, leads halved, a subsidy cut"),
        (
            _records(),
            Part("fields", Text("哪一项", "Which field"), Kind.FIELD, required=True),
            Part("factor", Text("倍数", "Factor"), Kind.NUMBER, _FACTOR, required=True),
        ),
        OFFERS_FIRST,
    ),
    ChangeForm(
        RemoveRecords.kind,
        Text("去掉", "Remove"),
        Text(
            "某银行不来、某产品停办、某政策取消；去掉资源池即不再受它限制",
            "A bank stays away, a product or policy ends; a pool that is removed limits nothing",
        ),
        (_records(),),
        OFFERS_FIRST,
    ),
    ChangeForm(
        AddRecord.kind,
        Text("增加", "Add"),
        Text(
            "增加一家机构、一个产品、一个资源池或一项政策",
            "One more institution, product, pool or policy",
        ),
        (
            Part(
                "record",
                Text("新记录", "The new record"),
                Kind.RECORD,
                Text(
                    "每行“项目 = 值”，项目同市场表的表头，如 产品编号 = new-loan",
                    "a line 'field = value' each, as product_id = new-loan",
                ),
                required=True,
            ),
        ),
        OFFERS_FIRST,
    ),
    ChangeForm(
        ShiftRates.kind,
        Text("利率加减", "Shift rates"),
        Text(
            "所选产品的利率一起加减若干基点", "Basis points more or less on the rates of products"
        ),
        (
            _records("products"),
            Part(
                "basis_points",
                Text("基点", "Basis points"),
                Kind.WHOLE,
                Text("-25 即降 0.25 个百分点", "-25 is a quarter of a point less"),
                required=True,
            ),
        ),
    ),
    ChangeForm(
        ChangeCriteria.kind,
        Text("改准入条件", "Change rules"),
        Text("给产品或政策加条件、减条件", "Rules of products or policies added or dropped"),
        (
            _records(),
            Part("add", Text("增加的条件", "Rules to add"), Kind.LINES, _RULE),
            Part("drop", Text("去掉的条件", "Rules to drop"), Kind.LINES),
            Part("drop_all", Text("去掉全部条件", "Drop all rules"), Kind.FLAG),
        ),
        ("products", "policies"),
    ),
    ChangeForm(
        MoveDeadlines.kind,
        Text("推迟或提前期限", "Move deadlines"),
        Text("需求的最晚到账日整体移动，或改到某一天", "Deadlines moved by days, or to a day"),
        (
            _records("needs"),
            Part("days", Text("天数", "Days"), Kind.WHOLE, Text("负数为提前", "below 0: sooner")),
            Part("to", Text("或改到", "Or to the day"), Kind.DAY),
        ),
    ),
    ChangeForm(
        ScaleDemand.kind,
        Text("需求金额变化", "Demand grows or shrinks"),
        Text("所选需求的金额按倍数变化", "The amounts of needs, multiplied"),
        (
            _records("needs"),
            Part("factor", Text("倍数", "Factor"), Kind.NUMBER, _FACTOR, required=True),
        ),
    ),
    ChangeForm(
        CopyNeeds.kind,
        Text("同类需求增多", "More of the same needs"),
        Text("把所选需求复制若干份", "Needs copied so many times"),
        (
            _records("needs"),
            Part("copies", Text("份数", "Copies"), Kind.WHOLE, Text.same("1 – 100")),
        ),
    ),
    ChangeForm(
        SetWeights.kind,
        Text("改评分权重", "Change weights"),
        Text("留空的保持不变", "What is left empty stays as it is"),
        (Part("weights", Text("权重", "Weights"), Kind.WEIGHTS, menu=tuple(WEIGHT_TEXTS.items())),),
    ),
    ChangeForm(
        SetFloors.kind,
        Text("设底线", "Set a floor"),
        Text(
            "要求某一类需求至少有多少得到撮合",
            "At least so many of a group of needs are matched",
        ),
        (
            Part("group", Text("哪一类", "Which group"), Kind.MENU, menu=_group_menu()),
            Part(
                "where",
                Text("或按条件", "Or by a rule"),
                Kind.WORDS,
                Text.same("size in 小型, 微型"),
            ),
            Part(
                "institution", Text("或某机构", "Or an institution"), Kind.ID, table="institutions"
            ),
            Part("share", Text("至少占比", "At least a share"), Kind.NUMBER, Text.same("95%")),
            Part("least", Text("或至少个数", "Or at least a number"), Kind.WHOLE),
            Part(
                "penalty",
                Text("每少一个扣分", "Points lost for each that lacks"),
                Kind.NUMBER,
                Text("不填按 10", "10 if empty"),
            ),
        ),
    ),
    ChangeForm(
        SetFair.kind,
        Text("先保最差的一组", "The worst-off group first"),
        Text(
            "按规模、行业、地区、优先级或机构", "By size, sector, region, priority or institution"
        ),
        (
            Part(
                "by",
                Text("按什么分组", "Divided by"),
                Kind.MENU,
                required=True,
                menu=(
                    *((name, one.text) for name, one in DIMENSIONS.items()),
                    ("institution", Text("机构", "institution")),
                    (NOBODY, Text("不分组，只看得分", "not at all: score alone")),
                ),
            ),
        ),
    ),
    ChangeForm(
        Pin.kind,
        Text("指定撮合", "Pin a pair"),
        Text("这个需求必须配这个产品", "A need that must go with a product"),
        (
            Part("need", Text("需求", "Need"), Kind.ID, required=True, table="needs"),
            Part("product", Text("产品", "Product"), Kind.ID, required=True, table="products"),
        ),
    ),
    ChangeForm(
        Ban.kind,
        Text("禁止撮合", "Ban pairs"),
        Text("这些需求不得配这些产品", "Needs that must not go with products"),
        (
            _records("needs", "need", Text("哪些需求", "Which needs")),
            _records("products", "product", Text("哪些产品", "Which products")),
        ),
    ),
    ChangeForm(
        MoveDay.kind,
        Text("改撮合日期", "Hold the round on another day"),
        Text("有效期、到账时间都从这一天算起", "Validity and days to cash count from it"),
        (Part("to", Text("日期", "The day"), Kind.DAY, required=True),),
    ),
)

FORMS: Mapping[str, ChangeForm] = MappingProxyType({form.kind: form for form in _ALL})
"""By kind, in the order of the menu."""

TABLES: Mapping[str, Text] = MappingProxyType({name: TABLE_TEXTS[name] for name in OFFERS_FIRST})
"""What the tables are called."""
