"""Whole random problems, small enough to be solved by trying everything."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from matcher.assign import UNLIMITED, Pool, Problem

quick = settings(max_examples=50, deadline=None, database=None)
"""For tests that run a solver on each example."""

WEIGHTS = st.one_of(
    st.integers(-1, 3).map(float),  # ties, zeros and edges nobody wants
    st.floats(1 / 128, 1.0, width=32),
)
LIMITS = st.sampled_from([0, 1, 1, 2, 3, UNLIMITED])
FEN = st.sampled_from([0, 1, 7, 100, 30_000_000, 49_999_999, 50_000_000, 100_000_000])
QUOTAS = st.sampled_from([0, 99, 50_000_000, 79_999_999, 130_000_000, UNLIMITED])


@st.composite
def arguments(draw: st.DrawFn, max_edges: int = 9, pins: bool = True) -> dict[str, Any]:
    """Draw arguments of ``Problem.from_arrays``; pins may well break limits."""

    def some(values: st.SearchStrategy[Any], length: int) -> list[Any]:
        return draw(st.lists(values, min_size=length, max_size=length))

    def maybe(values: st.SearchStrategy[Any], length: int) -> list[Any] | None:
        return some(values, length) if draw(st.booleans()) else None

    num_needs, num_options = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    num_groups, num_edges = draw(st.integers(1, 3)), draw(st.integers(0, max_edges))
    grouped = draw(st.booleans())
    fixings = st.sampled_from([-1, -1, -1, -1, 0, 1] if pins else [-1, -1, -1, 0])
    return {
        "need": np.array(some(st.integers(0, num_needs - 1), num_edges), dtype=np.int32),
        "option": np.array(some(st.integers(0, num_options - 1), num_edges), dtype=np.int32),
        "weight": np.array(some(WEIGHTS, num_edges)),
        "num_needs": num_needs,
        "num_options": num_options,
        "need_limit": draw(LIMITS) if draw(st.booleans()) else some(LIMITS, num_needs),
        "option_limit": maybe(LIMITS, num_options),
        "amount": np.array(some(FEN, num_edges), dtype=np.int64),
        "option_quota": maybe(QUOTAS, num_options),
        "group": some(st.integers(0, num_groups - 1), num_options) if grouped else None,
        "group_limit": maybe(LIMITS, num_groups) if grouped else None,
        "group_quota": maybe(QUOTAS, num_groups) if grouped else None,
        "one_per_group": grouped and draw(st.booleans()),
        "pools": draw(st.lists(pools(num_options, num_edges), max_size=2)),
        "fixed": np.array(some(fixings, num_edges), dtype=np.int8),
    }


@st.composite
def pools(draw: st.DrawFn, num_options: int, num_edges: int) -> Pool:
    """Draw a pool in either unit, with or without draws of its own."""
    unit = draw(st.sampled_from(["count", "fen"]))
    own = st.lists(st.integers(0, 3), min_size=num_edges, max_size=num_edges)
    return Pool(
        options=np.array(draw(st.lists(st.integers(0, num_options - 1), max_size=4)), dtype=int),
        capacity=draw(LIMITS if unit == "count" else QUOTAS),
        unit=unit,
        draw=np.array(draw(own), dtype=int) if draw(st.booleans()) else None,
    )


@st.composite
def counting_problems(draw: st.DrawFn, max_edges: int = 9, pins: bool = True) -> Problem:
    """Draw problems whose limits count edges and are nested; pins may well break them."""
    given = draw(arguments(max_edges, pins))
    for name in ("amount", "option_quota", "group_quota"):
        given[name] = None
    options = range(given["num_options"])
    inner = draw(st.sets(st.sampled_from(options)))
    if given["group"] is not None:
        inner = {j for j in inner if given["group"][j] == given["group"][min(inner)]}
    sets = [list(options), sorted(inner)][: draw(st.integers(0, 2))]
    given["pools"] = [Pool(np.array(s, dtype=int), draw(LIMITS)) for s in sets]
    return Problem.from_arrays(**given)


def problems(max_edges: int = 9, pins: bool = True) -> st.SearchStrategy[Problem]:
    """Draw problems."""
    return arguments(max_edges, pins).map(lambda given: Problem.from_arrays(**given))


def rows_by_hand(problem: Problem) -> list[tuple[int, list[int]]]:
    """Return every capacity and what each edge draws from it, in canonical order."""
    edges = range(problem.num_edges)
    amount = problem.amount
    rows: list[tuple[int, list[int]]] = []
    for limits, owner, draw in (
        (problem.option_limit, lambda e: problem.option[e], lambda e: 1),
        (problem.option_quota, lambda e: problem.option[e], lambda e: int(amount[e])),
        (problem.group_limit, lambda e: problem.group[problem.option[e]], lambda e: 1),
        (problem.group_quota, lambda e: problem.group[problem.option[e]], lambda e: int(amount[e])),
    ):
        for i, limit in enumerate([] if limits is None else limits.tolist()):
            if limit != UNLIMITED:
                rows.append((limit, [draw(e) if owner(e) == i else 0 for e in edges]))
    for pool in problem.pools:
        natural = (lambda e: int(amount[e])) if pool.unit == "fen" else (lambda e: 1)
        own = natural if pool.draw is None else (lambda e, pool=pool: int(pool.draw[e]))
        inside = set(pool.options.tolist())
        if pool.capacity != UNLIMITED:
            draws = [own(e) if int(problem.option[e]) in inside else 0 for e in edges]
            rows.append((pool.capacity, draws))
    return rows


def all_plans(problem: Problem) -> list[tuple[int, ...]]:
    """Return every plan, by trying each subset of the edges."""
    rows = rows_by_hand(problem)
    pins = set(np.flatnonzero(problem.fixed == 1).tolist())
    usable = np.flatnonzero(problem.fixed != 0).tolist()
    subsets = itertools.chain.from_iterable(
        itertools.combinations(usable, k) for k in range(len(usable) + 1)
    )
    return [s for s in subsets if pins <= set(s) and _keeps_all(problem, rows, s)]


def _keeps_all(problem: Problem, rows: list[tuple[int, list[int]]], subset: tuple) -> bool:
    needs = [int(problem.need[e]) for e in subset]
    if any(needs.count(i) > problem.need_limit[i] for i in set(needs)):
        return False
    if problem.one_per_group:
        pairs = [(int(problem.need[e]), int(problem.group[problem.option[e]])) for e in subset]
        if len(set(pairs)) < len(pairs):
            return False
    return all(sum(draw[e] for e in subset) <= capacity for capacity, draw in rows)


def best_value(problem: Problem) -> float | None:
    """Return the optimum by brute force, None if no plan exists."""
    plans = all_plans(problem)
    return max((worth(problem, plan) for plan in plans), default=None)


def worth(problem: Problem, edges: Any) -> float:
    """Return the sum of the weights of the edges."""
    return math.fsum(float(problem.weight[e]) for e in edges)
