"""What a process does that waits for its job: imports the engine and loads its kernels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import matcher.services.work.scenario_computing  # noqa: F401
from matcher.domain.run import PLAN
from matcher.domain.text import Text
from matcher.planning.effort import Effort
from matcher.services.work.kinds import Job
from matcher.services.work.plan import PlanAsked
from matcher.services.work.plan_computing import compute_plan

_MARKET = {
    "as_of": "2022-05-25",
    "enterprises": [{"enterprise_id": "e", "name": "e"}],
    "needs": [
        {"need_id": "n", "enterprise_id": "e", "amount_fen": 100, "instruments": ["loan"]},
    ],
    "institutions": [{"institution_id": "i", "name": "i", "leads": 1}],
    "products": [{"product_id": "p", "institution_id": "i", "name": "p", "instrument": "loan"}],
}
_METHODS = ("auto", "dual")
"""Those whose kernels take longest to load: 0.2 and 0.6 of a second."""


class _Unheard:
    def stage(self, text: Text) -> None:
        """Listen to nothing."""

    def share(self, values: Mapping[str, Any]) -> None:
        """Listen to nothing."""


def warm() -> None:
    """Make the smallest plan that there is."""
    for method in _METHODS:
        request = PlanAsked(Effort(method)).to_json()
        nobody = UUID(int=0)
        job = Job(nobody, PLAN, nobody, request, json.dumps(_MARKET).encode())
        compute_plan(job, _Unheard())
