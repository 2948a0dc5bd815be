"""Answers of what-if as charts: SVG without scripts and without the network, always the same bytes.

pygal draws them: pure Python, 130 kB, no library below it. A page can embed the same files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from matcher.domain.text import Lang, Text
from matcher.files.chart_library import Style, pygal
from matcher.files.sheet_cells import clean
from matcher.planning.dimensions import DIMENSIONS
from matcher.whatif.advice import Advices
from matcher.whatif.compare import Comparison, DimensionChange
from matcher.whatif.front import Front
from matcher.whatif.setting import Setting
from matcher.whatif.sweep import Curve

MOST_BARS = 40
_SCRIPT = re.compile(rb"<script\b.*?(?:</script>|/>)", re.DOTALL)
_FONT = "'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"
_STYLE = Style(
    background="white",
    plot_background="white",
    font_family=_FONT,
    guide_stroke_color="#e0e0e0",
    major_guide_stroke_color="#c8c8c8",
    opacity=".9",
    colors=("#1f4e78", "#c55a11", "#7f7f7f"),
    label_font_size=12,
    major_label_font_size=12,
    legend_font_size=13,
    title_font_size=16,
    tooltip_font_size=12,
)
_BEFORE, _AFTER = Text("之前", "before"), Text("之后", "after")
_SCORE, _BOUND = Text("得分", "score"), Text("可证上界", "certified bound")


def comparison_charts(comparison: Comparison, lang: Lang) -> dict[str, bytes]:
    """Return a chart of the shares of each division, and of the meetings of institutions."""
    return {
        f"{d.name}.svg": _bars(d, lang)
        for d in comparison.groups
        if any(group.before or group.after for group in d.groups)
    }


def _bars(dimension: DimensionChange, lang: Lang) -> bytes:
    """Draw the share of each group before and after; of institutions, the meetings."""
    in_meetings = dimension.name == "institution"
    groups = dimension.groups
    if in_meetings:
        groups = tuple(g for g in groups if any(t and t.num_matches for t in (g.before, g.after)))
    what = Text("对接次数", "meetings") if in_meetings else Text("撮合占比（%）", "matched (%)")
    chart = _chart(pygal.Bar, dimension.text, what, lang)
    shown = groups[:MOST_BARS]
    chart.x_labels = [_said(group.text, lang) for group in shown]
    chart.x_label_rotation = 40 if len(shown) > 6 else 0
    for side, name in ((0, _BEFORE), (1, _AFTER)):
        tallies = [(g.before, g.after)[side] for g in shown]
        values = [
            None if t is None else t.num_matches if in_meetings else round(float(t.share) * 100, 2)
            for t in tallies
        ]
        chart.add(name.of(lang), values)
    return _svg(chart, f"groups-{dimension.name}")


def curve_charts(curve: Curve, setting: Setting, lang: Lang) -> dict[str, bytes]:
    """Return the score with its bound, and the needs matched, over the values of the lever."""
    name = curve.lever.text(setting)
    labels = [_said(curve.lever.show(setting, p.value), lang) for p in curve.points]
    values = [float(p.value) for p in curve.points]
    bounds = [(v, p.facts.bound) for v, p in zip(values, curve.points, strict=True)]
    scores = [(v, p.facts.objective) for v, p in zip(values, curve.points, strict=True)]
    matched = [(v, len(p.facts.matched)) for v, p in zip(values, curve.points, strict=True)]
    score_chart = _line(name, _SCORE, values, labels, lang)
    score_chart.add(_BOUND.of(lang), bounds)
    score_chart.add(_SCORE.of(lang), scores)
    served = Text("撮合的需求", "needs matched")
    needs_chart = _line(name, served, values, labels, lang)
    needs_chart.add(served.of(lang), matched)
    return {
        "curve-score.svg": _svg(score_chart, "curve-score"),
        "curve-needs.svg": _svg(needs_chart, "curve-needs"),
    }


def front_charts(front: Front, lang: Lang) -> dict[str, bytes]:
    """Return the plans of a front: the rate of the worst-off group against the score."""
    dimension = DIMENSIONS[front.dimension]
    title = Text("最差一组（{d}）与总得分", "worst-off {d} against the score")
    chart = _chart(pygal.XY, title.format(d=dimension.text), _SCORE, lang)
    chart.x_title = Text("最差一组的撮合率（%）", "rate of the worst-off group (%)").of(lang)
    points = [(round(float(p.worst) * 100, 2), p.facts.score) for p in front.points]
    chart.add(_SCORE.of(lang), points)
    bounds = [(round(float(p.worst) * 100, 2), p.facts.bound) for p in front.points]
    chart.add(_BOUND.of(lang), bounds)
    return {"front.svg": _svg(chart, "front")}


def advice_charts(advices: Advices, lang: Lang) -> dict[str, bytes]:
    """Return what was predicted of each change beside what came of it."""
    title = Text("建议：预测与实际", "advice: predicted and real")
    chart = _chart(pygal.HorizontalBar, title, Text.same(""), lang)
    chart.x_title = _SCORE.of(lang)
    items = advices.items[::-1]
    chart.x_labels = [_said(item.candidate.text, lang) for item in items]
    chart.truncate_label = 60
    chart.add(Text("预测", "predicted").of(lang), [i.prediction.gain for i in items])
    chart.add(Text("实际", "real").of(lang), [i.real for i in items])
    return {"advice.svg": _svg(chart, "advice")}


def _line(title: Text, what: Text, values: Sequence[float], labels: Sequence[str],
          lang: Lang) -> Any:  # fmt: skip
    chart = _chart(pygal.XY, title, what, lang)
    step = max(len(values) // 8, 1)
    chart.x_labels = [
        {"label": label, "value": value}
        for value, label in list(zip(values, labels, strict=True))[::step]
    ]
    chart.x_label_rotation = 30
    return chart


def _chart(kind: Any, title: Text, what: Text, lang: Lang) -> Any:
    return kind(
        title=_said(title, lang),
        y_title=_said(what, lang),
        style=_STYLE,
        js=(),
        width=900,
        height=480,
        legend_at_bottom=True,
        disable_xml_declaration=False,
        no_data_text=Text("没有数据", "nothing to show").of(lang),
    )


def _said(text: Text, lang: Lang) -> str:
    return clean(text.of(lang))


def _svg(chart: Any, name: str) -> bytes:
    """Return the chart; its ids are of its name and not of chance, and it runs nothing."""
    chart.uuid = name
    return _SCRIPT.sub(b"", chart.render())
