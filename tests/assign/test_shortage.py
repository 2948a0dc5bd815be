"""Shortages against counting by hand and against the best plan of all."""

from __future__ import annotations

from itertools import chain, combinations, combinations_with_replacement

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.assign import Pool, Problem
from matcher.assign.shortage import shortages
from tests.assign.strategies import all_plans, problems, quick


def served(problem: Problem, needs: tuple[int, ...] | None = None) -> int:
    """Return the most of the needs that any plan serves, by trying every plan."""
    asked = set(range(problem.num_needs)) if needs is None else set(needs)
    usable = problem.weight > 0
    plans = [{int(problem.need[e]) for e in p if usable[e]} & asked for p in all_plans(problem)]
    return max(map(len, plans), default=0)


@given(problems(pins=False))
@quick
def test_no_plan_serves_more_of_a_short_set_than_its_places(problem):
    """What is called a shortage is one: brute force never serves more."""
    for found in shortages(problem) or ():
        assert found.short > 0
        assert served(problem, found.needs) <= found.places


@given(problems(pins=False))
@quick
def test_with_places_alone_everything_that_must_go_without_is_explained(problem):
    """Without money limits and pools the shortages add up to exactly those who go without."""
    plain = problem.replace(option_quota=None, group_quota=None, pools=(), one_per_group=False)
    wanting = {
        int(n)
        for n in plain.need[(plain.fixed != 0) & (plain.weight > 0)]
        if plain.need_limit[n] > 0
    }
    found = shortages(plain)
    assert found is not None
    assert sum(s.short for s in found) == len(wanting) - served(plain)
    members = [n for s in found for n in s.needs]
    assert len(members) == len(set(members))


def plain_of(problem: Problem) -> Problem:
    """Return the problem without money, pools and the rule of one option a group."""
    return problem.replace(option_quota=None, group_quota=None, pools=(), one_per_group=False)


@given(problems(pins=False))
@quick
def test_the_needs_named_are_the_smallest_set_that_is_as_short(problem):
    """Every set of needs that lacks as many places contains all of those named."""
    plain = plain_of(problem)
    found = shortages(plain)
    short, named = sum(s.short for s in found), {n for s in found for n in s.needs}
    if not short:
        return
    free = (plain.fixed != 0) & (plain.weight > 0) & (plain.need_limit[plain.need] > 0)
    wanting = sorted(set(plain.need[free].tolist()))
    subsets = chain.from_iterable(combinations(wanting, k) for k in range(len(wanting) + 1))
    as_short = [set(s) for s in subsets if len(s) - served(plain, s) == short]
    assert named == set.intersection(*as_short)


@given(problems(max_edges=7, pins=False))
@quick
def test_the_rows_named_bind(problem):
    """Their places are all that the needs can reach, and a relief serves so many more."""
    plain = plain_of(problem)
    for found in shortages(plain):
        assert sum(int(plain.row_capacity[r]) for r in found.rows) == found.places
        for relief in found.reliefs:
            for more in (relief.more, 10):  # so many places are enough, and all do no more
                lifted = widened(plain, {relief.row: more})
                assert served(lifted, found.needs) == found.places + relief.more


@given(problems(max_edges=7, pins=False))
@quick
def test_no_fewer_places_serve_all_of_a_short_set(problem):
    """The relaxation serves all of its needs, and no way to add one place less does."""
    plain = plain_of(problem)
    for found in shortages(plain):
        assert found.relaxation
        enough = {relief.row: relief.more for relief in found.relaxation}
        assert served(widened(plain, enough), found.needs) == len(found.needs)
        for rows in combinations_with_replacement(range(plain.num_rows), sum(enough.values()) - 1):
            fewer = widened(plain, {row: rows.count(row) for row in rows})
            assert served(fewer, found.needs) < len(found.needs)


def widened(problem: Problem, more: dict[int, int]) -> Problem:
    """Return the problem with more places in some rows of options and groups."""
    limits = {"option_limit": problem.option_limit, "group_limit": problem.group_limit}
    for row, places in more.items():
        kind, index = problem.row_label(row)
        limits[kind] = limits[kind].copy()
        limits[kind][index] += places
    return problem.replace(**limits)


def test_an_option_inside_a_full_bank_needs_both_to_grow():
    """Neither limit alone helps; one place more at each serves the second need."""
    problem = Problem.from_arrays([0, 1], [0, 0], [1.0, 1.0], 2, 1, option_limit=[1],
                                  group=[0], group_limit=[1])  # fmt: skip
    (found,) = shortages(problem)
    assert found.reliefs == ()
    assert {problem.row_label(r.row): r.more for r in found.relaxation} == {
        ("option_limit", 0): 1,
        ("group_limit", 0): 1,
    }


def test_seven_needs_share_two_places_and_a_bank_could_serve_more():
    """Five options of one bank with two leads: one lead more serves one more, all five do five."""
    need = np.repeat(np.arange(7), 2)
    option = np.tile([0, 1], 7)
    problem = Problem.from_arrays(need, option, np.ones(14), 7, 2, option_limit=[4, 3],
                                  group=[0, 0], group_limit=[2])  # fmt: skip
    (found,) = shortages(problem)
    assert (found.needs, found.places, found.short) == (tuple(range(7)), 2, 5)
    assert [problem.row_label(r) for r in found.rows] == [("group_limit", 0)]
    assert [(problem.row_label(r.row), r.more) for r in found.reliefs] == [(("group_limit", 0), 5)]


def test_two_shortages_apart_are_two():
    """Each has its own needs and its own row; who has another way is in neither."""
    need, option = [0, 1, 2, 3, 4, 4], [0, 0, 1, 1, 0, 2]
    problem = Problem.from_arrays(need, option, np.ones(6), 5, 3, option_limit=[1, 1, 5])
    found = shortages(problem)
    assert [(s.needs, s.short) for s in found] == [((0, 1), 1), ((2, 3), 1)]


def test_a_pool_that_too_many_depend_on_is_named_with_how_many_it_serves():
    """540 of proposals and 530 left: those who have no other way are counted, the small first."""
    problem = Problem.from_arrays([0, 1, 2], [0, 1, 1], np.ones(3), 3, 2, amount=[200, 240, 100],
                                  pools=[Pool(np.array([0, 1]), 530, "fen")])  # fmt: skip
    (found,) = shortages(problem)
    assert (found.needs, found.places, found.short) == ((0, 1, 2), 2, 1)


@given(st.integers(1, 9), st.integers(0, 9))
def test_a_quota_counts_as_the_places_that_the_smallest_amounts_leave(num, quota):
    """Needs of 1, 2, … fen against a quota: as many as the sum of the smallest allows."""
    amounts = np.arange(1, num + 1)
    problem = Problem.from_arrays(np.arange(num), np.zeros(num, int), np.ones(num), num, 1,
                                  amount=amounts, option_quota=[quota])  # fmt: skip
    most = int((np.cumsum(amounts) <= quota).sum())
    assert sum(s.short for s in shortages(problem)) == num - most
