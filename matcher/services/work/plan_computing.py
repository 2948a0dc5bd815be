"""Make the plan of a run: the bytes of plan.json, and what lists show of it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from matcher.files.plan_json import plan_bytes
from matcher.files.reading import read_market_content
from matcher.planning.encode import Fixings
from matcher.scoring.weights import weights_from
from matcher.services.planning import Asked, parse_floors, plan_round
from matcher.services.rounds import make_round
from matcher.services.work.kinds import Job, Progress, Result
from matcher.services.work.plan import PlanAsked
from matcher.services.work.round_computing import ROUND, RoundAsked, plan_of_round


def compute_plan(job: Job, progress: Progress) -> Result:
    """Plan the market that is the job's content; the plan has passed the checker.

    The bytes follow from the job alone, whichever attempt it is and whoever computes.

    Raises
    ------
    InputError
        If the market, the weights, a pin or a floor cannot be used.
    CheckError
        If the checker refuses the plan.
    """
    asked = PlanAsked.of_json(job.request)
    assert job.content is not None
    found = read_market_content(job.content, "market.json")
    assert found.as_of is not None  # whoever asked has seen to it
    wanted = Asked(floors=parse_floors(asked.floors, "floors"), fair=asked.fair)

    def tell(best: float | None, bound: float) -> bool:
        # JSON has no infinity, which is the bound before there is one.
        progress.share({"objective": best, "bound": bound if math.isfinite(bound) else None})
        return True

    loaded = make_round(found.records, found.as_of)
    weights = weights_from(asked.weights)

    def solve(fixings: Fixings) -> dict[str, Any]:
        what = replace(wanted, fixings=fixings)
        return plan_round(loaded, weights, asked.effort, what, progress.stage, tell).document

    if ROUND not in job.request:
        document = solve(Fixings(frozenset(asked.pins), frozenset(asked.bans)))
        return Result(plan_bytes(document), summary=_summary(document))
    of_round = RoundAsked.of_json(job.request)
    document, said = plan_of_round(of_round, found.records, solve)
    return Result(plan_bytes(document), summary={**_summary(document), ROUND: said})


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
