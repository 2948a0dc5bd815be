"""Gaps in clauses: how many a participant has, and how far apart two may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matcher.schedule.formula import Formula
from matcher.schedule.frame import Frame


def gap_counts(
    frame: Frame,
    formula: Formula,
    busy: Sequence[dict[int, int]],
    loads: Sequence[int | None],
) -> list[list[int]]:
    """Return for each participant variables "has more than k gaps" for k = 0 and up.

    A gap is counted at its end: busy now, idle a slot ago, busy some time before on that day.
    Counting per participant, not per slot, lets the proof reason about "this firm has a gap"
    wherever it lies. What follows from having none is added, since nearly everybody has none.

    Parameters
    ----------
    loads
        In how many slots each is busy, None where that is not known.
    """
    return [
        _gaps_of(frame, formula, person, busy[person], loads[person]) for person in range(len(busy))
    ]


def _gaps_of(
    frame: Frame, formula: Formula, person: int, busy: dict[int, int], load: int | None
) -> list[int]:
    chains = [
        (_so_far(formula, day, busy), _so_far(formula, day[::-1], busy)[::-1]) for day in frame.days
    ]
    ends = [
        end
        for day, (before, _) in zip(frame.days, chains, strict=True)
        for end in _ends(formula, day, busy, before)
    ]
    room = sum((len(day) - 1) // 2 for day in frame.days)
    single = len(frame.days) == 1 and frame.officers[person] == 1
    if single:
        room = min(room, len(frame.own[person]) - 1)
    counted = formula.count(ends, max(room, 0) + 1)
    for impossible in counted[max(room, 0) :]:
        formula.add(-impossible)
    for day, (before, after) in zip(frame.days, chains, strict=True):
        _fill(formula, [busy.get(t, 0) for t in day], before, after, counted[:1])
        if load and len(frame.days) == 1:
            _stretch(formula, load, before, after, counted[:1])
    return counted[: max(room, 0)]


def _so_far(formula: Formula, slots: Sequence[int], busy: dict[int, int]) -> list[int]:
    """Return for each slot the variable "busy in it or in an earlier one", 0 while never."""
    found: list[int] = []
    last = 0
    for t in slots:
        last = _either(formula, last, busy.get(t, 0))
        found.append(last)
    return found


def _ends(
    formula: Formula, day: Sequence[int], busy: dict[int, int], before: Sequence[int]
) -> list[int]:
    """Return variables "a gap ends in this slot" for one day."""
    return [
        _end(formula, busy[t], busy.get(day[index], 0), before[index])
        for index, t in enumerate(day[1:])
        if busy.get(t) and before[index] and before[index] != busy.get(day[index])
    ]


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


def _fill(
    formula: Formula,
    busy: Sequence[int],
    before: Sequence[int],
    after: Sequence[int],
    unless: Sequence[int],
) -> None:
    """Add that one who is busy before and after a slot is so in it, or has a gap."""
    for now, last, later in zip(busy[1:], before, after[2:], strict=False):
        if last and later:
            formula.add(-last, -later, *([now] if now else []), *unless)


def _stretch(
    formula: Formula,
    load: int,
    before: Sequence[int],
    after: Sequence[int],
    unless: Sequence[int],
) -> None:
    """Add that from first to last there is room for the load, and no more without a gap."""
    for index in range(len(before)):
        earlier = before[index - 1] if index else 0
        last, beyond = (
            after[at] if at < len(after) else 0 for at in (index + load - 1, index + load)
        )
        formula.add(*(literal for literal in (earlier, last) if literal))
        if before[index] and beyond:
            formula.add(-before[index], -beyond, *unless)


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
