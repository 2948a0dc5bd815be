import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.assign import Floor, Problem, Status, solve
from matcher.assign import fairness as module
from matcher.assign.fairness import max_min
from tests.assign.strategies import all_plans, arguments, quick


@st.composite
def grouped(draw: st.DrawFn) -> tuple[Problem, list[Floor], list[int]]:
    """Draw a problem whose needs are in two groups of one size."""
    given_ = {**draw(arguments(pins=False)), "num_needs": 4}
    problem = Problem.from_arrays(**{**given_, "need_limit": 1})
    order = draw(st.permutations(range(4)))
    groups = [Floor(needs=np.array(order[:2])), Floor(needs=np.array(order[2:]))]
    return problem, groups, [2, 2]


def served(problem: Problem, plan: tuple[int, ...], groups: list[Floor]) -> list[int]:
    """Return how many needs of each group a plan meets."""
    met = {int(problem.need[e]) for e in plan}
    return [len(met & set(group.needs.tolist())) for group in groups]


@quick
@given(grouped())
def test_the_worst_group_is_as_well_off_as_trying_everything_can_make_it(case):
    """With groups of one size the sorted levels are the lexicographically greatest there are."""
    problem, groups, sizes = case
    free = problem.replace(fixed=np.where(problem.weight > 0, problem.fixed, 0))
    best = max(sorted(served(problem, plan, groups)) for plan in all_plans(free))
    found = max_min(problem, groups, sizes)
    assert sorted(found.least.tolist()) == best
    assert all(found.proved)


@pytest.mark.parametrize("few", [None, -1])
def test_a_rich_group_gives_way_until_the_poor_one_can_get_no_more(few, monkeypatch):
    """Five of ten places can serve group B; it gets its five, group A the other five of eight."""
    if few is not None:
        monkeypatch.setattr(module, "FEW", few)
    need = np.arange(16)
    weight = np.where(need < 8, 1.0, 0.1)
    problem = Problem.from_arrays(need, need * 0, weight, 16, 1, option_limit=[10])
    groups = [Floor(needs=np.arange(8)), Floor(needs=np.arange(8, 16))]
    assert (problem.need[solve(problem).chosen] < 8).sum() == 8
    found = max_min(problem, groups, [8, 8])
    assert found.least.tolist() == [5, 5]
    assert found.rates == (Fraction(5, 8), Fraction(5, 8))
    assert all(found.proved)


def test_who_cannot_be_served_holds_nobody_back():
    """A group without edges stays at 0, and the others rise as far as they can."""
    problem = Problem.from_arrays([0, 1], [0, 0], [1.0, 1.0], 3, 1, option_limit=[2])
    groups = [Floor(needs=np.array([2])), Floor(needs=np.array([0, 1]))]
    assert max_min(problem, groups, [1, 2]).least.tolist() == [0, 2]


def test_institutions_can_be_groups():
    """Edges are spread over options: three needs, two options, one of them each at least."""
    pairs = list(itertools.product(range(3), range(2)))
    need, option = np.array(pairs).T
    problem = Problem.from_arrays(need, option, np.where(option == 0, 1.0, 0.1), 3, 2)
    groups = [Floor(options=np.array([0])), Floor(options=np.array([1]))]
    found = max_min(problem, groups, [3, 3])
    assert sorted(found.least.tolist()) == [1, 2]


def test_levels_are_kept_by_a_plan_with_these_floors():
    """What was found reachable is reached, and the weights decide the rest."""
    rng = np.random.default_rng(5)
    need, option = np.repeat(np.arange(30), 4), rng.integers(0, 6, 120)
    weight = rng.uniform(0.1, 1.0, 120) * np.where(need < 20, 1.0, 0.2)
    problem = Problem.from_arrays(need, option, weight, 30, 6, option_limit=[3] * 6)
    groups = [Floor(needs=np.arange(20)), Floor(needs=np.arange(20, 30))]
    levels = max_min(problem, groups, [20, 10])
    floors = [
        Floor(needs=group.needs, least=int(k), penalty=100.0)
        for group, k in zip(groups, levels.least, strict=True)
    ]
    held = solve(problem.replace(floors=floors), "milp")
    assert held.status is Status.OPTIMAL
    rows = problem.replace(floors=floors).floor_rows
    assert not rows.lacking(problem.need[held.chosen], problem.option[held.chosen]).any()


def test_no_time_leaves_levels_unproved():
    """Nothing is claimed that was not looked at."""
    problem = Problem.from_arrays([0, 1], [0, 0], [1.0, 1.0], 2, 1, option_limit=[1])
    found = max_min(problem, [Floor(needs=np.array([0, 1]))], [2], time_limit=1e-9)
    assert found.least.tolist() == [0]
    assert found.proved == (False,)
