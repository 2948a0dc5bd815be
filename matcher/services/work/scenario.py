"""What-if as a kind of work: a scenario on the live market or on a plan, and what comes of it.

It reads and never writes: nothing is applied, and what it computes from is a copy that it holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from matcher.domain.run import SCENARIO
from matcher.planning.effort import Effort
from matcher.services.work.kinds import Job, Kind, Progress, Result, apply_nothing

if TYPE_CHECKING:
    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class ScenarioAsked:
    """What was asked; all of it stands in the request of its run.

    Parameters
    ----------
    baseline
        The run of the plan to compare with; None for the live market, planned anew.
    as_of
        The day of the round, where it is the live one; None for the market's own.
    scenario
        As parsed from JSON or TOML; None changes nothing.
    sweeps, front, least, displace, advice
        See `matcher.services.whatif.Questions`.
    weights
        The text of the file of weights that the baseline was made with; empty for those that
        come with the project.
    """

    effort: Effort
    baseline: UUID | None = None
    as_of: date | None = None
    scenario: Mapping[str, Any] | None = None
    sweeps: tuple[str, ...] = ()
    front: str | None = None
    least: tuple[str, ...] = ()
    displace: bool = False
    advice: int = 0
    weights: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as values of JSON."""
        return {
            "baseline": None if self.baseline is None else str(self.baseline),
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "method": self.effort.method,
            "gap": self.effort.gap,
            "time_limit": self.effort.time_limit,
            "seed": self.effort.seed,
            "scenario": _plain(self.scenario),
            "sweeps": list(self.sweeps),
            "front": self.front,
            "least": list(self.least),
            "displace": self.displace,
            "advice": self.advice,
            **({"weights": self.weights} if self.weights else {}),
        }

    @classmethod
    def of_json(cls, values: Mapping[str, Any]) -> ScenarioAsked:
        """Read what `to_json` gave; numbers of the scenario are Decimals again."""
        day, baseline = values["as_of"], values["baseline"]
        return cls(
            Effort(values["method"], values["gap"], values["time_limit"], values["seed"]),
            None if baseline is None else UUID(baseline),
            None if day is None else date.fromisoformat(day),
            json.loads(json.dumps(values["scenario"]), parse_float=Decimal),
            tuple(values["sweeps"]),
            values["front"],
            tuple(values["least"]),
            values["displace"],
            values["advice"],
            values.get("weights", ""),
        )


def _plain(value: Any) -> Any:
    """Return values without Decimals: a float keeps the 15 digits that people write at most."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def take_inputs(session: Session, job: Job) -> bytes:
    """Return what the scenario is about: the market and, if one was named, the plan of it.

    Raises
    ------
    InputError
        If nothing says the day of the live market's round.
    """
    from matcher.services.plans.conflicts import with_conflicts
    from matcher.services.records import market_bytes_of
    from matcher.store import blobs
    from matcher.store.tables import RunRow

    asked = ScenarioAsked.of_json(job.request)
    if asked.baseline is None:
        return pack(with_conflicts(session, market_bytes_of(session, asked.as_of)), b"")
    plan = session.get_one(RunRow, asked.baseline)
    # Only a plan that is done is taken for a baseline, and what is done stays so.
    assert plan.input_sha256 is not None
    assert plan.outcome_sha256 is not None
    market = blobs.fetch(session, plan.input_sha256)
    return pack(market, blobs.fetch(session, plan.outcome_sha256))


def pack(market: bytes, plan: bytes) -> bytes:
    """Return a market and a plan as one: how long the market is, then both."""
    return b"%d\n%b%b" % (len(market), market, plan)


def unpack(content: bytes) -> tuple[bytes, bytes]:
    """Return the market and the plan of `pack`."""
    length, _, rest = content.partition(b"\n")
    return rest[: int(length)], rest[int(length) :]


def compute(job: Job, progress: Progress) -> Result:
    """Answer what is asked; see `matcher.services.work.scenario_computing`."""
    from matcher.services.work.scenario_computing import compute_scenario

    return compute_scenario(job, progress)


SCENARIO_KIND = Kind(SCENARIO, prepare=take_inputs, compute=compute, apply=apply_nothing)
