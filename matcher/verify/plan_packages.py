"""Packages, claims and what they draw, as far as a plan file alone can contradict itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any

from matcher.verify.claim import Finding
from matcher.verify.plan_rows import Case, Row
from matcher.verify.plan_shape import BENEFITS

Json = dict[str, Any]


def package_findings(case: Case) -> Iterator[Finding]:
    """Yield what cannot be so of packages, offers, claims and the pools that they draw on."""
    yield from _closure_findings(case)
    yield from _moved_findings(case)
    yield from _claim_findings(case)
    yield from _offer_findings(case)
    for _, rows in groupby(case.shared, key=lambda row: (row.kind, row.identity)):
        yield from _draw_findings(case, list(rows))


# --- packages ---------------------------------------------------------------------------------


def _closure_findings(case: Case) -> Iterator[Finding]:
    """Yield packages that leave out what a part requires, or lead back to their product."""
    for j, parts in enumerate(case.parts):
        path = f"problem.products {case.products[j]}"
        if j in parts or any(a >= b for a, b in pairwise(parts)):
            yield _told("packages", path, "组合不成立", "no package")
        lacking = {case.products[k] for part in parts for k in case.parts[part]} - {
            case.products[part] for part in parts
        }
        for identity in sorted(lacking):
            yield _told("packages", f"{path}: {identity}", "组合缺少", "the package lacks")


def users_of(case: Case) -> dict[tuple[str, str], list[int]]:
    """Return for each product and institution the products whose packages draw on it.

    Left out are those on which none but their own products draw: their limits are no pools.
    The keys are (option, id) and (group, id).
    """
    packages = [(j, *parts) for j, parts in enumerate(case.parts)]
    by_product: dict[int, set[int]] = defaultdict(set)
    by_group: dict[int, set[int]] = defaultdict(set)
    for j, parts in enumerate(packages):
        for part in parts:
            by_product[part].add(j)
            by_group[case.institution[part]].add(j)
    own = {b: {j for j, g in enumerate(case.institution) if g == b} for b in by_group}
    found = {("option", case.products[j]): sorted(u) for j, u in by_product.items() if u != {j}}
    groups = {
        ("group", case.institutions[b]): sorted(u) for b, u in by_group.items() if u != own[b]
    }
    return {**found, **groups}


def _moved_findings(case: Case) -> Iterator[Finding]:
    """Yield limits that stand with their owner though others draw on them, and the reverse."""
    users = users_of(case)
    for owner, table in (("option", "products"), ("group", "institutions")):
        for item in case.problem[table]:
            limited = item["limit"] is not None or item["quota_fen"] is not None
            if limited and (owner, item["id"]) in users:
                place = f"problem.{table} {item['id']}"
                yield _told("packages", place, "应为共享限额", "should be a shared limit")
    for row in case.shared:
        owner, _, what = row.kind.partition("_")
        if what:
            unit = "fen" if what == "quota" else "count"
            expected = (users.get((owner, row.identity)), unit, None)
            if (sorted(row.products), row.unit, row.draw) != expected:
                place = f"{row.kind} {row.identity}"
                yield _told("packages", place, "占用不符", "not what the packages draw")


# --- offers and claims ------------------------------------------------------------------------


def _claim_findings(case: Case) -> Iterator[Finding]:
    """Yield claims of two policies of one benefit, or out of the order of reckoning."""
    policies = case.problem["policies"]
    for edge, claims in enumerate(case.claims):
        benefits = [policies[k]["benefit"] for k, _ in claims]
        known = [BENEFITS.index(b) for b in benefits if b in BENEFITS]
        if len(known) < len(benefits) or any(a >= b for a, b in pairwise(known)):
            place = f"edge {edge}: {', '.join(benefits)}"
            yield _told("claims", place, "政策不能这样同时享受", "cannot be claimed together")


def _offer_findings(case: Case) -> Iterator[Finding]:
    """Yield offers of one pair that claim the same, and pairs that are matched twice."""
    pairs: dict[tuple[int, int], list[int]] = defaultdict(list)
    for edge, pair in enumerate(zip(case.need, case.product, strict=True)):
        pairs[pair].append(edge)
    chosen = set(case.chosen)
    for (need, product), edges in pairs.items():
        if len(edges) == 1:
            continue
        place = f"{case.needs[need]} × {case.products[product]}"
        if len({tuple(k for k, _ in case.claims[e]) for e in edges}) < len(edges):
            yield _told("offers", place, "同一方案重复", "the same offer twice")
        if len(chosen.intersection(edges)) > 1:
            yield _told("offers", place, "重复匹配", "matched twice")


# --- draws ------------------------------------------------------------------------------------


def claimed(case: Case, edge: int, pool_id: str, unit: str) -> int:
    """Return what an edge's claims draw on a pool: their support, or one place each."""
    policies = case.problem["policies"]
    mine = [fen for k, fen in case.claims[edge] if policies[k]["pool"] == pool_id]
    return sum(mine) if unit == "fen" else len(mine)


def _draw_findings(case: Case, rows: list[Row]) -> Iterator[Finding]:
    """Yield edges that draw on a pool what no number of their parts and no claim explains.

    ``rows`` are those of one pool: one, or one for each day.
    """
    first = rows[0]
    if first.kind != "pool":
        return
    times: dict[int, int] = {}
    for edge in range(case.num_edges):
        product, place = case.product[edge], f"{first.identity}, edge {edge}"
        drawn = {case.drawn(row, edge) for row in rows} - {0}
        rest = max(drawn, default=0) - claimed(case, edge, first.identity, first.unit)
        each = case.amount[edge] if first.unit == "fen" else 1
        parts = rest // each if each else 0
        explained = rest == parts * each and 0 <= parts <= 1 + len(case.parts[product])
        if len(drawn) > 1 or not explained:
            yield _told("draws", f"{place}: {sorted(drawn)}", "占用不符", "draws what it cannot")
        elif each and times.setdefault(product, parts) != parts:
            yield _told("draws", f"{place}: {parts}", "占用份数不一", "another number of parts")


def _told(code: str, fact: str, zh: str, en: str) -> Finding:
    return Finding(code, f"{zh}：{fact}", f"{en}: {fact}")
