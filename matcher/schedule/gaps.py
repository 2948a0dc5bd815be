"""Gaps in clauses: how many a participant has, and how far apart two may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matcher.schedule.formula import Formula
from matcher.schedule.frame import Frame


def gap_counts(frame: Frame, formula: Formula, busy: Sequence[dict[int, int]]) -> list[list[int]]:
    """Return for each participant variables "has more than k gaps" for k = 0 and up.

    A gap is counted at its end: busy now, idle a slot ago, busy some time before on that day.
    Counting per participant, not per slot, lets the proof reason about "this firm has a gap"
    wherever it lies.
    """
    return [_gaps_of(frame, formula, person, busy[person]) for person in range(len(busy))]


def _gaps_of(frame: Frame, formula: Formula, person: int, busy: dict[int, int]) -> list[int]:
    ends = [end for day in frame.days for end in _ends(formula, day, busy)]
    room = sum((len(day) - 1) // 2 for day in frame.days)
    single = len(frame.days) == 1 and frame.officers[person] == 1
    if single:
        room = min(room, len(frame.own[person]) - 1)
    counted = formula.count(ends, max(room, 0) + 1)
    for impossible in counted[max(room, 0) :]:
        formula.add(-impossible)
    return counted[: max(room, 0)]


def _ends(formula: Formula, day: Sequence[int], busy: dict[int, int]) -> list[int]:
    """Return variables "a gap ends in this slot" for one day."""
    ends: list[int] = []
    before = 0  # the variable "busy some time before the last slot", 0 while never
    for index, t in enumerate(day):
        now, last = busy.get(t, 0), busy.get(day[index - 1], 0) if index else 0
        if now and before:
            ends.append(_end(formula, now, last, before))
        before = _either(formula, before, now)
    return ends


def _end(formula: Formula, now: int, last: int, before: int) -> int:
    end = formula.new()
    idle = [last] if last else []
    formula.add(-now, *idle, -before, end)
    formula.add(-end, now)
    formula.add(-end, before)
    for literal in idle:
        formula.add(-end, -literal)
    return end


def _either(formula: Formula, before: int, now: int) -> int:
    if not before or not now:
        return before or now
    return formula.any_of([before, now])


def spread_limits(
    formula: Formula, gaps: Sequence[Sequence[int]], limits: Iterable[int] | None = None
) -> list[int]:
    """Return variables that, if true, keep most − fewest gaps at each limit or less.

    Without ``limits``: at 0, 1 and so on up to what the most gaps can be.
    """
    most = max((len(own) for own in gaps), default=0)
    some = [formula.any_of([own[k] for own in gaps if len(own) > k]) for k in range(most)]
    return [
        _keep(formula, gaps, some, limit) for limit in (range(most) if limits is None else limits)
    ]


def _keep(formula: Formula, gaps: Sequence[Sequence[int]], some: list[int], limit: int) -> int:
    keep = formula.new()
    for k in range(limit, len(some)):  # somebody has k + 1: everybody has at least k + 1 − limit
        for own in gaps:
            least = k - limit
            more = [own[least]] if least < len(own) else []
            formula.add(-keep, -some[k], *more)
    return keep
