"""The problem section of a plan file: all that is needed to compute the plan's numbers again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.assign import UNLIMITED, Pool
from matcher.files.plan_json_parts import Json, row_entry
from matcher.planning.plan import Plan
from matcher.planning.pools import PoolRow


def problem_section(plan: Plan) -> Json:
    """Return the whole problem: limits by id, the offers as columns of indices.

    An offer (edge) is a need, a product with its package, and the policies claimed; a pair has
    several where they differ in the policies. ``claims`` has a row for each policy that an
    offer claims, by offer, in the order in which the policies are reckoned. A pool's ``draw``
    is null where its products draw one place or their amount each; else what each offer draws,
    those that draw nothing left out.
    """
    market, problem = plan.graph.market, plan.problem
    needs = zip(market.needs, problem.need_limit.tolist(), strict=True)
    return {
        "one_per_institution": problem.one_per_group,
        "needs": [{"id": need.need_id, "limit": _limit(limit)} for need, limit in needs],
        "institutions": _institutions(plan),
        "products": _products(plan),
        "policies": [
            {"id": p.policy_id, "benefit": p.benefit.value, "pool": p.pool_id}
            for p in market.policies
        ],
        "pools": [
            _pool(row, pool, problem.option)
            for row, pool in zip(plan.encoded.shared, problem.pools, strict=True)
        ],
        "edges": {
            "need": problem.need.tolist(),
            "product": problem.option.tolist(),
            "weight": problem.weight.tolist(),
            "amount_fen": [] if problem.amount is None else problem.amount.tolist(),
            "fixed": problem.fixed.tolist(),
        },
        "claims": _claims(plan),
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
            "parts": [market.products[j].product_id for j in parts[1:]],
            "limit": limit,
            "quota_fen": quota,
        }
        for product, parts, limit, quota in zip(
            market.products, market.parts, *columns, strict=True
        )
    ]


def _pool(row: PoolRow, pool: Pool, option: NDArray[np.int32]) -> Json:
    return {
        **row_entry(row),
        "unit": pool.unit,
        "capacity": _limit(pool.capacity),
        "products": sorted(set(pool.options.tolist())),
        "draw": None if pool.draw is None else _draw(pool.draw, np.isin(option, pool.options)),
    }


def _draw(draw: NDArray[Any], is_drawing: NDArray[np.bool_]) -> Json:
    """Return what each edge draws as two columns, without those that draw nothing."""
    edges = np.flatnonzero(is_drawing & (draw > 0))
    return {"edge": edges.tolist(), "quantity": draw[edges].tolist()}


def _claims(plan: Plan) -> Json:
    edges = plan.graph.edges
    rows, columns = np.nonzero(edges.claims >= 0)
    return {
        "edge": rows.tolist(),
        "policy": edges.claims[rows, columns].tolist(),
        "support_fen": edges.support_fen[rows, columns].tolist(),
    }


def _limits(values: NDArray[Any] | None, num: int) -> list[int | None]:
    return [None] * num if values is None else [_limit(v) for v in values.tolist()]


def _limit(value: int) -> int | None:
    return None if value >= UNLIMITED else int(value)
