"""Make the plan of a round: what cases keep is kept where it still can be, overrides are priced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from matcher.domain.errors import InputError
from matcher.domain.records import Records
from matcher.planning.encode import Fixings

Pair = tuple[str, str]
Solve = Callable[[Fixings], dict[str, Any]]
ROUND = "round"
"""Where the request of a run says which round it plans, and its summary what came of that."""

_PLACES = 6


@dataclass(frozen=True, slots=True)
class RoundAsked:
    """What the request of a run says of a round.

    Parameters
    ----------
    kept, ruled_out
        Pairs that cases of the round before keep, and that they rule out.
    pins, bans
        Pairs fixed by hand.
    """

    round_id: str
    kept: frozenset[Pair]
    ruled_out: frozenset[Pair]
    pins: frozenset[Pair]
    bans: frozenset[Pair]

    @classmethod
    def of_json(cls, request: Mapping[str, Any]) -> RoundAsked:
        """Read what `matcher.services.plans.asking` wrote."""
        said, overrides = request[ROUND], request["overrides"]
        return cls(
            said["id"],
            _pairs(said["kept"]),
            _pairs(said["ruled_out"]),
            _overridden(overrides, "pin"),
            _overridden(overrides, "ban"),
        )

    @property
    def has_overrides(self) -> bool:
        """Whether people fixed anything by hand."""
        return bool(self.pins or self.bans)


def plan_of_round(
    asked: RoundAsked, records: Records, solve: Solve
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the document of a plan and what its summary says of the round.

    Parameters
    ----------
    solve
        Plans the market with some pairs fixed.

    Raises
    ------
    InputError
        If a pair that was pinned by hand cannot be matched.
    """
    known = _known(asked.kept - asked.bans, records)
    ruled_out = _known(asked.ruled_out - asked.pins, records)
    left_out = sorted((asked.kept | asked.ruled_out) - known - ruled_out)
    document, kept = _with_kept(asked, known, ruled_out, solve)
    said: dict[str, Any] = {
        "id": asked.round_id,
        "kept": len(kept),
        "ruled_out": len(ruled_out),
        "left_out": sorted({*left_out, *(known - kept)} - asked.pins - asked.bans),
        "objective_without_overrides": None,
        "overrides_cost": None,
    }
    if asked.has_overrides:
        free, _ = _with_kept(_without_overrides(asked), known, ruled_out, solve)
        said |= _price(free["objective"], document["objective"])
    return document, said


def _with_kept(
    asked: RoundAsked, kept: frozenset[Pair], ruled_out: frozenset[Pair], solve: Solve
) -> tuple[dict[str, Any], frozenset[Pair]]:
    """Plan with what is kept; what cannot be matched any more is kept by its case alone."""
    while True:
        fixings = Fixings((kept | asked.pins) - asked.bans, (ruled_out | asked.bans) - asked.pins)
        try:
            return solve(fixings), kept
        except InputError as error:
            refused = {fault.value for fault in error.faults if fault.field == "pins"}
            gone = {pair for pair in kept - asked.pins if " × ".join(pair) in refused}
            if not gone:
                raise
            kept -= gone


def _without_overrides(asked: RoundAsked) -> RoundAsked:
    return RoundAsked(asked.round_id, asked.kept, asked.ruled_out, frozenset(), frozenset())


def _price(free: float | None, bound: float | None) -> dict[str, float | None]:
    cost = None if free is None or bound is None else round(free - bound, _PLACES)
    return {"objective_without_overrides": free, "overrides_cost": cost}


def _known(pairs: Iterable[Pair], records: Records) -> frozenset[Pair]:
    needs = {need.need_id for need in records.needs}
    products = {product.product_id for product in records.products}
    return frozenset(pair for pair in pairs if pair[0] in needs and pair[1] in products)


def _pairs(values: Iterable[Any]) -> frozenset[Pair]:
    return frozenset((need, product) for need, product in values)


def _overridden(overrides: Iterable[Mapping[str, str]], kind: str) -> frozenset[Pair]:
    return frozenset((one["need"], one["product"]) for one in overrides if one["kind"] == kind)
