"""The compiled scan beside the reading product by product: the same edges, to the bit."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.choices import Benefit
from matcher.domain.criteria import Has, Range
from matcher.domain.expression import parse
from matcher.domain.policy import Policy
from matcher.market import Market
from matcher.scoring import roads
from matcher.scoring.candidates import find
from matcher.scoring.candidates.axes import rule_axes
from matcher.scoring.candidates.newton import yearly_return
from matcher.scoring.columns import RuleColumns
from matcher.scoring.eligibility import Edges
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.pair import Pair
from matcher.scoring.roads import at_speed, by_blocks
from matcher.scoring.select import Candidates
from matcher.scoring.weights import FEATURE_NAMES, default_weights
from tests.benchmarks.candidates_market import AS_OF, make_records
from tests.strategies import criteria, markets

WEIGHTS = default_weights()
COSTS = ("low", "high")


def slow(market: Market, best: int | None = None) -> Candidates:
    """Return the candidates by the reading that tests hold equal to the one with reasons."""
    return by_blocks(market, WEIGHTS, range(market.num_products), best)


def assert_same(one: Candidates, two: Candidates) -> None:
    """Hold pairs, claims, amounts, counts and order equal, scores and costs within rounding."""
    for column in fields(Edges):
        left, right = getattr(one.edges, column.name), getattr(two.edges, column.name)
        assert left.dtype == right.dtype
        if column.name in COSTS:
            np.testing.assert_allclose(left, right, rtol=0, atol=1e-12)
        else:
            np.testing.assert_array_equal(left, right, err_msg=column.name)
    np.testing.assert_allclose(one.score, two.score, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(one.nearest.product, two.nearest.product)
    np.testing.assert_array_equal(one.nearest.distance, two.nearest.distance)


@pytest.fixture(scope="module")
def market() -> Market:
    """Return a market of 1,500 needs and 130 products, fixed fees and packages among them."""
    records = make_records(1_500, 120, seed=3)
    products = list(records.products)
    for n in range(0, 100, 7):
        products[n] = replace(products[n], requires=frozenset({products[n + 5].product_id}))
    twins = [replace(p, product_id=f"Q{n}") for n, p in enumerate(products[:10])]
    return Market.from_records(replace(records, products=(*products, *twins)), AS_OF)


@given(markets(), st.sampled_from([None, 1, 2, 3]))
def test_both_roads_find_the_same_edges(market: Market, best: int | None) -> None:
    """On small markets with everything that can be missing missing, policies and packages."""
    assert_same(at_speed(market, WEIGHTS, best), slow(market, best))


@pytest.mark.parametrize("best", [None, 1, 7, 50])
def test_both_roads_find_the_same_edges_of_a_larger_market(market: Market, best) -> None:
    """With fixed fees, packages, and products that tie with their twins."""
    assert_same(at_speed(market, WEIGHTS, best), slow(market, best))


def test_supported_packages_are_merged_with_the_rest(market: Market) -> None:
    """A subsidy for guarantees gives them several offers; loans are scanned as before."""
    support = Policy(
        policy_id="S",
        name="保费补贴",
        benefit=Benefit.FEE_SUBSIDY,
        rate=Decimal("0.5"),
        instruments=frozenset({market.products[0].instrument}),
        criteria=(parse("staff >= 20"),),
    )
    some = market.replace(policies=[support], needs=market.needs[:300])
    found = at_speed(some, WEIGHTS, 5)
    assert (found.edges.claims >= 0).any()
    assert_same(found, slow(some, 5))


def test_packages_of_very_many_rules_are_merged_too(market: Market) -> None:
    """More rules than the counters hold: the result is still the same."""
    rules = tuple(Range("staff", low=-n) for n in range(roads.MOST_RULES + 1))
    heavy = replace(market.products[3], criteria=rules)
    some = market.replace(
        products=[*market.products[:3], heavy, *market.products[4:]], needs=market.needs[:200]
    )
    assert_same(at_speed(some, WEIGHTS, 5), slow(some, 5))


@pytest.mark.parametrize("threads", [1, 3])
def test_neither_threads_nor_blocks_change_the_result(
    market: Market, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same bits with one thread and with three, and with blocks of few needs."""
    whole = at_speed(market, WEIGHTS, 9)
    monkeypatch.setattr(find, "BLOCK_EDGES", 100)
    again = at_speed(market, WEIGHTS, 9, threads)
    assert_same(whole, again)
    assert whole.score.tobytes() == again.score.tobytes()


def test_the_first_road_keeps_the_best_of_each_batch(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trimming after every few products leaves what trimming once would."""
    whole = slow(market, 4)
    monkeypatch.setattr(roads, "BLOCK_PAIRS", 3 * market.num_needs)
    assert_same(slow(market, 4), whole)


@pytest.mark.parametrize("fast_from", [0, 10**12])
def test_the_best_of_a_need_are_those_of_the_highest_scores(
    market: Market, fast_from: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By score, then product, then offer, sorted by hand; the rows stay in order."""
    monkeypatch.setattr(roads, "FAST_FROM", fast_from)
    every, best = ScoringGraph.build(market, WEIGHTS), ScoringGraph.build(market, WEIGHTS, 6)
    for need in range(market.num_needs):
        ranked = sorted(every.edges_of_need(need), key=lambda e: (-every.score[e], e))
        kept = sorted(ranked[:6])
        span = best.edges_of_need(need)
        assert best.edges.product[span.start : span.stop].tolist() == (
            every.edges.product[kept].tolist()
        )
        assert best.score[span.start : span.stop].tolist() == every.score[kept].tolist()


def test_the_terms_of_a_scanned_graph_are_the_terms_of_its_sum(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Features are reckoned after the scan, and their weighted sum is what the scan scored."""
    monkeypatch.setattr(roads, "FAST_FROM", 0)
    graph = ScoringGraph.build(market, WEIGHTS, 10)
    assert graph.features.shape == (graph.num_edges, len(FEATURE_NAMES))
    np.testing.assert_allclose(graph.terms.sum(axis=1), graph.score, atol=1e-6)


def test_scanned_costs_are_the_decimal_ones(market: Market) -> None:
    """Within 0.01 percentage points they must be; they are to ten places."""
    edges = at_speed(market, WEIGHTS, None).edges
    rng = np.random.default_rng(1)
    fixed = np.array([p.fee_fixed_fen > 0 for p in market.products])[edges.product]
    some = [*rng.choice(len(fixed), 150), *rng.choice(np.flatnonzero(fixed), 50)]
    for edge in some:
        pair = Pair.of(market, int(edges.need[edge]), int(edges.product[edge]))
        best = pair.best
        if best is None:
            assert np.isnan(edges.low[edge])
            continue
        assert edges.low[edge] == pytest.approx(float(best.low), abs=1e-10)
        assert edges.high[edge] == pytest.approx(float(best.high), abs=1e-10)


def test_a_deadline_that_has_passed_is_not_missed_by_what_states_no_days(market: Market) -> None:
    """Nobody knows how long the product takes: undecided, and so not counted as a failure."""
    late = [replace(n, needed_by=AS_OF - timedelta(days=9)) for n in market.needs[:50]]
    silent = [replace(p, cash_workdays=None, acceptance_workdays=None) for p in market.products]
    some = market.replace(needs=late, products=silent)
    assert_same(at_speed(some, WEIGHTS, 3), slow(some, 3))


def test_a_fee_that_eats_up_the_amount_costs_the_most() -> None:
    """1,000 % a year stands for every cost above, as in the Decimal reading."""
    assert yearly_return(1.0, 0.0, 0.05, 0.0, False, 12.0, 0.05) == 10.0
    assert yearly_return(0.99, 0.0, 0.05, 0.0, False, 1.0, 0.05) == 10.0


@given(markets(max_products=0), st.lists(criteria(), min_size=1, max_size=6))
def test_rules_by_classes_say_what_rules_by_needs_say(market: Market, rules: list) -> None:
    """The state of a need's class is the need's own, whatever shares the axis."""
    columns = RuleColumns(market)
    axes = rule_axes(market, rules)
    assert sorted(map(repr, dict.fromkeys(rules))) == sorted(
        repr(r) for a in axes for r in a.states
    )
    for axis in axes:
        for rule, states in axis.states.items():
            assert states[axis.codes].tolist() == columns.states(rule).tolist(), rule.text.en


def test_a_set_of_many_words_still_falls_into_classes(market: Market) -> None:
    """More words than fit one number: combinations are told apart by their bytes."""
    words = [f"标签{n:03d}" for n in range(90)]
    firms = [
        replace(e, tags=frozenset(words[n % 90 :][:3])) if n % 4 else e
        for n, e in enumerate(market.records.enterprises)
    ]
    tagged = market.replace(enterprises=firms, needs=market.needs[:200])
    rules = [Has("tags", frozenset(words[:80])), Has("tags", frozenset(words[60:]), every=True)]
    (axis,) = rule_axes(tagged, rules)
    for rule in rules:
        assert axis.states[rule][axis.codes].tolist() == RuleColumns(tagged).states(rule).tolist()


@settings(max_examples=20)
@given(markets(max_needs=3, max_products=4), st.integers(1, 3))
def test_no_need_keeps_more_than_the_best(market: Market, best: int) -> None:
    """And none that has an edge loses its best one."""
    every, kept = slow(market), slow(market, best)
    by_need: dict[int, list[float]] = defaultdict(list)
    for need, score in zip(every.edges.need.tolist(), every.score.tolist(), strict=True):
        by_need[need].append(score)
    for need, scores in by_need.items():
        mine = kept.score[kept.edges.need == need].tolist()
        assert sorted(mine, reverse=True) == sorted(scores, reverse=True)[:best]


@pytest.mark.parametrize("best", [0, -1])
def test_less_than_one_candidate_is_refused(market: Market, best: int) -> None:
    """Nothing would be left of the graph."""
    with pytest.raises(ValueError, match="at least 1"):
        ScoringGraph.build(market, WEIGHTS, best)


def test_small_markets_never_load_the_compiler() -> None:
    """`matcher demo` must not wait for numba."""
    code = (
        "import sys; from matcher.scoring.graph import ScoringGraph;"
        "from matcher.scoring.weights import default_weights;"
        "from tests.planning.small import small_market;"
        "ScoringGraph.build(small_market(), default_weights(), 2);"
        "print([m for m in sys.modules if m.split('.')[0] in ('numba', 'llvmlite')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
