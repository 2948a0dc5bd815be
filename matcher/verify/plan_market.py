"""A plan held against the market that it was made from, record by record.

The market is the canonical JSON whose hash the plan records (``market.json`` beside a plan). Its
limits, owners, packages, pools, amounts, supports, costs, queues, names and marks must be those
of the plan. Which pairs are eligible, who qualifies for a policy and what a pair scores takes
the engine, and on which day so many workdays end takes its calendar: neither is looked at,
beyond that the days agree with each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from matcher.verify.claim import NO_LIMIT, Finding
from matcher.verify.market_cost import (
    Charges,
    Deal,
    costs_so_much,
    is_support,
    may_support,
    supported,
)
from matcher.verify.market_pools import (
    Pair,
    cash_days,
    funds_of,
    limit_pairs,
    package_workdays,
    pool_pairs,
)
from matcher.verify.market_shape import MARKET
from matcher.verify.plan_queue import queue_findings
from matcher.verify.plan_rows import Case
from matcher.verify.shape import as_day

Json = dict[str, Any]

_BASIS_POINTS = 10_000


def market_findings(case: Case, market: object) -> Iterator[Finding]:
    """Yield where the plan is not one of this market."""
    shapes = list(MARKET(market, "market"))
    if shapes or not isinstance(market, dict):
        yield from shapes
        return
    pairs = list(_record_pairs(case, market))
    sound = all(ours == theirs for place, ours, theirs in pairs if place.endswith((" id", "parts")))
    if sound:
        pairs += [*limit_pairs(case, market), *pool_pairs(case, market)]
    differing = [pair for pair in pairs if pair[1] != pair[2]]
    yield from (_unequal(*pair) for pair in differing)
    if sound:
        yield from _entries(case, market)
    if not differing:
        yield from _day_findings(case, market)
        yield from queue_findings(case, funds_of(case, market))


def _record_pairs(case: Case, market: Json) -> Iterator[Pair]:
    """Yield (place, what the plan says, what the market says) of records one by one."""
    as_of = case.document["input"]["as_of"]
    yield "input.as_of", as_of, market.get("as_of", as_of)
    for name, key, columns in (
        ("needs", "need_id", {"limit": "contacts"}),
        ("institutions", "institution_id", {}),
        ("products", "product_id", {"institution": "institution_id"}),
        ("policies", "policy_id", {"benefit": "benefit", "pool": "pool_id"}),
    ):
        ours, theirs = case.problem[name], market[name]
        yield f"problem.{name} id", [o["id"] for o in ours], [t[key] for t in theirs]
        for mine, record in zip(ours, theirs, strict=False):
            for column, field in columns.items():
                place = f"problem.{name} {mine['id']} {column}"
                yield place, mine[column], _open(record.get(field))
    required = {p["product_id"]: p["requires"] for p in market["products"]}
    for product in case.problem["products"]:
        path = f"problem.products {product['id']} parts"
        yield path, product["parts"], _package(product["id"], required)


def _package(product: str, required: dict[str, list[str]]) -> list[str]:
    """Return all that a product requires, directly or not, by id."""
    found, front = set[str](), [product]
    while front:
        more = [part for part in required.get(front.pop(), []) if part not in found]
        found.update(more)
        front += more
    return sorted(found)


# --- offers -----------------------------------------------------------------------------------


def _entries(case: Case, market: Json) -> Iterator[Finding]:
    """Hold offers, matches and unmatched needs against records whose ids are those of the plan."""
    for edge, amount in enumerate(case.amount):
        need, products = market["needs"][case.need[edge]], _products(case, market, edge)
        offered = min(_offered(need, product) for product in products)
        if amount != offered:
            yield _unequal(f"problem.edges.amount_fen[{edge}]", amount, offered)
        else:
            yield from _supports(case, market, edge, Deal.of(need, products, amount))
    firms = {firm["enterprise_id"]: firm for firm in market["enterprises"]}
    need_of = dict(zip(case.needs, market["needs"], strict=True))
    for section in ("matches", "unmatched"):
        for index, item in enumerate(case.document[section]):
            path, owner = f"{section}[{index}]", need_of[item["need"]]["enterprise_id"]
            if item["enterprise"] != owner or owner not in firms:
                yield _unequal(f"{path}.enterprise", item["enterprise"], owner)
            elif item["enterprise_name"] != _names(firms[owner]):
                yield _unequal(
                    f"{path}.enterprise_name", item["enterprise_name"], _names(firms[owner])
                )
            elif section == "matches" and item["edge"] < case.num_edges:
                yield from _match(case, market, item, firms[owner], path)


def _products(case: Case, market: Json, edge: int) -> list[Json]:
    """Return the records of an offer's package, the leading one first."""
    product = case.product[edge]
    return [market["products"][j] for j in (product, *case.parts[product])]


def _offered(need: Json, product: Json) -> int:
    """Return the amount wanted within the product's most and what the collateral covers."""
    most = product.get("amount_max_fen")
    amount: int = need["amount_fen"] if most is None else min(need["amount_fen"], most)
    offered, advance = need.get("collateral_fen"), product.get("collateral")
    if not advance or offered is None:
        return amount
    cover: int = product.get("unsecured_fen", 0)
    for kind, value in offered.items():
        rate = Decimal(advance.get(kind, "0"))
        cover += value * int(rate * _BASIS_POINTS) // _BASIS_POINTS
    return min(amount, cover)


def _supports(case: Case, market: Json, edge: int, deal: Deal) -> Iterator[Finding]:
    """Hold what an offer claims against what its policies pay: each fits, and pays no other sum."""
    policies = [market["policies"][k] for k, _ in case.claims[edge]]
    if not policies:
        return
    as_of, path = case.document["input"]["as_of"], f"problem.claims of edge {edge}"
    unfit = [p["policy_id"] for p in policies if not may_support(p, deal.products, as_of)]
    for identity in unfit:
        yield _unequal(path, identity, "a policy in force that supports the package")
    charges = deal.charges("rate_max")
    if charges is None:
        yield _unequal(path, [p["policy_id"] for p in policies], "no cost, no support")
    elif not unfit:
        _, paid = supported(deal, charges, policies)
        for (k, claimed), fen in zip(case.claims[edge], paid, strict=True):
            if not is_support(claimed, fen):
                place = f"{path}, {market['policies'][k]['policy_id']}"
                yield _unequal(place, claimed, f"{fen:.4f}")


# --- matches ----------------------------------------------------------------------------------


def _match(case: Case, market: Json, match: Json, firm: Json, path: str) -> Iterator[Finding]:
    edge = match["edge"]
    need, products = market["needs"][case.need[edge]], _products(case, market, edge)
    parts = (case.product[edge], *case.parts[case.product[edge]])
    owners = [market["institutions"][case.institution[j]] for j in parts]
    policies = [market["policies"][k] for k, _ in case.claims[edge]]
    marked = any(r.get("illustrative") for r in (need, firm, *products, *owners, *policies))
    if match["illustrative"] != marked:
        yield _unequal(f"{path}.illustrative", match["illustrative"], marked)
    for part, product, owner in zip((match, *match["companions"]), products, owners, strict=False):
        for key, value in (
            ("product_name", _names(product)),
            ("institution_name", _names(owner)),
            ("approval_follows", product["approval_follows"]),
        ):
            if key in part and part[key] != value:
                yield _unequal(f"{path} {product['product_id']}.{key}", part[key], value)
    for claim, policy in zip(match["claims"], policies, strict=False):
        if claim["name"] != _names(policy):
            place = f"{path}.claims {policy['policy_id']}.name"
            yield _unequal(place, claim["name"], _names(policy))
    yield from _costs(Deal.of(need, products, case.amount[edge]), policies, match, path)
    yield from _days(need, products, match, path)


def _costs(deal: Deal, policies: list[Json], match: Json, path: str) -> Iterator[Finding]:
    """Hold both ends of the cost against the flows of the package after its policies."""
    for key, quoted in (("all_in_low", "rate"), ("all_in_high", "rate_max")):
        charges, claimed = deal.charges(quoted), match[key]
        if charges is None or claimed is None:
            if (charges is None) != (claimed is None):
                told = None if charges is None else "the cost of the rates quoted"
                yield _unequal(f"{path}.{key}", claimed, told)
        elif not _costs_after(deal, charges, policies, claimed):
            yield _unequal(f"{path}.{key}", claimed, "what balances the flows of the package")


def _costs_after(
    deal: Deal, charges: tuple[Charges, ...], policies: list[Json], claimed: str
) -> bool:
    left, _ = supported(deal, charges, [p for p in policies if p.get("rate") is not None])
    return costs_so_much(claimed, deal, left)


def _days(need: Json, products: list[Json], match: Json, path: str) -> Iterator[Finding]:
    """Hold days against the records as far as that goes without a calendar of workdays."""
    days, deadline = package_workdays(products), need.get("needed_by")
    if (match["cash_date"] is None) != (days is None):
        yield _unequal(f"{path}.cash_date", match["cash_date"], f"{days} workdays")
    expected = days is not None and deadline is not None
    if (match["slack_workdays"] is not None) != expected:
        yield _unequal(f"{path}.slack_workdays", match["slack_workdays"], f"until {deadline}")
    cash = as_day(match["cash_date"] or "")
    if cash and deadline and match["cash_date"] > deadline:
        yield _unequal(f"{path}.cash_date", match["cash_date"], f"≤ {deadline}")


def _day_findings(case: Case, market: Json) -> Iterator[Finding]:
    """Yield days that no calendar of workdays can give.

    The same number of workdays ends on the same day, and each more takes at least a day.
    """
    as_of = case.document["input"]["as_of"]
    found = sorted({(0, as_of, "input.as_of"), *cash_days(case, market)})
    for (fewer, first, _), (more, second, place) in pairwise(found):
        apart = date.fromisoformat(second) - date.fromisoformat(first)
        if apart.days < more - fewer or (more == fewer and apart.days):
            yield _unequal(place, second, f"{more - fewer} workdays after {first}")


# --- values -----------------------------------------------------------------------------------


def _names(record: Json) -> dict[str, str]:
    return {"zh": record["name"], "en": record.get("name_en") or record["name"]}


def _open(value: object) -> object:
    return None if value == NO_LIMIT else value


def _unequal(path: str, claimed: object, value: object) -> Finding:
    fact = f"{path}: {claimed} ≠ {value}"
    return Finding("market", f"与市场数据不符 {fact}", f"not as in the market: {fact}")
