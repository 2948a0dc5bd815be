"""Explain one pair by ids."""

from __future__ import annotations

from matcher.market import Market
from matcher.scoring.explain import Explanation, explain
from matcher.scoring.weights import Weights


def explain_pair(market: Market, weights: Weights, need_id: str, product_id: str) -> Explanation:
    """Explain why a product fits a need or does not.

    Raises
    ------
    UnknownIdError
        If the market does not have the need or the product; similar ids are named.
    """
    need_idx = market.index("needs", need_id)
    product_idx = market.index("products", product_id)
    return explain(market, weights, need_idx, product_idx)
