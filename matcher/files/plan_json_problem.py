"""The problem section of a plan file: all that is needed to compute the plan's numbers again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.assign import UNLIMITED, Floor, Pool, Problem
from matcher.files.plan_json_parts import Json, row_entry
from matcher.planning.plan import Plan
from matcher.planning.pools import PoolRow


def problem_section(plan: Plan) -> Json:
    """Return the whole problem: limits by id, the offers as columns of indices.

    An offer (edge) is a need, a product with its package, and the policies claimed; a pair has
    several where they differ in the policies. ``claims`` has a row for each policy that an
    offer claims, by offer, in the order in which the policies are reckoned. A pool's ``draw``
    is null where each offer of its products draws one place, or its amount; else it names the
    offers that draw, and how much, a ``quantity`` of null being one place or their amount.
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
            _pool(row, pool, problem)
            for row, pool in zip(plan.encoded.shared, problem.pools, strict=True)
        ],
        "floors": [_floor(floor) for floor in problem.floors],
        "edges": {
            "need": problem.need.tolist(),
            "product": problem.option.tolist(),
            "weight": problem.weight.tolist(),
            "amount_fen": [] if problem.amount is None else problem.amount.tolist(),
            "fixed": problem.fixed.tolist(),
        },
        "claims": _claims(plan),
    }


def _floor(floor: Floor) -> Json:
    return {
        "needs": None if floor.needs is None else sorted(set(floor.needs.tolist())),
        "products": None if floor.options is None else sorted(set(floor.options.tolist())),
        "least": floor.least,
        "penalty": floor.penalty,
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


def _pool(row: PoolRow, pool: Pool, problem: Problem) -> Json:
    return {
        **row_entry(row),
        "unit": pool.unit,
        "capacity": _limit(pool.capacity),
        "products": sorted(set(pool.options.tolist())),
        "draw": None if pool.draw is None else _draw(pool, pool.draw, problem),
    }


def _draw(pool: Pool, draw: NDArray[Any], problem: Problem) -> Json:
    """Return the edges that draw, and what they draw unless that is one place or their amount."""
    edges = np.flatnonzero(np.isin(problem.option, pool.options) & (draw > 0))
    drawn, usual = draw[edges], np.ones(len(edges), np.int64)
    if pool.unit == "fen" and problem.amount is not None:
        usual = problem.amount[edges]
    is_usual = bool((drawn == usual).all())
    return {"edge": edges.tolist(), "quantity": None if is_usual else drawn.tolist()}


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
