"""The answers of a what-if as figures and tables, out of the document that its run left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from matcher.domain.choices import PoolUnit
from matcher.domain.code_names import region_name
from matcher.domain.money import rate_text
from matcher.domain.text import Lang, Text
from matcher.services.bench.wording import WEIGHT_TEXTS, in_words
from matcher.services.reporting.report import Block, Grid, Period, Report
from matcher.services.reporting.workbook import report_workbook
from matcher.services.statistics import Line, Unit
from matcher.services.statistics.sectors import SECTIONS

Json = Mapping[str, Any]
TITLE = Text("情景推演", "What if")
BEFORE, AFTER = Text("之前", "before"), Text("之后", "after")
DIFFERENCE = Text("变化", "change")
FEN_PER_10_000_YUAN = 1_000_000
_TALLY = (
    ("matched", Text("撮合需求", "needs matched"), Unit.COUNT),
    ("matches", Text("撮合条数", "matches"), Unit.COUNT),
    ("share", Text("占比", "share"), Unit.RATE),
    ("amount_fen", Text("金额", "money"), Unit.FEN),
)
_FACTS = (
    ("objective", Text("得分", "score"), Unit.NUMBER),
    ("bound", Text("可证上界", "certified bound"), Unit.NUMBER),
    ("matched_needs", Text("撮合需求", "needs matched"), Unit.COUNT),
    ("matches", Text("撮合条数", "matches"), Unit.COUNT),
    ("amount_fen", Text("金额", "money"), Unit.FEN),
    ("mean_cost", Text("平均综合成本", "mean all-in cost"), Unit.RATE),
)


def text_of(value: Mapping[str, str]) -> Text:
    """Return a sentence out of its two languages in JSON."""
    return Text(value["zh"], value["en"])


def answers(document: Json, kind: str) -> list[Json]:
    """Return the answers of one sort, in their order: ``curve``, ``curve-2``, …."""
    return [value for name, value in document.items() if name.partition("-")[0] == kind]


# --- the comparison ---------------------------------------------------------------------------


def totals_grid(compared: Json) -> Grid:
    """Return the whole before, after, and the difference."""
    sides = [_totals(compared, side) for side in ("before", "after")]
    rows = [(BEFORE, sides[0]), (AFTER, sides[1])]
    rows.append((DIFFERENCE, tuple(map(_less, sides[1], sides[0]))))
    headers = tuple(line.label for line in sides[0])
    return Grid(Text("总览", "Overview"), headers, tuple(rows))


def _totals(compared: Json, side: str) -> tuple[Line, ...]:
    totals, quality = compared["totals"][side], compared["quality"][side]
    return (
        _line("score", Text("得分", "score"), compared["score"][side], Unit.NUMBER),
        _line("bound", Text("可证上界", "certified bound"), quality["bound"], Unit.NUMBER),
        *(_line(key, label, totals[key], unit) for key, label, unit in _TALLY),
        _line("cost", Text("平均综合成本", "mean all-in cost"), totals["mean_cost"], Unit.RATE),
        _line(
            "days", Text("平均到账天数", "mean workdays to cash"), totals["mean_days"], Unit.NUMBER
        ),
    )


def _less(after: Line, before: Line) -> Line:
    known = after.value is not None and before.value is not None
    value = Decimal(after.value or 0) - Decimal(before.value or 0) if known else None
    if value is not None and after.unit in (Unit.COUNT, Unit.FEN):
        return Line(after.key, after.label, int(value), after.unit)
    return Line(after.key, after.label, value, after.unit)


def group_grids(compared: Json) -> dict[str, Grid]:
    """Return a table for each way to divide: what each group had before and has after."""
    return {one["by"]: _groups(one) for one in compared["groups"]}


def _groups(dimension: Json) -> Grid:
    rows = tuple(
        (_group_name(dimension["by"], group), _both_sides(group))
        for group in dimension["groups"]
        if group["before"] is not None or group["after"] is not None
    )
    headers = tuple(line.label for line in _both_sides({"before": None, "after": None}))
    title = Text("按{n}", "By {n}").format(n=text_of(dimension["name"]))
    return Grid(title, headers, rows)


def _group_name(by: str, group: Json) -> Text:
    name = text_of(group["name"])
    if by == "region":
        return Text(region_name(name.en) or name.en, name.en)
    return SECTIONS.get(name.en, name) if by == "sector" else name


def _both_sides(group: Json) -> tuple[Line, ...]:
    found = []
    for key, label, unit in _TALLY:
        for side, name in (("before", BEFORE), ("after", AFTER)):
            tally = group[side]
            told = Text("{s}{l}", "{l} {s}").format(l=label, s=name)
            value = None if tally is None else tally[key]
            found.append(_line(f"{key}_{side}", told, value, unit))
    return tuple(found)


def pools_grid(compared: Json) -> Grid:
    """Return each scarce thing before and after: how much there is, what is used, its price."""
    pools = sorted(compared["pools"], key=lambda one: (-_price_moves(one), -_use_moves(one)))
    rows = tuple((_pool_name(one), _pool_lines(one)) for one in pools)
    headers = tuple(line.label for line in _pool_lines(_NO_POOL))
    return Grid(Text("稀缺资源", "Scarce things"), headers, rows)


_NO_POOL: Json = {
    "unit": PoolUnit.COUNT.value,
    **{key: {"before": None, "after": None} for key in ("capacity", "used", "multiplier")},
}


def _price_moves(pool: Json) -> float:
    before, after = (float(pool["multiplier"][side] or 0) for side in ("before", "after"))
    return abs(after - before) * _scale(pool)


def _use_moves(pool: Json) -> float:
    before, after = (
        float(pool["used"][side] or 0) / float(pool["capacity"][side] or 1)
        for side in ("before", "after")
    )
    return abs(after - before)


def _pool_name(pool: Json) -> Text:
    priced = Text("每万元", "per 10,000 yuan") if pool["unit"] == "fen" else Text("每个", "each")
    return Text("{n}（{p}）", "{n} ({p})").format(n=text_of(pool["name"]), p=priced)


def _scale(pool: Json) -> int:
    return FEN_PER_10_000_YUAN if pool["unit"] == PoolUnit.FEN.value else 1


def _pool_lines(pool: Json) -> tuple[Line, ...]:
    unit = Unit.FEN if pool["unit"] == PoolUnit.FEN.value else Unit.COUNT
    found = []
    for key, label in (("capacity", Text("总量", "capacity")), ("used", Text("用量", "used"))):
        found += _pair(key, label, pool[key], unit)
    prices = {s: None if v is None else v * _scale(pool) for s, v in pool["multiplier"].items()}
    return (*found, *_pair("price", Text("价格", "price"), prices, Unit.PRICE))


def _pair(key: str, label: Text, values: Json, unit: Unit) -> list[Line]:
    named = Text("{s}{l}", "{l} {s}")
    return [
        _line(f"{key}_{side}", named.format(l=label, s=name), values[side], unit)
        for side, name in (("before", BEFORE), ("after", AFTER))
    ]


# --- other answers ----------------------------------------------------------------------------


def curve_grid(curve: Json) -> Grid:
    """Return a curve, a row for each value of what is swept."""
    rows = tuple((text_of(p["shown"]), _facts(p)) for p in curve["points"])
    title = Text("曲线：{n}", "Curve: {n}").format(n=lever_text(curve))
    return Grid(title, tuple(line.label for line in _facts({})), rows)


def lever_text(answer: Json) -> Text:
    """Return what an answer moves, its field called as in a workbook."""
    lever = answer["lever"]
    if lever["table"] == "weights":
        return WEIGHT_TEXTS[lever["id"]]
    return in_words(text_of(answer["name"]), {"kind": "", **lever})


def front_grid(front: Json) -> Grid:
    """Return the plans of a front: what the worst-off group has, and what it costs in score."""
    worst = Text("最差一组", "worst-off group")
    rows = tuple(
        (worst_text(p), (_line("worst", worst, p["worst"], Unit.RATE), *_facts(p)))
        for p in front["points"]
    )
    headers = (worst, *(line.label for line in _facts({})))
    return Grid(Text("公平与得分", "Fairness and score"), headers, rows)


def least_grid(found: Json) -> Grid:
    """Return how much there is of a scarce thing, and the least that it takes more."""
    unit = Unit.FEN if found["unit"] == PoolUnit.FEN.value else Unit.COUNT
    lines = (
        _line("there_is", Text("现有", "there is"), found["capacity"], unit),
        _line("extra", Text("至少增加", "least extra"), found["extra"], unit),
    )
    title = Text("至少增加多少", "The least extra")
    return Grid(title, tuple(line.label for line in lines), ((lever_text(found), lines),))


def worst_text(point: Json) -> Text:
    """Return the share that the worst-off group has in a plan of a front."""
    return rate_text(Decimal(point["worst"]).quantize(Decimal("0.0001")))


def _facts(point: Json) -> tuple[Line, ...]:
    return tuple(_line(key, label, point.get(key), unit) for key, label, unit in _FACTS)


def advice_grid(advices: Json) -> Grid:
    """Return each advice: what was predicted of it and what came of it, in points of score."""
    predicted, real = Text("预测", "predicted"), Text("实际", "real")
    gained, lost = Text("得到撮合", "needs gained"), Text("失去撮合", "needs lost")
    rows = tuple(
        (
            text_of(one["text"]),
            (
                _line("predicted", predicted, one["predicted"], Unit.NUMBER),
                _line("real", real, one["real"], Unit.NUMBER),
                _line("gained", gained, len(one["gained"])),
                _line("lost", lost, len(one["lost"])),
            ),
        )
        for one in advices["advice"]
    )
    return Grid(Text("建议", "Advice"), (predicted, real, gained, lost), rows)


def _line(key: str, label: Text, value: Any, unit: Unit = Unit.COUNT) -> Line:
    if value is None or isinstance(value, int):
        return Line(key, label, value, unit)
    return Line(key, label, Decimal(str(value)), unit)


# --- all of it --------------------------------------------------------------------------------


_GRIDS = (
    ("curve", curve_grid),
    ("least", least_grid),
    ("front", front_grid),
    ("advice", advice_grid),
)


def grids_of(document: Json) -> Iterator[tuple[str, Grid]]:
    """Yield every table of a document with its key."""
    compared = document.get("comparison")
    if compared is not None:
        yield "totals", totals_grid(compared)
        yield from group_grids(compared).items()
        yield "pools", pools_grid(compared)
    for kind, make in _GRIDS:
        for number, one in enumerate(answers(document, kind)):
            yield f"{kind}-{number}", make(one)


def answers_workbook(
    document: Json, today: date, lang: Lang, only: Sequence[str] | None = None
) -> bytes:
    """Return the tables of a document as the bytes of an Excel workbook.

    Parameters
    ----------
    only
        The keys of the tables wanted; None for all.
    """
    found = [grid for key, grid in grids_of(document) if only is None or key in only]
    block = Block("what_if", TITLE, (), {}, tuple(grid for grid in found if grid.rows))
    return report_workbook(Report((block,), Period()), today, lang)
