"""Make the plan of a run: the bytes of plan.json, and what lists show of it."""

from __future__ import annotations

import math
from typing import Any

from matcher.files.plan_json import plan_bytes
from matcher.files.reading import read_market_content
from matcher.planning.encode import Fixings
from matcher.scoring.weights import default_weights
from matcher.services.planning import Asked, parse_floors, plan_round
from matcher.services.rounds import make_round
from matcher.services.work.kinds import Job, Progress, Result
from matcher.services.work.plan import PlanAsked


def compute_plan(job: Job, progress: Progress) -> Result:
    """Plan the market that is the job's content; the plan has passed the checker.

    The bytes follow from the job alone, whichever attempt it is and whoever computes.

    Raises
    ------
    InputError
        If the market, a pin or a floor cannot be used.
    CheckError
        If the checker refuses the plan.
    """
    asked = PlanAsked.of_json(job.request)
    assert job.content is not None
    found = read_market_content(job.content, "market.json")
    assert found.as_of is not None  # whoever asked has seen to it
    wanted = Asked(
        Fixings(frozenset(asked.pins), frozenset(asked.bans)),
        parse_floors(asked.floors, "floors"),
        asked.fair,
    )

    def tell(best: float | None, bound: float) -> bool:
        # JSON has no infinity, which is the bound before there is one.
        progress.share({"objective": best, "bound": bound if math.isfinite(bound) else None})
        return True

    planned = plan_round(
        make_round(found.records, found.as_of),
        default_weights(),
        asked.effort,
        wanted,
        progress.stage,
        tell,
    )
    document = planned.document
    return Result(plan_bytes(document), summary=_summary(document))


def _summary(document: dict[str, Any]) -> dict[str, Any]:
    solver, counts = document["solver"], document["counts"]
    return {
        "digest": document["digest"],
        "as_of": document["input"]["as_of"],
        "market_sha256": document["input"]["market_sha256"],
        "status": solver["status"],
        "method": solver["method_used"],
        "objective": document["objective"],
        "bound": document["bound"],
        "gap": document["gap"],
        "counts": counts,
    }
