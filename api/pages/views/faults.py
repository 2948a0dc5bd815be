"""Faults as a page says them: by the label of the form's field, not by its name in the code."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.domain.errors import Fault
from matcher.domain.text import Lang, Text

_MOST_LETTERS = 60

LABELS: Mapping[str, Text] = {
    "amount": Text("金额", "amount"),
    "as_of": Text("基准日", "day of the round"),
    "at": Text("时间", "time"),
    "baseline": Text("对比基准", "compared with"),
    "contacted": Text("联系时间", "contacted"),
    "day": Text("日期", "day"),
    "description": Text("会场文件", "event file"),
    "disbursed": Text("到位金额", "money paid out"),
    "fair": Text("最不利群体优先", "worst-off group first"),
    "firms": Text("参会企业编号", "firms that come, by id"),
    "floors": Text("底线", "floors"),
    "follows": Text("承接前一轮", "follows a round"),
    "gap_minutes": Text("间隔分钟", "minutes between"),
    "institutions": Text("参会机构编号", "institutions that come, by id"),
    "kind": Text("类型", "kind"),
    "lunch_from": Text("午休开始", "lunch from"),
    "lunch_to": Text("午休结束", "lunch until"),
    "minutes": Text("每场分钟", "minutes of a slot"),
    "name": Text("名称", "name"),
    "need": Text("需求编号", "id of the need"),
    "num_deals": Text("会后签约笔数", "deals signed afterwards"),
    "num_enterprises": Text("参加企业数", "firms that took part"),
    "number_of_slots": Text("时段数", "slots"),
    "number_of_tables": Text("桌数", "tables"),
    "organiser": Text("主办方", "organiser"),
    "place": Text("地点", "place"),
    "problems_solved": Text("解决难题数", "problems solved"),
    "product": Text("产品编号", "id of the product"),
    "promised": Text("意向金额", "money promised"),
    "reason": Text("原因", "reason"),
    "round_id": Text("轮次", "round"),
    "start": Text("首个时段开始", "first slot at"),
    "toml": Text("会场文件", "event file"),
    "weights": Text("评分权重", "weights"),
    "who": Text("哪一方或哪张桌", "who, or which table"),
    "why": Text("原因", "reason"),
}
"""What fields are called whose faults come from below the pages, by their names there."""

_EMPTY = Text("还没有填写", "is not filled in")
_COLON = Text("：", ": ")
_EXPECTED = Text("；应为：", "; expected: ")


def show_fault(fault: Fault, lang: Lang) -> str:
    """Return a fault as one sentence: where, what is wrong, what was found and what is expected."""
    where = _where(fault, lang)
    told = _EMPTY.of(lang) if fault.value == "" else _told(fault, lang)
    return f"{where}{_COLON.of(lang)}{told}" if where else told


def _told(fault: Fault, lang: Lang) -> str:
    told = fault.message.of(lang).rstrip(" :：")
    if fault.value is not None:
        told += f"{_COLON.of(lang)}{_quoted(fault.value, lang)}"
    if fault.expected is not None:
        told += f"{_EXPECTED.of(lang)}{fault.expected.of(lang)}"
    return told


def _where(fault: Fault, lang: Lang) -> str:
    label = LABELS.get(fault.field or "")
    if label is None or fault.column or fault.sheet or fault.row is not None:
        return fault.where
    said = label.of(lang)
    return said[:1].upper() + said[1:]


def _quoted(value: object, lang: Lang) -> str:
    """Return what was found, shortened; letters between quotation marks."""
    shown = str(value)
    shown = shown if len(shown) <= _MOST_LETTERS else f"{shown[: _MOST_LETTERS - 1]}…"
    if not isinstance(value, str):
        return shown
    return f"“{shown}”" if lang is Lang.ZH else f'"{shown}"'
