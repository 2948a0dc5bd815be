"""Deferred acceptance against the definition of stability, by trying everything."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.assign import Pool, Problem, check, solve
from matcher.assign.stability import stability
from matcher.assign.stable import stable_edges
from matcher.domain.errors import InputError
from tests.assign.strategies import all_plans, arguments, quick


@st.composite
def tables(draw: st.DrawFn) -> tuple[Problem, np.ndarray, np.ndarray]:
    """Draw a problem with limits on places only, and what both sides think of its edges."""
    given_arguments = draw(arguments(max_edges=7, pins=False))
    given_arguments.update(option_quota=None, group_quota=None, pools=[])
    problem = Problem.from_arrays(**given_arguments)
    num = problem.num_edges
    ranks = [draw(st.permutations(range(-1, num - 1))) for _ in range(2)]
    return problem, *(np.array(r, dtype=float) for r in ranks)


def owner_of(problem: Problem, edge: int) -> int:
    """Return the group of an edge, or its option where there are none."""
    option = int(problem.option[edge])
    return option if problem.group is None else int(problem.group[option])


def best_subset(problem: Problem, edges: list[int], ranks: np.ndarray, side: str) -> set[int]:
    """Return the subset that a side would keep, best edge first, by trying each subset."""

    def allowed(subset: tuple[int, ...]) -> bool:
        options = [int(problem.option[e]) for e in subset]
        if side == "need":
            groups = [owner_of(problem, e) for e in subset]
            once = not problem.one_per_group or len(set(groups)) == len(groups)
            return once and all(len(subset) <= problem.need_limit[problem.need[e]] for e in subset)
        limits = problem.option_limit
        if limits is not None and any(options.count(o) > limits[o] for o in options):
            return False
        whole = problem.group_limit
        return whole is None or all(len(subset) <= whole[owner_of(problem, e)] for e in subset)

    subsets = chain.from_iterable(combinations(edges, k) for k in range(len(edges) + 1))
    ranked = [sorted(((ranks[e], -e) for e in s), reverse=True) for s in subsets if allowed(s)]
    return {-e for _, e in max(ranked)}


def blocking(problem: Problem, plan: set[int], mine: np.ndarray, theirs: np.ndarray) -> list[int]:
    """Return the edges that both sides would take, by the definition."""
    found = []
    for edge in range(problem.num_edges):
        if edge in plan or problem.fixed[edge] == 0 or mine[edge] <= 0 or theirs[edge] <= 0:
            continue
        at_need = [e for e in plan if problem.need[e] == problem.need[edge]]
        at_group = [e for e in plan if owner_of(problem, e) == owner_of(problem, edge)]
        wanted = edge in best_subset(problem, [*at_need, edge], mine, "need")
        if wanted and edge in best_subset(problem, [*at_group, edge], theirs, "group"):
            found.append(edge)
    return found


@given(tables(), st.sampled_from(["needs", "options"]))
@quick
def test_no_pair_would_rather_have_each_other(drawn, proposing):
    """By the definition nothing blocks, and the report of `stability` says the same."""
    problem, mine, theirs = drawn
    chosen = stable_edges(problem, mine, theirs, proposing)
    assert blocking(problem, set(chosen.tolist()), mine, theirs) == []
    assert stability(problem, chosen, mine, theirs).is_stable
    assert tuple(chosen.tolist()) in set(all_plans(problem))


@given(tables())
@quick
def test_any_plan_is_judged_as_the_definition_does(drawn):
    """Blocking pairs of every individually rational plan are found, no more and no fewer."""
    problem, mine, theirs = drawn
    wanted = (mine > 0) & (theirs > 0)
    for plan in all_plans(problem)[:40]:
        if all(wanted[e] for e in plan):
            found = stability(problem, plan, mine, theirs)
            assert found.blocking.tolist() == blocking(problem, set(plan), mine, theirs)


@given(tables())
@quick
def test_the_proposing_side_does_best_among_all_stable_matchings(drawn):
    """Of all stable plans each need likes that of proposing needs best, each group the other."""
    problem, mine, theirs = drawn
    wanted = (mine > 0) & (theirs > 0)
    plans = [set(p) for p in all_plans(problem) if all(wanted[e] for e in p)]
    stable = [p for p in plans if not blocking(problem, p, mine, theirs)]
    for proposing, ranks, side in (("needs", mine, "need"), ("options", theirs, "group")):
        chosen = set(stable_edges(problem, mine, theirs, proposing).tolist())
        assert chosen in stable
        for other in stable:
            for who in range(max(problem.num_needs, problem.num_options, 4)):
                has = [{e for e in p if _owns(problem, e, who, side)} for p in (chosen, other)]
                assert best_subset(problem, sorted(has[0] | has[1]), ranks, side) == has[0]


def _owns(problem: Problem, edge: int, who: int, side: str) -> bool:
    return (problem.need[edge] if side == "need" else owner_of(problem, edge)) == who


def test_the_example_of_gale_and_shapley():
    """Three and three: each side gets its first choices when it proposes (1962, example 1)."""
    need, option = np.repeat(np.arange(3), 3), np.tile(np.arange(3), 3)
    mine = np.array([3, 2, 1, 1, 3, 2, 2, 1, 3.0])
    theirs = np.array([1, 2, 3, 3, 1, 2, 2, 3, 1.0])
    problem = Problem.from_arrays(need, option, mine, 3, 3, option_limit=[1, 1, 1])
    first = stable_edges(problem, mine, theirs)
    last = stable_edges(problem, mine, theirs, proposing="options")
    assert first.tolist() == [0, 4, 8]
    assert last.tolist() == [2, 3, 7]
    told = [stability(problem, chosen, mine, theirs) for chosen in (first, last)]
    assert [t.mean_need_rank for t in told] == [1.0, 3.0]
    assert [t.mean_option_rank for t in told] == [3.0, 1.0]
    assert [t.first_choices for t in told] == [1.0, 0.0]
    assert [t.num_envious for t in told] == [0, 3]


def test_the_method_keeps_every_limit_and_says_that_it_seeks_no_sum():
    """It is one of the methods of `solve`, checked like the others."""
    problem = Problem.from_arrays([0, 0, 1], [0, 1, 0], [3.0, 2.0, 2.0], 2, 2, option_limit=[1, 1])
    result = solve(problem, method="stable")
    check(problem, result)
    assert result.chosen.tolist() == [0]
    assert "stable" in result.reason.en


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": [1, 1, 1], "option_quota": [1, 1]},
        {"pools": [Pool(np.array([0]), 1)]},
        {"fixed": [1, -1, -1]},
    ],
)
def test_what_may_leave_no_stable_matching_is_refused(changes):
    """Money limits, shared pools and pins are no input for it."""
    problem = Problem.from_arrays([0, 0, 1], [0, 1, 0], [3.0, 2.0, 2.0], 2, 2, **changes)
    with pytest.raises(InputError):
        solve(problem, method="stable")


def test_a_side_that_does_not_exist_is_refused():
    """The error names the argument."""
    problem = Problem.from_arrays([0], [0], [1.0], 1, 1)
    with pytest.raises(InputError, match="proposing"):
        stable_edges(problem, np.ones(1), np.ones(1), proposing="banks")
