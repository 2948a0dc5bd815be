"""Answers to other questions as tables: curves, fronts, the least capacity, advice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.domain.text import Lang, Text
from matcher.files.comparison_tables import LINE_COLUMNS, Line, percent
from matcher.files.plan_excel_packages import in_unit, money
from matcher.files.sheet_cells import Column, Form, Value
from matcher.files.workbook import Sheet
from matcher.planning.dimensions import DIMENSIONS
from matcher.whatif.advice import Advice, Advices
from matcher.whatif.facts import Facts
from matcher.whatif.front import Front, FrontPoint
from matcher.whatif.least import PROOF_TEXTS, Least
from matcher.whatif.setting import Setting
from matcher.whatif.side import PairKey
from matcher.whatif.sweep import Curve, Point


@dataclass(frozen=True)
class _Row:
    """A value and what comes of it."""

    value: Text
    facts: Facts
    price: float | None = None


_FACTS: tuple[Column[_Row], ...] = (
    Column(Text("撮合需求", "Matched"), lambda r, _: len(r.facts.matched), Form.COUNT),
    Column(Text("对接", "Meetings"), lambda r, _: r.facts.num_matches, Form.COUNT),
    Column(in_unit("金额", "Amount"), lambda r, lang: money(r.facts.amount_fen, lang), Form.MONEY),
    Column(Text("平均成本", "Mean cost"), lambda r, _: r.facts.mean_cost, Form.RATE),
    Column(Text("得分", "Score"), lambda r, _: r.facts.score, Form.SCORE),
    Column(Text("可证上界", "Bound"), lambda r, _: r.facts.bound, Form.SCORE),
    Column(Text("差距", "Gap"), lambda r, lang: percent(r.facts.gap).of(lang)),
)


def curve_sheets(curve: Curve, setting: Setting) -> list[Sheet]:
    """Return a curve as a sheet."""
    name = curve.lever.text(setting)
    rows = [
        _Row(curve.lever.show(setting, point.value), point.facts, point.price)
        for point in curve.points
    ]
    scale, unit = _price_scale(curve, setting)
    price: tuple[Column[_Row], ...] = (
        Column(unit, lambda r, _: None if r.price is None else r.price * scale, Form.PRICE),
    )
    columns = (Column[_Row](name, lambda r, lang: r.value.of(lang)), *_FACTS)
    with_price = (*columns, *price) if curve.lever.row_kind else columns
    return [Sheet(Text("曲线", "Curve"), with_price, rows, "B2")]


def _price_scale(curve: Curve, setting: Setting) -> tuple[int, Text]:
    lever = curve.lever
    point: Sequence[Point] = curve.points
    in_money = bool(point) and "yuan" in lever.show(setting, point[0].value).en
    if in_money:
        return 1_000_000, Text("每万元价格", "Price of 10,000 yuan")
    return 1, Text("每名额价格", "Price of a place")


def front_sheets(front: Front) -> list[Sheet]:
    """Return a front as a sheet: a row a plan."""
    dimension = DIMENSIONS[front.dimension]
    worst = Text("最差一组的撮合率（{d}）", "rate of the worst-off {d}").format(d=dimension.text)
    columns: tuple[Column[FrontPoint], ...] = (
        Column(worst, lambda p, _: float(p.worst), Form.RATE),
        Column(Text("最差的组", "Worst-off"), lambda p, g: dimension.label(p.rates[0].key).of(g)),
        Column(Text("得分", "Score"), lambda p, _: p.facts.score, Form.SCORE),
        Column(Text("可证上界", "Bound"), lambda p, _: p.facts.bound, Form.SCORE),
        Column(Text("差距", "Gap"), lambda p, lang: percent(p.facts.gap).of(lang)),
        Column(Text("撮合需求", "Matched"), lambda p, _: len(p.facts.matched), Form.COUNT),
        Column(Text("各组", "Groups"), lambda p, g: _groups(p, front, g), most=60),
    )
    return [Sheet(Text("前沿", "Front"), columns, list(front.points), "B2")]


def _groups(point: FrontPoint, front: Front, lang: Lang) -> Value:
    label = DIMENSIONS[front.dimension].label
    told = [f"{label(r.key).of(lang)} {r.num_matched}/{r.num_reachable}" for r in point.rates]
    return ", ".join(told)


def least_sheets(found: Least, setting: Setting) -> list[Sheet]:
    """Return the least capacity as a sheet, and the plan that proves it."""
    rows = list(least_lines(found, setting))
    pairs: tuple[Column[PairKey], ...] = (
        Column(Text("需求", "Need"), lambda p, _: p[0], most=24),
        Column(Text("产品", "Product"), lambda p, _: p[1], most=32),
    )
    return [
        Sheet(Text("最小增量", "Least extra"), _ANSWER, rows),
        Sheet(Text("所依据的方案", "Plan"), pairs, list(found.plan)),
    ]


_ANSWER: tuple[Column[Line], ...] = (
    LINE_COLUMNS[0],
    Column(Text("结果", "Answer"), lambda r, lang: r.after.of(lang), most=80),
)


def least_lines(found: Least, setting: Setting) -> list[Line]:
    """Return the answer, line by line."""
    none = Text.same("–")
    lever = found.lever
    now = lever.value(setting)
    more = none if found.extra is None else lever.show(setting, found.extra)
    then = none
    if found.extra is not None and now is not None:
        then = lever.show(setting, int(now) + found.extra)
    served = Text(
        "{n}（共 {m}，其中 {r} 个有适用产品）", "{n} of {m} ({r} have a product that fits)"
    )
    asked = served.format(n=found.num_asked, m=found.num_members, r=found.num_reachable)
    rows = [
        Line(Text("资源", "capacity"), none, lever.text(setting)),
        Line(Text("要求服务", "to be served"), none, asked),
        Line(Text("现有", "there is"), none, lever.show(setting, now)),
        Line(Text("至少增加", "least extra"), none, more),
        Line(Text("增加后", "then there is"), none, then),
        Line(Text("结论", "how well it is known"), none, PROOF_TEXTS[found.proof]),
    ]
    if found.new:
        named = Text.join([Text.same(f"{n} × {p}") for n, p in found.new])
        rows.append(Line(Text("新服务的需求", "needs that are new"), none, named))
    if found.num_reachable < found.num_asked:
        none_fits = Text(
            "其余没有适用产品，与容量无关", "no product fits the others, whatever it holds"
        )
        rows.append(Line(Text("为什么", "why"), none, none_fits))
    if found.binding:
        named = Text.join([row.text for row in found.binding[:10]])
        rows.append(Line(Text("受限于", "what binds"), none, named))
    return rows


_YES, _NO = Text("是", "yes"), Text("否", "no")

ADVICE_COLUMNS: tuple[Column[Advice], ...] = (
    Column(Text("建议", "Change"), lambda a, lang: a.candidate.text.of(lang), most=56),
    Column(Text("预测", "Predicted"), lambda a, _: a.prediction.gain, Form.SCORE),
    Column(Text("误差", "± error"), lambda a, _: a.prediction.error, Form.SCORE),
    Column(Text("实际", "Real"), lambda a, _: a.real, Form.SCORE),
    Column(Text("在误差内", "Within"), lambda a, g: (_YES if a.is_within else _NO).of(g)),
    Column(
        Text("价格全程有效", "Price holds"), lambda a, g: (_YES if a.is_marginal else _NO).of(g)
    ),
    Column(Text("新撮合", "Gained"), lambda a, _: ", ".join(a.gained) or None, most=32),
    Column(Text("失去", "Lost"), lambda a, _: ", ".join(a.lost) or None, most=32),
)
"""A change, what was predicted of it and what solving again shows."""


def advice_sheets(advices: Advices) -> list[Sheet]:
    """Return advice as a sheet."""
    return [Sheet(Text("建议", "Advice"), ADVICE_COLUMNS, list(advices.items), "B2")]


_BY_WORD = Text(
    "部分误差的上端依据精确求解器对现有方案的结论，没有证书",
    "the upper end of some errors rests on the exact solver's word about the plan as it is, "
    "without a certificate",
)


def advice_notes(advices: Advices) -> list[Text]:
    """Return what is to be known of advice as a whole."""
    found = Text(
        "看过 {n} 项改变，重新求解了 {v} 项；{c}",
        "{n} changes looked at, {v} solved again; {c}",
    )
    complete = (
        Text("其余各项的上界都不高于所列", "the bound of every other is not above those listed")
        if advices.is_complete
        else Text("其余各项未排除", "the others are not ruled out")
    )
    notes = [found.format(n=advices.num_candidates, v=advices.num_verified, c=complete)]
    if not all(item.prediction.is_certified for item in advices.items):
        notes.append(_BY_WORD)
    if advices.together is not None:
        alone = sum(item.real for item in advices.items)
        told = Text(
            "全部一起 {t:.4f}，逐项相加 {a:.4f}：{x}",
            "all together {t:.4f}, one by one {a:.4f}: {x}",
        )
        adds = (
            Text("可以相加", "they add up")
            if advices.is_additive
            else Text("不可相加", "not additive")
        )
        notes.append(told.format(t=advices.together, a=alone, x=adds))
    return notes
