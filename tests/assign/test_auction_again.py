import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.assign import Problem, Status, check, exact, solve
from matcher.assign.arrays import UNLIMITED
from matcher.assign.exact import exact_sum
from matcher.assign.feasibility import is_plan
from matcher.domain.text import Lang
from tests.assign.strategies import LIMITS, counting_problems, quick
from tests.assign.test_auction import GROUP, NESTED, market

AGAIN = "begun from an earlier plan"


def with_option_limit(problem: Problem, option: int, limit: int) -> Problem:
    """Return the problem with another limit of one option."""
    limits = problem.option_limit.copy()
    limits[option] = limit
    return problem.replace(option_limit=limits)


@st.composite
def changes(draw):
    """Draw a problem and what it becomes when limits, pins and bans change."""
    problem = draw(counting_problems(max_edges=40))
    size = problem.num_options

    def limits(now, length):
        return None if now is None else draw(st.lists(LIMITS, min_size=length, max_size=length))

    fixed = problem.fixed.copy()
    for e in draw(st.sets(st.integers(0, max(problem.num_edges - 1, 0)), max_size=3)):
        fixed[e : e + 1] = draw(st.sampled_from([-1, 0, 1]))
    return problem, problem.replace(
        option_limit=limits(problem.option_limit, size),
        group_limit=limits(problem.group_limit, problem.num_groups),
        need_limit=draw(LIMITS),
        fixed=fixed,
    )


@given(changes(), st.sampled_from([0.0, 1e-4, 1e-2]))
@quick
def test_whatever_changes_the_new_plan_is_as_good_as_asked(change, gap):
    """The checker agrees, the gap asked for is reached and the optimum is within it."""
    before, after = change
    result = solve(after, "auction", gap=gap, warm_start=solve(before, "auction"))
    exact_one = solve(after, "milp", gap=0.0)
    check(after, result)
    assert (result.status is Status.INFEASIBLE) == (exact_one.status is Status.INFEASIBLE)
    if result.gap is not None:
        assert result.gap <= max(gap, 1e-11)
        assert exact_one.objective <= result.bound * (1 + 1e-9) + 1e-9


@given(changes())
@quick
def test_an_earlier_plan_that_still_holds_is_never_better(change):
    """The new plan is worth at least what the old one would be worth."""
    before, after = change
    first = solve(before, "auction")
    result = solve(after, "auction", gap=1e-2, warm_start=first)
    if result.objective is not None and is_plan(after, first.chosen):
        assert result.objective >= after.worth(first.chosen) - 1e-12


@given(changes(), st.randoms(use_true_random=False))
@quick
def test_the_order_of_edges_changes_nothing(change, random):
    """The same pairs are chosen at the same prices, whatever the order of edges."""
    before, after = change
    order = np.array(random.sample(range(after.num_edges), after.num_edges), dtype=int)
    first = solve(before, "auction")
    place = np.argsort(order)
    moved = replace(first, chosen=np.sort(place[first.chosen]))
    one, other = (
        solve(after, "auction", warm_start=first),
        solve(after.take_edges(order), "auction", warm_start=moved),
    )
    assert one.multipliers.tobytes() == other.multipliers.tobytes()
    mine, theirs = (
        sorted(zip(p.need[r.chosen], p.option[r.chosen], p.weight[r.chosen], strict=True))
        for p, r in ((after, one), (after.take_edges(order), other))
    )
    assert mine == theirs


@pytest.mark.parametrize("limit", [0, 17, 18, 19, 20, 24])
@pytest.mark.parametrize("more", [{}, {"need_limit": 2}, NESTED, {"levels": 5}])
def test_one_limit_that_changes_is_mended_where_it_is(more, limit):
    """The plan is taken up, few bids are made and the certificate is as good as asked."""
    before = market(2000, seed=4, **more)
    before = before.replace(option_limit=np.full(20, 18))
    first = solve(before, "auction", gap=1e-3)
    after = with_option_limit(before, 7, limit)
    result = solve(after, "auction", gap=1e-2, warm_start=first)
    check(after, result)
    assert AGAIN in result.reason.of(Lang.EN)
    assert result.gap <= 1e-2
    kept = set(first.chosen.tolist()) & set(result.chosen.tolist())
    assert len(kept) >= len(first.chosen) - 40


def test_one_more_place_goes_to_the_need_that_gains_most():
    """A need that was left out takes the new place; nobody else moves."""
    before = Problem.from_arrays([0, 1, 2], [0, 0, 0], [3.0, 2.0, 1.0], 3, 1, option_limit=[1])
    first = solve(before, "auction")
    after = before.replace(option_limit=[2])
    result = solve(after, "auction", gap=0.5, warm_start=first)
    assert (first.chosen.tolist(), result.chosen.tolist()) == ([0], [0, 1])


def test_an_option_without_any_limit_stands_beside_one_that_changes():
    """What is not counted anywhere has no count to be looked up."""
    need, option = np.divmod(np.arange(180), 6)
    weight = np.random.default_rng(0).random(180)
    limit = np.array([3, UNLIMITED, 3, 4, UNLIMITED, 2])
    before = Problem.from_arrays(need, option, weight, 30, 6, option_limit=limit)
    after = with_option_limit(before, 0, 5)
    result = solve(after, "auction", warm_start=solve(before, "auction"))
    check(after, result)
    assert result.objective == pytest.approx(solve(after, "milp", gap=0.0).objective, rel=1e-4)


def test_one_place_less_is_taken_from_the_need_that_loses_least():
    """Of two needs the one with the nearly as good alternative leaves."""
    before = Problem.from_arrays(
        [0, 0, 1, 1], [0, 1, 0, 1], [3.0, 1.0, 3.0, 2.9], 2, 2, option_limit=[2, 2]
    )
    first = solve(before, "auction")
    result = solve(before.replace(option_limit=[1, 2]), "auction", warm_start=first)
    assert (first.chosen.tolist(), result.chosen.tolist()) == ([0, 2], [0, 3])


def test_a_group_that_closes_loses_all_its_places():
    """A group's limit of 0 leaves its options empty, and the certificate still holds."""
    before = market(need_limit=2, **{**NESTED, "pools": ()})
    first = solve(before, "auction")
    after = before.replace(group_limit=[0, *NESTED["group_limit"][1:]])
    result = solve(after, "auction", warm_start=first)
    check(after, result)
    assert not (GROUP[after.option[result.chosen]] == 0).any()
    assert result.gap <= 1e-4


@given(
    st.lists(
        st.one_of(
            st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300),
            st.floats(-1, 1, width=32),
        ),
        max_size=40,
    )
)
def test_the_exact_sum_is_that_of_fsum(values):
    """Adding by exponent rounds once, like the standard library."""
    many, exact._MANY = exact._MANY, 0
    try:
        assert exact_sum(np.array(values, dtype=np.float64)) == math.fsum(values)
    finally:
        exact._MANY = many
