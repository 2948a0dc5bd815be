"""The cockpit on a page: what is asked for, its charts and the tables beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from fastapi import Request

from api.pages.page import page_lang
from matcher.domain.choices import Size
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Lang, Text
from matcher.services.cockpit.choosing import Chosen
from matcher.services.cockpit.cockpit import Cockpit
from matcher.services.reporting.report import Grid, Period
from matcher.services.statistics import Line
from matcher.services.statistics.sectors import SECTIONS

MOST_BARS = 15
_BAR_PX, _ROOM_PX = 34, 130
_DAY = Text("日期，如 2027-06-18", "a day, as 2027-06-18")
_DIGITS = Text("数字代码，如 3301", "digits, as 3301")
_MAX_KEY = 64
_FIRST = Text("分组", "group")
_NOT_YET = Text("尚未匹配", "not yet matched")
Json = dict[str, Any]
_MONTHS: Json = {"type": "category", "nticks": 6, "tickangle": 0}


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


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with the same as a table."""

    key: str
    title: str
    figure: Json
    headers: list[Any]
    rows: list[Any]


def charts_of(cockpit: Cockpit, lang: Lang) -> list[Chart]:
    """Return the charts of a cockpit, those of which there is nothing to show left out."""
    return [
        Chart(
            key if place == 0 else f"{key}-{place}",
            _title(cockpit.grids[key].title, subtitle, lang),
            draw(cockpit.grids[key], lang),
            _headers(cockpit.grids[key], lang),
            _rows(cockpit.grids[key], lang),
        )
        for key, drawn in _DRAWN.items()
        if cockpit.grids[key].rows
        for place, (subtitle, draw) in enumerate(drawn)
    ]


def grid_of(chart: Chart) -> str:
    """Return the key of the table that a chart shows."""
    return chart.key.partition("-")[0]


def _title(title: Text, subtitle: Text | None, lang: Lang) -> str:
    if subtitle is None:
        return title.of(lang)
    return Text("{t}：{s}", "{t}: {s}").format(t=title, s=subtitle).of(lang)


def _headers(grid: Grid, lang: Lang) -> list[Any]:
    return [_FIRST.of(lang), *((header.of(lang), "number") for header in grid.headers)]


def _rows(grid: Grid, lang: Lang) -> list[Any]:
    return [
        [name.of(lang), *((line.shown.of(lang), "number") for line in lines)]
        for name, lines in grid.rows
    ]


def _numbers(lines: Grid, key: str) -> list[float]:
    """Return a column of a table as numbers, nothing as 0."""
    return [_number(_line(row, key)) for _, row in lines.rows]


def _line(row: tuple[Line, ...], key: str) -> Line:
    return next(line for line in row if line.key == key)


def _number(line: Line) -> float:
    return float(line.value or 0)


def _label(grid: Grid, key: str, lang: Lang) -> str:
    return _line(grid.rows[0][1], key).label.of(lang)


def _names(grid: Grid, lang: Lang) -> list[str]:
    return [name.of(lang) for name, _ in grid.rows]


def _by_month(grid: Grid, lang: Lang) -> Json:
    """Draw how many: bars of what came in, lines of what came of it."""
    months = _names(grid, lang)
    bars = {"type": "bar", "name": _label(grid, "num_needs", lang), "x": months}
    lines = [
        {"type": "scatter", "mode": "lines+markers", "name": _label(grid, key, lang), "x": months}
        | {"y": _numbers(grid, key), "line": {"dash": dash, "width": 3}}
        for key, dash in (("num_matched", "solid"), ("num_paid", "dot"))
    ]
    return {
        "data": [bars | {"y": _numbers(grid, "num_needs")}, *lines],
        "layout": {"xaxis": _MONTHS, "yaxis": {"rangemode": "tozero"}},
    }


def _money_by_month(grid: Grid, lang: Lang) -> Json:
    """Draw how much: what was asked beside what was paid out."""
    fen = Decimal(1_000_000 if lang is Lang.ZH else 100_000_000)
    data = [
        {
            "type": "bar",
            "name": _label(grid, key, lang),
            "x": _names(grid, lang),
            "y": [float(Decimal(value) / fen) for value in _numbers(grid, key)],
        }
        for key in ("asked", "paid")
    ]
    axis = {"rangemode": "tozero", "tickformat": ",~f"}
    return {"data": data, "layout": {"xaxis": _MONTHS, "yaxis": axis}}


def _matched_of(grid: Grid, lang: Lang) -> Json:
    """Draw how many needs of each group were matched, and how many were not yet."""
    names = _names(grid, lang)[:MOST_BARS]
    matched = _numbers(grid, "num_matched")[:MOST_BARS]
    rest = [a - b for a, b in zip(_numbers(grid, "num_needs"), matched, strict=False)]
    data = [
        _bar(_label(grid, "num_matched", lang), names, matched),
        _bar(_NOT_YET.of(lang), names, rest) | {"marker": {"pattern": {"shape": "/"}}},
    ]
    return {"data": data, "layout": _sideways(len(names)) | {"barmode": "stack"}}


def _of_institutions(grid: Grid, lang: Lang) -> Json:
    names = _names(grid, lang)[:MOST_BARS]
    keys = ("num_leads", "num_accepted", "num_disbursed")
    data = [_bar(_label(grid, k, lang), names, _numbers(grid, k)[:MOST_BARS]) for k in keys]
    return {"data": data, "layout": _sideways(2 * len(names))}


def _of_waits(grid: Grid, lang: Lang) -> Json:
    counts = _numbers(grid, "num_needs")
    bars = {
        "type": "bar",
        "x": _names(grid, lang),
        "y": counts,
        "text": [f"{n:.0f}" for n in counts],
    }
    return {"data": [bars], "layout": {"xaxis": {"type": "category"}}}


def _of_pools(grid: Grid, lang: Lang) -> Json:
    names = _names(grid, lang)[:MOST_BARS]
    shares = _numbers(grid, "share")[:MOST_BARS]
    bars = _bar(_label(grid, "share", lang), names, shares)
    bars["text"] = [f"{share:.0%}" for share in shares]
    layout = _sideways(len(names))
    layout["xaxis"] = {"tickformat": ".0%", "range": [0, 1.08]}
    return {"data": [bars], "layout": layout}


def _bar(name: str, labels: list[str], values: list[float]) -> Json:
    return {"type": "bar", "orientation": "h", "name": name, "y": labels, "x": values}


def _sideways(num_bars: int) -> Json:
    axis = {"autorange": "reversed", "type": "category"}
    return {"yaxis": axis, "height": _ROOM_PX + _BAR_PX * max(num_bars, 3)}


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
