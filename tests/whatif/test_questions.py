"""Curves, fronts, the least capacity and advice, each against a second way to find them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.assign.feasibility import is_plan
from matcher.domain.errors import InputError
from matcher.planning.dimensions import DIMENSIONS
from matcher.planning.effort import Effort
from matcher.planning.floors import GroupFloor
from matcher.scoring.weights import default_weights
from matcher.whatif.advice import advise, predicted
from matcher.whatif.candidates import candidates
from matcher.whatif.capacity import rows_of, with_more
from matcher.whatif.front import front
from matcher.whatif.lanes import cut, solve_lanes
from matcher.whatif.least import Goal, Proof, least
from matcher.whatif.lever import Lever
from matcher.whatif.scenario import Scenario
from matcher.whatif.setting import Setting
from matcher.whatif.solving import Solved, encode_setting, solve_setting
from matcher.whatif.sweep import sweep
from matcher.whatif.watch import Watch, WithdrawnError
from tests.planning_examples import WAN, example_market
from tests.strategies import markets
from tests.whatif.strategies import pool_capacity

EFFORT = Effort(gap=1e-6)
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
RISK = Lever("pools", "F1", "capacity")


def baseline() -> Solved:
    """Return the hand-made market, solved."""
    return solve_setting(Setting(example_market(), default_weights()), EFFORT)


# --- curves -----------------------------------------------------------------------------------


def test_more_of_a_capacity_never_hurts_along_its_curve() -> None:
    """Objective rises, bound and price fall into line, and each point has its certified gap."""
    start = baseline()
    values = [WAN * n for n in (0, 80, 160, 300, 460, 900, 2000)]
    curve = sweep(start.setting, RISK, values, EFFORT, start.earlier, workers=1)
    points = curve.points
    assert [p.value for p in points] == values
    objectives = [p.facts.objective for p in points]
    assert all(b >= a - 1e-6 for a, b in pairwise(objectives))
    assert all(p.facts.gap is not None and p.facts.bound is not None for p in points)
    assert points[-1].price == 0
    alone = Scenario("", (pool_capacity("F1", 160 * WAN),)).apply(start.setting).after
    assert points[2].facts.objective == pytest.approx(
        solve_setting(alone, EFFORT).objective, abs=1e-4
    )


def test_threads_change_nothing_about_a_curve() -> None:
    """The lanes are the same whoever solves them, so one core and two give the same figures."""
    start = baseline()
    values = [WAN * n for n in (100, 200, 300, 400, 500, 600)]
    here = sweep(start.setting, RISK, values, EFFORT, start.earlier, workers=1)
    steps = list[int]()
    watch = Watch(on_step=lambda done, total: steps.append(done))
    there = sweep(start.setting, RISK, values, EFFORT, start.earlier, workers=3, watch=watch)
    assert here == there
    assert steps == list(range(1, len(values) + 1))


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_leaves_no_thread_behind(workers: int) -> None:
    """Whoever asks is told of it, the other lanes stop before their next point."""
    start, steps = baseline(), list[int]()

    def interrupted(done: int, total: int) -> None:
        steps.append(done)
        raise KeyboardInterrupt

    values = [WAN * n for n in range(1, 21)]
    with pytest.raises(KeyboardInterrupt):
        sweep(start.setting, RISK, values, EFFORT, workers=workers,
              watch=Watch(on_step=interrupted))  # fmt: skip
    assert len(steps) <= workers
    assert not [t for t in threading.enumerate() if t.name.startswith("whatif")]


def test_the_fault_of_a_lane_is_told_and_not_that_the_others_were_stopped() -> None:
    """Also where the faulty lane is not the first."""
    start = baseline()
    good, bad = pool_capacity("F1", WAN), pool_capacity("F7", WAN)
    lanes = [(Scenario("", (good,)),) * 4, (Scenario("", (bad,)),)]
    with pytest.raises(InputError, match="F7"):
        solve_lanes(start.setting, lanes, EFFORT, workers=2)


def test_a_question_that_nobody_wants_any_more_has_no_answer() -> None:
    """Whichever question it is: what was found so far is dropped."""
    start = baseline()
    watch = Watch(is_wanted=lambda: False)
    asked: list[Callable[[], object]] = [
        lambda: solve_setting(start.setting, EFFORT, watch=watch),
        lambda: sweep(start.setting, RISK, [WAN], EFFORT, watch=watch),
        lambda: sweep(start.setting, RISK, [WAN, 2 * WAN], EFFORT, workers=2, watch=watch),
        lambda: front(start.setting, DIMENSIONS["priority"], EFFORT, watch=watch),
        lambda: least(start, RISK, Goal(need_id="N2"), EFFORT, watch),
        lambda: advise(start, EFFORT, watch=watch),
    ]
    for ask in asked:
        with pytest.raises(WithdrawnError):
            ask()


@pytest.mark.parametrize("method", ["dual", "auction"])
def test_a_long_solve_tells_how_far_it_is_and_can_be_withdrawn(method: str) -> None:
    """Incumbent and bound close in; withdrawn in the middle, no plan comes out."""
    market = example_market()
    if method == "auction":  # takes counts alone
        market = market.replace(
            pools=[], policies=[], products=[replace(p, quota_fen=None, pools=frozenset())
                                             for p in market.products],
            institutions=[replace(i, quota_fen=None) for i in market.institutions],
        )  # fmt: skip
    setting, effort = Setting(market, default_weights()), Effort(method=method, gap=0.0)
    told = list[tuple[float | None, float]]()
    solved = solve_setting(setting, effort, watch=Watch(on_found=lambda *now: told.append(now)))
    assert told
    assert all(best is None or best <= bound + 1e-6 for best, bound in told)
    assert min(bound for _, bound in told) >= solved.objective - 1e-6
    seen = list[tuple[float | None, float]]()
    watch = Watch(on_found=lambda *now: seen.append(now), is_wanted=lambda: not seen)
    with pytest.raises(WithdrawnError):
        solve_setting(setting, effort, watch=watch)
    assert len(seen) == 1


def test_a_value_that_cannot_be_used_is_refused_before_anything_is_solved() -> None:
    """And named."""
    start = baseline()
    with pytest.raises(InputError, match="capacity"):
        sweep(start.setting, RISK, [5, -1], EFFORT, workers=1)


def test_weights_can_be_swept() -> None:
    """A lever may be a weight; the plans then aim at different things."""
    start = baseline()
    curve = sweep(start.setting, Lever("weights", "cost"), [Decimal(0), Decimal(5)], EFFORT,
                  workers=1)  # fmt: skip
    assert curve.points[0].facts.objective != curve.points[1].facts.objective
    assert curve.points[0].price is None


@given(st.integers(0, 30))
def test_lanes_hold_every_scenario_once_and_in_order(num: int) -> None:
    """Neighbours stay neighbours, whatever the number."""
    scenarios = [Scenario(str(k)) for k in range(num)]
    lanes = cut(scenarios)
    assert [s for lane in lanes for s in lane] == scenarios
    sizes = [len(lane) for lane in lanes]
    assert not sizes or max(sizes) - min(sizes) <= 1


# --- fronts -----------------------------------------------------------------------------------


def test_the_plans_of_a_front_do_not_beat_each_other() -> None:
    """From the best score to the fairest rates: as the one rises, the other falls."""
    start = baseline()
    found = front(start.setting, DIMENSIONS["priority"], EFFORT, start.earlier)
    worst, score = [p.worst for p in found.points], [p.facts.score for p in found.points]
    assert worst == sorted(set(worst))
    assert score == sorted(set(score), reverse=True)
    assert found.points[0].facts.score == pytest.approx(start.score, abs=1e-3)


@settings(max_examples=12)
@given(markets(max_needs=4, max_products=3))
def test_no_plan_at_all_beats_a_front(market: object) -> None:
    """Every plan of a tiny market, tried one by one, is matched by one of the front."""
    setting = Setting(market, default_weights())  # type: ignore[arg-type]
    _, encoded = encode_setting(setting)
    problem = encoded.problem
    assume(0 < problem.num_edges <= 9)
    found = front(setting, DIMENSIONS["priority"], Effort(gap=1e-9))
    groups = {r.key: r.num_reachable for p in found.points for r in p.rates}
    keys = [str(n.priority) for n in setting.market.needs]
    for bits in product([False, True], repeat=problem.num_edges):
        chosen = np.flatnonzero(bits).astype(np.int64)
        if not is_plan(problem, chosen):
            continue
        matched = {int(i) for i in problem.need[chosen]}
        rates = [
            Fraction(sum(keys[i] == key for i in matched), size) for key, size in groups.items()
        ]
        worst, score = min(rates, default=Fraction(0)), float(problem.weight[chosen].sum())
        # Rates that lie nearer than the front's step may be passed over.
        assert (
            any(
                p.worst >= worst - Fraction(1, 50) and p.facts.score >= score - 1e-4
                for p in found.points
            )
            or not found.points
        )


# --- the least capacity -----------------------------------------------------------------------


def can_serve(solved: Solved, extra: int, lever: Lever, wanted: set[int]) -> bool:
    """Tell by trying every choice whether all of some needs can be served at once."""
    kind = lever.row_kind
    assert kind is not None
    rows = rows_of(solved.encoded, kind, lever.identity)
    problem = with_more(solved.problem, rows, extra)
    options = [
        [e for e in range(problem.num_edges) if problem.need[e] == i and problem.fixed[e] != 0]
        for i in sorted(wanted)
    ]
    pinned = set(problem.pinned.tolist())
    for choice in product(*options):
        chosen = np.array(sorted(pinned | set(choice)), np.int64)
        used = problem.rows.used(chosen)
        if (used <= problem.row_capacity).all() and _one_each(problem.need[chosen], pinned):
            return True
    return False


def _one_each(needs: np.ndarray, pinned: set[int]) -> bool:
    return bool(pinned) or len(set(needs.tolist())) == len(needs)


def test_the_least_extra_serves_and_one_step_less_does_not() -> None:
    """Found by bisection with a certificate, checked by trying every choice."""
    start = baseline()
    waiting = sorted({"N1", "N2", "N3", "N6", "N7"} - start.matched)
    assert waiting
    for need_id in waiting:
        found = least(start, RISK, Goal(need_id=need_id), EFFORT)
        if found.proof is Proof.NOT_ENOUGH:
            continue
        assert found.proof in (Proof.PROVED, Proof.SOLVER)
        market = start.graph.market
        wanted = {market.index("needs", i) for i in {need_id, *start.matched}}
        assert found.extra is not None
        assert found.below is not None
        assert can_serve(start, found.extra, RISK, wanted)
        assert not can_serve(start, found.below, RISK, wanted)
        assert not can_serve(start, found.extra - 1, RISK, wanted)
        assert need_id in {need for need, _ in found.new}
        assert len({need for need, _ in found.plan}) == len(found.plan)


def test_what_is_served_needs_nothing_more() -> None:
    """The answer is 0, and it is said to be not needed."""
    start = baseline()
    served = min(start.matched)
    found = least(start, RISK, Goal(need_id=served), EFFORT)
    assert (found.proof, found.extra) == (Proof.NOT_NEEDED, 0)


def test_what_no_product_fits_is_not_served_by_any_capacity() -> None:
    """It is said, with how many could be served at all."""
    start = baseline()
    found = least(start, RISK, Goal(need_id="N4"), EFFORT)
    assert (found.proof, found.extra, found.num_reachable) == (Proof.NOT_ENOUGH, None, 0)


def test_a_share_of_a_group_may_displace_others_where_that_is_allowed() -> None:
    """It then takes no more than when everybody else must be kept."""
    start = baseline()
    floor = GroupFloor(least=5)
    kept = least(start, RISK, Goal(floor=floor), EFFORT)
    free = least(start, RISK, Goal(floor=floor, keeps_others=False), EFFORT)
    assert kept.num_asked == 5
    if kept.extra is not None and free.extra is not None:
        assert free.extra <= kept.extra


# --- advice -----------------------------------------------------------------------------------


def test_each_advice_gains_what_it_said_within_its_error() -> None:
    """Or less than the prices allow, never more; those whose price does not hold are marked."""
    start = baseline()
    found = advise(start, EFFORT, most=5, workers=1)
    assert found.items
    assert found.num_verified <= found.num_candidates
    reals = [item.real for item in found.items]
    assert reals == sorted(reals, reverse=True)
    for item in found.items:
        assert item.is_within
        assert item.prediction.low - 1e-6 <= item.real <= item.prediction.high + 1e-5
        again = Scenario("", (item.candidate.change,)).apply(start.setting).after
        alone = solve_setting(again, EFFORT)
        slack = max(alone.slack, start.slack)
        assert item.real == pytest.approx(alone.objective - start.objective, abs=slack + 1e-4)
        by_price = abs(item.real - item.prediction.by_price)
        assert item.is_marginal == (by_price <= item.noise + 1e-6)


@settings(max_examples=200 if THOROUGH else 12)
@given(markets())
def test_no_candidate_gains_more_or_less_than_was_predicted(market: object) -> None:
    """By the certificate or by the solver's word: solved exactly, each lies between both ends."""
    start = solve_setting(Setting(market, default_weights()), EFFORT)  # type: ignore[arg-type]
    for candidate in candidates(start):
        said = predicted(start, candidate)
        after = Scenario("", (candidate.change,)).apply(start.setting).after
        real = solve_setting(after, EFFORT).objective - start.objective
        assert said.allows(real, 1e-4)
        assert said.low - 1e-9 <= said.gain <= said.high + 1e-9


def test_predictions_are_tighter_by_the_solvers_word_and_say_so() -> None:
    """Where the certificate leaves a gap, one more place adds at most what can be taken away."""
    market = example_market()
    few = [replace(i, leads=1) for i in market.institutions]
    start = solve_setting(Setting(market.replace(institutions=few), default_weights()), EFFORT)
    without = replace(start, result=replace(start.result, solver_bound=None))
    pairs = [(predicted(start, c), predicted(without, c)) for c in candidates(start) if c.lever]
    assert all(ours.high <= certified.high for ours, certified in pairs)
    assert all(certified.is_certified for _, certified in pairs)
    assert all(ours.is_certified == (ours.high == other.high) for ours, other in pairs)


@settings(max_examples=8)
@given(markets())
def test_no_candidate_left_out_would_have_gained_more(market: object) -> None:
    """The candidates that are not solved are ruled out by their bounds: solving all agrees."""
    start = solve_setting(Setting(market, default_weights()), EFFORT)  # type: ignore[arg-type]
    few, all_of_them = (advise(start, EFFORT, most=n, workers=1) for n in (2, 1000))
    best = [item.real for item in all_of_them.items][:2]
    assert few.is_complete
    assert [item.real for item in few.items] == pytest.approx(best, abs=1e-4)


def test_advice_together_is_marked_when_it_does_not_add_up() -> None:
    """The gain of all changes at once stands beside their sum."""
    market = example_market()
    poor = [replace(p, capacity=p.capacity // 3) for p in market.pools]
    few = [replace(i, leads=1) for i in market.institutions]
    start = solve_setting(
        Setting(market.replace(pools=poor, institutions=few), default_weights()), EFFORT
    )
    found = advise(start, EFFORT, most=10, workers=1)
    assert found.together is not None
    alone = sum(item.real for item in found.items)
    noise = max(item.noise for item in found.items)
    assert found.is_additive == (abs(found.together - alone) <= noise)
    assert found.together >= max(item.real for item in found.items) - noise - 1e-4


def test_a_single_effort_is_kept_by_every_question() -> None:
    """The method that is asked for is the one that answers."""
    start = solve_setting(baseline().setting, Effort(method="greedy"))
    curve = sweep(start.setting, RISK, [WAN], Effort(method="greedy"), workers=1)
    assert curve.points[0].facts.status == "feasible"
