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
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

import matcher
from matcher.assign import UNLIMITED
from matcher.domain.text import Text
from matcher.files.atomic import write_whole
from matcher.planning.plan import Match, Plan, PoolUse, Unmatched
from matcher.scoring.weights import FEATURE_NAMES

FORMAT = "yinqi-plan/1"
PACKAGES = ("numpy", "scipy", "networkx", "holidays")
"""The packages whose version may change a plan."""

_LINE = 96
_PER_LINE = 16
_RATE = Context(prec=12)

Json = dict[str, Any]


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
    """

    files: tuple[Stamp, ...]
    market_sha256: str
    method: str = "auto"
    gap: float = 1e-4
    time_limit: float = 60.0
    seed: int = 0
    notes: tuple[Text, ...] = ()


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
        "bound": plan.result.bound,
        "gap": plan.result.gap,
        "greedy_objective": plan.greedy_objective,
        "gain_over_greedy": plan.gain_over_greedy,
        "counts": _counts(plan),
        "matches": [_match(match) for match in plan.matches],
        "unmatched": [_unmatched(item) for item in plan.unmatched],
        "pools_use": [_pool_use(use) for use in plan.pools],
        "problem": _problem(plan),
    }
    content = {"format": FORMAT, **content}
    return {"format": FORMAT, "digest": digest_of(content), **content}


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
    return (_pretty(document, "") + "\n").encode()


# --- where it comes from ----------------------------------------------------------------------


def _input(plan: Plan, inputs: PlanInputs) -> Json:
    files = sorted(inputs.files, key=lambda f: (f.name, f.sha256))
    return {
        "as_of": plan.graph.market.as_of.isoformat(),
        "market_sha256": inputs.market_sha256,
        "files": [
            {"name": _plain(f.name), "sha256": f.sha256, "bytes": f.num_bytes} for f in files
        ],
        "notes": _texts(inputs.notes),
    }


def _weights(plan: Plan) -> Json:
    weights = plan.graph.weights
    return {
        "version": _plain(weights.version),
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
        "reason": _text(result.reason),
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
        "eligible_pairs": plan.problem.num_edges,
        "matches": len(plan.matches),
        "pinned": sum(m.is_pinned for m in plan.matches),
        "conditional": sum(bool(m.missing) for m in plan.matches),
        "illustrative": sum(m.is_illustrative for m in plan.matches),
        "offered_fen": sum(m.offered_fen for m in plan.matches),
    }


# --- what is proposed -------------------------------------------------------------------------


def _match(match: Match) -> Json:
    return {
        "need": match.need.need_id,
        "enterprise": match.enterprise.enterprise_id,
        "enterprise_name": _text(match.enterprise.text),
        "product": match.product.product_id,
        "product_name": _text(match.product.text),
        "institution": match.institution.institution_id,
        "institution_name": _text(match.institution.text),
        "score": match.score,
        "offered_fen": match.offered_fen,
        "all_in_low": _rate(match.all_in_low),
        "all_in_high": _rate(match.all_in_high),
        "cash_date": None if match.cash_date is None else match.cash_date.isoformat(),
        "slack_workdays": match.slack_workdays,
        "pinned": match.is_pinned,
        "illustrative": match.is_illustrative,
        "missing": _texts(match.missing),
        "terms": [
            {"feature": t.feature, "value": t.value, "weight": t.weight, "part": t.part}
            for t in match.terms
        ],
        "edge": match.edge,
    }


def _unmatched(item: Unmatched) -> Json:
    changes = None
    if item.changes is not None:
        changes = [{"field": c.field, "text": _text(c.text)} for c in item.changes]
    return {
        "need": item.need.need_id,
        "enterprise": item.enterprise.enterprise_id,
        "enterprise_name": _text(item.enterprise.text),
        "kind": item.kind,
        "reason": _text(item.reason),
        "nearest": None if item.nearest is None else item.nearest.product_id,
        "changes": changes,
        "blocking": [{"kind": row.kind, "id": row.identity} for row in item.blocking],
    }


def _pool_use(use: PoolUse) -> Json:
    return {
        "kind": use.row.kind,
        "id": use.row.identity,
        "name": _text(use.row.text),
        "unit": use.row.unit.value,
        "capacity": use.capacity,
        "used": use.used,
        "multiplier": use.multiplier,
    }


# --- the problem, so that all of it can be computed again -------------------------------------


def _problem(plan: Plan) -> Json:
    market, problem = plan.graph.market, plan.problem
    needs = zip(market.needs, problem.need_limit.tolist(), strict=True)
    return {
        "one_per_institution": problem.one_per_group,
        "needs": [{"id": need.need_id, "limit": _limit(limit)} for need, limit in needs],
        "institutions": _institutions(plan),
        "products": _products(plan),
        "pools": _pools(plan),
        "edges": {
            "need": problem.need.tolist(),
            "product": problem.option.tolist(),
            "weight": problem.weight.tolist(),
            "amount_fen": [] if problem.amount is None else problem.amount.tolist(),
            "fixed": problem.fixed.tolist(),
        },
    }


def _institutions(plan: Plan) -> list[Json]:
    market, problem = plan.graph.market, plan.problem
    num = len(market.institutions)
    columns = (_limits(problem.group_limit, num), _limits(problem.group_quota, num))
    return [
        {"id": institution.institution_id, "limit": limit, "quota_fen": quota}
        for institution, limit, quota in zip(market.institutions, *columns, strict=True)
    ]


def _products(plan: Plan) -> list[Json]:
    market, problem = plan.graph.market, plan.problem
    num = market.num_products
    columns = (_limits(problem.option_limit, num), _limits(problem.option_quota, num))
    return [
        {
            "id": product.product_id,
            "institution": product.institution_id,
            "limit": limit,
            "quota_fen": quota,
        }
        for product, limit, quota in zip(market.products, *columns, strict=True)
    ]


def _pools(plan: Plan) -> list[Json]:
    pairs = zip(plan.graph.market.pools, plan.problem.pools, strict=True)
    return [
        {
            "id": named.pool_id,
            "unit": pool.unit,
            "capacity": _limit(pool.capacity),
            "products": sorted(set(pool.options.tolist())),
        }
        for named, pool in pairs
    ]


def _limits(values: NDArray[Any] | None, num: int) -> list[int | None]:
    return [None] * num if values is None else [_limit(v) for v in values.tolist()]


def _limit(value: int) -> int | None:
    return None if value >= UNLIMITED else int(value)


# --- values -----------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """Return text that UTF-8 can hold: half a surrogate pair, as broken files bring, is '?'."""
    return text.encode(errors="replace").decode()


def _text(text: Text) -> Json:
    return {"zh": _plain(text.zh), "en": _plain(text.en)}


def _texts(texts: Iterable[Text]) -> list[Json]:
    return [_text(text) for text in texts]


def _rate(rate: Decimal | None) -> str | None:
    return None if rate is None else format(_RATE.plus(rate).normalize(_RATE), "f")


def _pretty(value: object, indent: str) -> str:
    """Write JSON so that what belongs together stands on one line, if it is short enough."""
    if isinstance(value, list) and len(value) > _PER_LINE and not _holds_containers(value):
        return _columns(value, indent)
    if isinstance(value, dict | list):
        if not _is_deep(value) and len(flat := _flat(value)) <= _LINE - len(indent):
            return flat
        inner = indent + "  "
        if isinstance(value, dict):
            rows = [f"{inner}{_flat(key)}: {_pretty(v, inner)}" for key, v in value.items()]
            return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
        rows = [inner + _pretty(v, inner) for v in value]
        return "[\n" + ",\n".join(rows) + f"\n{indent}]"
    return _flat(value)


def _columns(values: list[Any], indent: str) -> str:
    starts = range(0, len(values), _PER_LINE)
    rows = [indent + "  " + _flat(values[i : i + _PER_LINE])[1:-1] for i in starts]
    return "[\n" + ",\n".join(rows) + f"\n{indent}]"


def _flat(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _holds_containers(value: dict[str, Any] | list[Any]) -> bool:
    parts = value.values() if isinstance(value, dict) else value
    return any(isinstance(part, dict | list) and part for part in parts)


def _is_deep(value: dict[str, Any] | list[Any]) -> bool:
    parts = list(value.values() if isinstance(value, dict) else value)
    if len(parts) > _PER_LINE:
        return True
    inner = [part for part in parts if isinstance(part, dict | list)]
    return any(_holds_containers(part) or len(part) > _PER_LINE for part in inner)
