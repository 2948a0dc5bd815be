"""The problem of a plan file in plain lists: what each capacity is and what each offer draws.

The document must have the shape of `matcher.verify.plan_shape` and sound references.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from matcher.verify.claim import NO_LIMIT, Claim, FloorClaim, PoolClaim


@dataclass(frozen=True)
class Row:
    """One finite capacity, and the products that draw on it.

    Parameters
    ----------
    day
        The day on which it is scarce, of a pool whose money comes back.
    draw
        What each edge draws, where that is not one place or its amount; an edge that is not
        in it draws nothing.
    """

    kind: str
    identity: str
    day: str | None
    unit: str
    capacity: int
    products: frozenset[int] = field(repr=False)
    draw: dict[int, int] | None = field(default=None, repr=False)

    @property
    def entry(self) -> dict[str, str | None]:
        """What names the row in the file."""
        return {"kind": self.kind, "id": self.identity, "day": self.day}


class Case:
    """A plan file's problem and the offers (edges) that its matches name."""

    def __init__(self, document: dict[str, Any]) -> None:
        problem = document["problem"]
        edges = problem["edges"]
        self.document = document
        self.problem: dict[str, Any] = problem
        self.need: list[int] = edges["need"]
        self.product: list[int] = edges["product"]
        self.weight: list[float] = edges["weight"]
        self.amount: list[int] = edges["amount_fen"]
        self.fixed: list[int] = edges["fixed"]
        self.needs: list[str] = [need["id"] for need in problem["needs"]]
        self.products: list[str] = [product["id"] for product in problem["products"]]
        self.institutions: list[str] = [item["id"] for item in problem["institutions"]]
        place = {identity: i for i, identity in enumerate(self.institutions)}
        self.institution = [place[product["institution"]] for product in problem["products"]]
        self.parts = self._parts()
        self.claims: list[list[tuple[int, int]]] = [[] for _ in self.need]
        columns = problem["claims"]
        for edge, *claim in zip(
            columns["edge"], columns["policy"], columns["support_fen"], strict=True
        ):
            self.claims[edge].append((claim[0], claim[1]))
        self.need_limit = [_open(need["limit"]) for need in problem["needs"]]
        self.pins = [e for e, fixed in enumerate(self.fixed) if fixed == 1]
        named = [match["edge"] for match in document["matches"]]
        self.chosen = [e for e in dict.fromkeys(named) if e < self.num_edges]

    def _parts(self) -> list[list[int]]:
        """Return for each product the others of its package."""
        place = {identity: j for j, identity in enumerate(self.products)}
        return [[place[part] for part in p["parts"]] for p in self.problem["products"]]

    @property
    def num_edges(self) -> int:
        return len(self.need)

    @cached_property
    def edges_of_need(self) -> list[list[int]]:
        """The edges of each need, ascending."""
        found: list[list[int]] = [[] for _ in self.needs]
        for edge, need in enumerate(self.need):
            found[need].append(edge)
        return found

    @cached_property
    def rows(self) -> list[Row]:
        """Every finite capacity, in the order of the multipliers."""
        return list(self._rows())

    def _rows(self) -> Iterator[Row]:
        products, institutions = self.problem["products"], self.problem["institutions"]
        own = [frozenset([j]) for j in range(len(products))]
        theirs: list[set[int]] = [set() for _ in institutions]
        for product, institution in enumerate(self.institution):
            theirs[institution].add(product)
        for kind, unit, key, items, drawing in (
            ("option_limit", "count", "limit", products, own),
            ("option_quota", "fen", "quota_fen", products, own),
            ("group_limit", "count", "limit", institutions, theirs),
            ("group_quota", "fen", "quota_fen", institutions, theirs),
        ):
            for item, who in zip(items, drawing, strict=True):
                if _open(item[key]) != NO_LIMIT:
                    yield Row(kind, item["id"], None, unit, item[key], frozenset(who))
        yield from (row for row in self.shared if _open(row.capacity) != NO_LIMIT)

    @cached_property
    def shared(self) -> list[Row]:
        """The pools of the file, also those without a limit."""
        return [
            Row(
                pool["kind"],
                pool["id"],
                pool["day"],
                pool["unit"],
                _open(pool["capacity"]),
                frozenset(pool["products"]),
                self._draw(pool),
            )
            for pool in self.problem["pools"]
        ]

    def _draw(self, pool: dict[str, Any]) -> dict[int, int] | None:
        if pool["draw"] is None:
            return None
        edges, quantity = pool["draw"]["edge"], pool["draw"]["quantity"]
        if quantity is None:
            quantity = [self.amount[e] if pool["unit"] == "fen" else 1 for e in edges]
        return dict(zip(edges, quantity, strict=True))

    def drawn(self, row: Row, edge: int) -> int:
        """Return what an edge draws from a row."""
        if row.draw is not None:
            return row.draw.get(edge, 0)
        if self.product[edge] not in row.products:
            return 0
        return self.amount[edge] if row.unit == "fen" else 1

    def drawing(self, row: Row) -> list[int]:
        """Return the edges that draw something from a row, ascending."""
        edges = range(self.num_edges) if row.draw is None else row.draw
        return [edge for edge in edges if self.drawn(row, edge)]

    @cached_property
    def _rows_of_product(self) -> list[list[int]]:
        """For each product the rows that it draws on, ascending."""
        found: list[list[int]] = [[] for _ in self.products]
        for number, row in enumerate(self.rows):
            for product in row.products:
                found[product].append(number)
        return found

    def draws(self, edge: int) -> list[tuple[int, int]]:
        """Return what an edge draws, as (row, quantity) pairs by row."""
        rows = self._rows_of_product[self.product[edge]]
        drawn = [(number, self.drawn(self.rows[number], edge)) for number in rows]
        return [(number, quantity) for number, quantity in drawn if quantity]

    def used(self, edges: Iterable[int]) -> list[int]:
        """Return what the edges draw from each row, in exact integers."""
        total = [0] * len(self.rows)
        for edge in edges:
            for row, quantity in self.draws(edge):
                total[row] += quantity
        return total

    @cached_property
    def left(self) -> list[int]:
        """What the chosen edges leave of each row."""
        used = self.used(self.chosen)
        return [row.capacity - taken for row, taken in zip(self.rows, used, strict=True)]

    def blocking(self, need: int) -> list[Row]:
        """Return the rows with less left than some free edge of a need draws."""
        edges = [e for e in self.edges_of_need[need] if self.fixed[e] != 0]
        short = {r for e in edges for r, quantity in self.draws(e) if quantity > self.left[r]}
        return [self.rows[r] for r in sorted(short)]

    def claim(self) -> Claim:
        """Return what the plan file claims, in the words of the auditor."""
        document, problem = self.document, self.problem
        products, institutions = problem["products"], problem["institutions"]
        return Claim(
            need=self.need,
            option=self.product,
            weight=self.weight,
            num_needs=len(self.needs),
            num_options=len(products),
            need_limit=self.need_limit,
            option_limit=[_open(p["limit"]) for p in products],
            amount=self.amount,
            option_quota=[_open(p["quota_fen"]) for p in products],
            group=self.institution,
            group_limit=[_open(i["limit"]) for i in institutions],
            group_quota=[_open(i["quota_fen"]) for i in institutions],
            one_per_group=problem["one_per_institution"],
            pools=[
                PoolClaim(sorted(row.products), row.capacity, row.unit, self._column(row))
                for row in self.shared
            ],
            fixed=self.fixed,
            status=document["solver"]["status"],
            chosen=[match["edge"] for match in document["matches"]],
            objective=document["objective"],
            bound=document["bound"],
            gap=document["gap"],
            multipliers=[use["multiplier"] for use in document["pools_use"]],
            floors=[
                FloorClaim(f["needs"], f["products"], f["least"], f["penalty"])
                for f in problem["floors"]
            ],
            floor_multipliers=[floor["multiplier"] for floor in document["floors"]],
        )

    def _column(self, row: Row) -> list[int] | None:
        """Return what every edge draws, None where that need not be said."""
        return None if row.draw is None else [row.draw.get(e, 0) for e in range(self.num_edges)]


def greedy_objective(case: Case) -> float | None:
    """Return what a desk would reach by hand; None if the pins alone break a limit.

    The pins come first, then the other pairs by falling weight (ties by need, then by product),
    each taken if every limit still holds.
    """
    room = _Room(case)
    if not all([room.take(edge) for edge in case.pins]):
        return None
    free = [e for e in range(case.num_edges) if case.fixed[e] == -1 and case.weight[e] > 0]
    free.sort(key=lambda e: (-case.weight[e], case.need[e], case.product[e]))
    taken = case.pins + [edge for edge in free if room.take(edge)]
    return math.fsum(case.weight[edge] for edge in taken)


class _Room:
    """What is left of every limit."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._left = [row.capacity for row in case.rows]
        self._contacts: Counter[int] = Counter()
        self._met: set[tuple[int, int]] = set()

    def take(self, edge: int) -> bool:
        """Take an edge if every limit allows it; tell whether it was taken."""
        case, need = self._case, self._case.need[edge]
        meeting = (need, case.institution[case.product[edge]])
        once = case.problem["one_per_institution"]
        if self._contacts[need] >= case.need_limit[need] or (once and meeting in self._met):
            return False
        draws = case.draws(edge)
        if any(quantity > self._left[row] for row, quantity in draws):
            return False
        for row, quantity in draws:
            self._left[row] -= quantity
        self._contacts[need] += 1
        self._met.add(meeting)
        return True


def _open(limit: int | None) -> int:
    return NO_LIMIT if limit is None else limit
