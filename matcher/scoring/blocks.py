"""Quantities of all needs beside one product, by columns: the second reading of `Pair`.

Every function takes a market and a product's index and returns an (N,) array.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.domain.institution import BASIS_POINTS
from matcher.finance.cost import ASSUMED_TERM_MONTHS, MONTHS_PER_YEAR
from matcher.market import Market

Fen = NDArray[np.int64]


def cover_fen(market: Market, product_idx: int) -> Fen:
    """Return what the product may give on each need's collateral, in fen."""
    advance = market.product_columns.advance_bp[product_idx]
    value = market.need_columns.collateral_fen
    # ⌊value × bp / 10,000⌋ without leaving 64 bits: the whole part and the rest apart.
    whole, rest = np.divmod(value, BASIS_POINTS)
    cover = whole * advance + rest * advance // BASIS_POINTS
    total: Fen = cover.sum(axis=1) + market.product_columns.unsecured_fen[product_idx]
    return total


def offered_fen(market: Market, product_idx: int) -> Fen:
    """Return what the product could give to each need, in fen."""
    needs, products = market.need_columns, market.product_columns
    within: Fen = np.minimum(needs.amount_fen, products.amount_max_fen[product_idx])
    if not products.is_secured[product_idx]:
        return within
    covered: Fen = np.minimum(within, cover_fen(market, product_idx))
    return np.where(needs.collateral_known, covered, within)


def all_in(market: Market, product_idx: int, rate: float) -> NDArray[np.float64]:
    """Return the simple all-in yearly cost at ``rate`` as a fraction, NaN where not known.

    The formula is that of `matcher.finance.cost.simple_all_in_rate`.
    """
    needs, products = market.need_columns, market.product_columns
    amount = offered_fen(market, product_idx).astype(np.float64)
    amount[amount == 0] = np.nan
    term = np.where(needs.term_known, needs.term_months, ASSUMED_TERM_MONTHS)
    once = products.fee_once[product_idx] + products.fee_fixed_fen[product_idx] / amount
    cost: NDArray[np.float64] = (
        rate + products.fee_yearly[product_idx] + once * MONTHS_PER_YEAR / term
    )
    return cost


def all_in_range(
    market: Market, product_idx: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the all-in cost at the lowest and at the highest rate quoted."""
    products = market.product_columns
    return (
        all_in(market, product_idx, products.rate[product_idx]),
        all_in(market, product_idx, products.rate_max[product_idx]),
    )
