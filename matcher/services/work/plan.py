"""Plans as a kind of work: the live market or one that came along, planned and checked.

The engine is imported where a plan is computed and not here: what only asks for a plan, or waits
for one, starts without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from matcher.domain.run import PLAN
from matcher.planning.effort import Effort
from matcher.services.work.kinds import Job, Kind, Progress, Result, apply_nothing

if TYPE_CHECKING:
    from sqlmodel import Session

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PlanAsked:
    """What was asked of a plan; all of it stands in the request of its run.

    Parameters
    ----------
    as_of
        The day of the round, where the live market is planned; None for the market's own.
    pins, bans
        Pairs of a need and a product, by their ids in the market.
    floors
        As people write them; see `matcher.services.planning.parse_floors`.
    fair
        A division of needs whose worst-off group comes first.
    weights
        The text of a file of weights; empty for those that come with the project.
    """

    effort: Effort
    as_of: date | None = None
    pins: tuple[Pair, ...] = ()
    bans: tuple[Pair, ...] = ()
    floors: tuple[str, ...] = ()
    fair: str | None = None
    weights: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as values of JSON."""
        return {
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "method": self.effort.method,
            "gap": self.effort.gap,
            "time_limit": self.effort.time_limit,
            "seed": self.effort.seed,
            "pins": sorted(self.pins),
            "bans": sorted(self.bans),
            "floors": list(self.floors),
            "fair": self.fair,
            **({"weights": self.weights} if self.weights else {}),
        }

    @classmethod
    def of_json(cls, values: Mapping[str, Any]) -> PlanAsked:
        """Read what `to_json` gave."""
        day = values["as_of"]
        return cls(
            Effort(values["method"], values["gap"], values["time_limit"], values["seed"]),
            None if day is None else date.fromisoformat(day),
            tuple((need, product) for need, product in values["pins"]),
            tuple((need, product) for need, product in values["bans"]),
            tuple(values["floors"]),
            values["fair"],
            values.get("weights", ""),
        )


def take_market(session: Session, job: Job) -> bytes:
    """Return the live market as it is now, as a market file, bound to declared conflicts.

    Raises
    ------
    InputError
        If nothing says the day of the round.
    """
    from matcher.services.plans.conflicts import with_conflicts
    from matcher.services.records import market_bytes_of

    day, only = PlanAsked.of_json(job.request).as_of, _needs_of_round(session, job)
    return with_conflicts(session, market_bytes_of(session, day, only=only))


def _needs_of_round(session: Session, job: Job) -> frozenset[str] | None:
    """Return the needs of a round that takes recommended ones only, None for all."""
    from matcher.services.listings.taking import recommended_keys

    said = job.request.get("round", {})
    if not said.get("recommended_only"):
        return None
    return recommended_keys(session) | {need for need, _ in said["kept"]}


def compute(job: Job, progress: Progress) -> Result:
    """Make the plan; see `matcher.services.work.plan_computing`."""
    from matcher.services.work.plan_computing import compute_plan

    return compute_plan(job, progress)


PLAN_KIND = Kind(PLAN, prepare=take_market, compute=compute, apply=apply_nothing)
