"""Bottlenecks of a round, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

import seeds
from matcher.market import Market
from matcher.planning.make import make_plan
from matcher.planning.plan import Plan
from matcher.scoring.weights import default_weights

WEIGHTS = default_weights()


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Return the plan of the seeds' round."""
    return make_plan(Market.from_records(seeds.load(), seeds.SEED_DATE), WEIGHTS)


def test_who_shares_too_little_is_told_with_what_would_help(plan: Plan) -> None:
    """The bridge fund is short for two of the firms, and more of it would serve both."""
    assert plan.bottlenecks
    first = plan.bottlenecks[0]
    assert first.short == len(first.needs) - first.places == 2
    assert [h.more for h in first.helps] == [2]
    assert first.sentence.en.startswith("7 needs for bridge share 5 places: Zhouzhuanling")
    assert first.sentence.zh.startswith("7 个转贷需求共享 5 个名额：舟转灵转贷资金池")


def test_those_who_must_go_without_do(plan: Plan) -> None:
    """Of each bottleneck's needs at least as many are unmatched as it says."""
    unmatched = {u.need.need_id for u in plan.unmatched}
    for found in plan.bottlenecks or ():
        assert len({n.need_id for n in found.needs} & unmatched) >= found.short


def test_the_help_that_is_named_helps(plan: Plan) -> None:
    """A bridge fund without limit leaves no bottleneck there, and serves the two."""
    market = plan.graph.market
    wide = [
        replace(p, capacity=10**15) if p.pool_id == "zhoushan-bridge-pool" else p
        for p in market.pools
    ]
    other = make_plan(market.replace(pools=wide), WEIGHTS)
    assert plan.bottlenecks is not None
    assert other.bottlenecks is not None
    assert len(other.bottlenecks) == len(plan.bottlenecks) - 1
    assert other.num_matched_needs >= plan.num_matched_needs + 2
