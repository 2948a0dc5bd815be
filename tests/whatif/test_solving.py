"""Warm solves: they agree with cold ones within the certified gaps, and stay near the baseline."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings

from matcher.assign import Status, bound
from matcher.assign.arrays import UNLIMITED
from matcher.assign.feasibility import is_plan
from matcher.planning.effort import Effort
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.weights import default_weights
from matcher.whatif.predict import predict
from matcher.whatif.rescoring import scored
from matcher.whatif.scenario import Scenario
from matcher.whatif.setting import Setting
from matcher.whatif.solving import Solved, encode_setting, solve_setting
from matcher.whatif.warm import fitting
from tests.planning_examples import FIXINGS, WAN, example_market
from tests.whatif.strategies import asked, pool_capacity, usable

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
EFFORT = Effort(gap=1e-6)
scenarios = settings(max_examples=1000 if THOROUGH else 25)


def example_baseline() -> Solved:
    """Return the hand-made market, solved."""
    return solve_setting(Setting(example_market(), default_weights(), FIXINGS), EFFORT)


@scenarios
@given(asked())
def test_warm_and_cold_agree_within_their_certified_gaps(
    found: tuple[Setting, Scenario],
) -> None:
    """Each plan's objective lies below the other's bound, and both are what they claim to be."""
    setting, scenario = found[0], usable(*found)
    baseline = solve_setting(setting, EFFORT)
    after = scenario.apply(setting).after
    cold = solve_setting(after, EFFORT)
    warm = solve_setting(after, EFFORT, baseline.earlier)
    assert (cold.result.objective is None) == (warm.result.objective is None)
    if cold.result.objective is None:
        return
    for one, other in ((cold, warm), (warm, cold)):
        assert one.result.bound is not None
        assert other.objective <= one.result.bound + 1e-6
        again = bound(one.problem, one.result.multipliers, one.result.floor_multipliers)
        assert one.result.bound == pytest.approx(again, abs=1e-9)
        assert one.objective == pytest.approx(one.problem.worth(one.result.chosen), abs=1e-9)
    assert abs(cold.objective - warm.objective) <= max(cold.slack, warm.slack) + 1e-6
    assert {cold.result.status, warm.result.status} <= {
        Status.OPTIMAL, Status.FEASIBLE, Status.NOTHING
    }  # fmt: skip


@scenarios
@given(asked(most=2))
def test_no_scenario_gains_more_than_the_prices_allow(found: tuple[Setting, Scenario]) -> None:
    """Before solving, the baseline's multipliers bound what a change can gain, whatever it is."""
    setting, scenario = found[0], usable(*found)
    baseline = solve_setting(setting, EFFORT)
    if baseline.result.bound is None:
        return
    after = solve_setting(scenario.apply(setting).after, EFFORT, baseline.earlier)
    if after.result.status is Status.INFEASIBLE:
        return
    said = predict(baseline, after.graph, after.encoded)
    assert said.allows(after.objective - baseline.objective, 1e-5)


def test_nothing_moves_where_nothing_changed() -> None:
    """The empty scenario gives the baseline's very matches."""
    baseline = example_baseline()
    again = solve_setting(baseline.setting, EFFORT, baseline.earlier)
    assert again.earlier.matches == baseline.earlier.matches


def test_a_tie_is_broken_for_the_plan_that_stands() -> None:
    """Of two needs alike, the one that has the only place keeps it in every warm solve."""
    from matcher.domain.enterprise import Enterprise, Need
    from matcher.domain.institution import Institution, Product
    from matcher.domain.records import Records
    from matcher.market import Market
    from matcher.whatif.warm import Earlier
    from tests.planning_examples import AS_OF

    records = Records(
        enterprises=(Enterprise(enterprise_id="E", name="企业"),),
        needs=tuple(Need(need_id=i, enterprise_id="E", amount_fen=WAN) for i in ("N1", "N2")),
        institutions=(Institution(institution_id="B", name="银行"),),
        products=(Product(product_id="P", institution_id="B", name="贷", leads=1),),
    )
    setting = Setting(Market.from_records(records, AS_OF), default_weights())
    for need in ("N1", "N2"):
        warm = solve_setting(setting, EFFORT, Earlier({}, ((need, "P", ()),), None))
        assert warm.matched == {need}


def test_an_earlier_answer_remembers_the_capacities_it_was_found_at() -> None:
    """Of each row by identity; a row that the earlier market did not have is told apart."""
    baseline = example_baseline()
    smaller = Scenario("", (pool_capacity("F1", 80 * WAN),)).apply(baseline.setting).after
    solved = solve_setting(smaller, EFFORT, baseline.earlier, baseline.graph)
    known = solved.earlier.capacities_for(solved.encoded.rows)
    before = baseline.earlier.capacities_for(solved.encoded.rows)
    assert known.tolist() == solved.problem.row_capacity.tolist()
    moved = [solved.encoded.rows[r].identity for r in np.flatnonzero(known != before)]
    assert moved == ["F1"]
    nothing = replace(baseline.earlier, capacities={})
    assert set(nothing.capacities_for(solved.encoded.rows)) == {UNLIMITED}


def test_an_earlier_plan_that_no_longer_fits_is_trimmed() -> None:
    """What is left of it keeps every limit of the new problem, pins and bans included."""
    baseline = example_baseline()
    smaller = Scenario("", (pool_capacity("F1", 80 * WAN),)).apply(baseline.setting).after
    cold = solve_setting(smaller, EFFORT)
    kept = fitting(cold.problem, baseline.earlier.edges_in(cold.graph))
    assert is_plan(cold.problem, kept)
    assert len(kept) < len(baseline.result.chosen)


def test_the_same_question_has_the_same_answer() -> None:
    """Down to the last match and the last digit of the prices."""
    answers = []
    for _ in range(2):
        baseline = example_baseline()
        after = Scenario("", (pool_capacity("F1", 900 * WAN),)).apply(baseline.setting).after
        warm = solve_setting(after, EFFORT, baseline.earlier)
        answers.append((warm.earlier.matches, warm.result.multipliers.tolist(), warm.objective))
    assert answers[0] == answers[1]


@scenarios
@given(asked(most=2))
def test_what_only_limits_is_not_scored_again(found: tuple[Setting, Scenario]) -> None:
    """A graph that is taken over is the very graph that scoring would give."""
    setting, scenario = found[0], usable(*found)
    before, _ = encode_setting(setting)
    after = scenario.apply(setting).after
    taken = scored(after.market, after.weights, before)
    anew = ScoringGraph.build(after.market, after.weights)
    for name in ("need", "product", "offered_fen", "claims", "support_fen"):
        assert (getattr(taken.edges, name) == getattr(anew.edges, name)).all()
    assert (taken.score == anew.score).all()
    assert taken.market is after.market
    assert (taken.features == anew.features).all()


def test_more_room_takes_the_graph_over_and_another_rate_does_not() -> None:
    """Both ways are taken: the first shares its arrays with the baseline's graph."""
    baseline = example_baseline()
    market = baseline.setting.market
    more = [replace(p, capacity=p.capacity + 1) for p in market.pools]
    dearer = [replace(p, rate=Decimal("0.09"), rate_max=None) for p in market.products]
    weights = baseline.setting.weights
    assert scored(market.replace(pools=more), weights, baseline.graph).edges is baseline.graph.edges
    other = scored(market.replace(products=dearer), weights, baseline.graph)
    assert other.edges is not baseline.graph.edges
