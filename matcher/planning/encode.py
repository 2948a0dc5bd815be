"""A scoring graph as an assignment problem: needs, options, groups and pools become indices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.assign import UNLIMITED, Pool, Problem
from matcher.domain.choices import PoolUnit
from matcher.domain.errors import Fault, InputError
from matcher.domain.institution import Pool as DomainPool
from matcher.domain.money import money_text
from matcher.domain.text import Text
from matcher.market import Market
from matcher.scoring.graph import ScoringGraph

SCORE_PLACES = 6
"""Scores are rounded to this many decimals, so that a printed plan adds up exactly."""


@dataclass(frozen=True, slots=True)
class Fixings:
    """Pairs of (need id, product id) that must be in the plan, and that must not."""

    pins: frozenset[tuple[str, str]] = frozenset()
    bans: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A row of the problem in the words of the round.

    Parameters
    ----------
    kind
        ``option_limit``, ``option_quota``, ``group_limit``, ``group_quota`` or ``pool``.
    identity
        Id of the product, institution or pool that it belongs to.
    text
        Its name for people.
    unit
        Whether it is counted in places or in fen.
    """

    kind: str
    identity: str
    text: Text
    unit: PoolUnit

    def show(self, quantity: int) -> Text:
        """Print a quantity in the row's unit."""
        if self.unit is PoolUnit.FEN:
            return money_text(quantity)
        return Text(f"{quantity} 个", f"{quantity}")


def encode(graph: ScoringGraph, fixings: Fixings | None = None) -> Problem:
    """Return the assignment problem of a scoring graph.

    Options are the market's products, groups its institutions, fen the amounts offered; a need
    takes at most one product of an institution and at most as many as it wants contacts.

    Raises
    ------
    InputError
        If a pin or a ban names a pair that is not eligible, naming each.
    """
    market, edges = graph.market, graph.edges
    products, institutions = market.products, market.institutions
    return Problem.from_arrays(
        edges.need,
        edges.product,
        np.round(graph.score.astype(np.float64), SCORE_PLACES),
        num_needs=market.num_needs,
        num_options=market.num_products,
        need_limit=np.array([n.contacts for n in market.needs], np.int64),
        option_limit=_limits([p.leads for p in products]),
        amount=edges.offered_fen,
        option_quota=_limits([p.quota_fen for p in products]),
        group=market.institution_idx,
        group_limit=_limits([i.leads for i in institutions]),
        group_quota=_limits([i.quota_fen for i in institutions]),
        one_per_group=True,
        pools=[_pool(market, pool) for pool in market.pools],
        fixed=_fixed(graph, fixings or Fixings()),
    )


def pool_rows(market: Market, problem: Problem) -> list[PoolRow]:
    """Return each row of the problem with its name, in the order of the multipliers."""
    return [_pool_row(market, *problem.row_label(row)) for row in range(problem.num_rows)]


def _pool_row(market: Market, kind: str, index: int) -> PoolRow:
    unit = PoolUnit.FEN if kind.endswith("quota") else PoolUnit.COUNT
    if kind == "pool":
        pool = market.pools[index]
        return PoolRow(kind, pool.pool_id, pool.text, pool.unit)
    if kind.startswith("group"):
        institution = market.institutions[index]
        return PoolRow(kind, institution.institution_id, _named(kind, institution.text), unit)
    product = market.products[index]
    owner = market.institution_of(index).text
    name = Text("{o}{p}", "{o}, {p}").format(o=owner, p=product.text)
    return PoolRow(kind, product.product_id, _named(kind, name), unit)


_ROW_TEXTS = {
    "option_limit": Text("{n} · 产品名额", "{n} · places of the product"),
    "option_quota": Text("{n} · 产品额度", "{n} · quota of the product"),
    "group_limit": Text("{n} · 机构线索名额", "{n} · leads of the institution"),
    "group_quota": Text("{n} · 机构总额度", "{n} · quota of the institution"),
}


def _named(kind: str, name: Text) -> Text:
    return _ROW_TEXTS[kind].format(n=name)


def _limits(values: Sequence[int | None]) -> NDArray[np.int64] | None:
    if all(v is None for v in values):
        return None
    return np.array([UNLIMITED if v is None else v for v in values], np.int64)


def _pool(market: Market, pool: DomainPool) -> Pool:
    drawing = [j for j, p in enumerate(market.products) if pool.pool_id in p.pools]
    return Pool(options=np.array(drawing, np.int32), capacity=pool.capacity, unit=pool.unit.value)


def _fixed(graph: ScoringGraph, fixings: Fixings) -> NDArray[np.int8]:
    fixed = np.full(graph.num_edges, -1, np.int8)
    faults: list[Fault] = []
    for pairs, value in ((fixings.bans, 0), (fixings.pins, 1)):
        edges, unknown = _edges_of(graph, pairs)
        fixed[edges] = value
        # A ban on a pair that cannot be matched anyway asks for nothing impossible.
        faults += [_not_eligible(pair) for pair in unknown if value == 1]
    both = sorted(fixings.pins & fixings.bans)
    message = Text("同时被指定和禁止", "is both pinned and banned")
    faults += [Fault(message, field="pins", value=" × ".join(pair)) for pair in both]
    if faults:
        raise InputError(faults)
    return fixed


def _edges_of(
    graph: ScoringGraph, pairs: Iterable[tuple[str, str]]
) -> tuple[list[int], list[tuple[str, str]]]:
    """Return the edges of pairs of ids, and the pairs that are no edge.

    Raises
    ------
    UnknownIdError
        If the market does not have an id.
    """
    found, missing = [], []
    for need_id, product_id in sorted(pairs):
        need = graph.market.index("needs", need_id)
        product = graph.market.index("products", product_id)
        edge = next(
            (e for e in graph.edges_of_need(need) if graph.edges.product[e] == product), None
        )
        if edge is None:
            missing.append((need_id, product_id))
        else:
            found.append(edge)
    return found, missing


def _not_eligible(pair: tuple[str, str]) -> Fault:
    message = Text(
        "不能指定：该产品不适用于该需求（用 matcher explain 查看原因）",
        "cannot be pinned: the product is not eligible (matcher explain says why)",
    )
    return Fault(message, field="pins", value=" × ".join(pair))
