"""Ask for the plan of a round: its day, its seed, what the round before keeps, what people want."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from matcher.domain.actor import Actor
from matcher.domain.errors import Fault, InputError
from matcher.domain.run import PLAN
from matcher.domain.text import Text
from matcher.planning.effort import Effort
from matcher.services.leads.next_round import carry_over
from matcher.services.listings.taking import recommended_keys
from matcher.services.plans.rounds import takes_recommended_only
from matcher.services.work.plan import PlanAsked
from matcher.services.work.queue import Asked, submit
from matcher.services.work.settings import WorkSettings
from matcher.store.repositories.plans import Rounds
from matcher.store.tables import NeedRow, ProductRow, RunRow

MAX_REASON_LENGTH = 1000


class OverrideKind(StrEnum):
    """What somebody wants of a pair, whatever its score."""

    PIN = "pin"
    BAN = "ban"


@dataclass(frozen=True, slots=True)
class Override:
    """A pair that is fixed by hand, and why.

    Parameters
    ----------
    need, product
        By their ids in the market.
    """

    need: str
    product: str
    kind: OverrideKind
    reason: str

    def to_json(self) -> dict[str, str]:
        """Return it as values of JSON."""
        return {
            "need": self.need,
            "product": self.product,
            "kind": self.kind.value,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPlanAsked:
    """What is asked of a plan of a round.

    Parameters
    ----------
    method, gap, time_limit
        See `Effort`; the seed is the round's.
    follows
        The round whose cases are carried over; None for this one's own.
    weights
        The text of a file of weights; empty for those that come with the project.
    """

    method: str = "auto"
    gap: float = 1e-4
    time_limit: float = 60.0
    floors: tuple[str, ...] = ()
    fair: str | None = None
    overrides: tuple[Override, ...] = ()
    follows: UUID | None = field(default=None)
    weights: str = ""


def ask_round_plan(
    session: Session,
    actor: Actor,
    round_id: UUID,
    asked: RoundPlanAsked,
    settings: WorkSettings,
    now: datetime,
) -> RunRow:
    """Queue a plan of the live market for a round.

    What cases keep and rule out is taken as it stands now; pairs that the market does not have
    any more when the plan's turn comes are left out and named.

    Raises
    ------
    UnknownIdError
        If there is no such round, or none that it follows.
    InputError
        If an override names what the market does not have, or contradicts another.
    QueueFullError
        If too many runs wait.
    """
    chosen = Rounds(session, actor).find(round_id)
    carried = carry_over(session, actor, asked.follows or round_id, now.date())
    # Of this round itself what nobody has answered is up for a better plan.
    kept = carried.pins if asked.follows else carried.confirmed
    is_narrow = takes_recommended_only(chosen)
    taken = recommended_keys(session) | {need for need, _ in kept} if is_narrow else None
    _require_sound(session, asked.overrides, taken)
    plan = PlanAsked(
        Effort(asked.method, asked.gap, asked.time_limit, chosen.seed),
        chosen.as_of,
        floors=asked.floors,
        fair=asked.fair,
        weights=asked.weights,
    )
    request: dict[str, Any] = {
        **plan.to_json(),
        "market": "live",
        "round": {
            "id": str(round_id),
            "follows": None if asked.follows is None else str(asked.follows),
            "kept": sorted(set(kept)),
            "ruled_out": sorted(set(carried.bans)),
            **({"recommended_only": True} if is_narrow else {}),
        },
        "overrides": [one.to_json() for one in asked.overrides],
    }
    return submit(session, Asked(PLAN, actor.account_id, request), settings, now)


def _require_sound(
    session: Session, overrides: tuple[Override, ...], taken: frozenset[str] | None
) -> None:
    """Refuse overrides that cannot hold; ``taken`` are the needs of the round, None for all."""
    needs = _known(session, NeedRow.key, {one.need for one in overrides})
    products = _known(session, ProductRow.key, {one.product for one in overrides})
    unknown = Text("引用的编号不存在", "refers to an id that is not there")
    apart = Text("本轮只取推荐清单上的需求", "the round takes recommended needs only")
    twice = Text("同一对重复指定", "the pair is fixed twice")
    blank = Text("须说明理由", "a reason is needed")
    faults, seen = list[Fault](), set[tuple[str, str]]()
    for index, one in enumerate(overrides):
        place = f"overrides[{index}]"
        if one.need not in needs:
            faults.append(Fault(unknown, f"{place}.need", one.need))
        elif taken is not None and one.need not in taken:
            faults.append(Fault(apart, f"{place}.need", one.need))
        if one.product not in products:
            faults.append(Fault(unknown, f"{place}.product", one.product))
        if not one.reason.strip():
            faults.append(Fault(blank, f"{place}.reason"))
        if (one.need, one.product) in seen:
            faults.append(Fault(twice, place, f"{one.need} × {one.product}"))
        seen.add((one.need, one.product))
    if faults:
        raise InputError(faults)


def _known(session: Session, column: Any, keys: set[str]) -> set[str]:
    return set(session.scalars(select(column).where(column.in_(keys)))) if keys else set()
