import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matcher.assign import UNLIMITED, Pool, Problem, bound, check, solve
from matcher.assign.dual import solve_dual
from matcher.assign.dual_again import followed
from matcher.assign.dual_market import open_dual_market
from matcher.assign.feasibility import addable, is_plan
from matcher.assign.method import Options, Start
from matcher.assign.solve import canonical_order
from tests.assign.strategies import arguments, best_value, problems, quick, worth
from tests.benchmarks.instances import Recipe
from tests.benchmarks.instances_general import GeneralRecipe, make_general

SMALL = GeneralRecipe(Recipe(300, 30, 12, skew=0.6, share=0.5), one_per_bank=True)


def market(recipe=SMALL, seed=0, **changes):
    """Return a market with several contacts, units, fen and bank limits."""
    return Problem.from_arrays(**{**make_general(recipe, seed), **changes})


@quick
@given(problems())
def test_plans_keep_every_limit_and_the_bound_holds(problem):
    """The checker finds no fault, and the optimum lies between plan and bound."""
    result = solve(problem, "dual")
    check(problem, result)
    optimum = best_value(problem)
    if optimum is None:
        assert result.status == "infeasible"
        return
    size = 1e-6 * (1 + abs(optimum))
    assert result.objective <= optimum + size
    assert result.bound >= optimum - size


@quick
@given(problems(max_edges=24))
def test_dual_and_milp_agree_within_their_gaps(problem):
    """Neither plan is worth more than the other's certificate allows."""
    dual, milp = solve(problem, "dual", gap=0), solve(problem, "milp", gap=0)
    assert (dual.status == "infeasible") == (milp.status == "infeasible")
    assume(dual.objective is not None and milp.objective is not None)
    size = 1e-6 * (1 + abs(milp.bound))
    assert dual.objective <= milp.bound + size
    assert milp.objective <= dual.bound + size


@quick
@given(problems(max_edges=24))
def test_nothing_of_positive_weight_fits_a_plan_of_dual(problem):
    """What greedy would still add is in."""
    result = solve(problem, "dual")
    assume(result.status not in ("infeasible", "nothing"))
    assert not addable(problem, result.chosen).any()


@quick
@given(arguments(), st.randoms(use_true_random=False))
def test_the_order_of_edges_changes_nothing(given, random):
    """The same pairs are chosen however the edges were listed."""
    order = list(range(len(given["need"])))
    random.shuffle(order)
    shuffled = {
        name: np.asarray(value)[order]
        if name in ("need", "option", "weight", "amount", "fixed")
        else value
        for name, value in given.items()
    }
    shuffled["pools"] = [
        pool
        if pool.draw is None
        else Pool(pool.options, pool.capacity, pool.unit, pool.draw[order])
        for pool in given["pools"]
    ]
    one, two = Problem.from_arrays(**given), Problem.from_arrays(**shuffled)
    first, second = solve(one, "dual"), solve(two, "dual")
    assert first.objective == second.objective
    assert first.bound == second.bound
    assert first.multipliers.tobytes() == second.multipliers.tobytes()


def test_the_same_seed_gives_the_same_bytes():
    """Plans and prices repeat; threads and seeds leave limits and certificates whole."""
    problem = market()
    one, two = solve(problem, "dual", gap=0, seed=3), solve(problem, "dual", gap=0, seed=3)
    assert one.chosen.tobytes() == two.chosen.tobytes()
    assert one.multipliers.tobytes() == two.multipliers.tobytes()
    check(problem, one)


def test_parts_read_side_by_side_give_the_same_bytes(monkeypatch):
    """Two threads and one find the same plan at the same prices."""
    from matcher.assign import dual_reader

    problem = market()
    one = solve(problem, "dual", gap=0)
    monkeypatch.setattr(dual_reader, "_BIG", 0)
    two = solve(problem, "dual", gap=0)
    assert one.chosen.tobytes() == two.chosen.tobytes()
    assert one.multipliers.tobytes() == two.multipliers.tobytes()


@pytest.mark.parametrize("one_per_bank", [False, True])
def test_a_market_is_solved_within_a_thousandth(one_per_bank):
    """Units, fen and bank limits together, against the relaxation that HiGHS solves."""
    recipe = GeneralRecipe(Recipe(300, 30, 12, skew=0.6), one_per_bank=one_per_bank)
    problem = market(recipe)
    dual, relaxed = solve(problem, "dual", gap=0), solve(problem, "milp", gap=0.05)
    check(problem, dual)
    assert dual.gap < 5e-3
    assert dual.bound <= relaxed.bound * (1 + 1e-4)
    assert solve(problem, "greedy").objective < dual.objective


def test_ties_everywhere_are_settled():
    """All weights alike: the plan is as large as the limits allow, up to its gap."""
    problem = market(weight=np.ones(300 * 12, dtype=np.float32))
    result = solve(problem, "dual", gap=0)
    check(problem, result)
    assert result.gap < 0.02


@pytest.mark.parametrize("size", [1e-9, 1e9])
def test_the_size_of_weights_does_not_matter(size):
    """Weights of 1e9 and of 1e-9 give the same plan and gap as weights near 1."""
    problem = market(weight=make_general(SMALL)["weight"].astype(np.float64))
    scaled = problem.replace(weight=problem.weight * size)
    one, other = solve(problem, "dual", gap=0), solve(scaled, "dual", gap=0)
    check(scaled, other)
    assert other.gap == pytest.approx(one.gap, abs=3e-4)
    assert other.objective / size == pytest.approx(one.objective, rel=1e-3)


def test_pins_and_bans_are_kept_in_a_market():
    """Pinned edges are in, banned ones out, and limits hold with them."""
    fixed = np.random.default_rng(1).choice([-1] * 20 + [0], size=300 * 12).astype(np.int8)
    plan = solve(market(), "greedy").chosen
    fixed[plan[::7]] = 1
    problem = market(fixed=fixed)
    result = solve(problem, "dual")
    check(problem, result)
    assert set(plan[::7]) <= set(result.chosen)
    assert result.gap < 0.02


def test_without_capacity_nothing_is_chosen_and_that_is_proved():
    """Zero limits: the bound closes to zero."""
    problem = market(option_limit=np.zeros(30, dtype=np.int64))
    result = solve(problem, "dual")
    assert result.chosen.size == 0
    assert result.bound == 0


def test_zero_capacities_among_others_are_priced_out():
    """Shut rows next to open ones: their edges gain nothing at their prices."""
    limit = make_general(SMALL)["option_limit"].copy()
    limit[::3] = 0
    problem = market(option_limit=limit)
    result = solve(problem, "dual")
    check(problem, result)
    assert result.gap < 0.02


def test_no_edges_and_no_rows():
    """Nothing to choose from, and nothing that limits."""
    empty = Problem.from_arrays([], [], [], 2, 2, option_limit=[1, 1])
    assert solve(empty, "dual").status == "nothing"
    free = Problem.from_arrays([0, 0, 1], [0, 1, 0], [1.0, 2.0, 3.0], 2, 2, need_limit=5)
    result = solve(free, "dual")
    assert (result.status, result.objective, result.gap) == ("optimal", 6.0, 0.0)


def test_pools_with_draws_of_their_own_are_kept():
    """Hours that differ from edge to edge bind next to fen and units."""
    given = make_general(SMALL)
    rng = np.random.default_rng(2)
    hours = rng.integers(0, 5, size=len(given["need"]))
    pools = [Pool(np.arange(15), 150, draw=hours), Pool(np.arange(10, 30), 200, draw=2 * hours)]
    problem = market(pools=pools)
    result = solve(problem, "dual", gap=0)
    check(problem, result)
    assert result.gap < 0.02
    assert result.gap < solve(problem, "greedy").gap


def test_capacities_near_the_largest_integer_are_exact():
    """Amounts near 2**61 and quotas near 2**62: sums of floats would not know one fen."""
    big = 2**61
    problem = Problem.from_arrays(
        [0, 1, 2],
        [0, 0, 0],
        [1.0, 1.0, 0.5],
        3,
        1,
        amount=[big, big + 1, big - 1],
        option_quota=[2**62],
    )
    result = solve(problem, "dual")
    check(problem, result)
    assert sorted(result.chosen) != [0, 1]
    assert result.objective == 1.5


def test_unlimited_contacts_and_quotas_make_no_rows():
    """`UNLIMITED` everywhere but in one quota."""
    quota = np.full(30, UNLIMITED)
    quota[0] = 10**9
    problem = market(need_limit=UNLIMITED, option_limit=None, option_quota=quota, group_limit=None)
    result = solve(problem, "dual", gap=1e-3)
    check(problem, result)
    assert result.gap < 1e-3


def test_earlier_prices_and_plan_are_taken_up():
    """From the answer of the same problem the first plan is as good and comes at once."""
    problem = market()
    problem = problem.take_edges(canonical_order(problem))
    first = solve_dual(problem, Options(gap=0))
    told = []
    again = solve_dual(
        problem,
        Options(
            gap=0,
            start=Start(first.chosen, first.multipliers),
            progress=lambda worth, bound: told.append((worth, bound)) or True,
        ),
    )
    assert told[0][0] == pytest.approx(worth(problem, first.chosen), rel=1e-6)
    assert worth(problem, again.chosen) >= worth(problem, first.chosen) - 1e-6
    assert is_plan(problem, np.sort(again.chosen))


def test_progress_hears_better_and_better_and_may_stop_it():
    """Incumbents rise, bounds fall, and False ends the search with a plan."""
    problem = market()
    told = []
    solve_dual(problem, Options(gap=0, progress=lambda *now: told.append(now) or True))
    plans = [plan for plan, _ in told if plan is not None]
    bounds = [bound for _, bound in told]
    assert plans == sorted(plans)
    assert bounds == sorted(bounds, reverse=True)
    answer = solve_dual(problem, Options(gap=0, progress=lambda plan, bound: False))
    assert is_plan(problem, np.sort(answer.chosen))
    assert "told to stop" in answer.reason.en


def test_no_time_still_gives_a_plan_with_a_certificate():
    """Time is up at once: one plan at the first prices."""
    problem = market()
    result = solve(problem, "dual", time_limit=1e-9)
    check(problem, result)
    assert result.objective > 0


def test_the_package_does_not_load_the_compiler():
    """Whoever never solves by dual does not wait for numba."""
    code = "import matcher.assign, sys; assert 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@st.composite
def changed_capacities(draw):
    """Draw a problem and what it becomes when quotas and limits change."""
    problem = draw(problems(max_edges=40, pins=False))
    fen = st.sampled_from([99, 50_000_000, 79_999_999, 130_000_000])
    changes = {}
    for name, values in (
        ("option_limit", st.integers(0, 4)),
        ("option_quota", fen),
        ("group_limit", st.integers(0, 4)),
        ("group_quota", fen),
    ):
        limits = getattr(problem, name)
        if limits is not None and draw(st.booleans()):
            drawn = draw(st.lists(values, min_size=len(limits), max_size=len(limits)))
            changes[name] = np.where(limits == UNLIMITED, limits, drawn)
    return problem, problem.replace(**changes)


@given(changed_capacities())
@quick
def test_after_a_change_of_capacities_warm_and_cold_agree(change):
    """The checker takes the warm result, and no plan is worth more than the other's bound."""
    before, after = change
    warm = solve(after, "dual", warm_start=solve(before, "dual"))
    cold = solve(after, "dual")
    check(after, warm)
    if warm.objective is not None:
        assert not addable(after, warm.chosen).any()
        assert warm.objective <= cold.bound + 1e-9 * (1 + abs(cold.bound))
        assert cold.objective <= warm.bound + 1e-9 * (1 + abs(warm.bound))


@pytest.mark.parametrize("share", [0.8, 1.25])
def test_prices_follow_a_change_of_capacities(share):
    """Prices that followed leave less than half of what the bound at earlier ones lacks."""
    before = market()
    after = before.replace(option_quota=(before.option_quota * share).astype(np.int64))
    first, best = solve(before, "dual"), solve(after, "dual")
    more = after.row_capacity - first.capacity
    spare = first.capacity - before.rows.used(first.chosen)
    prices = followed(open_dual_market(after), first.multipliers, spare, more, math.inf)
    stale = bound(after, first.multipliers) - best.bound
    assert bound(after, prices) - best.bound < stale / 2
