"""The short form of a comparison for the terminal: only what changed, both figures in one cell."""

from __future__ import annotations

from collections.abc import Callable

from matcher.domain.money import money_text
from matcher.domain.text import Lang, Text
from matcher.files.comparison_tables import (
    LINE_COLUMNS,
    MATCH_COLUMNS,
    GroupLine,
    days,
    level_sheets,
    lines,
    share,
)
from matcher.files.sheet_cells import Column, Value
from matcher.files.workbook import Sheet
from matcher.planning.unmatched import price_text
from matcher.whatif.compare import Comparison, Fate, MatchChange, PoolChange
from matcher.whatif.tallies import Tally

_NONE = Text.same("–")
_TELLING = 5e-3
"""Prices that differ by less than this part of them are the same to a reader."""


def brief_sheets(comparison: Comparison) -> list[Sheet]:
    """Return the figures, the matches that changed, and the groups and pools that did."""
    groups = [
        GroupLine(d, group)
        for d in comparison.groups
        for group in d.groups
        if _served(group.before) != _served(group.after)
    ]
    pools = [pool for pool in comparison.pools if _differs(pool)]
    return [
        Sheet(Text("匹配变化", "Matches"), MATCH_COLUMNS, _first_the_moved(comparison)),
        Sheet(Text("各组变化（有变化的）", "Groups that changed"), _GROUPS, groups),
        Sheet(Text("资源（有变化的）", "What is scarce, where it changed"), _POOLS, pools),
        Sheet(Text("对比", "Comparison"), LINE_COLUMNS, list(lines(comparison))),
        *level_sheets(comparison),
    ]


def _first_the_moved(comparison: Comparison) -> list[MatchChange]:
    """Return the changes, those that are kept on other terms last."""
    return sorted(comparison.changes, key=lambda change: change.fate is Fate.KEPT)


def _served(tally: Tally | None) -> tuple[object, ...]:
    if tally is None:
        return ()
    cost = None if tally.mean_cost is None else round(tally.mean_cost, 6)
    return (tally.num_needs, tally.num_matched, tally.num_matches, tally.amount_fen, cost)


def _differs(pool: PoolChange) -> bool:
    """Tell whether a reader would see that it changed."""
    old, new = (price or 0.0 for price in pool.multiplier)
    priced = abs(old - new) > _TELLING * max(old, new)
    shown = priced and price_text(pool.row, old) != price_text(pool.row, new)
    return pool.capacity[0] != pool.capacity[1] or pool.used[0] != pool.used[1] or shown


def _arrow(old: Text, new: Text) -> Text:
    return old if old == new else Text("{a} → {b}", "{a} → {b}").format(a=old, b=new)


def _group(show: Callable[[Tally], Text]) -> Callable[[GroupLine, Lang], Value]:
    def value(row: GroupLine, lang: Lang) -> Value:
        shown = [_NONE if t is None else show(t) for t in (row.group.before, row.group.after)]
        return _arrow(*shown).of(lang)

    return value


_GROUPS: tuple[Column[GroupLine], ...] = (
    Column(Text("维度", "By"), lambda r, lang: r.dimension.text.of(lang)),
    Column(Text("组", "Group"), lambda r, lang: r.group.text.of(lang)),
    Column(
        Text("撮合需求", "Needs matched"),
        _group(lambda t: Text.same(f"{t.num_matched}/{t.num_needs}")),
    ),
    Column(Text("对接", "Meetings"), _group(lambda t: Text.same(t.num_matches))),
    Column(Text("占比", "Share"), _group(lambda t: share(t.share))),
    Column(Text("金额", "Amount"), _group(lambda t: money_text(t.amount_fen))),
    Column(Text("平均成本", "Mean cost"), _group(lambda t: share(t.mean_cost))),
    Column(Text("平均天数", "Mean days"), _group(lambda t: days(t.mean_days))),
)


def _quantities(pool: PoolChange, values: tuple[int | None, int | None], lang: Lang) -> Value:
    shown = [_NONE if v is None else pool.row.show(v) for v in values]
    return _arrow(*shown).of(lang)


def _prices(pool: PoolChange, lang: Lang) -> Value:
    shown = [_NONE if not p else price_text(pool.row, p) for p in pool.multiplier]
    return _arrow(*shown).of(lang)


_POOLS: tuple[Column[PoolChange], ...] = (
    Column(Text("资源", "Pool"), lambda p, lang: p.row.text.of(lang)),
    Column(Text("总量", "Holds"), lambda p, lang: _quantities(p, p.capacity, lang)),
    Column(Text("已用", "Used"), lambda p, lang: _quantities(p, p.used, lang)),
    Column(Text("价格", "Price"), _prices),
)
