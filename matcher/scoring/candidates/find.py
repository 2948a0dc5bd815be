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
from matcher.scoring.candidates.tables import EDGE_COLUMNS, Sink, Terms
from matcher.scoring.candidates.terms import base_of, standing_of, tables_of
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
    packages = Packages.of(market, products)
    encoded = encode(packages, weights, base_of(market, weights), standing_of(market, weights))
    terms = tables_of(packages, weights)
    threads = threads or len(os.sched_getaffinity(0))
    with ThreadPoolExecutor(threads) as pool:
        blocks = list(_blocks(market.num_needs, packages.num, best))
        found = list(pool.map(lambda span: _scan(encoded, terms, best, span), blocks))
    return _joined(found)


def _blocks(num_needs: int, num_packages: int, best: int | None) -> Iterator[tuple[int, int]]:
    """Yield the spans of needs that are scanned together."""
    each = num_packages if best is None else min(best, num_packages)
    step = max(1, BLOCK_EDGES // max(each, 1))
    for lo in range(0, num_needs, step):
        yield lo, min(lo + step, num_needs)


def _scan(encoded: Encoded, terms: Terms, best: int | None, span: tuple[int, int]) -> Sink:
    """Return the edges of a span of needs, copied out of what was held for them."""
    from matcher.scoring.candidates.kernel import scan

    lo, hi = span
    num = len(encoded.packages.whole)
    sink = Sink.of((hi - lo) * (num if best is None else min(best, num)), hi - lo)
    end: int = scan(encoded.needs, encoded.packages, terms, -1 if best is None else best, lo, hi, sink)
    return sink._replace(**{name: getattr(sink, name)[:end].copy() for name in EDGE_COLUMNS})


def _joined(found: list[Sink]) -> Candidates:
    """Join the blocks column by column."""
    columns = {name: np.concatenate([getattr(s, name) for s in found]) for name in Sink._fields}
    kept = columns["kept"]
    num = len(columns["score"])
    edges = Edges(
        need=np.repeat(np.arange(len(kept), dtype=np.int32), kept),
        product=columns["product"],
        claims=no_claims(num),
        support_fen=no_support(num),
        low=columns["low"],
        high=columns["high"],
        offered_fen=columns["offered"],
        num_unknown=columns["unknown"],
        evidence=columns["evidence"],
        appetite=columns["appetite"],
    )
    nearest = Nearest(frozen(columns["nearest"]), frozen(columns["distance"]))
    return Candidates(edges, frozen(columns["score"]), nearest)
