"""What a set of edges breaks, and which edges could still join it; exact in integers."""

from __future__ import annotations

import numpy as np

from matcher.assign.arrays import Bools, Int64s
from matcher.assign.problem import Problem
from matcher.assign.rows import Label
from matcher.domain.text import Text

SHOWN = 20
"""The most broken limits that are told one by one."""

_FIRST = 1_000
"""So many edges are looked at before the others."""

_PART = 100_000
"""So many edges are looked at together where the first that fits is enough."""

_EMPTY: Int64s = np.zeros(0, dtype=np.int64)

_ROW_NAMES = {
    "option_limit": Text("选项 {i} 的名额", "limit of option {i}"),
    "option_quota": Text("选项 {i} 的额度（分）", "quota in fen of option {i}"),
    "group_limit": Text("机构 {i} 的名额", "limit of group {i}"),
    "group_quota": Text("机构 {i} 的额度（分）", "quota in fen of group {i}"),
    "pool": Text("资源池 {i}", "pool {i}"),
}


def row_name(label: Label) -> Text:
    """Return what people call a row."""
    kind, index = label
    return _ROW_NAMES[kind].format(i=index)


def need_load(problem: Problem, chosen: Int64s) -> Int64s:
    """Return ``(num_needs,)`` how many of the chosen edges each need has."""
    return np.bincount(problem.need[chosen], minlength=problem.num_needs).astype(np.int64)


def clashes(problem: Problem, chosen: Int64s) -> list[tuple[int, int]]:
    """Return the (need, group) pairs chosen more than once against ``one_per_group``."""
    if problem.need_group is None:
        return []
    keys, count = np.unique(problem.need_group[chosen], return_counts=True)
    pairs = (divmod(int(key), problem.num_groups) for key in keys[count > 1])
    return list(pairs)


def keeps_limits(problem: Problem, chosen: Int64s) -> bool:
    """Return whether the chosen edges keep every limit of needs, groups and rows."""
    needs_hold = bool((need_load(problem, chosen) <= problem.need_limit).all())
    rows_hold = bool((problem.rows.used(chosen) <= problem.row_capacity).all())
    return needs_hold and rows_hold and not clashes(problem, chosen)


def is_plan(problem: Problem, chosen: Int64s) -> bool:
    """Return whether the chosen edges, ascending, keep every limit, pin and ban."""
    fixed = problem.fixed
    pins_in = int((fixed[chosen] == 1).sum()) == len(problem.pinned)
    bans_out = not (fixed[chosen] == 0).any()
    distinct = bool((np.diff(chosen) > 0).all())
    return distinct and pins_in and bans_out and keeps_limits(problem, chosen)


def addable(problem: Problem, chosen: Int64s) -> Bools:
    """Return ``(num_edges,)`` which free edges of positive weight could join the chosen ones.

    Each is judged alone: two of them together may break a limit that neither breaks.
    """
    mask = _fitting(problem, chosen, slice(None))
    mask[chosen] = False
    if problem.need_group is not None:
        mask &= ~np.isin(problem.need_group, problem.need_group[chosen])
    return mask


def any_choosable(problem: Problem) -> bool:
    """Return whether some free edge of positive weight would be a plan by itself."""
    few = slice(0, _FIRST)  # where there is anything to choose, it is seldom far
    if _fitting(problem, _EMPTY, few).any():
        return True
    starts = range(_FIRST, problem.num_edges, _PART)
    return any(_fitting(problem, _EMPTY, slice(k, k + _PART)).any() for k in starts)


def _fitting(problem: Problem, chosen: Int64s, part: slice) -> Bools:
    """Return which free edges of a part have positive weight, an open need and open rows."""
    need = problem.need[part]
    mask: Bools = (problem.fixed[part] == -1) & (problem.weight[part] > 0)
    mask &= problem.need_limit[need] > (need_load(problem, chosen)[need] if chosen.size else 0)
    rows = problem.rows
    return mask & ~rows.overdrawn(problem.row_capacity - rows.used(chosen), part)


def broken_by_pins(problem: Problem) -> list[Text]:
    """Name every limit that the pinned edges break by themselves.

    Nothing else can make a problem infeasible: with the pins in and every free edge out, each
    row is used least. So the list is empty exactly if a plan exists.
    """
    faults = [*_needs_told(problem), *_clashes_told(problem), *_rows_told(problem)]
    if len(faults) > SHOWN:
        more = len(faults) - SHOWN
        faults[SHOWN:] = [Text("另有 {n} 处", "and {n} more").format(n=more)]
    return faults


def _needs_told(problem: Problem) -> list[Text]:
    load = need_load(problem, problem.pinned)
    told = Text(
        "需求 {i} 锁定了 {k} 项，上限为 {limit}", "need {i} has {k} pins, its limit is {limit}"
    )
    over = np.flatnonzero(load > problem.need_limit)
    return [told.format(i=int(i), k=load[i], limit=problem.need_limit[i]) for i in over]


def _clashes_told(problem: Problem) -> list[Text]:
    told = Text("需求 {i} 在机构 {g} 锁定了不止一项", "need {i} has more than one pin in group {g}")
    return [told.format(i=i, g=g) for i, g in clashes(problem, problem.pinned)]


def _rows_told(problem: Problem) -> list[Text]:
    used = problem.rows.used(problem.pinned)
    told = Text(
        "{name}：锁定项占用 {used}，超过 {capacity}",
        "{name}: the pins draw {used}, more than {capacity}",
    )
    over = np.flatnonzero(used > problem.row_capacity)
    return [
        told.format(
            name=row_name(problem.row_label(int(r))),
            used=used[r],
            capacity=problem.row_capacity[r],
        )
        for r in over
    ]
