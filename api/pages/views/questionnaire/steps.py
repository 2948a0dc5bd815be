"""Which step of the questionnaire asks what, and how each field is named and explained there.

Amounts are asked in 万元 and the highest cost in percent; the labels of the draft say so, so that
it is read the same wherever it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from matcher.domain.text import Text
from matcher.files.columns import Column, Table
from matcher.files.quantities import Rate
from matcher.files.questionnaire import ENTERPRISE, NEED

SECTIONS: Mapping[str, Table] = MappingProxyType(
    {"enterprise": ENTERPRISE.table, "need": NEED.table}
)


@dataclass(frozen=True, slots=True)
class Step:
    """One screen of the questionnaire.

    Parameters
    ----------
    key
        Its name in the address.
    fields, rare
        What everybody is asked, and what few firms need.
    asks_consent
        Whether it asks who may see the need.
    """

    key: str
    text: Text
    help: Text
    fields: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()
    asks_consent: bool = False

    @property
    def all_fields(self) -> tuple[str, ...]:
        """All that it asks."""
        return self.fields + self.rare


STEPS = (
    Step(
        "need",
        Text("需要多少、何时要", "How much, and when"),
        Text(
            "先说最要紧的：金额和最晚到账日。其余不清楚的可以空着。",
            "The most important first: how much, and by when. Leave blank what you do not know.",
        ),
        ("amount_fen", "amount_min_fen", "needed_by", "purpose", "instruments"),
    ),
    Step(
        "terms",
        Text("期限与条件", "Term and conditions"),
        Text(
            "填得越全，能对上的产品越多；空着表示“不清楚”，不是“没有”。",
            "The more you say the more products fit; blank means not known, not none.",
        ),
        ("term_months", "collateral", "max_rate", "repayment", "contacts"),
        ("term_days",),
    ),
    Step(
        "firm",
        Text("企业情况", "The firm"),
        Text(
            "已经登记的资料不再重复询问。",
            "What the office knows already is not asked again.",
        ),
        ("credit_code", "region", "industry", "stated_size", "founded", "ownership"),
    ),
    Step(
        "figures",
        Text("经营数据", "Figures"),
        Text(
            "有些产品按人数、收入或资质判断，填了才知道是否符合。",
            "Some products go by staff, revenue or titles; they are judged by what you fill in.",
        ),
        ("staff", "revenue_fen", "assets_fen", "tax_grade", "first_time_borrower", "tags"),
        ("lead_share", "team_share", "lead_is_largest", "indicators"),
    ),
    Step(
        "consent",
        Text("谁可以看到", "Who may see it"),
        Text(
            "只有您允许的机构能看到这项需求；以后随时可以撤回，立即生效。",
            "Only whom you let see this need can; you may take it back at any time, at once.",
        ),
        asks_consent=True,
    ),
)
"""In the order in which they are filled in: what decides the most is asked first."""

SECTION_OF: Mapping[str, str] = MappingProxyType(
    {
        name: section
        for step in STEPS
        for name in step.all_fields
        for section, table in SECTIONS.items()
        if any(column.field == name for column in table.columns)
    }
)

_WAN, _PERCENT = "万元", "%"
_WAN_TEXT = Text("万元", "10,000 yuan")
_IN_WAN = Text("单位为万元：150 就是 150 万元", "In units of 10,000 yuan: 150 is 1.5 million yuan")
HINTS: Mapping[str, Text] = MappingProxyType(
    {
        "amount_fen": _IN_WAN,
        "amount_min_fen": Text(
            "少于这个数就没有帮助；不填即须全额（万元）",
            "Less than this does not help; blank: all of it (in 10,000 yuan)",
        ),
        "purpose": Text("从列表选一项", "Choose one"),
        "instruments": Text("可多选；不选即贷款", "Choose any; none means a loan"),
        "collateral": Text("种类和大致价值（万元）", "Kind and about its value (in 10,000 yuan)"),
        "max_rate": Text("含各项费用，如 4.5", "All fees included, such as 4.5"),
        "repayment": Text("希望的还款方式", "How you would like to repay"),
        "revenue_fen": Text("上一完整年度，单位为万元", "Of the last full year, in 10,000 yuan"),
        "assets_fen": Text("上年末，单位为万元", "At the end of last year, in 10,000 yuan"),
        "ownership": Text("从列表选一项", "Choose one"),
        "tags": Text("有哪些就选哪些", "Choose those that you have"),
        "lead_share": Text("寻求股权融资时填写，如 30", "For equity, such as 30"),
        "team_share": Text("寻求股权融资时填写，如 60", "For equity, such as 60"),
    }
)


def column_of(name: str) -> Column:
    """Return the column of a field that a step asks."""
    return SECTIONS[SECTION_OF[name]].column(name)


def label_of(name: str) -> Text:
    """Return what a field is called on the page, with its unit."""
    column = column_of(name)
    if column.kind.in_fen:
        return Text("{l}（{u}）", "{l} ({u})").format(l=column.text, u=_WAN_TEXT)
    if isinstance(column.kind, Rate):
        return Text("{l}（%）", "{l} (%)").format(l=column.text)
    if column.unit:
        return Text(f"{column.text.zh}（{column.unit}）", column.text.en)
    return column.text


def hint_of(name: str) -> Text:
    """Return the sentence below a field."""
    return HINTS.get(name) or column_of(name).note


def key_of(name: str) -> str:
    """Return the name of a field in a draft: with the unit that a bare number is in."""
    column = column_of(name)
    if column.kind.in_fen:
        return f"{column.text.zh}({_WAN})"
    if isinstance(column.kind, Rate):
        return f"{column.text.zh}({_PERCENT})"
    return name
