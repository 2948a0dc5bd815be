import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.assign import UNLIMITED, Pool, Problem, Status, bound, check, needs, solve
from matcher.assign.auction import auction_takes
from matcher.assign.certificate import best_choices
from matcher.domain.errors import InputError
from matcher.domain.text import Lang
from tests.assign.strategies import best_value, counting_problems, quick


def market(num_needs=600, num_options=20, degree=8, seed=0, levels=0, **more):
    """Return a problem of distinct pairs, unit needs and 60 % as many places as needs."""
    rng = np.random.default_rng(seed)
    option = np.argsort(rng.random((num_needs, num_options)), axis=1)[:, :degree]
    shape = (num_needs, degree)
    weight = rng.integers(1, levels + 1, shape) if levels else rng.random(shape, dtype=np.float32)
    return Problem.from_arrays(
        **{
            "need": np.repeat(np.arange(num_needs), degree),
            "option": np.sort(option, axis=1).ravel(),
            "weight": weight.ravel(),
            "num_needs": num_needs,
            "num_options": num_options,
            "option_limit": np.full(num_options, int(0.6 * num_needs / num_options)),
            **more,
        }
    )


GROUP = np.arange(20) % 5
NESTED = {
    "group": GROUP,
    "group_limit": [40, 90, UNLIMITED, 60, 80],
    "pools": [Pool(np.flatnonzero(GROUP < 2), 120), Pool([0, 5], 25), Pool(range(20), 300)],
}


@given(counting_problems())
@quick
def test_it_is_as_good_as_trying_everything(problem):
    """Without a gap allowed the objective is the brute-force optimum; the checker agrees."""
    assert auction_takes(problem) is None
    result = solve(problem, "auction", gap=0.0)
    check(problem, result)
    optimum = best_value(problem)
    assert result.objective == (None if optimum is None else pytest.approx(optimum, rel=1e-9))
    assert (result.status is Status.INFEASIBLE) == (optimum is None)
    if result.gap is not None:
        assert result.gap <= 1e-11


@given(counting_problems(max_edges=60), st.sampled_from([1e-4, 1e-2]))
@quick
def test_it_agrees_with_milp_within_the_gap(problem, gap):
    """Each objective is at most the other's bound, and the gap asked for is reached."""
    result, other = solve(problem, "auction", gap=gap), solve(problem, "milp", gap=0.0)
    check(problem, result)
    assert (result.objective is None) == (other.objective is None)
    if result.objective is not None:
        assert result.gap <= gap
        assert result.objective <= other.objective * (1 + 1e-9) + 1e-9
        assert other.objective <= result.bound * (1 + 1e-9) + 1e-9


@given(counting_problems(max_edges=60), st.randoms(use_true_random=False))
@quick
def test_the_order_of_edges_changes_nothing(problem, random):
    """The same pairs are chosen, and the prices are the same bytes, whatever the order."""
    order = np.array(random.sample(range(problem.num_edges), problem.num_edges), dtype=int)
    other = problem.take_edges(order)
    first, second = solve(problem, "auction"), solve(other, "auction")
    assert first.multipliers.tobytes() == second.multipliers.tobytes()
    assert (first.status, first.objective) == (second.status, second.objective)
    mine, theirs = (
        sorted(zip(p.need[r.chosen], p.option[r.chosen], p.weight[r.chosen], strict=True))
        for p, r in ((problem, first), (other, second))
    )
    assert mine == theirs


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"levels": 10},
        {"levels": 1},
        {"need_limit": 3},
        {"option_limit": None},
        {"option_limit": np.zeros(20, dtype=int), "pools": [Pool([0], 5)]},
        {"option_limit": np.arange(20)},
        NESTED,
        {**NESTED, "levels": 5, "need_limit": 2},
        {**NESTED, "need_limit": 3, "one_per_group": True},
        {"option_limit": np.full(20, 30)},
        {"option_limit": np.full(20, 29)},
    ],
)
@pytest.mark.parametrize("gap", [1e-3, 1e-4, 0.0])
def test_the_gap_asked_for_is_reached(more, gap):
    """Ties, no slack, several contacts, nested limits: the certificate is as good as asked."""
    problem = market(**more)
    result = solve(problem, "auction", gap=gap)
    check(problem, result)
    assert result.status in (Status.OPTIMAL, Status.NOTHING)
    assert result.gap <= max(gap, 1e-11)


@pytest.mark.parametrize("scale", [1e-9, 1e9])
@pytest.mark.parametrize("more", [{}, {**NESTED, "need_limit": 2}])
def test_the_scale_of_weights_does_not_matter(scale, more):
    """Tiny and huge weights choose the same edges; a power of two changes no byte at all."""
    problem = market(**more)
    scaled = problem.replace(weight=problem.weight.astype(np.float64) * scale)
    result = solve(scaled, "auction", gap=0.0)
    check(scaled, result)
    assert result.objective == pytest.approx(
        scale * solve(problem, "auction", gap=0.0).objective, rel=1e-9
    )
    doubled = problem.replace(weight=problem.weight * np.float32(2))
    chosen = [solve(p, "auction").chosen.tobytes() for p in (problem, doubled)]
    assert chosen[0] == chosen[1]


def test_tiny_weights_beside_huge_ones_are_not_lost():
    """Where nothing speaks against it, an edge of 1e-9 is chosen beside one of 1e9."""
    problem = Problem.from_arrays([0, 1], [0, 0], [1e9, 1e-9], 2, 1, option_limit=[2])
    assert solve(problem, "auction").chosen.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"amount": [1, 1], "option_quota": [5, 5]}, "quotas in fen"),
        ({"amount": [1, 1], "pools": [Pool([0], 3, "fen")]}, "quotas in fen"),
        ({"pools": [Pool([0, 1], 3, draw=[1, 2])]}, "pool 0 draws other than 1"),
        ({"group": [0, 1], "group_limit": [1, 1], "pools": [Pool([0, 1], 1)]}, None),
        ({"pools": [Pool([0, 1], 1), Pool([1, 2], 1)], "num_options": 3}, "overlaps another"),
        ({"amount": [1, 1], "option_quota": [UNLIMITED] * 2}, None),
        ({"pools": [Pool([0], 3, draw=[1, 2])]}, None),
    ],
)
def test_what_it_cannot_take_it_refuses_with_a_reason(changes, why):
    """Money, own draws and crossing pools are refused in both languages; the rest is solved."""
    edges = {"need": [0, 1], "option": [0, 1], "weight": [1.0, 1.0], "num_needs": 2}
    problem = Problem.from_arrays(**{**edges, "num_options": 2, **changes})
    if why is None:
        assert auction_takes(problem) is None
        check(problem, solve(problem, "auction"))
        return
    assert why in auction_takes(problem).of(Lang.EN)
    with pytest.raises(InputError, match=why) as caught:
        solve(problem, "auction")
    assert caught.value.sentences(Lang.ZH) != caught.value.sentences(Lang.EN)


def test_pins_and_bans_hold_and_cost_what_they_cost():
    """With pins of little worth the optimum is that of milp, and both prove it."""
    problem = market(120, 6, 4)
    fixed = np.where(problem.weight > 0.95, 0, -1)
    fixed[:40:4] = 1  # the first edge of each of ten needs
    pinned = problem.replace(fixed=fixed)
    result, other = solve(pinned, "auction", gap=0.0), solve(pinned, "milp", gap=0.0)
    check(pinned, result)
    assert set(np.flatnonzero(fixed == 1)) <= set(result.chosen.tolist())
    assert result.objective == pytest.approx(other.objective, rel=1e-9)


def test_time_that_is_up_leaves_a_plan():
    """Even without time there is a plan, and its gap is told as it is."""
    problem = market(need_limit=2, **NESTED)
    result = solve(problem, "auction", gap=0.0, time_limit=1e-9)
    check(problem, result)
    assert result.chosen.size
    assert result.status in (Status.FEASIBLE, Status.OPTIMAL)


def test_progress_tells_bounds_that_hold_and_stops_the_auction():
    """Told bounds never rise and hold; who says no after the first pass still gets a plan."""
    problem = market(need_limit=2, **NESTED)
    optimum = solve(problem, "auction", gap=0.0).objective
    told = []
    whole = solve(problem, "auction", gap=0.0, progress=lambda w, b: told.append((w, b)) or True)
    bounds = [bound for _, bound in told]
    assert bounds == sorted(bounds, reverse=True)
    assert min(bounds) >= optimum * (1 - 1e-12)
    assert all(worth is None or worth <= optimum * (1 + 1e-12) for worth, _ in told)
    assert told[0][0] is None
    assert told[-1][0] is not None
    assert whole.objective == optimum
    stopped = solve(problem, "auction", gap=0.0, progress=lambda worth, bound: False)
    check(problem, stopped)
    assert stopped.chosen.size
    assert stopped.gap > whole.gap


def test_one_thread_and_two_and_another_process_give_the_same_bytes(monkeypatch):
    """Prices are read in parts; sums do not depend on who reads which part when."""
    code = (
        "import json; from tests.assign.test_auction import market, NESTED; from matcher.assign"
        " import needs, solve; needs._BIG = 1000; p = market(need_limit=2, **NESTED);"
        " r = solve(p, 'auction', seed=3); print(json.dumps([r.chosen.tolist(), r.bound]))"
    )
    outs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "NUMBA_NUM_THREADS": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outs[0] == outs[1]
    monkeypatch.setattr(needs, "_BIG", 1000)
    result = solve(market(need_limit=2, **NESTED), "auction", seed=3)
    assert json.loads(outs[0]) == [result.chosen.tolist(), result.bound]


LARGE = market(10_000, 40, 24, seed=1)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("more", [{}, {"need_limit": 3}, {"group": GROUP.repeat(2)}])
def test_the_compiled_bound_is_the_bound(seed, more):
    """On many edges a kernel computes the bound; by hand it is the same."""
    rng = np.random.default_rng(seed)
    fixed = rng.choice([-1, -1, -1, -1, -1, -1, -1, 0], LARGE.num_edges)
    problem = LARGE.replace(**more, fixed=fixed, one_per_group="group" in more)
    prices = rng.random(problem.num_rows)
    reduced = problem.weight.astype(np.float64) - problem.rows.priced(prices)
    by_hand = problem.row_capacity @ prices + reduced[best_choices(problem, reduced)].sum()
    assert bound(problem, prices) == pytest.approx(by_hand, rel=1e-12)


def test_many_edges_in_any_order_are_sorted_by_counting():
    """The plan of a large problem does not depend on the order its edges come in."""
    order = np.random.default_rng(0).permutation(LARGE.num_edges)
    first, second = solve(LARGE, "auction"), solve(LARGE.take_edges(order), "auction")
    assert sorted(order[second.chosen]) == first.chosen.tolist()
    assert first.multipliers.tobytes() == second.multipliers.tobytes()
    assert first.gap <= 1e-4


def test_small_problems_load_no_compiler():
    """Numba is imported by what needs it and not with the package, nor for other methods."""
    code = (
        "import sys; from matcher.assign import Problem, check, solve;"
        "p = Problem.from_arrays([0], [0], [1.0], 1, 1, option_limit=[1]);"
        "check(p, solve(p)); assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
