"""Two roads to the same candidates: by blocks of products, and the compiled scan.

The first needs no compiler and is quick for a round of some hundred needs; the second reads
100,000 needs beside 1,000 products in about a second once it is compiled. Packages that some
policy supports have several offers; they always go by the first road and are merged, and so are
packages of more rules or parts than the counters of the scan hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from matcher.market import Market
from matcher.scoring.eligibility import Eligibility
from matcher.scoring.features import feature_matrix
from matcher.scoring.pair import supporting
from matcher.scoring.select import Candidates
from matcher.scoring.sums import score_of
from matcher.scoring.weights import Weights

FAST_FROM = 4_000_000
"""Pairs of needs and products from which the compiled scan is worth loading (or compiling)."""
MOST_RULES = 60
"""Rules, preferences or parts that a package may have for its states to add up in 8 bits."""
BLOCK_PAIRS = 8_000_000
"""Pairs that the first road reads before it keeps the best of them."""


def find_best(market: Market, weights: Weights, best: int | None) -> Candidates:
    """Return the eligible edges of a market, or the best of each need, by the quicker road."""
    if market.num_needs * market.num_products < FAST_FROM:
        return by_blocks(market, weights, range(market.num_products), best)
    return at_speed(market, weights, best)


def by_blocks(
    market: Market, weights: Weights, products: Iterable[int], best: int | None
) -> Candidates:
    """Read product after product over columns of needs."""
    eligibility = Eligibility(market)
    total: Candidates | None = None
    for some in _batches(products, max(1, BLOCK_PAIRS // max(market.num_needs, 1))):
        edges, nearest = eligibility.find(some)
        features = feature_matrix(market, edges, weights)
        found = Candidates(edges, score_of(features, weights.vector), nearest)
        total = (found if total is None else total + found).best(best)
    if total is None:
        edges, nearest = eligibility.find(())
        return Candidates(edges, np.empty(0, np.float32), nearest)
    return total


def _batches(products: Iterable[int], size: int) -> Iterator[Sequence[int]]:
    rest = iter(products)
    while some := list(islice(rest, size)):
        yield some


def at_speed(
    market: Market, weights: Weights, best: int | None, threads: int | None = None
) -> Candidates:
    """Scan what has one offer at speed, and merge the rest."""
    from matcher.scoring.candidates.find import find_candidates

    plain = [j for j in range(market.num_products) if _is_plain(market, j)]
    others = sorted(set(range(market.num_products)) - set(plain))
    if not plain or not market.num_needs:
        return by_blocks(market, weights, others, best)
    found = find_candidates(market, weights, plain, best, threads)
    if not others:
        return found
    return (found + by_blocks(market, weights, others, best)).best(best)


def _is_plain(market: Market, product_idx: int) -> bool:
    """Tell whether the scan can read a package: one offer, and few enough rules to count."""
    parts = [market.products[j] for j in market.parts[product_idx]]
    num_rules = sum(len(part.criteria) for part in parts)
    most = max(num_rules, len(parts[0].preferences), len(parts))
    return most <= MOST_RULES and not supporting(market, product_idx)
