"""The cockpit on a page: what is asked for, its charts and the tables beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from fastapi import Request

from api.pages.page import page_lang
from api.pages.views.charts import (
    MOST_BARS,
    Chart,
    Json,
    bar,
    chart_of,
    label_of,
    names_of,
    numbers_of,
    sideways,
)
from matcher.domain.choices import Size
from matcher.domain.code_names import code_text
from matcher.domain.codes import is_region
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Lang, Text
from matcher.services.cockpit.choosing import Chosen
from matcher.services.cockpit.cockpit import Cockpit
from matcher.services.reporting.report import Grid, Period
from matcher.services.statistics.sectors import SECTIONS

_DAY = Text("日期，如 2027-06-18", "a day, as 2027-06-18")
_DIGITS = Text("数字代码，如 3301", "digits, as 3301")
_MAX_KEY = 64
_NOT_YET = Text("尚未匹配", "not yet matched")
_MONTHS: Json = {"type": "category", "nticks": 4, "tickangle": 0}


def asked_cockpit(request: Request) -> tuple[Chosen, tuple[Fault, ...]]:
    """Read the form above the figures; with a fault it asks for everything."""
    params, faults, lang = request.query_params, list[Fault](), page_lang(request)
    period = _period(params, faults, lang)
    region = params.get("region", "").strip()
    if region and not (region.isascii() and region.isdecimal() and len(region) <= 6):
        faults.append(_fault(Text("地区", "Region").of(lang), region, _DIGITS))
    chosen = Chosen(
        period,
        _one_of(params.get("size", ""), tuple(Size)),
        _one_of(params.get("sector", ""), tuple(SECTIONS)),
        region or None,
        params.get("institution", "").strip()[:_MAX_KEY] or None,
    )
    return (Chosen() if faults else chosen), tuple(faults)


def _period(params: Mapping[str, str], faults: list[Fault], lang: Lang) -> Period:
    since, until = Text("提出日期起", "Received from"), Text("提出日期止", "Received until")
    days = (
        _day(params.get("since", ""), since.of(lang), faults),
        _day(params.get("until", ""), until.of(lang), faults),
    )
    try:
        return Period(*days)
    except InputError as error:
        faults += [fault.at(field=since.of(lang)) for fault in error.faults]
        return Period()


def _day(given: str, label: str, faults: list[Fault]) -> date | None:
    try:
        return date.fromisoformat(given.strip()) if given.strip() else None
    except ValueError:
        faults.append(_fault(label, given, _DAY))
        return None


def _one_of(given: str, words: tuple[str, ...]) -> str | None:
    return given if given in words else None


def _fault(label: str, given: str, expected: Text) -> Fault:
    return Fault(Text("无法读取", "cannot be read"), label, given[:40], expected)


def charts_of(cockpit: Cockpit, lang: Lang) -> list[Chart]:
    """Return the charts of a cockpit, those of which there is nothing to show left out."""
    found = []
    for key, drawn in _DRAWN.items():
        grid = _with_names(cockpit.grids[key]) if key == "region" else cockpit.grids[key]
        if key == "pools" and not any(numbers_of(grid, "share")):
            continue  # nothing is used yet: bars of no length tell nothing
        for place, (told, draw) in enumerate(drawn if grid.rows else ()):
            found.append(chart_of(f"{key}-{place}", key, grid, draw(grid, lang), lang, told))
    return found


def _with_names(grid: Grid) -> Grid:
    """Return a table of regions with their names beside the codes."""
    rows = ((code_text(t.zh) if is_region(t.zh) else t, lines) for t, lines in grid.rows)
    return replace(grid, rows=tuple(rows))


def _by_month(grid: Grid, lang: Lang) -> Json:
    """Draw how many: bars of what came in, lines of what came of it."""
    months = names_of(grid, lang)
    bars = {"type": "bar", "name": label_of(grid, "num_needs", lang), "x": months}
    lines = [
        {"type": "scatter", "mode": "lines+markers", "name": label_of(grid, key, lang), "x": months}
        | {"y": numbers_of(grid, key), "line": {"dash": dash, "width": 3}}
        for key, dash in (("num_matched", "solid"), ("num_paid", "dot"))
    ]
    return {
        "data": [bars | {"y": numbers_of(grid, "num_needs")}, *lines],
        "layout": {"xaxis": _MONTHS, "yaxis": {"rangemode": "tozero"}},
    }


def _money_by_month(grid: Grid, lang: Lang) -> Json:
    """Draw how much: what was asked beside what was paid out."""
    fen = Decimal(1_000_000 if lang is Lang.ZH else 100_000_000)
    data = [
        {
            "type": "bar",
            "name": label_of(grid, key, lang),
            "x": names_of(grid, lang),
            "y": [float(Decimal(value) / fen) for value in numbers_of(grid, key)],
        }
        for key in ("asked", "paid")
    ]
    axis = {"rangemode": "tozero", "tickformat": ",~f"}
    return {"data": data, "layout": {"xaxis": _MONTHS, "yaxis": axis}}


def _matched_of(grid: Grid, lang: Lang) -> Json:
    """Draw how many needs of each group were matched, and how many were not yet."""
    names = names_of(grid, lang)[:MOST_BARS]
    matched = numbers_of(grid, "num_matched")[:MOST_BARS]
    rest = [a - b for a, b in zip(numbers_of(grid, "num_needs"), matched, strict=False)]
    data = [
        bar(label_of(grid, "num_matched", lang), names, matched),
        bar(_NOT_YET.of(lang), names, rest) | {"marker": {"pattern": {"shape": "/"}}},
    ]
    return {"data": data, "layout": sideways(len(names)) | {"barmode": "stack"}}


def _of_institutions(grid: Grid, lang: Lang) -> Json:
    names = names_of(grid, lang)[:MOST_BARS]
    keys = ("num_leads", "num_accepted", "num_disbursed")
    all_bars = [(key, numbers_of(grid, key)[:MOST_BARS]) for key in keys]
    drawn = [(key, counts) for key, counts in all_bars if any(counts)] or all_bars[:1]
    data = [bar(label_of(grid, key, lang), names, counts) for key, counts in drawn]
    return {"data": data, "layout": sideways((len(drawn) + 1) * len(names) // 2)}


def _of_waits(grid: Grid, lang: Lang) -> Json:
    counts = numbers_of(grid, "num_needs")
    bars = {
        "type": "bar",
        "x": names_of(grid, lang),
        "y": counts,
        "text": [f"{n:.0f}" for n in counts],
    }
    return {"data": [bars], "layout": {"xaxis": {"type": "category"}}}


def _of_pools(grid: Grid, lang: Lang) -> Json:
    names = names_of(grid, lang)[:MOST_BARS]
    shares = numbers_of(grid, "share")[:MOST_BARS]
    bars = bar(label_of(grid, "share", lang), names, shares)
    bars["text"] = [f"{share:.0%}" for share in shares]
    layout = sideways(len(names))
    layout["xaxis"] = {"tickformat": ".0%", "range": [0, 1.08]}
    return {"data": [bars], "layout": layout}


_Draw = Callable[[Grid, Lang], Json]
_DRAWN: Mapping[str, tuple[tuple[Text | None, _Draw], ...]] = MappingProxyType(
    {
        "month": (
            (Text("件数", "how many"), _by_month),
            (Text("金额（万元）", "money (million yuan)"), _money_by_month),
        ),
        "sector": ((None, _matched_of),),
        "size": ((None, _matched_of),),
        "region": ((None, _matched_of),),
        "institution": ((None, _of_institutions),),
        "wait": ((None, _of_waits),),
        "pools": ((None, _of_pools),),
    }
)
"""How each table is drawn, in the order of the page."""
