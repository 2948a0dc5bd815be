"""Answer a what-if: the bytes of whatif.json, and what lists show of it."""

from __future__ import annotations

import json
import math
from typing import Any

from matcher.files.pretty_json import pretty_json
from matcher.files.reading import read_market_content
from matcher.scoring.weights import weights_from
from matcher.services.rounds import make_round
from matcher.services.whatif_asking import Questions
from matcher.services.whatif_document import answer
from matcher.services.work.kinds import Job, Progress, Result
from matcher.services.work.scenario import ScenarioAsked, unpack
from matcher.whatif.watch import Watch

_ANSWERS = ("comparison", "curve", "front", "least", "advice")


def compute_scenario(job: Job, progress: Progress) -> Result:
    """Answer the questions about the market that is the job's content.

    Raises
    ------
    InputError
        With every fault of the scenario and of the questions.
    """
    asked = ScenarioAsked.of_json(job.request)
    assert job.content is not None
    market, plan = unpack(job.content)
    found = read_market_content(market, "market.json")
    assert found.as_of is not None  # whoever asked has seen to it
    document = answer(
        make_round(found.records, found.as_of).market,
        weights_from(asked.weights),
        asked.scenario,
        asked.effort,
        questions=Questions(asked.sweeps, asked.front, asked.least, asked.displace, asked.advice),
        baseline=json.loads(plan) if plan else None,
        watch=_watch(progress),
    )
    return Result((pretty_json(document) + "\n").encode(), summary=_summary(document))


def _watch(progress: Progress) -> Watch:
    def tell_step(done: int, total: int) -> None:
        progress.share({"done": done, "total": total})

    def tell_found(best: float | None, bound: float) -> None:
        # JSON has no infinity, which is the bound before there is one.
        progress.share({"objective": best, "bound": bound if math.isfinite(bound) else None})

    return Watch(on_stage=progress.stage, on_step=tell_step, on_found=tell_found)


def _summary(document: dict[str, Any]) -> dict[str, Any]:
    compared = document.get("comparison")
    return {
        "as_of": document["as_of"],
        "name": document["scenario"].get("name", ""),
        "num_changes": len(document["changes"]),
        "answers": [name for name in document if name.partition("-")[0] in _ANSWERS],
        "num_gained": None if compared is None else len(compared["needs_gained"]),
        "num_lost": None if compared is None else len(compared["needs_lost"]),
    }
