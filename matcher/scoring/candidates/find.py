"""The best candidates of every need, by blocks of needs on all cores."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from matcher.market import Market
from matcher.market.columns import frozen
from matcher.scoring.candidates.encode import Encoded, encode
from matcher.scoring.candidates.packages import Packages
from matcher.scoring.candidates.tables import Sink
from matcher.scoring.eligibility import Edges, Nearest, no_claims, no_support
from matcher.scoring.select import Candidates
from matcher.scoring.weights import Weights

BLOCK_EDGES = 1 << 17
"""Room for so many edges is held by each thread beside the result."""


def find_candidates(
    market: Market,
    weights: Weights,
    products: Sequence[int],
    best: int | None = None,
    threads: int | None = None,
) -> Candidates:
    """Return the edges of all needs with the packages that some products lead.

    Parameters
    ----------
    products
        Ascending, at least one; no policy supports their packages, so that each has one offer.
    best
        Keep so many edges of each need, those of the highest scores, of equals those of the
        lower product index; None keeps all.
    threads
        As many as there are cores, if None. The result does not depend on it.

    Notes
    -----
    1. Rules are read once for each class of needs that they can tell apart (`rule_axes`).
    2. Each class has a row of bits: the packages that it does not rule out (`Masks`). The AND of
       a need's rows leaves the few packages that are looked at one by one.
    3. Of those the collateral and the all-in cost are checked, the cost read from a table by
       term (`cost_table`), by Newton's method where a fixed fee makes it depend on the amount.
    4. What is left is scored, and the best are selected in linear time.

    Beside the result each thread holds `BLOCK_EDGES` edges, or those of one need if they are
    more.
    """
    encoded = encode(Packages.of(market, products), weights)
    with ThreadPoolExecutor(threads or len(os.sched_getaffinity(0))) as pool:
        blocks = _blocks(market.num_needs, len(products), best)
        found = list(pool.map(lambda span: _scan(encoded, best, span), blocks))
        return _joined(found, pool)


def _blocks(num_needs: int, num_packages: int, best: int | None) -> Iterator[tuple[int, int]]:
    """Yield the spans of needs that are scanned together."""
    step = max(1, BLOCK_EDGES // _most_kept(num_packages, best))
    for lo in range(0, num_needs, step):
        yield lo, min(lo + step, num_needs)


def _most_kept(num_packages: int, best: int | None) -> int:
    return num_packages if best is None else min(best, num_packages)


def _scan(encoded: Encoded, best: int | None, span: tuple[int, int]) -> Sink:
    """Return the edges of a span of needs."""
    from matcher.scoring.candidates.kernel import scan

    lo, hi = span
    sink = Sink.of((hi - lo) * _most_kept(len(encoded.packages.whole), best), hi - lo)
    most = -1 if best is None else best
    end: int = scan(encoded.needs, encoded.packages, encoded.terms, most, lo, hi, sink)
    return sink.cut_to(end)


def _joined(found: list[Sink], pool: ThreadPoolExecutor) -> Candidates:
    """Join the blocks, column by column."""
    every = pool.map(lambda name: np.concatenate([getattr(s, name) for s in found]), Sink._fields)
    whole = Sink(*every)
    num = len(whole.score)
    edges = Edges(
        need=np.repeat(np.arange(len(whole.kept), dtype=np.int32), whole.kept),
        product=whole.product,
        claims=no_claims(num),
        support_fen=no_support(num),
        low=whole.low,
        high=whole.high,
        offered_fen=whole.offered,
        num_unknown=whole.unknown,
        evidence=whole.evidence,
        appetite=whole.appetite,
    )
    nearest = Nearest(frozen(whole.nearest), frozen(whole.distance))
    return Candidates(edges, frozen(whole.score), nearest)
