"""The answers of a what-if on a page: charts with their tables, and who gains and who loses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from api.pages.views.charts import (
    MOST_BARS,
    Chart,
    Json,
    bar,
    broken,
    chart_of,
    label_of,
    names_of,
    numbers_of,
    sideways,
)
from matcher.domain.text import Lang, Text
from matcher.services.bench import answers
from matcher.services.bench.naming import Names
from matcher.services.reporting.report import Grid
from matcher.whatif.compare import FATE_TEXTS, Fate

MOST_CHANGES = 25
_MARGIN = {"l": 56, "r": 24, "t": 40, "b": 72}
"""Around a chart whose axis has a title."""

_HATCH: Json = {"pattern": {"shape": "/"}}
_SIDES = ((answers.BEFORE, "before", _HATCH), (answers.AFTER, "after", dict[str, Any]()))


FATE_KINDS: Mapping[Fate, str] = MappingProxyType(
    {Fate.GAINED: "good", Fate.LOST: "bad", Fate.MOVED: "info"}
)
"""The badge of each fate; plain for others."""


def charts_of(document: Json, lang: Lang) -> list[Chart]:
    """Return the charts of all answers, in the order of the page."""
    return [*_compared(document, lang), *_asked(document, lang)]


def _compared(document: Json, lang: Lang) -> Iterator[Chart]:
    compared = document.get("comparison")
    if compared is None:
        return
    for key, grid in answers.group_grids(compared).items():
        if grid.rows:
            drawn = _before_after(key, grid, lang)
            yield chart_of(key, key, grid, drawn, lang, _drawn_of(key))
    pools = answers.pools_grid(compared)
    if pools.rows:
        used, prices = Text("用量占总量", "use of the capacity"), Text("价格", "prices")
        yield chart_of("pools", "pools", pools, _use(pools, lang), lang, used)
        if any(numbers_of(pools, "price_before") + numbers_of(pools, "price_after")):
            yield chart_of("prices", "pools", pools, _prices(pools, lang), lang, prices)


def _asked(document: Json, lang: Lang) -> Iterator[Chart]:
    for number, curve in enumerate(answers.answers(document, "curve")):
        grid, key = answers.curve_grid(curve), f"curve-{number}"
        score, needs = Text("得分与上界", "score and bound"), Text("撮合需求", "needs matched")
        moved = answers.lever_text(curve).of(lang)
        scores = _lines(grid, ("objective", "bound"), moved, lang)
        yield chart_of(key, key, grid, scores, lang, score)
        counts = _lines(grid, ("matched_needs",), moved, lang)
        yield chart_of(f"{key}-n", key, grid, counts, lang, needs)
    for number, front in enumerate(answers.answers(document, "front")):
        grid, key = answers.front_grid(front), f"front-{number}"
        yield chart_of(key, key, grid, _front(grid, lang), lang)
    for number, advices in enumerate(answers.answers(document, "advice")):
        grid, key = answers.advice_grid(advices), f"advice-{number}"
        if grid.rows:
            yield chart_of(key, key, grid, _advice(grid, lang), lang)


def _drawn_of(key: str) -> Text:
    """Return what the bars of a kind of groups count."""
    if key == "institution":
        return Text("撮合条数", "matches")
    return Text("撮合需求占比", "share of the needs matched")


def _before_after(key: str, grid: Grid, lang: Lang) -> Json:
    """Draw what each group has before and after: of institutions matches, of others the share."""
    what = "matches" if key == "institution" else "share"
    names = [broken(name) for name in names_of(grid, lang)[:MOST_BARS]]
    data = [
        bar(name.of(lang), names, numbers_of(grid, f"{what}_{side}")[:MOST_BARS])
        | {"marker": marker}
        for name, side, marker in _SIDES
    ]
    layout = sideways(2 * len(names))
    if what == "share":
        layout["xaxis"] = {"tickformat": ".0%", "rangemode": "tozero"}
    return {"data": data, "layout": layout}


def _use(grid: Grid, lang: Lang) -> Json:
    """Draw which part of each pool is used, before and after."""
    names = [broken(name) for name in names_of(grid, lang)[:MOST_BARS]]
    data = []
    for name, side, marker in _SIDES:
        of, used = numbers_of(grid, f"capacity_{side}"), numbers_of(grid, f"used_{side}")
        shares = [u / c if c else 0.0 for u, c in zip(used, of, strict=True)][:MOST_BARS]
        data.append(bar(name.of(lang), names, shares) | {"marker": marker})
    return {"data": data, "layout": sideways(2 * len(names)) | {"xaxis": {"tickformat": ".0%"}}}


def _prices(grid: Grid, lang: Lang) -> Json:
    """Draw the prices that moved most; the grid has them first."""
    names = [broken(name) for name in names_of(grid, lang)[:MOST_BARS]]
    data = [
        bar(label_of(grid, key, lang), names, numbers_of(grid, key)[:MOST_BARS])
        | {"marker": marker}
        for key, marker in (("price_before", _HATCH), ("price_after", {}))
    ]
    return {"data": data, "layout": sideways(2 * len(names))}


def _lines(grid: Grid, keys: tuple[str, ...], moved: str, lang: Lang) -> Json:
    dashes = ("solid", "dash")
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": label_of(grid, key, lang),
            "x": names_of(grid, lang),
            "y": numbers_of(grid, key),
            "line": {"dash": dash, "width": 3},
        }
        for key, dash in zip(keys, dashes, strict=False)
    ]
    axis = {"type": "category", "title": {"text": moved}}
    return {"data": data, "layout": {"xaxis": axis, "margin": _MARGIN, "showlegend": True}}


def _front(grid: Grid, lang: Lang) -> Json:
    points = {"type": "scatter", "mode": "lines+markers", "x": numbers_of(grid, "worst")}
    data = [points | {"y": numbers_of(grid, "objective"), "line": {"width": 3}}]
    titles = [Text("最差一组的撮合率", "rate of the worst-off group"), Text("得分", "score")]
    layout = {
        "xaxis": {"tickformat": ".0%", "range": [0, 1.05], "title": {"text": titles[0].of(lang)}},
        "yaxis": {"title": {"text": titles[1].of(lang)}},
        "height": 360,
        "margin": {"l": 80, "r": 24, "t": 40, "b": 72},
    }
    return {"data": data, "layout": layout}


def _advice(grid: Grid, lang: Lang) -> Json:
    shown = names_of(grid, lang)[:MOST_BARS]
    names = [broken(f"{n}. {name}") for n, name in enumerate(shown, start=1)]
    data = [
        bar(label_of(grid, key, lang), names, numbers_of(grid, key)[:MOST_BARS])
        | {"marker": marker}
        for key, marker in (("predicted", _HATCH), ("real", {}))
    ]
    axis = {"title": {"text": Text("得分增加", "gain in score").of(lang)}}
    return {"data": data, "layout": sideways(2 * len(names)) | {"xaxis": axis, "margin": _MARGIN}}


# --- who gains and who loses ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moved:
    """A match that is another one under the scenario."""

    fate: str
    badge: str
    firm: str
    need: str
    before: str
    after: str
    reasons: list[str]


def moved_of(document: Json, names: Names, lang: Lang, start: int) -> list[Moved]:
    """Return a part of the matches that change, with the reasons for it."""
    changes = document["comparison"]["changes"][start : start + MOST_CHANGES]
    return [_moved(change, names, lang) for change in changes]


def _moved(change: Json, names: Names, lang: Lang) -> Moved:
    fate = Fate(change["fate"])
    return Moved(
        FATE_TEXTS[fate].of(lang),
        FATE_KINDS.get(fate, "plain"),
        names.firm_of(change["need"]).of(lang),
        change["need"],
        _offer(change["before"], names, lang),
        _offer(change["after"], names, lang),
        [answers.text_of(reason["text"]).of(lang) for reason in change["reasons"][:3]],
    )


def _offer(match: Json | None, names: Names, lang: Lang) -> str:
    if match is None:
        return "–"
    institution, product = names.institution(match["institution"]), names.product(match["product"])
    return f"{institution.of(lang)} · {product.of(lang)}"


def least_of(document: Json, lang: Lang) -> list[dict[str, str]]:
    """Return what the least extra is, in words."""
    return [
        {
            "name": answers.lever_text(one).of(lang),
            "there_is": answers.text_of(one["shown"]["capacity"]).of(lang),
            "extra": answers.text_of(one["shown"]["extra"]).of(lang),
            "told": answers.text_of(one["text"]).of(lang),
        }
        for one in answers.answers(document, "least")
    ]


def gap_text(document: Json) -> str:
    """Return how far the plans may be from the best, in percent, the larger of both."""
    quality = document["comparison"]["quality"]
    gaps = [q["gap"] for q in quality.values() if q["gap"] is not None]
    return f"{max(map(Decimal, map(str, gaps))) * 100:.2f} %" if gaps else "–"
