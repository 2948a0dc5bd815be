"""Two plans side by side as tables: for a workbook, and for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from matcher.domain.choices import PoolUnit
from matcher.domain.money import money_text, rate_text
from matcher.domain.text import Lang, Text
from matcher.files.plan_excel_packages import in_unit, money
from matcher.files.sheet_cells import Column, Form, Value
from matcher.files.workbook import Sheet
from matcher.planning.plan import Match
from matcher.planning.unmatched import FEN_PER_WAN
from matcher.whatif.compare import (
    FATE_TEXTS,
    Comparison,
    DimensionChange,
    GroupChange,
    MatchChange,
    PoolChange,
    Worst,
)
from matcher.whatif.levels import Fairness, Level, LevelChange
from matcher.whatif.scenario import Scenario, numbered
from matcher.whatif.tallies import Tally

_NONE = Text.same("–")


@dataclass(frozen=True)
class Line:
    """A figure before and after."""

    label: Text
    before: Text
    after: Text


@dataclass(frozen=True)
class GroupLine:
    """A group and what divides it from the others."""

    dimension: DimensionChange
    group: GroupChange


LINE_COLUMNS: tuple[Column[Line], ...] = (
    Column(Text("项目", "Figure"), lambda r, lang: r.label.of(lang), most=40),
    Column(Text("之前", "Before"), lambda r, lang: r.before.of(lang), most=40),
    Column(Text("之后", "After"), lambda r, lang: r.after.of(lang), most=40),
)
_SAID: tuple[Column[Text], ...] = (
    Column(Text("情景", "Scenario"), lambda t, lang: t.of(lang), most=110),
)


def comparison_sheets(comparison: Comparison, scenario: Scenario) -> list[Sheet]:
    """Return a comparison as sheets, the figures first."""
    groups = [GroupLine(d, group) for d in comparison.groups for group in d.groups]
    return [
        Sheet(Text("对比", "Comparison"), LINE_COLUMNS, list(lines(comparison)), "B2"),
        Sheet(Text("情景", "Scenario"), _SAID, numbered(scenario) or [_NONE]),
        Sheet(Text("匹配变化", "Matches"), MATCH_COLUMNS, list(comparison.changes), "C2"),
        Sheet(Text("各组变化", "Groups"), GROUP_COLUMNS, groups, "C2"),
        Sheet(Text("资源池", "Pools"), POOL_COLUMNS, list(comparison.pools), "B2"),
        *level_sheets(comparison),
    ]


# --- figures ----------------------------------------------------------------------------------


def lines(comparison: Comparison) -> Iterator[Line]:
    """Yield the figures of both plans."""
    old, new = comparison.quality
    was, now = comparison.totals

    def line(zh: str, en: str, show: Callable[[Tally], Text]) -> Line:
        return Line(Text(zh, en), show(was), show(now))

    yield line(
        "撮合的需求", "needs matched", lambda t: Text.same(f"{t.num_matched} / {t.num_needs}")
    )
    yield line("对接次数", "meetings", lambda t: Text.same(t.num_matches))
    yield line("可提供金额", "money on offer", lambda t: money_text(t.amount_fen))
    yield line("平均综合年化成本", "mean all-in cost", lambda t: share(t.mean_cost))
    yield line("平均到账天数", "mean days to cash", lambda t: days(t.mean_days))
    scores = comparison.before.score, comparison.after.score
    yield Line(Text("总得分", "score"), *(Text.same(f"{s:.4f}") for s in scores))
    if comparison.before.encoded.floors or comparison.after.encoded.floors:
        label = Text("目标值（得分减去下限缺口）", "objective (score less what floors lack)")
        yield Line(label, number(old.objective), number(new.objective))
    yield Line(Text("可证上界", "certified bound"), number(old.bound), number(new.bound))
    yield Line(Text("差距", "gap"), percent(old.gap), percent(new.gap))
    yield Line(
        Text("求解", "solved"), _solved(old.status, old.method), _solved(new.status, new.method)
    )
    for dimension in comparison.groups:
        if dimension.worst_before or dimension.worst_after:
            label = Text("最差一组（{d}）", "worst-off {d}").format(d=dimension.text)
            yield Line(label, _worst(dimension.worst_before), _worst(dimension.worst_after))
    yield from _floors(comparison)


def _floors(comparison: Comparison) -> Iterator[Line]:
    """Yield what became of each floor of the plan after."""
    told = Text("{m} / {n}（可服务 {r}）", "{m} of {n} asked ({r} can be served)")
    for report in comparison.after.floors[: len(comparison.after.setting.floors)]:
        after = told.format(m=report.num_matched, n=report.num_asked, r=report.num_reachable)
        yield Line(report.floor.text, _NONE, after)


def _solved(status: str, method: str) -> Text:
    return Text.same(f"{status} ({method})")


def _worst(worst: Worst | None) -> Text:
    if worst is None:
        return _NONE
    return Text("{t} {s}", "{t} {s}").format(t=worst.text, s=share(worst.share))


def share(value: Decimal | None) -> Text:
    """Print a fraction in percent."""
    return _NONE if value is None else rate_text(round(value, 4))


def days(value: Decimal | None) -> Text:
    """Print a mean of days."""
    return _NONE if value is None else Text.same(f"{value:.1f}")


def number(value: float | None) -> Text:
    """Print a score."""
    return _NONE if value is None else Text.same(f"{value:.4f}")


def percent(value: float | None) -> Text:
    """Print a gap."""
    return _NONE if value is None else Text.same(f"{value:.3%}")


# --- matches ----------------------------------------------------------------------------------


def _firm(change: MatchChange, lang: Lang) -> Value:
    match = change.after or change.before
    return None if match is None else match.enterprise.text.of(lang)


def _offer(match: Match | None, lang: Lang) -> Value:
    if match is None:
        return None
    told = Text("{i} · {p}", "{i}, {p}")
    return told.format(i=match.institution.text, p=match.product.text).of(lang)


def _cost(match: Match | None) -> Value:
    return None if match is None else match.all_in_low


def _reasons(change: MatchChange, lang: Lang) -> Value:
    return "\n".join(reason.text.of(lang) for reason in change.reasons) or None


MATCH_COLUMNS: tuple[Column[MatchChange], ...] = (
    Column(Text("变化", "Change"), lambda c, lang: FATE_TEXTS[c.fate].of(lang)),
    Column(Text("需求", "Need"), lambda c, _: c.need_id, most=20),
    Column(Text("企业", "Enterprise"), _firm, most=24),
    Column(Text("之前", "Before"), lambda c, lang: _offer(c.before, lang), most=32),
    Column(Text("之后", "After"), lambda c, lang: _offer(c.after, lang), most=32),
    Column(Text("之前成本", "Cost before"), lambda c, _: _cost(c.before), Form.RATE),
    Column(Text("之后成本", "Cost after"), lambda c, _: _cost(c.after), Form.RATE),
    Column(Text("原因", "Why"), _reasons, most=64),
)
"""Who gained and who lost, with the reasons."""

# --- groups -----------------------------------------------------------------------------------

_Read = Callable[[Tally, Lang], Value]


def _pair(zh: str, en: str, read: _Read, form: Form) -> tuple[Column[GroupLine], ...]:
    """Return the columns of a figure of a group before and after."""
    heads = (Text(f"{zh} 前", f"{en}, before"), Text(f"{zh} 后", f"{en}, after"))
    if form is Form.MONEY:
        heads = (in_unit(f"{zh} 前", f"{en}, before"), in_unit(f"{zh} 后", f"{en}, after"))
    return (
        Column(heads[0], lambda r, lang: _read(r.group.before, read, lang), form),
        Column(heads[1], lambda r, lang: _read(r.group.after, read, lang), form),
    )


def _read(tally: Tally | None, read: _Read, lang: Lang) -> Value:
    return None if tally is None else read(tally, lang)


GROUP_COLUMNS: tuple[Column[GroupLine], ...] = (
    Column(Text("维度", "By"), lambda r, lang: r.dimension.text.of(lang)),
    Column(Text("组", "Group"), lambda r, lang: r.group.text.of(lang), most=36),
    *_pair("需求", "Needs", lambda t, _: t.num_needs, Form.COUNT),
    *_pair("撮合", "Matched", lambda t, _: t.num_matched, Form.COUNT),
    *_pair("占比", "Share", lambda t, _: t.share, Form.RATE),
    *_pair("金额", "Amount", lambda t, lang: money(t.amount_fen, lang), Form.MONEY),
    *_pair("成本", "Cost", lambda t, _: t.mean_cost, Form.RATE),
    *_pair("到账天数", "Days", lambda t, _: t.mean_days, Form.MONEY),
)
"""What each group gets before and after."""

# --- max-min ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class LevelLine:
    """A group, and what it is a group of."""

    fairness: Fairness
    group: LevelChange


def level_sheets(comparison: Comparison) -> list[Sheet]:
    """Return the levels of max-min as a sheet; none where neither plan was made so."""
    rows = [LevelLine(found, group) for found in comparison.fairness for group in found.groups]
    name = Text("公平", "Fairness")
    return [Sheet(name, LEVEL_COLUMNS, rows, "C2")] if rows else []


def _level(level: Level | None) -> Text:
    if level is None:
        return _NONE
    served = Text.same(f"{level.num_matched} / {level.num_reachable}")
    if level.num_asked is None:
        return served
    told = Text("{s}（水平 {n}）", "{s} (level {n})")
    return told.format(s=served, n=level.num_asked)


LEVEL_COLUMNS: tuple[Column[LevelLine], ...] = (
    Column(Text("维度", "By"), lambda r, lang: r.fairness.text.of(lang)),
    Column(Text("组", "Group"), lambda r, lang: r.group.text.of(lang), most=36),
    Column(
        Text("之前（撮合 / 可服务）", "Before (matched / could be)"),
        lambda r, lang: _level(r.group.before).of(lang),
    ),
    Column(
        Text("之后（撮合 / 可服务）", "After (matched / could be)"),
        lambda r, lang: _level(r.group.after).of(lang),
    ),
)
"""What max-min asks for each group, and what the group has."""

# --- pools ------------------------------------------------------------------------------------


def _form(change: PoolChange) -> Form:
    return Form.MONEY if change.row.unit is PoolUnit.FEN else Form.COUNT


def _quantity(change: PoolChange, value: int | None, lang: Lang) -> Value:
    return money(value, lang) if change.row.unit is PoolUnit.FEN else value


def _price(change: PoolChange, value: float | None) -> Value:
    scale = FEN_PER_WAN if change.row.unit is PoolUnit.FEN else 1
    return None if value is None else value * scale


def _unit(change: PoolChange, lang: Lang) -> Value:
    if change.row.unit is PoolUnit.FEN:
        return Text("万元", "yuan").of(lang)
    return Text("个", "places").of(lang)


POOL_COLUMNS: tuple[Column[PoolChange], ...] = (
    Column(Text("资源", "Pool"), lambda p, lang: p.row.text.of(lang), most=56),
    Column(Text("单位", "Unit"), _unit),
    Column(Text("总量 前", "Holds, before"), lambda p, g: _quantity(p, p.capacity[0], g), _form),
    Column(Text("总量 后", "Holds, after"), lambda p, g: _quantity(p, p.capacity[1], g), _form),
    Column(Text("已用 前", "Used, before"), lambda p, g: _quantity(p, p.used[0], g), _form),
    Column(Text("已用 后", "Used, after"), lambda p, g: _quantity(p, p.used[1], g), _form),
    Column(
        Text("价格 前（每个或每万元）", "Price, before (a place, 10,000 yuan)"),
        lambda p, _: _price(p, p.multiplier[0]),
        Form.PRICE,
    ),
    Column(
        Text("价格 后（每个或每万元）", "Price, after (a place, 10,000 yuan)"),
        lambda p, _: _price(p, p.multiplier[1]),
        Form.PRICE,
    ),
)
"""What is scarce before and after."""
