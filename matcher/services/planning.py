"""Plan a round and put the plan on paper."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matcher.domain.text import Lang, Text
from matcher.files import write_json
from matcher.files.atomic import make_folder, write_whole
from matcher.files.plan_excel import write_plan_workbook
from matcher.files.plan_json import PlanInputs, plan_document, write_plan
from matcher.market import Market
from matcher.planning.encode import Fixings
from matcher.planning.make import make_plan
from matcher.planning.plan import Plan
from matcher.scoring.weights import Weights
from matcher.services.rounds import Round


@dataclass(frozen=True, slots=True)
class Solving:
    """How to solve; see `matcher.assign.solve`."""

    method: str = "auto"
    gap: float = 1e-4
    time_limit: float = 60.0
    seed: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class PlannedRound:
    """A plan with what it was made from."""

    plan: Plan
    inputs: PlanInputs

    @property
    def document(self) -> dict[str, Any]:
        """The plan as JSON values."""
        return plan_document(self.plan, self.inputs)


def plan_round(
    loaded: Round,
    weights: Weights,
    solving: Solving | None = None,
    fixings: Fixings | None = None,
    on_stage: Callable[[Text], None] = lambda _: None,
) -> PlannedRound:
    """Plan a round; the plan has passed the checker when it is returned.

    Raises
    ------
    InputError
        If an option or a pin cannot be used.
    """
    how = solving or Solving()
    plan = make_plan(
        loaded.market,
        weights,
        fixings=fixings,
        method=how.method,
        gap=how.gap,
        time_limit=how.time_limit,
        seed=how.seed,
        on_stage=on_stage,
    )
    inputs = PlanInputs(
        files=loaded.files,
        market_sha256=hashlib.sha256(market_bytes(loaded.market)).hexdigest(),
        method=how.method,
        gap=how.gap,
        time_limit=how.time_limit,
        seed=how.seed,
        notes=loaded.notes,
    )
    return PlannedRound(plan, inputs)


def market_bytes(market: Market) -> bytes:
    """Return the day and the records as a JSON file that can be read again, always the same.

    A plan carries the hash of these bytes, so ``sha256sum market.json`` shows what it is of.
    """
    content = {"as_of": market.as_of.isoformat(), **write_json(market.records)}
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    return (text + "\n").encode()


def save_plan(planned: PlannedRound, folder: Path, lang: Lang) -> list[Path]:
    """Write plan.json, plan.xlsx and market.json into a folder and return their paths.

    Each file is written whole or not at all; the plan itself comes last, so that where it is
    the others are too.

    Raises
    ------
    InputError
        If the folder cannot be written to.
    """
    make_folder(folder)
    paths = [folder / "market.json", folder / "plan.xlsx", folder / "plan.json"]
    write_whole(paths[0], market_bytes(planned.plan.graph.market))
    write_plan_workbook(paths[1], planned.plan, planned.inputs, lang)
    write_plan(paths[2], planned.document)
    return paths
