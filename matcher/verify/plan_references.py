"""Whether everything that a plan file names by id or by index is there, once, and in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from matcher.verify.claim import Finding

Json = dict[str, Any]

_OWNERS = {
    "pool": (0, "pools"),
    "option_limit": (1, "products"),
    "option_quota": (1, "products"),
    "group_limit": (2, "institutions"),
    "group_quota": (2, "institutions"),
}
"""For each kind of capacity where it stands among the pools, and the table of its owner."""


def reference_findings(document: Json) -> Iterator[Finding]:
    """Yield ids and indices that lead nowhere, and what is out of order or stands there twice."""
    problem = document["problem"]
    tables = ("needs", "institutions", "products", "policies")
    ids = {name: [item["id"] for item in problem[name]] for name in tables}
    for name, known in ids.items():
        if not _ascends(known):
            place = f"problem.{name}"
            yield Finding("order", f"{place} 编号未递增", f"{place}: ids do not ascend")
    places = {name: frozenset(known) for name, known in ids.items()}
    places["pools"] = frozenset(p["id"] for p in problem["pools"] if p["kind"] == "pool")
    sound = list(_edge_findings(problem, ids))
    yield from sound
    for path, identity, name in _named_ids(document):
        if identity not in places[name]:
            yield Finding(
                "reference", f"{path}: 没有 {identity}", f"{path}: there is no {identity}"
            )
    if not sound:
        yield from _pool_findings(problem, len(ids["products"]))
    yield from _floor_findings(document, {key: len(ids[key]) for key in ("needs", "products")})


def _ascends(values: Iterable[Any]) -> bool:
    return all(a < b for a, b in pairwise(values))


# --- offers and claims ------------------------------------------------------------------------


def _edge_findings(problem: Json, ids: dict[str, list[str]]) -> Iterator[Finding]:
    edges, claims = problem["edges"], problem["claims"]
    yield from _columns(
        "edges", edges, {"need": len(ids["needs"]), "product": len(ids["products"])}
    )
    sizes = {"edge": len(edges["need"]), "policy": len(ids["policies"])}
    yield from _columns("claims", claims, sizes)
    pairs = zip(edges["need"], edges["product"], strict=False)
    if any(a > b for a, b in pairwise(pairs)):
        en = "problem.edges are not by need, then product"
        yield Finding("order", "problem.edges 未按需求和产品排序", en)
    if any(a > b for a, b in pairwise(claims["edge"])):
        en = "problem.claims are not by edge"
        yield Finding("order", "problem.claims 未按边排序", en)


def _columns(name: str, columns: Json, sizes: dict[str, int]) -> Iterator[Finding]:
    """Yield columns of another length than the rest, and indices beyond what they index."""
    if len({len(column) for column in columns.values()}) > 1:
        en = f"the columns of problem.{name} differ in length"
        yield Finding("reference", f"problem.{name} 各列长度不同", en)
    for column, size in sizes.items():
        for index in (i for i, value in enumerate(columns[column]) if value >= size):
            fact = f"problem.{name}.{column}[{index}] = {columns[column][index]}"
            yield Finding("reference", f"{fact} 不存在", f"{fact} does not exist")


# --- pools ------------------------------------------------------------------------------------


def _pool_findings(problem: Json, num_products: int) -> Iterator[Finding]:
    keys = [(_OWNERS[p["kind"]][0], p["id"], p["kind"], p["day"] or "") for p in problem["pools"]]
    if not _ascends(keys):
        zh, en = "problem.pools 未按编号和日期递增", "problem.pools do not ascend by id and day"
        yield Finding("order", zh, en)
    times = Counter(key[:2] for key in keys)
    for pool, (rank, identity, _, day) in zip(problem["pools"], keys, strict=True):
        alone = times[rank, identity] == 1
        if day and rank:
            fact = f"{pool['kind']} {identity}: {day}"
            yield Finding("reference", f"不应有日期 {fact}", f"has no day: {fact}")
        if not day and not rank and not alone:
            yield Finding("reference", f"{identity} 缺少日期", f"{identity} lacks a day")
    for index, pool in enumerate(problem["pools"]):
        yield from _drawing_findings(problem, pool, num_products, f"problem.pools[{index}]")


def _drawing_findings(problem: Json, pool: Json, size: int, path: str) -> Iterator[Finding]:
    products, draw = pool["products"], pool["draw"]
    if not _ascends(products) or (products and products[-1] >= size):
        en = f"{path}.products: not ascending indices of products"
        yield Finding("reference", f"{path}.products 不是递增的产品序号", en)
    if draw is None:
        return
    edges, quantity = draw["edge"], draw["quantity"]
    aligned = quantity is None or len(quantity) == len(edges)
    if not aligned or not _indexes(edges, problem["edges"]["product"], products):
        en = f"{path}.draw: not ascending edges of its products, each with a quantity"
        yield Finding("reference", f"{path}.draw 不是其产品的边与数量", en)


def _indexes(edges: Sequence[int], product: Sequence[int], allowed: Iterable[int]) -> bool:
    known = frozenset(allowed)
    return _ascends(edges) and all(e < len(product) and product[e] in known for e in edges)


# --- floors -----------------------------------------------------------------------------------


def _floor_findings(document: Json, sizes: dict[str, int]) -> Iterator[Finding]:
    floors = document["problem"]["floors"]
    if len(floors) != len(document["floors"]):
        zh, en = "floors 与 problem.floors 数目不同", "floors and problem.floors differ in number"
        yield Finding("reference", zh, en)
    for index, floor in enumerate(floors):
        path = f"problem.floors[{index}]"
        if (floor["needs"] is None) == (floor["products"] is None):
            en = f"{path}: either needs or products"
            yield Finding("reference", f"{path} 应恰有 needs 或 products", en)
        for key, size in sizes.items():
            members = floor[key] or []
            if not _ascends(members) or (members and members[-1] >= size):
                en = f"{path}.{key}: not ascending indices"
                yield Finding("reference", f"{path}.{key} 不是递增的序号", en)


# --- ids --------------------------------------------------------------------------------------


def _named_ids(document: Json) -> Iterator[tuple[str, str, str]]:
    """Yield the place, the id and the table of every reference by id."""
    yield from _ids_of_problem(document["problem"])
    for index, match in enumerate(document["matches"]):
        yield from _ids_of_match(match, f"matches[{index}]")
    for index, item in enumerate(document["unmatched"]):
        yield f"unmatched[{index}]", item["need"], "needs"
        if item["nearest"] is not None:
            yield f"unmatched[{index}]", item["nearest"], "products"
        if item["queued"] is not None:
            yield f"unmatched[{index}].queued", item["queued"]["pool"], "pools"
    for index, item in enumerate(document["bottlenecks"] or ()):
        for need in item["needs"]:
            yield f"bottlenecks[{index}]", need, "needs"


def _ids_of_problem(problem: Json) -> Iterator[tuple[str, str, str]]:
    for index, product in enumerate(problem["products"]):
        yield f"problem.products[{index}]", product["institution"], "institutions"
        for part in product["parts"]:
            yield f"problem.products[{index}].parts", part, "products"
    for index, policy in enumerate(problem["policies"]):
        if policy["pool"] is not None:
            yield f"problem.policies[{index}]", policy["pool"], "pools"
    for index, pool in enumerate(problem["pools"]):
        _, table = _OWNERS[pool["kind"]]
        if table != "pools":
            yield f"problem.pools[{index}]", pool["id"], table


def _ids_of_match(match: Json, path: str) -> Iterator[tuple[str, str, str]]:
    yield path, match["need"], "needs"
    for place, part in ((path, match), *((f"{path}.companions", c) for c in match["companions"])):
        yield place, part["product"], "products"
        yield place, part["institution"], "institutions"
    for claim in match["claims"]:
        yield f"{path}.claims", claim["policy"], "policies"
