"""Capacities and draws of a plan held against the records of its market."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from matcher.verify.claim import NO_LIMIT
from matcher.verify.market_cost import months_of
from matcher.verify.plan_packages import claimed, users_of
from matcher.verify.plan_queue import Fund, first_days
from matcher.verify.plan_rows import Case, Row

Json = dict[str, Any]
Pair = tuple[str, object, object]
"""A place, what the plan says there, and what the market says."""


def limit_pairs(case: Case, market: Json) -> Iterator[Pair]:
    """Yield the limits of products and institutions, wherever in the plan they stand."""
    shared, users = {(row.kind, row.identity): row for row in case.shared}, users_of(case)
    for owner, table, key in (
        ("option", "products", "product_id"),
        ("group", "institutions", "institution_id"),
    ):
        for item, record in zip(case.problem[table], market[table], strict=True):
            moved = (owner, record[key]) in users
            for what, ours, theirs in (
                ("limit", item["limit"], record.get("leads")),
                ("quota", item["quota_fen"], record.get("quota_fen")),
            ):
                row = shared.get((f"{owner}_{what}", record[key]))
                said = (row and row.capacity) if moved else ours
                place = f"problem.{table} {record[key]} {what}"
                yield place, _closed(said), _closed(theirs)
                if not moved and row is not None:
                    yield f"{place}, shared", row.capacity, None


def pool_pairs(case: Case, market: Json) -> Iterator[Pair]:
    """Yield the pools of the round: their rows, what they hold, and what every offer draws."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in (row for row in case.shared if row.kind == "pool"):
        rows[row.identity].append(row)
    known = {record["pool_id"]: record for record in market["pools"]}
    yield "problem.pools id", sorted(rows), sorted(known)
    for identity in sorted(rows.keys() & known.keys()):
        yield from _pairs_of_pool(case, market, known[identity], rows[identity])


def _pairs_of_pool(case: Case, market: Json, pool: Json, rows: list[Row]) -> Iterator[Pair]:
    identity, as_of = pool["pool_id"], case.document["input"]["as_of"]
    drawing = _times(case, market, identity)
    draws = [_natural(case, e, drawing, pool) for e in range(case.num_edges)]
    products = {j for j, times in enumerate(drawing) if times}
    products |= {case.product[e] for e, quantity in enumerate(draws) if quantity}
    for row in rows:
        path = f"problem.pools {identity} {row.day or ''}".rstrip()
        yield f"{path} day", row.day is not None, pool["revolving"]
        yield f"{path} unit", row.unit, pool["unit"]
        yield f"{path} capacity", _closed(row.capacity), _closed(_capacity(pool, row.day, as_of))
        yield f"{path} products", sorted(row.products), sorted(products)
    if not pool["revolving"]:
        path, row = f"problem.pools {identity} draw", rows[0]
        yield from ((f"{path}[{e}]", case.drawn(row, e), q) for e, q in enumerate(draws))
    elif all(row.day is not None for row in rows):
        yield from _day_pairs(case, market, identity, rows, draws)


def _times(case: Case, market: Json, pool_id: str) -> list[int]:
    """Return for each product how many parts of its package draw on a pool."""
    drawing = [pool_id in product["pools"] for product in market["products"]]
    return [drawing[j] + sum(drawing[k] for k in parts) for j, parts in enumerate(case.parts)]


def _natural(case: Case, edge: int, drawing: list[int], pool: Json) -> int:
    """Return what an edge draws: its amount or a place for each part, and its claims."""
    each = case.amount[edge] if pool["unit"] == "fen" else 1
    own = drawing[case.product[edge]] * each
    return own + claimed(case, edge, pool["pool_id"], pool["unit"])


def _capacity(pool: Json, day: str | None, as_of: str) -> int:
    years = pool.get("years_fen") or {}
    if years:
        return int(years.get(str(int(as_of[:4])), 0))
    left = int(pool.get("capacity_fen" if pool["unit"] == "fen" else "capacity", 0))
    back = pool.get("returns_fen") or {}
    return left + sum(int(fen) for when, fen in back.items() if when <= (day or as_of))


# --- money that comes back --------------------------------------------------------------------


def _day_pairs(
    case: Case, market: Json, pool_id: str, rows: list[Row], draws: list[int]
) -> Iterator[Pair]:
    """Yield the days on which each edge draws: from when its money goes out until it is back."""
    days = [_ordinal(row.day or "") for row in rows]
    out = first_days(case, pool_id)
    starts = sorted(set(out.values())) or [_ordinal(case.document["input"]["as_of"])]
    yield f"problem.pools {pool_id} days", days, starts
    for edge, quantity in enumerate(draws):
        back = _back(market["needs"][case.need[edge]], out.get(edge, days[0]))
        covered = [edge in out and out[edge] <= d and (back is None or d < back) for d in days]
        if quantity and edge not in out:
            covered[0] = True  # it has to draw on some day
        expected = [quantity if here else 0 for here in covered]
        said = [case.drawn(row, edge) for row in rows]
        yield f"problem.pools {pool_id} draw, edge {edge}", said, expected


def _back(need: Json, out: int) -> int | None:
    """Return the day on which money is back that goes out on a day; None: not known."""
    if need.get("term_days") is not None:
        return out + int(need["term_days"])
    if need.get("term_months") is None:
        return None
    day = date.fromordinal(out)
    years, month = divmod(day.month - 1 + months_of(need), 12)
    if day.year + years >= date.max.year:
        return date.max.toordinal()
    last = date(day.year + years + (month == 11), (month + 1) % 12 + 1, 1).toordinal()
    return min(date(day.year + years, month + 1, 1).toordinal() + day.day - 1, last - 1)


def funds_of(case: Case, market: Json) -> dict[str, Fund]:
    """Return the pools whose money comes back, as their queues are reckoned from."""
    as_of = case.document["input"]["as_of"]
    return {
        pool["pool_id"]: _fund(case, market, pool, as_of)
        for pool in market["pools"]
        if pool["revolving"]
    }


def _fund(case: Case, market: Json, pool: Json, as_of: str) -> Fund:
    returns = pool.get("returns_fen") or {}
    out = first_days(case, pool["pool_id"])
    spans: list[int | None] = [None] * case.num_edges
    for edge, day in out.items():
        back = _back(market["needs"][case.need[edge]], day)
        spans[edge] = None if back is None else back - day
    return Fund(
        _capacity(pool, "9999-12-31", as_of),
        tuple((_ordinal(day), fen) for day, fen in returns.items() if fen and day > as_of),
        spans,
    )


def cash_days(case: Case, market: Json) -> Iterator[tuple[int, str, str]]:
    """Yield (workdays, day, place) for every day on which some money is said to be there.

    Where the workdays are not known a fund counts from the day of the round.
    """
    days = [_workdays(market, case, j) for j in range(len(case.products))]
    for pool in (pool for pool in market["pools"] if pool["revolving"]):
        for edge, day in first_days(case, pool["pool_id"]).items():
            place = f"problem.pools {pool['pool_id']}, edge {edge}"
            yield days[case.product[edge]] or 0, date.fromordinal(day).isoformat(), place
    for index, match in enumerate(case.document["matches"]):
        workdays = days[case.products.index(match["product"])]
        if match["cash_date"] is not None and workdays is not None:
            yield workdays, match["cash_date"], f"matches[{index}].cash_date"


def _workdays(market: Json, case: Case, product: int) -> int | None:
    return package_workdays(
        [market["products"][product], *(market["products"][k] for k in case.parts[product])]
    )


def package_workdays(products: list[Json]) -> int | None:
    """Return the workdays to the money: reviews that do not follow go first, side by side."""
    lead, *others = products
    reviews = [p.get("cash_workdays") for p in others if not p["approval_follows"]]
    known = [int(days) for days in (lead.get("cash_workdays"), *reviews) if days is not None]
    return known[0] + max([0, *known[1:]]) if len(known) == 1 + len(reviews) else None


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _closed(limit: object) -> object:
    return None if limit == NO_LIMIT else limit
