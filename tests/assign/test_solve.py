import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import OptimizeResult

from matcher.assign import Pool, Problem, Status, check, milp, solve
from matcher.assign.milp import cover_cut
from matcher.assign.result import relative_gap
from matcher.assign.solve import METHODS
from matcher.domain.errors import InputError
from matcher.domain.text import Lang
from tests.assign.strategies import (
    all_plans,
    arguments,
    best_value,
    problems,
    quick,
    worth,
)

# Auction and stable do not take every problem; they have tests of their own.
methods = pytest.mark.parametrize("method", sorted(set(METHODS) - {"auction", "stable"}))

# Greedy takes edge 0 for 3 and blocks the others; the best plan is edges 1 and 2 for 4.
CONFLICT = Problem.from_arrays([0, 0, 1], [0, 1, 0], [3.0, 2.0, 2.0], 2, 2, option_limit=[1, 1])


def pairs(problem, result):
    """Return the sorted (need, option, weight) of the chosen edges."""
    chosen = result.chosen
    columns = (problem.need[chosen], problem.option[chosen], problem.weight[chosen])
    return sorted(zip(*(c.tolist() for c in columns), strict=True))


def shuffled(problem, order):
    """Return the same problem with its edges in another order, pools included."""
    pools = [
        Pool(p.options, p.capacity, p.unit, None if p.draw is None else p.draw[order])
        for p in problem.pools
    ]
    return problem.replace(
        need=problem.need[order],
        option=problem.option[order],
        weight=problem.weight[order],
        amount=problem.amount[order],
        fixed=problem.fixed[order],
        pools=pools,
    )


@methods
@given(problem=problems())
@quick
def test_the_checker_finds_no_fault(method, problem):
    """Whatever the instance, a result holds what it claims."""
    check(problem, solve(problem, method))


@quick
@given(problems())
def test_milp_is_as_good_as_trying_everything(problem):
    """The objective is the brute-force optimum, and infeasible means that there is no plan."""
    result = solve(problem, "milp", gap=0.0)
    optimum = best_value(problem)
    assert result.objective == (None if optimum is None else pytest.approx(optimum, rel=1e-9))
    assert (result.status is Status.INFEASIBLE) == (optimum is None)


@methods
@given(problem=problems())
@quick
def test_nothing_means_that_the_best_plan_is_empty(method, problem):
    """The status is "nothing" exactly if no pin and no edge could be in a plan of worth."""
    nothing = solve(problem, method).status is Status.NOTHING
    optimum = best_value(problem)
    assert nothing == (optimum == 0.0 and not problem.pinned.size)


@methods
@given(problem=problems(), data=st.data())
@quick
def test_the_order_of_edges_changes_nothing(method, problem, data):
    """The same (need, option) pairs are chosen whatever order the edges come in."""
    order = np.array(data.draw(st.permutations(range(problem.num_edges))), dtype=int)
    other = shuffled(problem, order)
    first, second = solve(problem, method), solve(other, method)
    assert pairs(problem, first) == pairs(other, second)
    assert (first.status, first.objective) == (second.status, second.objective)
    assert first.multipliers.tobytes() == second.multipliers.tobytes()


@methods
@given(problem=problems())
@quick
def test_pins_and_bans_hold(method, problem):
    """A plan has every pinned edge and no banned one."""
    result = solve(problem, method)
    if result.status in (Status.OPTIMAL, Status.FEASIBLE):
        chosen = set(result.chosen.tolist())
        assert set(np.flatnonzero(problem.fixed == 1).tolist()) <= chosen
        assert not set(np.flatnonzero(problem.fixed == 0).tolist()) & chosen


@quick
@given(arguments(pins=False), st.integers(1, 2))
def test_more_capacity_never_hurts(given_arguments, more):
    """Raising every option limit raises the optimum or leaves it."""
    given_arguments["option_limit"] = [1] * given_arguments["num_options"]
    problem = Problem.from_arrays(**given_arguments)
    wider = problem.replace(option_limit=problem.option_limit + more)
    before, after = (solve(p, "milp", gap=0.0).objective for p in (problem, wider))
    assert after >= before - 1e-9


@methods
@given(problem=problems(), seed=st.integers(0, 9))
@quick
def test_the_same_seed_gives_the_same_bytes(method, problem, seed):
    """Two runs agree in every byte of plan, multipliers and numbers."""
    first, second = (solve(problem, method, seed=seed) for _ in range(2))
    assert first.chosen.tobytes() == second.chosen.tobytes()
    assert first.multipliers.tobytes() == second.multipliers.tobytes()
    assert (first.objective, first.bound, first.gap, first.status) == (
        second.objective,
        second.bound,
        second.gap,
        second.status,
    )


def test_another_process_gives_the_same_plan():
    """Nothing depends on the hash seed of the interpreter."""
    code = (
        "import json, numpy as np; from matcher.assign import Problem, solve;"
        "r = np.random.default_rng(3);"
        "p = Problem.from_arrays(r.integers(0, 30, 200), r.integers(0, 9, 200),"
        " r.integers(1, 4, 200), 30, 9, option_limit=[2] * 9, group=[0, 1, 2] * 3,"
        " one_per_group=True, need_limit=2);"
        "s = solve(p); print(json.dumps([s.chosen.tolist(), s.multipliers.tolist()]))"
    )
    outs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert json.loads(outs[0]) == json.loads(outs[1])


@methods
@given(given_arguments=arguments())
@quick
def test_inputs_stay_as_they_were(method, given_arguments):
    """No array of the caller is changed by building or solving a problem."""
    arrays = {k: v for k, v in given_arguments.items() if isinstance(v, np.ndarray)}
    before = {k: v.tobytes() for k, v in arrays.items()}
    solve(Problem.from_arrays(**given_arguments), method)
    assert {k: v.tobytes() for k, v in arrays.items()} == before


@methods
def test_the_arrays_of_a_result_cannot_be_written(method):
    """A result is read-only like a problem."""
    result = solve(Problem.from_arrays([0], [0], [1.0], 1, 1, option_limit=[1]), method)
    assert not result.chosen.flags.writeable
    assert not result.multipliers.flags.writeable


@methods
@pytest.mark.parametrize("scale", [1e-9, 1e9])
@given(problem=problems(pins=False))
@quick
def test_the_scale_of_weights_does_not_matter(method, scale, problem):
    """Tiny and huge weights are solved like those of size one."""
    scaled = problem.replace(weight=problem.weight * scale)
    result = solve(scaled, method, gap=0.0)
    check(scaled, result)
    if method != "greedy":
        assert result.objective == pytest.approx(best_value(scaled), rel=1e-9, abs=0)


def test_tiny_weights_beside_huge_ones_are_not_lost():
    """Where nothing speaks against it, an edge of 1e-9 is chosen beside one of 1e9."""
    problem = Problem.from_arrays([0, 1], [0, 0], [1e9, 1e-9], 2, 1, option_limit=[2])
    result = solve(problem)
    assert result.chosen.tolist() == [0, 1]
    check(problem, result)


@methods
def test_edges_without_worth_are_left_out(method):
    """A weight of 0 or less is never chosen unless pinned."""
    problem = Problem.from_arrays([0, 1, 2], [0] * 3, [0.0, -1.0, -2.0], 3, 1, fixed=[-1, -1, 1])
    result = solve(problem, method)
    assert (result.chosen.tolist(), result.objective) == ([2], -2.0)
    check(problem, result)


@pytest.mark.parametrize(
    "changes",
    [
        {"need": [], "option": [], "weight": []},
        {"fixed": [0, 0]},
        {"weight": [0.0, -1.0]},
        {"need_limit": 0},
        {"option_limit": [0]},
        {"amount": [10, 11], "option_quota": [9]},
    ],
)
@methods
def test_nothing_to_propose_is_a_status(method, changes):
    """No edges, no worth, no room: each says "nothing" with a reason and an empty plan."""
    edges = {"need": [0, 1], "option": [0, 0], "weight": [1.0, 1.0], "num_needs": 2}
    problem = Problem.from_arrays(**{**edges, "num_options": 1, **changes})
    result = solve(problem, method)
    assert (result.status, result.objective, len(result.chosen)) == (Status.NOTHING, 0.0, 0)
    assert result.reason.of(Lang.EN)
    check(problem, result)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"need_limit": 1}, "need 0 has 2 pins, its limit is 1"),
        ({"option_limit": [1, 9]}, "limit of option 0: the pins draw 2, more than 1"),
        ({"option_quota": [999, 9]}, "quota in fen of option 0: the pins draw 1000, more than 999"),
        ({"group": [0, 0], "group_limit": [1]}, "limit of group 0: the pins draw 3, more than 1"),
        ({"group": [0, 0], "group_quota": [9]}, "quota in fen of group 0: the pins draw 1001"),
        ({"group": [0, 0], "one_per_group": True}, "need 0 has more than one pin in group 0"),
        ({"pools": [Pool([0, 1], 2)]}, "pool 0: the pins draw 3, more than 2"),
    ],
)
@methods
def test_pins_that_break_a_limit_are_explained(method, changes, wanted):
    """Infeasible is a status that names the limit, what the pins draw and what there is."""
    problem = Problem.from_arrays(
        **{
            "need": [0, 0, 1, 1],
            "option": [0, 1, 0, 1],
            "weight": [1.0] * 4,
            "num_needs": 2,
            "num_options": 2,
            "need_limit": 2,
            "amount": [400, 1, 600, 1],
            "fixed": [1, 1, 1, -1],
            **changes,
        }
    )
    result = solve(problem, method)
    assert result.status is Status.INFEASIBLE
    assert (result.objective, result.bound, result.gap) == (None, None, None)
    assert wanted in result.reason.of(Lang.EN)
    assert result.reason.of(Lang.ZH) != result.reason.of(Lang.EN)
    check(problem, result)


def test_the_list_of_broken_limits_has_an_end():
    """Hundreds of broken limits do not become a page."""
    n = 100
    problem = Problem.from_arrays(
        np.repeat(np.arange(n), 2), [0] * 2 * n, [1.0] * 2 * n, n, 1, fixed=[1] * 2 * n
    )
    assert solve(problem).reason.of(Lang.EN).endswith("and 80 more")


def test_one_fen_short_is_short():
    """Where a solver's tolerance would let two loans pass, one fen too many keeps one out."""
    half = 2_500_000_000_00 // 100  # 25,000,000.00 yuan in fen
    given = {
        "need": [0, 1, 2],
        "option": [0, 0, 0],
        "weight": [2.0, 2.0, 1.0],
        "num_needs": 3,
        "num_options": 1,
        "amount": [half, half, half - 1],
    }
    exact = Problem.from_arrays(**given, option_quota=[2 * half])
    short = Problem.from_arrays(**given, option_quota=[2 * half - 1])
    assert solve(exact).chosen.tolist() == [0, 1]
    assert solve(short).objective == 3.0
    check(short, solve(short))


@pytest.mark.parametrize("seed", range(6))
def test_odd_fen_are_exact_against_brute_force(seed):
    """Amounts near 10^12 fen without a common divisor, capacity one fen below a full plan."""
    rng = np.random.default_rng(seed)
    amount = rng.integers(10**11, 10**12, size=10) * 2 + 1
    capacity = int(amount[:5].sum()) - 1
    problem = Problem.from_arrays(
        np.arange(10), [0] * 10, amount / 1e12, 10, 1, amount=amount, option_quota=[capacity]
    )
    result = solve(problem, "milp", gap=0.0)
    check(problem, result)
    assert result.objective == pytest.approx(best_value(problem), rel=1e-9)


def test_a_tolerance_that_is_used_is_cut_off(monkeypatch):
    """Where HiGHS takes one fen too many in 10^13 for none, a cut ends in an exact plan."""
    cuts = []
    monkeypatch.setattr(milp, "cover_cut", lambda *a: cuts.append(cover_cut(*a)) or cuts[-1])
    big = 5 * 10**12
    problem = Problem.from_arrays(
        [0, 1, 2], [0] * 3, [1.0, 1.0, 0.5], 3, 1, amount=[big + 1, big, 1], option_quota=[2 * big]
    )
    result = solve(problem, "milp", gap=0.0)
    check(problem, result)
    assert result.objective == 1.5
    assert cuts, "HiGHS did not overdraw: the test no longer tests what it says"


def test_an_incumbent_at_the_time_limit_is_feasible(monkeypatch):
    """A plan that HiGHS could not prove in time is a plan, and is not called optimal."""
    outcome = OptimizeResult(status=1, x=np.array([1.0, 0, 0]), mip_dual_bound=-1e4)
    monkeypatch.setattr(milp, "highs", lambda *a, **k: outcome)
    result = solve(CONFLICT, "milp")
    assert (result.status, result.objective) == (Status.FEASIBLE, 3.0)
    assert result.solver_bound == 3.0
    check(CONFLICT, result)


def test_a_failure_of_the_solver_is_told_in_its_words(monkeypatch):
    """Where HiGHS gives up, the status is unknown and the reason is its message."""
    outcome = OptimizeResult(status=4, x=None, message="numerical trouble")
    monkeypatch.setattr(milp, "highs", lambda *a, **k: outcome)
    result = solve(CONFLICT, "milp")
    assert result.status is Status.UNKNOWN
    assert "numerical trouble" in result.reason.of(Lang.EN)
    check(CONFLICT, result)


@quick
@given(problems(pins=False), st.data())
def test_a_cover_cut_excludes_the_overdraw_and_no_plan(problem, data):
    """The cut is broken by the set that caused it, and every plan keeps it."""
    edges = data.draw(st.sets(st.integers(0, max(problem.num_edges - 1, 0))))
    chosen = np.array(sorted(e for e in edges if e < problem.num_edges), dtype=int)
    over = np.flatnonzero(problem.rows.used(chosen) > problem.row_capacity)
    plans = [set(plan) for plan in all_plans(problem)] if over.size else []
    for row in over.tolist():
        members, most = cover_cut(problem, chosen, row)
        cut = set(members.tolist())
        assert len(cut & set(chosen.tolist())) > most
        assert all(len(cut & plan) <= most for plan in plans)


def test_time_that_is_up_is_a_status():
    """Without a plan in time milp says unknown, and claims no objective."""
    problem = Problem.from_arrays([0], [0], [1.0], 1, 1)
    result = solve(problem, "milp", time_limit=1e-9)
    assert (result.status, result.objective, result.gap) == (Status.UNKNOWN, None, None)
    assert len(result.chosen) == 0
    check(problem, result)


def test_there_may_be_no_time_limit():
    """Infinity is a time limit like any other."""
    assert solve(CONFLICT, "milp", time_limit=np.inf).objective == 4.0


def test_auto_falls_back_on_greedy_when_time_is_up():
    """A plan that a desk finds at once is better than none."""
    problem = Problem.from_arrays([0, 0, 1], [0, 1, 0], [3.0, 2.0, 2.0], 2, 2, option_limit=[1, 1])
    result = solve(problem, time_limit=1e-9)
    assert (result.status, result.method, result.chosen.tolist()) == ("feasible", "greedy", [0])
    check(problem, result)


def test_auto_says_what_it_took_and_why():
    """The reason names the method behind auto."""
    result = solve(Problem.from_arrays([0], [0], [1.0], 1, 1))
    assert result.method == "milp"
    assert "auto" in result.reason.of(Lang.EN)


def test_a_certificate_without_gap_makes_any_plan_optimal():
    """Greedy's plan is called optimal where its own multipliers prove it."""
    result = solve(Problem.from_arrays([0, 1], [0, 1], [1.0, 2.0], 2, 2), "greedy")
    assert (result.status, result.gap) == (Status.OPTIMAL, 0.0)


def test_greedy_is_not_called_optimal_without_proof():
    """Greedy takes the best edge first even where that costs more later."""
    problem = Problem.from_arrays([0, 0, 1], [0, 1, 0], [3.0, 2.0, 2.0], 2, 2, option_limit=[1, 1])
    result = solve(problem, "greedy")
    assert (result.status, result.objective) == (Status.FEASIBLE, 3.0)


def test_greedy_breaks_ties_by_need_then_option():
    """Among equal weights the lower need comes first, then the lower option."""
    problem = Problem.from_arrays([1, 0, 0], [0, 1, 0], [1.0] * 3, 2, 2, option_limit=[1, 0])
    result = solve(problem, "greedy")
    assert result.chosen.tolist() == [2]


@quick
@given(problems())
def test_greedy_leaves_no_edge_that_still_fits(problem):
    """No free edge of positive weight could be added to greedy's plan."""
    result = solve(problem, "greedy")
    plans = {frozenset(plan) for plan in all_plans(problem)} if result.chosen.size else set()
    chosen = frozenset(result.chosen.tolist())
    for edge in np.flatnonzero((problem.fixed == -1) & (problem.weight > 0)).tolist():
        assert edge in chosen or chosen | {edge} not in plans


def test_a_better_earlier_plan_is_kept():
    """A warm start that beats the method's own plan replaces it."""
    earlier = solve(CONFLICT, "milp")
    result = solve(CONFLICT, "greedy", warm_start=earlier)
    assert (result.objective, result.chosen.tolist()) == (4.0, [1, 2])
    assert "earlier plan" in result.reason.of(Lang.EN)
    check(CONFLICT, result)


def test_a_worse_earlier_plan_changes_nothing():
    """A warm start never makes the answer worse."""
    result = solve(CONFLICT, "milp", warm_start=[0])
    assert (result.objective, result.reason) == (4.0, solve(CONFLICT, "milp").reason)


def test_an_earlier_plan_saves_a_run_that_had_no_time():
    """With a warm start there is a plan even where the method found none."""
    result = solve(CONFLICT, "milp", time_limit=1e-9, warm_start=[2, 1])
    assert (result.status, result.chosen.tolist()) == (Status.FEASIBLE, [1, 2])
    check(CONFLICT, result)


@pytest.mark.parametrize("broken", [[0, 2], [0, 1], [1, 1]])
def test_an_earlier_plan_that_breaks_a_limit_is_passed_over(broken):
    """A warm start of another day may no longer fit; that is no error."""
    assert solve(CONFLICT, "greedy", warm_start=broken).chosen.tolist() == [0]


def test_an_earlier_plan_that_breaks_a_pin_or_a_ban_is_passed_over():
    """Pins and bans bind the warm start too."""
    for fixed in ([1, -1, -1], [-1, 0, -1]):
        result = solve(CONFLICT.replace(fixed=fixed), "greedy", warm_start=[1, 2])
        assert result.chosen.tolist() == [0]


@pytest.mark.parametrize("bad", [[3], [-1], [0.5], [[0]], ["a"]])
def test_a_warm_start_that_is_no_list_of_edges_is_refused(bad):
    """Indices out of range are an input error."""
    with pytest.raises(InputError):
        solve(CONFLICT, warm_start=bad)


def test_an_unknown_method_is_refused_with_the_known_ones():
    """A wrong name is not silently the default."""
    with pytest.raises(InputError, match="hungarian.*" + ", ".join(METHODS)):
        solve(CONFLICT, "hungarian")


@pytest.mark.parametrize(
    "options",
    [
        {"gap": -1e-9},
        {"gap": np.nan},
        {"gap": np.inf},
        {"gap": "0"},
        {"time_limit": 0},
        {"time_limit": np.nan},
        {"seed": 0.5},
        {"seed": True},
    ],
)
def test_options_out_of_range_are_refused(options):
    """The error names the option and its value."""
    ((name, value),) = options.items()
    with pytest.raises(InputError, match=f"{name} = {value!r}"):
        solve(CONFLICT, **options)


def test_all_options_out_of_range_are_named_at_once():
    """Faults of options are gathered like those of arrays."""
    with pytest.raises(InputError) as caught:
        solve(CONFLICT, gap=-1, time_limit=-1, seed="x")
    assert [fault.field for fault in caught.value.faults] == ["gap", "time_limit", "seed"]


@pytest.mark.parametrize(
    ("objective", "limit", "gap"),
    [(9.0, 10.0, 0.1), (0.0, 5.0, 1.0), (5.0, 5.0, 0.0), (5.0, 4.0, 0.0), (0.0, 0.0, 0.0)],
)
def test_the_gap_is_relative_to_the_bound(objective, limit, gap):
    """The gap is in [0, 1] for objectives of at least 0."""
    assert relative_gap(objective, limit) == pytest.approx(gap)


def test_objective_is_the_exact_sum_of_the_weights():
    """Ten times 0.1 is the rounded exact sum and not the drift of ten additions."""
    problem = Problem.from_arrays(np.arange(10), [0] * 10, [0.1] * 10, 10, 1)
    result = solve(problem)
    assert result.objective == worth(problem, result.chosen) == 1.0
