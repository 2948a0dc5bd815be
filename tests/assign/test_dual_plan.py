import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.assign import Problem
from matcher.assign.dual_market import open_dual_market
from matcher.assign.dual_plan import Plan
from tests.assign.strategies import quick


def bank(amounts, weights, *, places=3, quota=100, need_limit=1, **more):
    """Return a problem of one option that each of some needs would take."""
    size = len(amounts)
    return Problem.from_arrays(
        need=np.arange(size),
        option=np.zeros(size, np.int64),
        weight=np.array(weights, np.float32),
        num_needs=size,
        num_options=1,
        amount=np.array(amounts),
        option_limit=[places],
        option_quota=[quota],
        need_limit=need_limit,
        **more,
    )


def repacked(problem, held, prices):
    """Return the gain and the plan after a repacking of what is held."""
    plan = Plan(open_dual_market(problem), np.array(prices))
    plan.take(np.array(held, np.int32))
    assert plan.chosen.tolist() == sorted(held)
    return plan.repack(), plan.chosen.tolist()


@pytest.mark.parametrize(
    ("amounts", "weights", "places", "expected", "gain"),
    [
        ([90, 30, 30, 30], [0.9, 0.8, 0.8, 0.8], 3, [1, 2, 3], 1.5),
        ([90, 30, 30, 60], [0.9, 0.8, 0.8, 0.8], 3, [1, 2], 0.7),
        ([90, 30, 30, 30], [0.9, 0.8, 0.8, 0.8], 2, [1, 2], 0.7),
        ([90, 60, 60, 60], [0.9, 0.8, 0.8, 0.8], 3, [0], 0.0),
        ([90, 30, 30, 30], [0.9, 0.2, 0.2, 0.2], 3, [0], 0.0),
        ([90, 95, 99, 96], [0.9, 0.8, 0.8, 0.8], 3, [0], 0.0),
    ],
)
def test_several_come_for_one_that_draws_much(amounts, weights, places, expected, gain):
    """The one with most fen goes where those that fit for it weigh more together, else nothing."""
    problem = bank(amounts, weights, places=places)
    gained, chosen = repacked(problem, [0], [0.7, 0.0])
    assert (gained, chosen) == (pytest.approx(gain, abs=1e-6), expected)


def test_a_place_without_a_price_is_left_free():
    """Where places are no bottleneck nothing is repacked."""
    problem = bank([90, 30, 30, 30], [0.9, 0.8, 0.8, 0.8])
    assert repacked(problem, [0], [0.0, 0.01]) == (0.0, [0])


def test_who_holds_another_edge_does_not_come():
    """A need that is served stays where it is; only those with room come."""
    problem = Problem.from_arrays(
        need=[0, 1, 1, 2],
        option=[0, 0, 1, 0],
        weight=[0.9, 0.8, 0.8, 0.8],
        num_needs=3,
        num_options=2,
        amount=[90, 30, 30, 30],
        option_limit=[3, 1],
        option_quota=[100, 100],
    )
    gained, chosen = repacked(problem, [0, 2], [0.7, 0.7, 0.0, 0.0])
    assert (gained, chosen) == (0.0, [0, 2])


@given(st.data())
@quick
def test_repacking_gains_what_it_says_and_keeps_every_limit(data):
    """The books agree with the plan: limits hold, and weights have risen by what is returned."""
    size, options = data.draw(st.integers(1, 12)), data.draw(st.integers(1, 3))
    cells = [(i, j) for i in range(size) for j in range(options)]
    pairs = sorted(data.draw(st.sets(st.sampled_from(cells), min_size=1)))
    need, option = (np.array(side) for side in zip(*pairs, strict=True))

    def numbers(values, count):
        return data.draw(st.lists(values, min_size=count, max_size=count))

    problem = Problem.from_arrays(
        need=need,
        option=option,
        weight=np.array(numbers(st.floats(0.125, 1.0, width=32), len(pairs)), np.float32),
        num_needs=size,
        num_options=options,
        amount=np.array(numbers(st.integers(1, 60), size))[need],
        option_limit=numbers(st.integers(1, 5), options),
        option_quota=numbers(st.integers(1, 120), options),
        need_limit=2,
        group=np.zeros(options, np.int64),
        one_per_group=data.draw(st.booleans()),
    )
    market = open_dual_market(problem)
    plan = Plan(market, np.array(numbers(st.sampled_from([0.0, 0.25, 0.75]), market.num_rows)))
    plan.take(np.array(data.draw(st.permutations(range(len(pairs)))), np.int32))
    before = problem.worth(plan.chosen)
    gained = plan.repack()
    chosen = plan.chosen
    assert problem.worth(chosen) - before == pytest.approx(gained, abs=1e-5)
    assert gained >= 0
    assert (problem.rows.used(chosen) <= problem.row_capacity).all()
    assert (np.bincount(problem.need[chosen], minlength=size) <= 2).all()
    assert market.left.tolist() == problem.row_capacity.tolist()
    left = problem.row_capacity - problem.rows.used(chosen)
    assert plan._books.left.tolist() == left.tolist()
