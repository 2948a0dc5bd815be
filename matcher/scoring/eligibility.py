"""The eligible pairs of a market, found product by product over columns of needs."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from matcher.domain.criteria import State
from matcher.market import Market
from matcher.market.columns import frozen
from matcher.scoring import blocks
from matcher.scoring.columns import FAIL, PASS, UNKNOWN, RuleColumns, States
from matcher.scoring.conditions import CONDITIONS
from matcher.scoring.conditions.access import InstrumentAccepted

_INSTRUMENT = next(i for i, c in enumerate(CONDITIONS) if isinstance(c, InstrumentAccepted))
_OTHER_INSTRUMENT = np.int32(1_000)
"""A product of another instrument is further away than any number of failed rules."""


@dataclass(frozen=True, eq=False, slots=True)
class Edges:
    """Pairs of needs and products with what scoring reads of their rules, each (E,).

    Parameters
    ----------
    need, product
        Indices.
    offered_fen
        What the product could give, in fen.
    num_unknown
        How many rules nobody can decide yet; above 0 the match is conditional.
    evidence
        Share of the rules that are known to pass, in (0, 1].
    appetite
        Share of the institution's preferences that hold, unknown ones counting half; NaN
        where it states none.
    """

    need: NDArray[np.int32]
    product: NDArray[np.int32]
    offered_fen: NDArray[np.int64]
    num_unknown: NDArray[np.int32]
    evidence: NDArray[np.float32]
    appetite: NDArray[np.float32]

    def __post_init__(self) -> None:
        for f in fields(self):
            frozen(getattr(self, f.name))

    def take(self, order: NDArray[np.intp]) -> Edges:
        """Return these edges in another order, or some of them."""
        return Edges(*(getattr(self, f.name)[order] for f in fields(Edges)))


@dataclass(frozen=True, eq=False, slots=True)
class Nearest:
    """For each need the product that comes nearest: (N,) index (-1: no product).

    The nearest is of an instrument that the firm accepts, if there is one, and fails the fewest
    rules; ``num_failed`` is how many.
    """

    product: NDArray[np.int32]
    num_failed: NDArray[np.int32]


class Eligibility:
    """Reads conditions and rules of one market, sharing the columns between products."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.rules = RuleColumns(market)

    def states(self, product_idx: int) -> NDArray[np.int8]:
        """Return the (rules, N) states of every condition and criterion of one product."""
        market, product = self.market, self.market.products[product_idx]
        columns: list[States] = [c.column(market, product_idx) for c in CONDITIONS]
        columns += [self.rules.states(rule) for rule in product.criteria]
        return np.stack(columns)

    def edges_of(self, product_idx: int, rows: NDArray[np.intp], states: States) -> Edges:
        """Return the edges between a product and the given needs, eligible or not."""
        chosen = states[:, rows]
        passed = (chosen == PASS).sum(axis=0)
        return Edges(
            need=rows.astype(np.int32),
            product=np.full(len(rows), product_idx, np.int32),
            offered_fen=blocks.offered_fen(self.market, product_idx)[rows],
            num_unknown=(chosen == UNKNOWN).sum(axis=0, dtype=np.int32),
            evidence=(passed / len(states)).astype(np.float32),
            appetite=self._appetite(product_idx)[rows],
        )

    def _appetite(self, product_idx: int) -> NDArray[np.float32]:
        wishes = self.market.products[product_idx].preferences
        if not wishes:
            return np.full(self.market.num_needs, np.nan, np.float32)
        states = np.stack([self.rules.states(rule) for rule in wishes])
        return np.asarray(states.mean(axis=0) / State.PASS, np.float32)

    def pair(self, need_idx: int, product_idx: int) -> Edges:
        """Return one pair as an edge, eligible or not."""
        rows = np.array([need_idx], np.intp)
        return self.edges_of(product_idx, rows, self.states(product_idx))

    def find(self) -> tuple[Edges, Nearest]:
        """Return all eligible edges by need and product, and each need's nearest product."""
        found: list[Edges] = []
        nearest = np.full(self.market.num_needs, -1, np.int32)
        least = np.full(self.market.num_needs, np.iinfo(np.int32).max, np.int32)
        for product_idx in range(self.market.num_products):
            states = self.states(product_idx)
            failed = (states == FAIL).sum(axis=0, dtype=np.int32)
            distance = failed + _OTHER_INSTRUMENT * (states[_INSTRUMENT] == FAIL)
            nearest[distance < least] = product_idx
            np.minimum(least, distance, out=least)
            found.append(self.edges_of(product_idx, np.flatnonzero(failed == 0), states))
        return _by_need(found), Nearest(frozen(nearest), frozen(least % _OTHER_INSTRUMENT))


def _by_need(found: list[Edges]) -> Edges:
    """Join the edges of all products, sorted by need, then product."""
    if not found:
        ints, floats = np.empty(0, np.int32), np.empty(0, np.float32)
        return Edges(ints, ints, np.empty(0, np.int64), ints, floats, floats)
    joined = Edges(*(np.concatenate([getattr(e, f.name) for e in found]) for f in fields(Edges)))
    return joined.take(np.argsort(joined.need, kind="stable"))
