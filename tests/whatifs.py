"""A what-if of the seeds that is answered and shared, computed once for each process."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import seeds
from matcher.domain.run import SCENARIO, RunState
from matcher.files.pretty_json import pretty_json
from matcher.market import Market
from matcher.planning.effort import Effort
from matcher.scoring.weights import default_weights
from matcher.services.bench import changing, keeping
from matcher.services.rounds import make_round
from matcher.services.whatif_asking import Questions
from matcher.services.whatif_document import answer
from matcher.store import Database, blobs
from matcher.store.tables import RunRow, WhatIfRow
from tests.service import NOW, People

Change = Mapping[str, Any]
WEIGHTS = {"cost": "9", "approval": "1"}
HALF = {
    "kind": "scale",
    "table": "institutions",
    "all": True,
    "fields": ["leads"],
    "factor": "0.5",
}
ASKED = Questions(sweeps=("weight:cost=0:3:2",), front="size", advice=1)


@cache
def seed_answer() -> bytes:
    """Return whatif.json of the seeds with other weights and half the leads."""
    return answer_on(make_round(seeds.load(), seeds.SEED_DATE).market, (HALF,), ASKED)


def answer_on(
    market: Market, changes: Sequence[Change] = (), asked: Questions | None = None
) -> bytes:
    """Return whatif.json of a market with changes and other weights."""
    weights = {"kind": "weights", "values": WEIGHTS}
    scenario = {"name": "half", "changes": [*changes, weights]}
    document = answer(market, default_weights(), scenario, Effort("greedy"), questions=asked)
    return (pretty_json(document) + "\n").encode()


def answered_what_if(
    database: Database,
    people: People,
    changes: Sequence[Change] = (HALF,),
    content: bytes | None = None,
) -> WhatIfRow:
    """Store a what-if of staff that is answered, and that colleagues see.

    Parameters
    ----------
    changes
        Its changes beside other weights.
    content
        Its whatif.json; without one, that of the seeds.
    """
    content = seed_answer() if content is None else content
    actor = people.staff.actor
    with database.writing() as session:
        row = keeping.begin_bench(session, actor, "名额减半，看重成本", NOW)
        for change in changes:
            changing.add_change(session, row, change, NOW)
        changing.set_weights(session, row, WEIGHTS, NOW)
        changing.set_questions(session, row, ASKED, NOW)
        keeping.share(session, row, True, NOW)
        run = RunRow(
            kind=SCENARIO,
            state=RunState.DONE,
            number=900,
            account_id=actor.account_id,
            request="{}",
            outcome_sha256=blobs.keep(session, content, "application/json", NOW),
            summary=json.dumps({}),
            created_at=NOW,
            finished_at=NOW,
        )
        session.add(run)
        session.flush()
        row.run_id, row.asked_version = run.id, row.version
        session.add(row)
        session.flush()
        return row
