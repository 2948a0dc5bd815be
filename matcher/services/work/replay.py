"""Plans made again: from the same market, asked the same, to see whether the same bytes come."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from matcher.domain.run import REPLAY
from matcher.services.work.kinds import Job, Kind, Progress, Result, apply_nothing, no_input

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

OF_PLAN = "replayed"
"""Where a request says which plan is made again: its id and the hash that should come."""


def replay_request(request: Mapping[str, Any], plan_id: str, plan_sha256: str) -> dict[str, Any]:
    """Return the request of a run that makes a plan again."""
    return {**request, OF_PLAN: {"plan_id": plan_id, "sha256": plan_sha256}}


def compute(job: Job, progress: Progress) -> Result:
    """Make the plan, and say whether it is the one that was kept."""
    from matcher.services.work.plan_computing import compute_plan

    made = compute_plan(job, progress)
    said = job.request[OF_PLAN]
    assert made.content is not None
    found = hashlib.sha256(made.content).hexdigest()
    more = {"plan_id": said["plan_id"], "is_equal": found == said["sha256"], "sha256": found}
    return replace(made, summary={**made.summary, **more})


REPLAY_KIND = Kind(REPLAY, prepare=no_input, compute=compute, apply=apply_nothing)
