"""A plan as one JSON file: what is proposed, why, and all that is needed to check it.

The same plan made from the same input by the same versions gives the same bytes: the file holds
no clock, no path and no running time. `matcher.verify.plan_file` reads it back and computes
everything again.
"""

from __future__ import annotations

import hashlib
import json
import math
import platform
import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import matcher
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.atomic import write_whole
from matcher.files.plan_json_parts import (
    Json,
    bottleneck_entries,
    floor_entries,
    match_entry,
    plain,
    pool_use_entry,
    text_json,
    texts_json,
    unmatched_entry,
)
from matcher.files.plan_json_problem import problem_section
from matcher.files.pretty_json import pretty_json
from matcher.planning.plan import Plan
from matcher.scoring.weights import FEATURE_NAMES

FORMAT = "yinqi-plan/2"
PACKAGES = ("numpy", "scipy", "networkx", "holidays")
"""The packages whose version may change a plan."""


class Stamp(Protocol):
    """A file that the market was read from."""

    @property
    def name(self) -> str: ...

    @property
    def sha256(self) -> str: ...

    @property
    def num_bytes(self) -> int: ...


@dataclass(frozen=True)
class PlanInputs:
    """What a plan was made from, beside the market itself.

    Parameters
    ----------
    files
        Every file that was read.
    market_sha256
        Hash of the market's records in their canonical form, in 64 hexadecimal digits.
    method, gap, time_limit, seed
        What was asked of the optimiser.
    notes
        Sentences that the reader of the plan should know.

    Raises
    ------
    InputError
        If the hash is none.
    """

    files: tuple[Stamp, ...]
    market_sha256: str
    method: str = "auto"
    gap: float = 1e-4
    time_limit: float = 60.0
    seed: int = 0
    notes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch("[0-9a-f]{64}", self.market_sha256):
            message = Text("市场数据摘要不可用", "cannot be used as the market's hash")
            expected = Text("64 位十六进制数", "64 hexadecimal digits")
            fault = Fault(message, "market_sha256", self.market_sha256, expected)
            raise InputError([fault])


def plan_document(plan: Plan, inputs: PlanInputs) -> Json:
    """Return a plan as JSON values, with the digest of all the rest.

    Money is in whole fen, rates are decimal fractions as text, days are ISO dates, and None
    means "not known" or "no limit". Indices stand only in the columns of ``problem``: all else
    names ids.
    """
    content: Json = {
        "input": _input(plan, inputs),
        "weights": _weights(plan),
        "solver": _solver(plan, inputs),
        "versions": _versions(),
        "objective": plan.result.objective,
        "score": plan.score,
        "bound": plan.result.bound,
        "gap": plan.result.gap,
        "greedy_objective": plan.greedy_objective,
        "gain_over_greedy": plan.gain_over_greedy,
        "score_without_floors": plan.score_without_floors,
        "counts": _counts(plan),
        "matches": [match_entry(match) for match in plan.matches],
        "unmatched": [unmatched_entry(item) for item in plan.unmatched],
        "bottlenecks": bottleneck_entries(plan.bottlenecks),
        "pools_use": [pool_use_entry(use) for use in plan.pools],
        "floors": floor_entries(plan.floors, _num_own_floors(plan)),
        "problem": problem_section(plan),
    }
    content = {"format": FORMAT, **content}
    return {"format": FORMAT, "digest": digest_of(content), **content}


def _num_own_floors(plan: Plan) -> int:
    """Return how many floors were asked for; those that max-min found come after them."""
    return len(plan.floors) - (0 if plan.fair is None else len(plan.fair.floors))


def digest_of(document: Json) -> str:
    """Return the digest of a document: SHA-256 of its canonical JSON without ``digest``."""
    content = {key: value for key, value in document.items() if key != "digest"}
    canonical = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"


def write_plan(path: Path, document: Json) -> None:
    """Write a document of `plan_document`, whole or not at all.

    Raises
    ------
    InputError
        If the place cannot be written to.
    """
    write_whole(path, plan_bytes(document))


def plan_bytes(document: Json) -> bytes:
    """Return the bytes of the file: UTF-8, indented for people, always the same."""
    return (pretty_json(document) + "\n").encode()


# --- where it comes from ----------------------------------------------------------------------


def _input(plan: Plan, inputs: PlanInputs) -> Json:
    files = sorted(inputs.files, key=lambda f: (f.name, f.sha256))
    return {
        "as_of": plan.graph.market.as_of.isoformat(),
        "market_sha256": inputs.market_sha256,
        "files": [{"name": plain(f.name), "sha256": f.sha256, "bytes": f.num_bytes} for f in files],
        "notes": texts_json(inputs.notes),
    }


def _weights(plan: Plan) -> Json:
    weights = plan.graph.weights
    return {
        "version": plain(weights.version),
        "sha256": weights.sha256,
        "vector": dict(zip(FEATURE_NAMES, weights.vector.tolist(), strict=True)),
    }


def _solver(plan: Plan, inputs: PlanInputs) -> Json:
    result = plan.result
    return {
        "method_asked": inputs.method,
        "method_used": result.method,
        "gap_asked": float(inputs.gap),
        "time_limit": float(inputs.time_limit) if math.isfinite(inputs.time_limit) else None,
        "seed": int(inputs.seed),
        "status": result.status.value,
        "reason": text_json(result.reason),
        "fair": None if plan.fair is None else {"by": plan.fair.by, "proved": plan.fair.proved},
        "solver_bound": result.solver_bound,
    }


def _versions() -> Json:
    packages = {name: version(name) for name in PACKAGES}
    return {"yinqi": matcher.__version__, "python": platform.python_version(), **packages}


def _counts(plan: Plan) -> Json:
    market = plan.graph.market
    return {
        "needs": market.num_needs,
        "matched_needs": plan.num_matched_needs,
        "unmatched_needs": len(plan.unmatched),
        "institutions": len(market.institutions),
        "products": market.num_products,
        "eligible_pairs": plan.num_pairs,
        "offers": plan.problem.num_edges,
        "matches": len(plan.matches),
        "pinned": sum(m.is_pinned for m in plan.matches),
        "conditional": sum(bool(m.missing) for m in plan.matches),
        "illustrative": sum(m.is_illustrative for m in plan.matches),
        "packages": sum(bool(m.companions) for m in plan.matches),
        "offered_fen": sum(m.offered_fen for m in plan.matches),
        "support_fen": sum(m.support_fen for m in plan.matches),
    }
