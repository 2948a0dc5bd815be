"""A plan held against the market that it was made from, record by record.

The market is the canonical JSON whose hash the plan records (``market.json`` beside a plan). Its
limits, owners, pools, amounts, costs, names and marks must be those of the plan. Which pairs are
eligible and what they score takes the engine, and is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from matcher.verify.audit import NO_LIMIT, Finding
from matcher.verify.plan_rows import Case
from matcher.verify.shape import (
    Shape,
    as_day,
    day,
    fields,
    flag,
    many,
    maybe,
    one_of,
    pattern,
    table,
    text,
    whole,
)

Json = dict[str, Any]

COST_TOLERANCE = Decimal("1e-10")
"""Relative error allowed in a yearly cost, which a plan gives with twelve digits."""

_MONTHS = 12
_BASIS_POINTS = 10_000
_ID, _FEN = text(1, 64), whole()
_RATE = pattern(r"\d{1,9}(\.\d{1,30})?(E-\d{1,2})?", "十进制数", "a decimal number")
_NAMES: dict[str, Shape] = {"name": text(1)}
_NAMES_EN: dict[str, Shape] = {"name_en": maybe(text(1))}
_LIMITS: dict[str, Shape] = {"leads": maybe(_FEN), "quota_fen": maybe(_FEN)}


def _mark(value: object, path: str) -> Iterator[Finding]:
    """Accept true, false and a list of fields."""
    yield from many(text())(value, path) if isinstance(value, list) else flag(value, path)


_MARK: dict[str, Shape] = {"illustrative": _mark}
MARKET = fields(
    {
        "enterprises": many(fields({"enterprise_id": _ID, **_NAMES}, {**_NAMES_EN, **_MARK})),
        "needs": many(
            fields(
                {"need_id": _ID, "enterprise_id": _ID, "amount_fen": _FEN, "contacts": _FEN},
                {
                    "term_months": maybe(whole(1)),
                    "needed_by": maybe(day),
                    "collateral_fen": maybe(table(_FEN)),
                    **_MARK,
                },
            )
        ),
        "institutions": many(
            fields({"institution_id": _ID, **_NAMES}, {**_NAMES_EN, **_LIMITS, **_MARK})
        ),
        "products": many(
            fields(
                {"product_id": _ID, "institution_id": _ID, "pools": many(_ID), **_NAMES},
                {
                    "amount_max_fen": maybe(_FEN),
                    "rate": maybe(_RATE),
                    "rate_max": maybe(_RATE),
                    "fee_once_rate": _RATE,
                    "fee_yearly_rate": _RATE,
                    "fee_monthly_rate": _RATE,
                    "fee_fixed_fen": _FEN,
                    "unsecured_fen": _FEN,
                    "collateral": table(_RATE),
                    "cash_workdays": maybe(_FEN),
                    **_NAMES_EN,
                    **_LIMITS,
                    **_MARK,
                },
            )
        ),
        "pools": many(
            fields(
                {"pool_id": _ID, "unit": one_of("count", "fen")},
                {"capacity": _FEN, "capacity_fen": _FEN, **_MARK},
            )
        ),
    },
    {"as_of": day},
)


def market_findings(case: Case, market: object) -> Iterator[Finding]:
    """Yield where the plan is not one of this market."""
    shapes = list(MARKET(market, "market"))
    if shapes or not isinstance(market, dict):
        yield from shapes
        return
    pairs = list(_problem_pairs(case, market))
    yield from (_unequal(*pair) for pair in pairs if pair[1] != pair[2])
    if all(ours == theirs for place, ours, theirs in pairs if place.endswith(" id")):
        yield from _entries(case, market)


def _problem_pairs(case: Case, market: Json) -> Iterator[tuple[str, object, object]]:
    """Yield (place, what the plan says, what the market says) for the whole problem."""
    as_of = case.document["input"]["as_of"]
    yield "input.as_of", as_of, market.get("as_of", as_of)
    for name, key, columns in (
        ("needs", "need_id", {"limit": "contacts"}),
        ("institutions", "institution_id", {"limit": "leads", "quota_fen": "quota_fen"}),
        (
            "products",
            "product_id",
            {"institution": "institution_id", "limit": "leads", "quota_fen": "quota_fen"},
        ),
        ("pools", "pool_id", {"unit": "unit"}),
    ):
        ours, theirs = case.problem[name], market[name]
        yield f"problem.{name} id", [o["id"] for o in ours], [t[key] for t in theirs]
        for mine, record in zip(ours, theirs, strict=False):
            for column, field in columns.items():
                place = f"problem.{name} {mine['id']} {column}"
                yield place, mine[column], _open(record.get(field))
    for pool, record in zip(case.problem["pools"], market["pools"], strict=False):
        capacity = record.get("capacity_fen" if record["unit"] == "fen" else "capacity")
        yield f"problem.pools {pool['id']} capacity", pool["capacity"], _open(capacity)
        drawing = [
            j for j, product in enumerate(market["products"]) if pool["id"] in product["pools"]
        ]
        yield f"problem.pools {pool['id']} products", pool["products"], drawing


def _entries(case: Case, market: Json) -> Iterator[Finding]:
    """Hold pairs, matches and unmatched needs against records whose ids are those of the plan."""
    firms = {firm["enterprise_id"]: firm for firm in market["enterprises"]}
    needs, products = market["needs"], market["products"]
    for edge, amount in enumerate(case.amount):
        offered = _offered(needs[case.need[edge]], products[case.product[edge]])
        if amount != offered:
            yield _unequal(f"problem.edges.amount_fen[{edge}]", amount, offered)
    need_of = dict(zip(case.needs, needs, strict=True))
    for section in ("matches", "unmatched"):
        for index, item in enumerate(case.document[section]):
            path, owner = f"{section}[{index}]", need_of[item["need"]]["enterprise_id"]
            if item["enterprise"] != owner or owner not in firms:
                yield _unequal(f"{path}.enterprise", item["enterprise"], owner)
            elif item["enterprise_name"] != _names(firms[owner]):
                yield _unequal(
                    f"{path}.enterprise_name", item["enterprise_name"], _names(firms[owner])
                )
            elif section == "matches":
                need = need_of[item["need"]]
                yield from _match(case, market, item, (need, firms[owner]), path)


def _match(
    case: Case, market: Json, match: Json, asking: tuple[Json, Json], path: str
) -> Iterator[Finding]:
    need, firm = asking
    product = market["products"][case.products.index(match["product"])]
    institution = market["institutions"][case.institutions.index(match["institution"])]
    marked = any(r.get("illustrative") for r in (need, firm, product, institution))
    for key, value in (
        ("product_name", _names(product)),
        ("institution_name", _names(institution)),
        ("illustrative", marked),
    ):
        if match[key] != value:
            yield _unequal(f"{path}.{key}", match[key], value)
    highest = product.get("rate_max") or product.get("rate")
    for key, rate in (("all_in_low", product.get("rate")), ("all_in_high", highest)):
        cost = _cost(need, product, rate, match["offered_fen"])
        if not _agree(match[key], cost):
            yield _unequal(f"{path}.{key}", match[key], cost)
    yield from _days(need, product, match, path)


def _days(need: Json, product: Json, match: Json, path: str) -> Iterator[Finding]:
    """Hold days against the records as far as that goes without a calendar of workdays."""
    days, deadline = product.get("cash_workdays"), need.get("needed_by")
    if (match["cash_date"] is None) != (days is None):
        yield _unequal(f"{path}.cash_date", match["cash_date"], f"{days} workdays")
    expected = days is not None and deadline is not None
    if (match["slack_workdays"] is not None) != expected:
        yield _unequal(f"{path}.slack_workdays", match["slack_workdays"], f"until {deadline}")
    cash = as_day(match["cash_date"] or "")
    if cash and deadline and match["cash_date"] > deadline:
        yield _unequal(f"{path}.cash_date", match["cash_date"], f"≤ {deadline}")


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


def _cost(need: Json, product: Json, rate: str | None, amount_fen: int) -> Decimal | None:
    """Return rate + yearly fee + 12 × monthly fee + (one-off fee + fixed / amount) × 12 / term."""
    if rate is None or not amount_fen:
        return None
    once = Decimal(product.get("fee_once_rate", "0"))
    once += Decimal(product.get("fee_fixed_fen", 0)) / amount_fen
    yearly = Decimal(product.get("fee_yearly_rate", "0"))
    yearly += Decimal(product.get("fee_monthly_rate", "0")) * _MONTHS
    return Decimal(rate) + yearly + once * _MONTHS / (need.get("term_months") or _MONTHS)


def _agree(claimed: str | None, value: Decimal | None) -> bool:
    if claimed is None or value is None:
        return claimed is None and value is None
    return abs(Decimal(claimed) - value) <= COST_TOLERANCE * abs(value)


def _names(record: Json) -> dict[str, str]:
    return {"zh": record["name"], "en": record.get("name_en") or record["name"]}


def _open(value: object) -> object:
    return None if value == NO_LIMIT else value


def _unequal(path: str, claimed: object, value: object) -> Finding:
    fact = f"{path}: {claimed} ≠ {value}"
    return Finding("market", f"与市场数据不符 {fact}", f"not as in the market: {fact}")
