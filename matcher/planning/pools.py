"""What is scarce in a round as rows of the problem: each with its name, and what edges draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from matcher.assign import Pool
from matcher.domain.choices import PoolUnit
from matcher.domain.enterprise import Need
from matcher.domain.institution import Institution, Product
from matcher.domain.institution import Pool as DomainPool
from matcher.domain.money import money_text
from matcher.domain.text import Text
from matcher.finance.months import add_months
from matcher.market import Market
from matcher.scoring.block import Block
from matcher.scoring.columns import RuleColumns
from matcher.scoring.graph import ScoringGraph

Fen = NDArray[np.int64]


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
    day
        The day on which it is scarce, of a pool whose money comes back.
    """

    kind: str
    identity: str
    text: Text
    unit: PoolUnit
    day: date | None = None

    def show(self, quantity: int) -> Text:
        """Print a quantity in the row's unit."""
        if self.unit is PoolUnit.FEN:
            return money_text(quantity)
        return Text(f"{quantity} 个", f"{quantity}")


NamedPool = tuple[PoolRow, Pool]

_ROW_TEXTS = {
    "option_limit": Text("{n} · 产品名额", "{n} · places of the product"),
    "option_quota": Text("{n} · 产品额度", "{n} · quota of the product"),
    "group_limit": Text("{n} · 机构线索名额", "{n} · leads of the institution"),
    "group_quota": Text("{n} · 机构总额度", "{n} · quota of the institution"),
}


def owned_row(market: Market, kind: str, index: int) -> PoolRow:
    """Name the limit or quota of a product or an institution."""
    unit = PoolUnit.FEN if kind.endswith("quota") else PoolUnit.COUNT
    if kind.startswith("group"):
        institution = market.institutions[index]
        name, identity = institution.text, institution.institution_id
    else:
        product = market.products[index]
        owner = market.institution_of(index).text
        name = Text("{o}{p}", "{o}, {p}").format(o=owner, p=product.text)
        identity = product.product_id
    return PoolRow(kind, identity, _ROW_TEXTS[kind].format(n=name), unit)


# --- limits that packages draw on -------------------------------------------------------------


def package_pools(market: Market) -> Iterator[NamedPool]:
    """Yield the limits of products and institutions that packages of other products draw on.

    A match draws one place, and its amount, of the product and the institution of each of its
    parts; a guarantor's book is used up by the banks' loans that it stands behind.
    """
    for j, product in enumerate(market.products):
        users = [k for k, parts in enumerate(market.parts) if j in parts]
        if users != [j]:
            yield from _limits(market, ("option_limit", "option_quota"), j, product, users)
    for b, institution in enumerate(market.institutions):
        owners = market.institution_idx
        leading = np.flatnonzero(owners == b).tolist()
        users = [k for k, parts in enumerate(market.parts) if any(owners[p] == b for p in parts)]
        if users != leading:
            yield from _limits(market, ("group_limit", "group_quota"), b, institution, users)


def _limits(
    market: Market,
    kinds: tuple[str, str],
    index: int,
    owner: Institution | Product,
    users: list[int],
) -> Iterator[NamedPool]:
    for kind, capacity in zip(kinds, (owner.leads, owner.quota_fen), strict=True):
        if capacity is not None:
            row = owned_row(market, kind, index)
            yield row, Pool(np.array(users, np.int32), capacity, row.unit.value)


# --- pools of the round -----------------------------------------------------------------------


def budget_pools(graph: ScoringGraph) -> Iterator[NamedPool]:
    """Yield every pool of the market: one row, or one for each day on which money goes out."""
    for pool in graph.market.pools:
        draw = _draw(graph, pool)
        if pool.revolving:
            yield from _by_day(graph, pool, draw)
        else:
            row = PoolRow("pool", pool.pool_id, pool.text, pool.unit)
            capacity = pool.capacity_on(graph.market.as_of, graph.market.as_of)
            yield row, _pool(graph, pool, capacity, draw)


def _pool(graph: ScoringGraph, pool: DomainPool, capacity: int, draw: Fen) -> Pool:
    """Return a pool; what its edges draw is spelt out only where it is not one place or amount."""
    options = np.unique(graph.edges.product[draw > 0])
    drawing = [j for j, times in enumerate(times_drawn(graph.market, pool)) if times]
    options = np.union1d(options, np.array(drawing, np.int32)).astype(np.int32)
    usual = graph.edges.offered_fen if pool.unit is PoolUnit.FEN else np.ones_like(draw)
    if (draw == np.where(np.isin(graph.edges.product, options), usual, 0)).all():
        return Pool(options, capacity, pool.unit.value)
    return Pool(options, capacity, pool.unit.value, draw)


def times_drawn(market: Market, pool: DomainPool) -> list[int]:
    """Return (M,) how many parts of each package draw on a pool."""
    drawn = [pool.pool_id in p.pools for p in market.products]
    return [sum(drawn[j] for j in parts) for parts in market.parts]


def _draw(graph: ScoringGraph, pool: DomainPool) -> Fen:
    """Return (E,) what each edge draws: its amount for each part, and the support claimed."""
    edges, market = graph.edges, graph.market
    times = np.array(times_drawn(market, pool), np.int64)[edges.product]
    budgets = [p.pool_id == pool.pool_id for p in market.policies]
    claims = np.array([*budgets, False], np.bool_)[edges.claims]  # -1 finds the last one
    if pool.unit is PoolUnit.COUNT:
        return np.asarray(times + claims.sum(axis=1), np.int64)
    supports = np.where(claims, edges.support_fen, 0).sum(axis=1)
    return np.asarray(times * edges.offered_fen + supports, np.int64)


# --- pools whose money comes back -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Use:
    """When an edge has money of a revolving pool: from ``out`` up to the day before ``back``.

    ``back`` is None where nobody has said for how long: then it does not come back in time for
    anyone.
    """

    out: date
    back: date | None

    def covers(self, day: date) -> bool:
        """Tell whether the money is out on a day."""
        return self.out <= day and (self.back is None or day < self.back)


def use_of(market: Market, need: Need, cash_workdays: int | None) -> Use:
    """Return when the money is out: from the day it can be there, for the term of the need.

    Without a known time to cash it counts from the day of the round.
    """
    out = market.calendar.after(market.as_of, max(cash_workdays or 0, 0))
    if need.term_days is not None:
        return Use(out, out + timedelta(days=need.term_days))
    return Use(out, None if need.term_months is None else add_months(out, need.term_months))


def uses(graph: ScoringGraph, edges: Sequence[int]) -> dict[int, Use]:
    """Return when each of the edges has its money out."""
    market, rules = graph.market, RuleColumns(graph.market)
    products = {int(graph.edges.product[e]) for e in edges}
    days = {j: Block.of(rules, j).cash_workdays for j in products}
    return {
        e: use_of(market, market.needs[graph.edges.need[e]], days[int(graph.edges.product[e])])
        for e in edges
    }


def _by_day(graph: ScoringGraph, pool: DomainPool, draw: Fen) -> Iterator[NamedPool]:
    """Yield a row for each day on which an edge would have money go out.

    On the days between, no more is out and no less has come back: they need no rows.
    """
    found = uses(graph, np.flatnonzero(draw).tolist())
    as_of = graph.market.as_of
    for day in sorted({use.out for use in found.values()}) or [as_of]:
        out = np.zeros_like(draw)
        covering = [e for e, use in found.items() if use.covers(day)]
        out[covering] = draw[covering]
        text = Text("{n}（{d}）", "{n} ({d})").format(n=pool.text, d=day)
        row = PoolRow("pool", pool.pool_id, text, pool.unit, day)
        yield row, _pool(graph, pool, pool.capacity_on(as_of, day), out)
