"""The queues for funds whose money comes back: who waits, in which place, until when.

What is said of a queue is computed again from the draws of the problem, the returns of the fund
and the terms of the needs. Days are counted as ordinals, so that no sum of days fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from matcher.verify.claim import Finding
from matcher.verify.plan_rows import Case

Json = dict[str, Any]

MOST_DAYS = 3_660
"""Money that nobody knows when to have back, or only later, is out for so many days."""

_LAST = date.max.toordinal()


def place_findings(case: Case) -> Iterator[Finding]:
    """Yield places in queues that cannot be, whatever the market."""
    as_of, seen = case.document["input"]["as_of"], Counter[tuple[str, int]]()
    for index, item in enumerate(case.document["unmatched"]):
        place, path = item["queued"], f"unmatched[{index}].queued"
        if place is None:
            continue
        seen[place["pool"], place["position"]] += 1
        waits = {row["id"] for row in item["blocking"] if row["day"] is not None}
        if place["pool"] not in waits or place["first_day"] <= as_of:
            yield _unequal(path, place, f"one of {sorted(waits)}, after {as_of}")
        elif seen[place["pool"], place["position"]] > 1:
            yield _unequal(f"{path}.position", place["position"], "a place of its own")


# --- computed again ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Fund:
    """A pool whose money comes back.

    Parameters
    ----------
    size
        All its money, in fen, what is still out included.
    returns
        (day, fen) of what is out on the day of the round.
    spans
        For each edge the days from the day the money goes out to the day it is back; None
        where that is not known.
    """

    size: int
    returns: tuple[tuple[int, int], ...]
    spans: list[int | None]


def queue_findings(case: Case, funds: dict[str, Fund]) -> Iterator[Finding]:
    """Yield each need whose place in a queue is not what follows from the funds."""
    queues = {identity: _queue(case, identity, fund) for identity, fund in funds.items()}
    for index, item in enumerate(case.document["unmatched"]):
        need = case.needs.index(item["need"])
        waits = {row["id"] for row in item["blocking"] if row["day"] is not None}
        found = [queues[i][need] for i in sorted(waits & queues.keys()) if need in queues[i]]
        expected = min(found, key=lambda place: place["first_day"], default=None)
        if item["queued"] != expected:
            yield _unequal(f"unmatched[{index}].queued", item["queued"], expected)


def first_days(case: Case, pool_id: str) -> dict[int, int]:
    """Return for each edge that draws on a fund the first day on which it does."""
    found: dict[int, int] = {}
    for row in case.shared:
        if row.kind == "pool" and row.identity == pool_id and row.day is not None:
            day = date.fromisoformat(row.day).toordinal()
            for edge in case.drawing(row):
                found.setdefault(edge, day)
    return found


def _queue(case: Case, pool_id: str, fund: Fund) -> dict[int, Json]:
    """Return the place of each need that waits: by its best score, whole amounts only."""
    out = first_days(case, pool_id)
    rows = [r for r in case.shared if r.kind == "pool" and r.identity == pool_id]
    amount = {e: max(case.drawn(row, e) for row in rows) for e in out}
    span = {e: min(fund.spans[e] or MOST_DAYS, MOST_DAYS) for e in out}
    as_of = date.fromisoformat(case.document["input"]["as_of"]).toordinal()
    held = _Steps()
    for day, fen in fund.returns:
        held.add(as_of, day, fen)
    for edge in set(case.chosen) & out.keys():
        held.add(out[edge], out[edge] + span[edge], amount[edge])
    found: dict[int, Json] = {}
    for edge in _waiting(case, sorted(out)):
        first = held.first_day(out[edge], span[edge], fund.size - amount[edge])
        if first is None:
            continue
        if first > out[edge]:
            left = fund.size - held.most(out[edge], span[edge])
            found[case.need[edge]] = {
                "pool": pool_id,
                "position": len(found) + 1,
                "first_day": date.fromordinal(first).isoformat(),
                "left_fen": left,
            }
        held.add(first, first + span[edge], amount[edge])
    return found


def _waiting(case: Case, edges: list[int]) -> Iterator[int]:
    """Yield the best edge of each need that could have been matched and is not."""
    served = {case.need[e] for e in case.chosen}
    for edge in sorted(edges, key=lambda e: (-case.weight[e], e)):
        need = case.need[edge]
        if need not in served and case.need_limit[need] > 0 and case.fixed[edge] != 0:
            served.add(need)
            yield edge


class _Steps:
    """What is out, as changes by day."""

    def __init__(self) -> None:
        self._changes: Counter[int] = Counter()

    def add(self, start: int, end: int, fen: int) -> None:
        """Hold money from a day up to the day before ``end``."""
        self._changes[start] += fen
        self._changes[end] -= fen

    def _levels(self) -> list[tuple[int, int, int]]:
        """Return (from, to, fen out) for each stretch of days, ascending."""
        days = sorted(self._changes)
        levels = accumulate(self._changes[day] for day in days)
        return list(zip(days, [*days[1:], _LAST], levels, strict=False))

    def most(self, start: int, span: int) -> int:
        """Return the most that is out on one of the days."""
        inside = [fen for a, b, fen in self._levels() if a < start + span and b > start]
        return max([0, *inside])

    def first_day(self, wanted: int, span: int, most: int) -> int | None:
        """Return the first day from which so much at most is out for ``span`` days."""
        if most < 0:
            return None
        start = wanted
        for a, b, fen in self._levels():
            if fen > most and a < start + span and b > start:
                start = b
        return start if start + span <= _LAST else None


def _unequal(path: str, claimed: object, value: object) -> Finding:
    fact = f"{path}: {claimed} ≠ {value}"
    return Finding("queue", f"排队不符 {fact}", f"the queue is another: {fact}")
