"""Methods against each other and against brute force; what is false is refused.

The ``thorough`` profile solves 10,000 generated problems, the default one a few dozen.
"""

import os
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.assign import Pool, Problem, Status, bound, check, solve
from matcher.assign.auction import auction_takes
from matcher.domain.errors import CheckError, ProblemError
from tests.assign.strategies import best_value, counting_problems, problems

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
many = settings(max_examples=10_000 if THOROUGH else 60, deadline=None, database=None)
TINY = 9
"""Up to so many edges every plan is tried."""


@st.composite
def any_problems(draw: st.DrawFn) -> Problem:
    """Draw problems of every kind, with weights that are equal, tiny, huge or all of it."""
    edges = draw(st.sampled_from([TINY, TINY, 30]))
    problem = draw(st.one_of(problems(edges), counting_problems(edges)))
    weights = {
        "as drawn": problem.weight,
        "equal": np.ones(problem.num_edges),
        "tiny": problem.weight * 1e-9,
        "huge": problem.weight * 1e9,
        "tiny and huge": problem.weight * np.where(np.arange(problem.num_edges) % 2, 1e9, 1e-9),
        "single": problem.weight.astype(np.float32),
    }
    return problem.replace(weight=weights[draw(st.sampled_from(sorted(weights)))])


def methods_for(problem: Problem) -> list[str]:
    """Return the methods that prove something and take the problem."""
    return ["milp", "dual", "auto"] + ["auction"] * (auction_takes(problem) is None)


@given(any_problems(), st.sampled_from([0.0, 1e-4]))
@many
def test_methods_agree_within_their_certified_gaps(problem, gap):
    """No plan is worth more than another method's bound; tiny optima are those of brute force."""
    results = {method: solve(problem, method, gap=gap) for method in methods_for(problem)}
    results["greedy"] = solve(problem, "greedy")
    for result in results.values():
        check(problem, result)
    assert len({result.status is Status.INFEASIBLE for result in results.values()}) == 1
    assert len({result.status is Status.NOTHING for result in results.values()}) == 1
    optimum = best_value(problem) if problem.num_edges <= TINY else results["milp"].objective
    if optimum is None:
        return
    slack = 1e-9 * float(np.abs(problem.weight).sum(dtype=np.float64))
    for method, result in results.items():
        assert result.objective <= optimum + slack + gap * abs(optimum), method
        assert result.bound >= optimum - slack, method
    for method in {"milp", "auto"} & set(results):
        assert results[method].objective >= optimum - slack - gap * abs(optimum)
    if "auction" in results:
        # A pin of 1e-9 beside a weight of 1e9 leaves a gap of 1 that is all rounding.
        auction = results["auction"]
        assert auction.gap <= max(gap, 1e-11) or auction.bound - auction.objective <= slack


SIMPLE = {
    "need": [0, 0, 1, 1],
    "option": [0, 1, 0, 1],
    "weight": [3.0, 2.0, 2.0, 2.0],
    "num_needs": 2,
    "num_options": 2,
    "option_limit": [1, 1],
}

CASES = {
    "pins that cannot hold": ({"fixed": [1, -1, 1, -1]}, "infeasible", None),
    "pins of one need that cannot hold": ({"fixed": [1, 1, -1, -1]}, "infeasible", None),
    "zero capacities": ({"option_limit": [0, 0]}, "nothing", 0.0),
    "one capacity of zero": ({"option_limit": [0, 1]}, "optimal", 2.0),
    "no edges": ({"need": [], "option": [], "weight": []}, "nothing", 0.0),
    "equal weights": ({"weight": [1.0] * 4}, "optimal", 2.0),
    "weights of 1e9": ({"weight": [3e9, 2e9, 2e9, 2e9]}, "optimal", 5e9),
    "weights of 1e-9": ({"weight": [3e-9, 2e-9, 2e-9, 2e-9]}, "optimal", 5e-9),
    "no worth at all": ({"weight": [0.0, -1.0, 0.0, -1.0]}, "nothing", 0.0),
    "a pin that costs": (
        {"weight": [-3.0, 2.0, 2.0, 2.0], "fixed": [1, 0, 0, -1]},
        "optimal",
        -1.0,
    ),
    "parallel edges": (
        {"option": [0, 0, 0, 0], "weight": [3.0, 4.0, 2.0, 1.0], "option_limit": [2, 0]},
        "optimal",
        6.0,
    ),
    "parallel edges of a need of two": (
        {"option": [0, 0, 0, 0], "need_limit": 2, "option_limit": [3, 0]},
        "optimal",
        7.0,
    ),
    "a pool of nothing": ({"pools": [Pool([0, 1], 0)]}, "nothing", 0.0),
    "a pool around all": ({"pools": [Pool([0, 1], 1)]}, "optimal", 3.0),
}


@pytest.mark.parametrize("method", ["milp", "auction", "dual", "auto"])
@pytest.mark.parametrize("case", CASES)
def test_corner_cases_are_the_same_for_every_method(case, method):
    """What cannot hold, has no room or no worth, and ties: status and worth are as by hand."""
    changes, status, objective = CASES[case]
    problem = Problem.from_arrays(**{**SIMPLE, **changes})
    result = solve(problem, method, gap=0.0)
    check(problem, result)
    assert result.status == status or (method == "dual" and result.status == "feasible")
    wanted = None if objective is None else pytest.approx(objective, rel=1e-12, abs=0)
    assert result.objective == wanted


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_weights_that_are_no_numbers_are_refused(bad):
    """NaN and infinity never reach a method; the fault names the edge."""
    with pytest.raises(ProblemError, match=r"weight\[2\]"):
        Problem.from_arrays(**{**SIMPLE, "weight": [1.0, 1.0, bad, 1.0]})


def corruptions(problem, result):
    """Yield a name and a false result for everything that can be falsified in a true one."""
    worth = 1 + abs(result.objective)
    yield "objective", replace(result, objective=result.objective + 1e-6 * worth)
    # The checker forgives what rounding may do to terms far greater than their sum.
    terms = abs(result.bound) + float(problem.row_capacity.astype(float) @ result.multipliers)
    yield "bound", replace(result, bound=result.bound - 1e-6 * (1 + terms))
    yield "gap", replace(result, gap=result.gap + 1e-6)
    yield "no objective", replace(result, objective=None)
    yield "no bound", replace(result, bound=None)
    yield "infeasible", replace(result, status=Status.INFEASIBLE)
    yield "range", replace(result, chosen=np.append(result.chosen, problem.num_edges))
    yield "one price more", replace(result, multipliers=np.append(result.multipliers, 0.0))
    for value in (-1.0, np.nan, np.inf):
        if problem.num_rows:
            prices = result.multipliers.copy()
            prices[-1] = value
            yield f"a price of {value}", replace(result, multipliers=prices)
    rows = np.flatnonzero(problem.row_capacity > 0)
    if rows.size and result.status is not Status.NOTHING:
        prices = result.multipliers.copy()
        prices[rows[0]] += 2 * worth
        other = bound(problem, prices)  # the same where pins take all that the row has
        terms += float(problem.row_capacity.astype(float) @ prices)
        if abs(other - result.bound) > 1e-6 * (1 + terms):
            yield "another price", replace(result, multipliers=prices)
    if result.chosen.size:
        yield "twice", replace(result, chosen=np.append(result.chosen, result.chosen[0]))
        yield "nothing", replace(result, status=Status.NOTHING)
        if problem.weight[result.chosen[0]] != 0:
            yield "one less", replace(result, chosen=result.chosen[1:])
    out = np.setdiff1d(np.flatnonzero(problem.weight != 0), result.chosen)
    for edge in out[:3]:
        yield "one more", replace(result, chosen=np.append(result.chosen, edge))


@given(problems(), st.sampled_from(["milp", "dual", "greedy"]))
@many
def test_every_planted_corruption_is_refused(problem, method):
    """Whatever is changed in a true result, the independent checker finds it."""
    result = solve(problem, method)
    check(problem, result)
    if result.objective is None:
        return
    for name, false in corruptions(problem, result):
        try:
            check(problem, false)
        except CheckError:
            continue
        pytest.fail(f"{name} was accepted")


@given(any_problems())
@many
def test_an_edge_too_many_is_refused_by_its_limit(problem):
    """All edges at once: each limit that they break is named, whatever else is claimed."""
    result = solve(problem, "greedy")
    edges = np.flatnonzero(problem.fixed != 0)
    over = problem.rows.used(edges) > problem.row_capacity
    if result.objective is None or not over.any():
        return
    everything = replace(result, chosen=edges, objective=float(problem.weight[edges].sum()))
    with pytest.raises(CheckError) as caught:
        check(problem, everything)
    kinds = {problem.row_label(int(row))[0] for row in np.flatnonzero(over)}
    assert kinds <= {fault.field for fault in caught.value.faults}
