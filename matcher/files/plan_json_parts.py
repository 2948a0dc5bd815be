"""The entries of a plan file: matches, unmatched needs, pools, and the problem to check them by."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal
from typing import Any

from numpy.typing import NDArray

from matcher.assign import UNLIMITED
from matcher.domain.text import Text
from matcher.planning.plan import Match, Plan, PoolUse, Unmatched

Json = dict[str, Any]

_RATE = Context(prec=12)


def match_entry(match: Match) -> Json:
    """Return one proposed meeting, with every term of its score."""
    return {
        "need": match.need.need_id,
        "enterprise": match.enterprise.enterprise_id,
        "enterprise_name": text_json(match.enterprise.text),
        "product": match.product.product_id,
        "product_name": text_json(match.product.text),
        "institution": match.institution.institution_id,
        "institution_name": text_json(match.institution.text),
        "score": match.score,
        "offered_fen": match.offered_fen,
        "all_in_low": rate_json(match.all_in_low),
        "all_in_high": rate_json(match.all_in_high),
        "cash_date": None if match.cash_date is None else match.cash_date.isoformat(),
        "slack_workdays": match.slack_workdays,
        "pinned": match.is_pinned,
        "illustrative": match.is_illustrative,
        "missing": texts_json(match.missing),
        "terms": [
            {"feature": t.feature, "value": t.value, "weight": t.weight, "part": t.part}
            for t in match.terms
        ],
        "edge": match.edge,
    }


def unmatched_entry(item: Unmatched) -> Json:
    """Return a need without a match, why, and what would help."""
    changes = None
    if item.changes is not None:
        changes = [{"field": c.field, "text": text_json(c.text)} for c in item.changes]
    return {
        "need": item.need.need_id,
        "enterprise": item.enterprise.enterprise_id,
        "enterprise_name": text_json(item.enterprise.text),
        "kind": item.kind,
        "reason": text_json(item.reason),
        "nearest": None if item.nearest is None else item.nearest.product_id,
        "changes": changes,
        "blocking": [{"kind": row.kind, "id": row.identity} for row in item.blocking],
    }


def pool_use_entry(use: PoolUse) -> Json:
    """Return one capacity, how much of it is used and its price."""
    return {
        "kind": use.row.kind,
        "id": use.row.identity,
        "name": text_json(use.row.text),
        "unit": use.row.unit.value,
        "capacity": use.capacity,
        "used": use.used,
        "multiplier": use.multiplier,
    }


# --- the problem, so that all of it can be computed again -------------------------------------


def problem_section(plan: Plan) -> Json:
    """Return the whole problem: limits by id, the eligible pairs as columns of indices."""
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


def plain(text: str) -> str:
    """Return text that UTF-8 can hold: half a surrogate pair, as broken files bring, is '?'."""
    return text.encode(errors="replace").decode()


def text_json(text: Text) -> Json:
    """Return a sentence in both languages."""
    return {"zh": plain(text.zh), "en": plain(text.en)}


def texts_json(texts: Iterable[Text]) -> list[Json]:
    """Return sentences in both languages."""
    return [text_json(text) for text in texts]


def rate_json(rate: Decimal | None) -> str | None:
    """Return a rate as text with at most twelve digits that count, None where not known."""
    return None if rate is None else format(_RATE.plus(rate).normalize(_RATE), "f")
