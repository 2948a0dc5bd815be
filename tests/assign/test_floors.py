import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matcher.assign import Floor, Problem, bound, check, solve
from matcher.domain.errors import CheckError, InputError, ProblemError
from tests.assign.strategies import all_plans, arguments, quick

PENALTIES = st.sampled_from([0.25, 1.0, 3.0, 100.0])


@st.composite
def floors(draw: st.DrawFn, num_needs: int, num_options: int) -> Floor:
    """Draw a floor on needs or on options; it may ask for more than there is."""
    kind, size = draw(st.sampled_from([("needs", num_needs), ("options", num_options)]))
    members = draw(st.lists(st.integers(0, size - 1), max_size=4))
    rest = {"least": draw(st.integers(0, 4)), "penalty": draw(PENALTIES)}
    return Floor(**{kind: np.array(members, dtype=int)}, **rest)


@st.composite
def problems(draw: st.DrawFn, max_edges: int = 9, pins: bool = True) -> Problem:
    """Draw problems with one to three floors."""
    given: dict[str, Any] = draw(arguments(max_edges, pins))
    one = floors(given["num_needs"], given["num_options"])
    return Problem.from_arrays(**given, floors=draw(st.lists(one, min_size=1, max_size=3)))


def worth(problem: Problem, plan: tuple[int, ...]) -> float:
    """Return the weights of a plan less what each floor lacks, counted one by one."""
    total = math.fsum(float(problem.weight[e]) for e in plan)
    for floor in problem.floors:
        if floor.needs is None:
            wanted = set(floor.options.tolist())
            reached = sum(int(problem.option[e]) in wanted for e in plan)
        else:
            reached = len({int(problem.need[e]) for e in plan} & set(floor.needs.tolist()))
        total -= floor.penalty * max(0, floor.least - reached)
    return total


def optimum(problem: Problem) -> float | None:
    """Return the best worth by trying everything; free edges nobody wants are never taken."""
    unwanted = (problem.fixed == -1) & (problem.weight <= 0)
    plans = all_plans(problem.replace(fixed=np.where(unwanted, 0, problem.fixed), floors=()))
    return max((worth(problem, plan) for plan in plans), default=None)


@quick
@given(problems())
def test_the_exact_method_is_as_good_as_trying_everything(problem):
    """Penalties included; the checker, which counts on its own, finds no fault."""
    result, best = solve(problem, "milp", gap=0), optimum(problem)
    check(problem, result)
    if best is None:
        assert result.status == "infeasible"
    elif result.status != "nothing":
        assert result.objective == pytest.approx(best, abs=1e-6)
        assert result.bound >= best - 1e-6


@quick
@given(problems())
def test_dual_plans_are_checked_and_bounded(problem):
    """The optimum lies between plan and bound."""
    result, best = solve(problem, "dual"), optimum(problem)
    check(problem, result)
    if best is not None and result.status != "nothing":
        assert result.objective <= best + 1e-6
        assert result.bound >= best - 1e-6


@quick
@given(problems(), st.data())
def test_any_prices_bound_every_plan(problem, data):
    """Whatever the multipliers of rows and floors are, no plan is worth more."""
    best = optimum(problem)
    assume(best is not None)
    prices = st.floats(0, 2)
    rows = data.draw(st.lists(prices, min_size=problem.num_rows, max_size=problem.num_rows))
    shares = data.draw(
        st.lists(st.floats(0, 1), min_size=len(problem.floors), max_size=len(problem.floors))
    )
    paid = np.array(shares) * problem.floor_rows.penalty
    spent = float(np.abs(problem.row_capacity * np.array(rows)).sum())
    assert bound(problem, rows, paid) >= best - 1e-9 * (1 + spent)


@quick
@given(problems(max_edges=24))
def test_dual_and_milp_agree_within_their_gaps(problem):
    """Neither plan is worth more than the other's certificate allows."""
    dual, milp = solve(problem, "dual", gap=0), solve(problem, "milp", gap=0)
    assume(dual.objective is not None and milp.objective is not None)
    assert dual.objective <= milp.bound + 1e-6 * (1 + abs(milp.bound))
    assert milp.objective <= dual.bound + 1e-6 * (1 + abs(milp.bound))


def crowded(**changes: Any) -> Problem:
    """Return five needs for three places; needs 3 and 4 are worth less than the others."""
    pairs = [(i, j) for i in range(5) for j in range(2)]
    given = {
        "need": [i for i, _ in pairs],
        "option": [j for _, j in pairs],
        "weight": [(0.9, 0.8, 0.7, 0.4, 0.3)[i] - 0.05 * j for i, j in pairs],
        "num_needs": 5,
        "num_options": 2,
        "option_limit": [2, 1],
    }
    return Problem.from_arrays(**{**given, **changes})


@pytest.mark.parametrize("method", ["milp", "dual", "auto"])
def test_a_floor_serves_who_would_be_outbid_and_says_what_that_costs(method):
    """Without it needs 0, 1, 2 are met; with it one of 3 and 4, at the price of 0.3.

    Places then cost from 0.7 to 0.8, so any multiplier from 0.3 to 0.5 is one of a clear market.
    """
    group = np.array([3, 4])
    free = solve(crowded(), method)
    held = solve(crowded(floors=[Floor(needs=group, least=1, penalty=5.0)]), method)
    met = {int(i) for i in crowded().need[held.chosen]}
    assert met == {0, 1, 3}
    assert free.objective - held.objective == pytest.approx(0.3, abs=1e-6)
    assert 0.29 <= held.floor_multipliers[0] <= 0.51


def test_a_penalty_below_the_price_is_paid_instead():
    """A floor is soft: lacking one costs 0.1, serving one would cost 0.3."""
    cheap = crowded(floors=[Floor(needs=np.array([3, 4]), least=1, penalty=0.1)])
    held = solve(cheap, "milp", gap=0)
    assert cheap.need[held.chosen].tolist() == [0, 1, 2]
    assert held.objective == pytest.approx(solve(crowded(), "milp", gap=0).objective - 0.1)


def test_a_floor_on_options_brings_them_edges():
    """An institution that nobody prefers gets the leads that it was promised."""
    roomy = {"option_limit": [5, 5]}
    assert not (crowded().option[solve(crowded(**roomy)).chosen] == 1).any()
    promised = crowded(**roomy, floors=[Floor(options=np.array([1]), least=2, penalty=5.0)])
    assert (promised.option[solve(promised).chosen] == 1).sum() == 2


def test_a_need_counts_once_however_many_edges_it_has():
    """Two edges of one need do not fill a floor of two needs."""
    problem = Problem.from_arrays(
        [0, 0, 1], [0, 1, 0], [3.0, 2.0, 1.0], 2, 2, need_limit=2, option_limit=[1, 1],
        floors=[Floor(needs=np.array([0, 1]), least=2, penalty=10.0)],
    )  # fmt: skip
    assert solve(problem, gap=0).chosen.tolist() == [1, 2]


def test_every_fault_of_floors_is_named():
    """Members, number and penalty, all at once."""
    wrong = [
        Floor(least=1),
        Floor(needs=np.array([9]), options=np.array([0]), least=-1),
        Floor(needs=np.array([0]), penalty=math.nan),
        "five",
    ]
    with pytest.raises(ProblemError) as caught:
        crowded(floors=wrong)
    named = {fault.field for fault in caught.value.faults}
    assert named == {
        "floors[0]", "floors[1]", "floors[1].needs[0]", "floors[1].least", "floors[2].penalty",
        "floors[3]",
    }  # fmt: skip


@pytest.mark.parametrize("prices", [[-0.1], [5.1], [math.nan], [0.1, 0.1]])
def test_prices_of_floors_out_of_range_are_refused(prices):
    """Below 0, above the penalty, no number, too many: by the certificate and by the audit."""
    problem = crowded(floors=[Floor(needs=np.array([3, 4]), least=1, penalty=5.0)])
    result = solve(problem)
    with pytest.raises(InputError):
        bound(problem, result.multipliers, prices)
    forged = _with(result, floor_multipliers=np.array(prices))
    with pytest.raises(CheckError):
        check(problem, forged)


def test_the_audit_counts_what_floors_lack():
    """An objective without the penalty is refused, and so is a plan that hides whom it left out."""
    problem = crowded(floors=[Floor(needs=np.array([3, 4]), least=2, penalty=5.0)])
    result = solve(problem)
    check(problem, result)
    left_out = solve(crowded())
    with pytest.raises(CheckError):
        check(problem, _with(result, chosen=left_out.chosen, objective=left_out.objective))


def _with(result, **changes):
    from dataclasses import replace

    return replace(result, **changes)
