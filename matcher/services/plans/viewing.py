"""A plan in parts: what its page shows is read without reading all of plan.json.

The plan of ten thousand needs is tens of megabytes; whoever looks at it wants its figures, its
picture, and fifty matches at a time. The parts are made once, when the plan is drafted, and
kept as blobs beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from matcher.services.plans.differing import Difference, brief_of, difference
from matcher.store import blobs
from matcher.store.tables import PlanRow

PART_LENGTH = 50
"""How many matches or unmatched needs a part has; plans drafted before it was that have more."""

MOST_POOLS = 200
MOST_LINKS = 40
"""A picture with more lines than that shows nothing."""

_HEAD = (
    "objective", "score", "bound", "gap", "gain_over_greedy", "counts", "digest", "solver",
    "bottlenecks", "floors", "input",
)  # fmt: skip
_LINK = ("need", "enterprise_name", "institution", "institution_name", "offered_fen")
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class PlanView:
    """The first part of a plan and where the others are.

    Parameters
    ----------
    head
        Figures, certificate, the largest matches as ``links``, the scarcest pools.
    num_match_parts, num_unmatched_parts
        How many parts there are of each.
    """

    head: Mapping[str, Any]
    num_match_parts: int
    num_unmatched_parts: int


def keep_view(session: Session, document: Mapping[str, Any], now: datetime) -> str:
    """Keep the parts of a plan and return where they are, as JSON."""

    def keep(values: Any) -> str:
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return blobs.keep(session, text.encode(), _JSON, now)

    unmatched = _parts(document["unmatched"])
    return json.dumps(
        {
            "head": keep(_head(document)),
            "matches": [keep(part) for part in _parts(document["matches"])],
            "unmatched": [keep(part) for part in unmatched],
            "unmatched_at": keep({e["need"]: n for n, part in enumerate(unmatched) for e in part}),
            "brief": keep(brief_of(document)),
        }
    )


def read_view(session: Session, plan: PlanRow) -> PlanView:
    """Return the first part of a plan."""
    places = json.loads(plan.view)
    head = json.loads(blobs.fetch(session, places["head"]))
    return PlanView(head, len(places["matches"]), len(places["unmatched"]))


def read_part(session: Session, plan: PlanRow, table: str, number: int) -> list[dict[str, Any]]:
    """Return a part of the ``matches`` or the ``unmatched``, from 0; empty beyond the last."""
    places: list[str] = json.loads(plan.view)[table]
    if not 0 <= number < len(places):
        return []
    found: list[dict[str, Any]] = json.loads(blobs.fetch(session, places[number]))
    return found


def read_unmatched(session: Session, plan: PlanRow, need: str) -> dict[str, Any] | None:
    """Return what a plan says of a need that it has nothing for, None if it says nothing.

    Parameters
    ----------
    need
        The id of the need in the market.
    """
    places = json.loads(plan.view)
    numbers: Iterable[int] = range(len(places["unmatched"]))
    if "unmatched_at" in places:
        at = json.loads(blobs.fetch(session, places["unmatched_at"])).get(need)
        numbers = () if at is None else (at,)
    for number in numbers:
        for entry in read_part(session, plan, "unmatched", number):
            if entry["need"] == need:
                return entry
    return None


def num_matches(session: Session, plan: PlanRow, need: str) -> int:
    """Return how many products a plan proposes for a need, named by its id in the market."""
    return sum(match[0] == need for match in _brief(session, plan)["matches"])


def read_difference(session: Session, before: PlanRow, after: PlanRow) -> Difference:
    """Return what is otherwise in a plan than in one before it."""
    return difference(*(_brief(session, plan) for plan in (before, after)))


def _brief(session: Session, plan: PlanRow) -> dict[str, Any]:
    place = json.loads(plan.view).get("brief")
    if place is None:  # a plan that was drafted before briefs were kept
        return brief_of(json.loads(blobs.fetch(session, plan.plan_sha256)))
    found: dict[str, Any] = json.loads(blobs.fetch(session, place))
    return found


def _head(document: Mapping[str, Any]) -> dict[str, Any]:
    largest = sorted(document["matches"], key=lambda m: (-m["offered_fen"], m["edge"]))
    return {
        **{name: document[name] for name in _HEAD},
        "links": [{name: m[name] for name in _LINK} for m in largest[:MOST_LINKS]],
        "pools": _scarcest(document["pools_use"])[:MOST_POOLS],
        "num_pools": len(document["pools_use"]),
    }


def _scarcest(uses: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the pools with a price first, the dearest in front, then the fullest."""

    def share(use: Mapping[str, Any]) -> float:
        return float(use["used"] / use["capacity"]) if use["capacity"] else 1.0

    return sorted(uses, key=lambda use: (-use["multiplier"], -share(use), use["id"]))


def _parts(rows: Sequence[Any]) -> list[Sequence[Any]]:
    return [rows[start : start + PART_LENGTH] for start in range(0, len(rows), PART_LENGTH)]
