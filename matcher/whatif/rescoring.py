"""A scoring graph again where only capacities differ: who fits what, and how well, is the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from matcher.domain.provenance import NO_SOURCE
from matcher.domain.records import ID_FIELDS
from matcher.market import Market
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.weights import Weights

_CAPACITIES: dict[str, dict[str, Any]] = {
    "institutions": {"leads": None, "quota_fen": None},
    "products": {"leads": None, "quota_fen": None},
    "pools": {"capacity": 0, "returns": (), "years": ()},
}
"""What of a record only limits plans and is no part of any rule or score."""


def scored(market: Market, weights: Weights, like: ScoringGraph | None = None) -> ScoringGraph:
    """Return the scoring graph of a market, from that of another where only capacities differ."""
    if like is not None and weights == like.weights and _is_alike(market, like.market):
        return replace(like, market=market)
    return ScoringGraph.build(market, weights)


def _is_alike(one: Market, other: Market) -> bool:
    if (one.as_of, one.overrides) != (other.as_of, other.overrides):
        return False
    return all(_are_alike(one, other, table) for table in ID_FIELDS)


def _are_alike(one: Market, other: Market, table: str) -> bool:
    ours, theirs = getattr(one.records, table), getattr(other.records, table)
    blank = _CAPACITIES.get(table)
    return len(ours) == len(theirs) and all(
        a is b or a == b or (blank is not None and _blanked(a, blank) == _blanked(b, blank))
        for a, b in zip(ours, theirs, strict=True)
    )


def _blanked(record: Any, blank: dict[str, Any]) -> Any:
    return replace(record, **blank, provenance=NO_SOURCE)
