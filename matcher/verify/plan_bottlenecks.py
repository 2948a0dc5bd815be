"""The bottlenecks of a plan file: that no plan at all could serve more of the needs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from matcher.verify.claim import Finding
from matcher.verify.plan_rows import Case, Row

Json = dict[str, Any]


def bottleneck_findings(case: Case) -> Iterator[Finding]:
    """Yield bottlenecks that are none.

    Every offer that could serve one of the needs draws on one of the rows named, so no plan
    serves more of the needs than the rows have room for the least that each would draw. That
    must be no more than the places told, and these fewer than the needs. What would help is
    only held against how many are short.
    """
    rows = {tuple(row.entry.values()): row for row in case.rows}
    index = {need: i for i, need in enumerate(case.needs)}
    for number, item in enumerate(case.document["bottlenecks"] or ()):
        path = f"bottlenecks[{number}]"
        named = [rows.get((r["kind"], r["id"], r["day"])) for r in item["rows"]]
        known = [row for row in named if row is not None]
        needs = [index[need] for need in item["needs"]]
        if len(known) < len(named) or needs != sorted(set(needs)):
            yield _wrong(path, "rows or needs", "rows of the problem, needs in order, each once")
        elif not _all_draw(case, needs, known):
            yield _wrong(path, "rows", "rows that every offer of the needs draws on")
        else:
            yield from _places(case, item, needs, known, path)


def _places(
    case: Case, item: Json, needs: list[int], rows: list[Row], path: str
) -> Iterator[Finding]:
    room = sum(_room(case, needs, row) for row in rows)
    if not room <= item["places"] < len(needs):
        yield _wrong(f"{path}.places", item["places"], f"{room} ≤ places < {len(needs)}")
    short = len(needs) - item["places"]
    for help_ in item["helps"]:
        if not 0 < help_["more"] <= short:
            yield _wrong(f"{path}.helps", help_["more"], f"1 … {short}")


def _usable(case: Case, need: int) -> list[int]:
    edges = case.edges_of_need[need] if case.need_limit[need] else []
    return [e for e in edges if case.fixed[e] != 0 and case.weight[e] > 0]


def _all_draw(case: Case, needs: list[int], rows: list[Row]) -> bool:
    products = frozenset[int]().union(*(row.products for row in rows))
    edges = [_usable(case, need) for need in needs]
    return all(found and all(case.product[e] in products for e in found) for found in edges)


def _room(case: Case, needs: list[int], row: Row) -> int:
    """Return how many of the needs a row serves at most: those that draw least, one by one."""
    least = []
    for need in needs:
        mine = [e for e in _usable(case, need) if case.product[e] in row.products]
        if mine:
            least.append(min(case.drawn(row, e) for e in mine))
    return sum(total <= row.capacity for total in accumulate(sorted(least)))


def _wrong(path: str, claimed: object, asked: object) -> Finding:
    fact = f"{path}: {claimed} ({asked})"
    return Finding("bottleneck", f"瓶颈不成立 {fact}", f"no such bottleneck {fact}")
