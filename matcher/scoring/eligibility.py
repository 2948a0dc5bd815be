"""The eligible pairs of a market, found product by product over columns of needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.criteria import State
from matcher.finance.relief import RELIEFS
from matcher.market import Market
from matcher.market.columns import frozen
from matcher.scoring.block import Block
from matcher.scoring.columns import FAIL, PASS, UNKNOWN, RuleColumns, States
from matcher.scoring.conditions import CONDITIONS, PART_CONDITIONS
from matcher.scoring.conditions.access import InstrumentAccepted
from matcher.scoring.conditions.base import Condition
from matcher.scoring.conditions.terms import CostAccepted, cost_states

_INSTRUMENT = next(i for i, c in enumerate(CONDITIONS) if isinstance(c, InstrumentAccepted))
_COST = next(i for i, c in enumerate(CONDITIONS) if isinstance(c, CostAccepted))
_BESIDES_COST = tuple(c for c in CONDITIONS if not isinstance(c, CostAccepted))
OTHER_INSTRUMENT = np.int32(1_000)
"""A product of another instrument is further away than any number of failed rules."""


@dataclass(frozen=True, eq=False, slots=True)
class Edges:
    """Pairs of needs and packages with what scoring reads of their rules, each (E,).

    A pair stands here once for each offer worth a choice (`matcher.scoring.pair.Pair.offers`):
    with and without the support of each budget.

    Parameters
    ----------
    need, product
        Indices; the product is the leading one of its package.
    claims
        (E, benefits) indices of the policies claimed, in the order of `RELIEFS`; -1 for none.
    support_fen
        (E, benefits) the most that each of them pays, in fen.
    low, high
        All-in yearly cost at the lowest and highest rate quoted, with the claims; NaN where
        it is not known.
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
    claims: NDArray[np.int32]
    support_fen: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
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
    rules; ``distance`` is how many, and `OTHER_INSTRUMENT` more for another instrument.
    """

    product: NDArray[np.int32]
    distance: NDArray[np.int32]

    @classmethod
    def none(cls, num_needs: int) -> Nearest:
        """Return that no need has any product."""
        far = np.full(num_needs, np.iinfo(np.int32).max, np.int32)
        return cls(frozen(np.full(num_needs, -1, np.int32)), frozen(far))

    @property
    def num_failed(self) -> NDArray[np.int32]:
        """(N,) how many rules the nearest product fails."""
        return frozen(self.distance % OTHER_INSTRUMENT)

    def or_nearer(self, product: NDArray[np.int32], distance: NDArray[np.int32]) -> Nearest:
        """Return what is nearer, of equals the product of the lower index."""
        both_none = (product < 0) | (self.product < 0)
        earlier = (distance == self.distance) & (product < self.product) & ~both_none
        nearer = (distance < self.distance) | earlier
        return Nearest(
            frozen(np.where(nearer, product, self.product)),
            frozen(np.where(nearer, distance, self.distance)),
        )


class Eligibility:
    """Reads conditions and rules of one market, sharing the columns between packages."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.rules = RuleColumns(market)

    def block(self, product_idx: int) -> Block:
        """Return all needs beside the package of a product."""
        return Block.of(self.rules, product_idx)

    def states(self, block: Block) -> NDArray[np.int8]:
        """Return the (rules, N) states of every condition and criterion of a package."""
        return self._states(block, CONDITIONS)

    def fails_cost(self, block: Block) -> NDArray[np.bool_]:
        """Return (N,) whether the all-in cost fails, which is what takes longest to know."""
        return np.asarray(CONDITIONS[_COST].column(block) == FAIL, np.bool_)

    def num_failed_besides_cost(self, block: Block) -> NDArray[np.int32]:
        """Return (N,) how many rules fail, whatever it costs."""
        failed = self._states(block, _BESIDES_COST) == FAIL
        return np.asarray(failed.sum(axis=0), np.int32)

    def _states(self, block: Block, conditions: Sequence[Condition]) -> NDArray[np.int8]:
        columns: list[States] = [condition.column(block) for condition in conditions]
        columns += [self.rules.states(rule) for rule in block.product.criteria]
        for part in block.alone:
            columns += [condition.column(part) for condition in PART_CONDITIONS]
            columns += [self.rules.states(rule) for rule in part.product.criteria]
        return np.stack(columns)

    def edges_of(self, block: Block, rows: NDArray[np.intp], states: States) -> Edges:
        """Return the edges between a package and the given needs, eligible or not.

        A choice of policies is left out where it costs more than the firm accepts, unless it
        is the cheapest.
        """
        offers = block.offers
        costs = cost_states(block, offers.low, offers.high)
        best = offers.best[rows] == np.arange(len(costs))[:, None]
        wanted = offers.available[:, rows] & ((costs[:, rows] != FAIL) | best)
        position, choice = np.nonzero(wanted.T)
        return self._edges(block, rows[position], choice, states)

    def _edges(
        self, block: Block, need: NDArray[np.intp], choice: NDArray[np.intp], states: States
    ) -> Edges:
        offers = block.offers
        chosen = states[:, need]
        chosen[_COST] = cost_states(block, offers.low, offers.high)[choice, need]
        return Edges(
            need=need.astype(np.int32),
            product=np.full(len(need), block.product_idx, np.int32),
            claims=offers.claims[choice, :, need],
            support_fen=offers.support_fen[choice, :, need],
            low=offers.low[choice, need],
            high=offers.high[choice, need],
            offered_fen=block.offered_fen[need],
            num_unknown=(chosen == UNKNOWN).sum(axis=0, dtype=np.int32),
            evidence=((chosen == PASS).sum(axis=0) / len(states)).astype(np.float32),
            appetite=self._appetite(block)[need],
        )

    def _appetite(self, block: Block) -> NDArray[np.float32]:
        wishes = block.product.preferences
        if not wishes:
            return np.full(self.market.num_needs, np.nan, np.float32)
        states = np.stack([self.rules.states(rule) for rule in wishes])
        return np.asarray(states.mean(axis=0) / State.PASS, np.float32)

    def pair(self, need_idx: int, product_idx: int) -> Edges:
        """Return the cheapest offer of one pair as an edge, eligible or not."""
        block = self.block(product_idx)
        need = np.array([need_idx], np.intp)
        return self._edges(block, need, block.offers.best[need], self.states(block))

    def find(self, products: Iterable[int] | None = None) -> tuple[Edges, Nearest]:
        """Return all eligible edges by need and product, and each need's nearest product.

        Parameters
        ----------
        products
            The products whose packages are read, ascending; all if None.
        """
        found: list[Edges] = []
        nearest = Nearest.none(self.market.num_needs)
        for product_idx in range(self.market.num_products) if products is None else products:
            block = self.block(product_idx)
            states = self.states(block)
            failed = (states == FAIL).sum(axis=0, dtype=np.int32)
            distance = failed + OTHER_INSTRUMENT * (states[_INSTRUMENT] == FAIL)
            nearest = nearest.or_nearer(np.full_like(distance, product_idx), distance)
            found.append(self.edges_of(block, np.flatnonzero(failed == 0), states))
        return by_need(found), nearest


def by_need(found: list[Edges]) -> Edges:
    """Join the edges of all packages, sorted by need, then product."""
    if not found:
        return no_edges()
    joined = Edges(*(np.concatenate([getattr(e, f.name) for e in found]) for f in fields(Edges)))
    return joined.take(np.argsort(joined.need, kind="stable"))


def no_edges(num: int = 0, **columns: NDArray[Any]) -> Edges:
    """Return edges of which nothing is read but the given columns; the rest is 0 or none."""
    blank: dict[str, NDArray[Any]] = {
        "need": np.zeros(num, np.int32),
        "product": np.zeros(num, np.int32),
        "claims": no_claims(num),
        "support_fen": no_support(num),
        "low": np.zeros(num),
        "high": np.zeros(num),
        "offered_fen": np.zeros(num, np.int64),
        "num_unknown": np.zeros(num, np.int32),
        "evidence": np.zeros(num, np.float32),
        "appetite": np.zeros(num, np.float32),
    }
    return Edges(**{**blank, **columns})


def no_claims(num: int) -> NDArray[np.int32]:
    """Return (num, benefits) claims of no policy: one row seen ``num`` times, without memory."""
    return np.broadcast_to(np.full(len(RELIEFS), -1, np.int32), (num, len(RELIEFS)))


def no_support(num: int) -> NDArray[np.int64]:
    """Return (num, benefits) support of no policy, without memory."""
    return np.broadcast_to(np.zeros(len(RELIEFS), np.int64), (num, len(RELIEFS)))
