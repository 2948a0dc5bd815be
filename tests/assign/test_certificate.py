import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import linprog

from matcher.assign import Problem, bound, solve
from matcher.assign.certificate import closing_prices
from matcher.domain.errors import InputError
from tests.assign.strategies import best_value, problems, quick, rows_by_hand


def prices_for(problem, seed):
    """Return random multipliers: small ones, zeros and large ones, in the scale of each row."""
    rng = np.random.default_rng(seed)
    scale = np.array([max(max(draw, default=1), 1) for _, draw in rows_by_hand(problem)])
    sizes = rng.choice([0.0, 0.1, 1.0, 10.0], size=problem.num_rows)
    return rng.random(problem.num_rows) * sizes / scale if problem.num_rows else np.zeros(0)


@quick
@given(problems(), st.integers(0, 2**32))
def test_the_bound_is_never_below_the_optimum(problem, seed):
    """Weak duality: any multipliers of at least 0 bound every plan."""
    optimum = best_value(problem)
    assume(optimum is not None)
    prices = prices_for(problem, seed)
    size = abs(optimum) + float(problem.row_capacity @ prices)
    assert bound(problem, prices) >= optimum - 1e-9 * (1 + size)


@quick
@given(problems())
def test_closing_prices_bound_the_optimum_and_cost_nothing(problem):
    """Pricing out rows without capacity is free, so the bound is no worse than with zeros."""
    optimum = best_value(problem)
    assume(optimum is not None)
    closed = bound(problem, closing_prices(problem))
    assert optimum - 1e-9 <= closed
    # A pin of draw 0 or a banned edge changes nothing; a pin with a draw would break the row.
    assert closed <= bound(problem, np.zeros(problem.num_rows)) + 1e-9


def lp_optimum(problem):
    """Return the optimum of the LP relaxation, from dense rows written down one by one."""
    edges = range(problem.num_edges)
    matrix = [[float(problem.need[e] == i) for e in edges] for i in range(problem.num_needs)]
    upper = [min(limit, len(edges)) for limit in problem.need_limit.tolist()]
    if problem.one_per_group:
        group = problem.group[problem.option]
        for i in range(problem.num_needs):
            for g in range(problem.num_groups):
                matrix.append([float(problem.need[e] == i and group[e] == g) for e in edges])
                upper.append(1)
    for capacity, draw in rows_by_hand(problem):
        # Rows are brought to size one, or a small capacity drowns in the tolerance of HiGHS.
        size = min(max(*draw, 1), capacity or math.inf)
        matrix.append([a / size for a in draw])
        upper.append(capacity / size)
    limits = [(float(f == 1), float(f != 0)) for f in problem.fixed]
    result = linprog(-problem.weight, A_ub=matrix, b_ub=upper, bounds=limits)
    return -result.fun if result.status == 0 else None


@quick
@given(problems())
def test_the_bound_of_milp_is_the_optimum_of_the_relaxation(problem):
    """The need side is integral, so the best multipliers reach the LP optimum and no less."""
    result = solve(problem, "milp")
    assume(result.status in ("optimal", "feasible"))
    assert result.bound == pytest.approx(lp_optimum(problem), rel=1e-6, abs=1e-6)


def test_the_bound_follows_its_formula():
    """A worked example: 2 places at 1.5 each, and the needs keep what is left."""
    problem = Problem.from_arrays(
        [0, 0, 1, 2], [0, 1, 0, 0], [3.0, 1.0, 2.0, 1.0], 3, 2, option_limit=[2, 1]
    )
    assert bound(problem, [1.5, 0.0]) == 2 * 1.5 + 1.5 + 0.5 + 0.0


def test_a_need_takes_its_best_of_each_group_up_to_its_limit():
    """The inner maximum honours groups, limits, pins and bans together."""
    problem = Problem.from_arrays(
        need=[0] * 6,
        option=[0, 1, 2, 3, 4, 5],
        weight=[9.0, 8.0, 7.0, 6.0, 5.0, 1.0],
        num_needs=1,
        num_options=6,
        need_limit=3,
        group=[0, 0, 1, 1, 2, 2],
        one_per_group=True,
        fixed=[-1, -1, 0, -1, -1, 1],
    )
    assert bound(problem, []) == 1 + 9 + 6


@pytest.mark.parametrize("bad", [[-1.0, 0.0], [np.nan, 0.0], [np.inf, 0.0], [0.0], [[0.0, 0.0]]])
def test_multipliers_that_prove_nothing_are_refused(bad):
    """Negative, infinite or misshapen multipliers are an input error."""
    problem = Problem.from_arrays([0], [0], [1.0], 1, 2, option_limit=[1, 1])
    with pytest.raises(InputError):
        bound(problem, bad)


def test_the_bound_of_no_rows_is_what_the_needs_want():
    """Without capacities each need takes what its limit allows."""
    problem = Problem.from_arrays([0, 0, 1], [0, 1, 0], [0.1, 0.2, 0.3], 2, 2)
    assert bound(problem, []) == math.fsum([0.2, 0.3])
