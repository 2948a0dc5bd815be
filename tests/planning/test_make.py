"""A plan in the words of the round, held against the records that it came from."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.assign import Status
from matcher.domain.choices import PoolUnit
from matcher.domain.criteria import State
from matcher.domain.errors import InputError, UnknownIdError
from matcher.domain.institution import Institution, Pool, Product
from matcher.domain.records import Records
from matcher.finance.months import add_months
from matcher.market import Market
from matcher.planning.encode import Fixings
from matcher.planning.make import make_plan
from matcher.planning.plan import Match, Plan
from matcher.scoring.weights import default_weights
from tests.strategies import AS_OF, markets, records

WEIGHTS = default_weights()


def pairs(plan: Plan) -> list[tuple[str, str]]:
    """Return the matches as ids."""
    return [(m.need.need_id, m.product.product_id) for m in plan.matches]


@given(markets())
def test_every_need_is_matched_or_has_its_reason(market: Market) -> None:
    """No need is lost, none is in both lists, and a reason exists in both languages."""
    plan = make_plan(market, WEIGHTS)
    matched = {m.need.need_id for m in plan.matches}
    unmatched = [u.need.need_id for u in plan.unmatched]
    assert len(unmatched) == len(set(unmatched))
    assert matched.isdisjoint(unmatched)
    assert matched | set(unmatched) == {n.need_id for n in market.needs}
    assert all(u.reason.zh and u.reason.en for u in plan.unmatched)


@given(markets())
def test_matches_respect_the_records_read_one_by_one(market: Market) -> None:
    """Consent, conflicts, contacts, amounts and deadlines hold, by the records alone."""
    plan = make_plan(market, WEIGHTS)
    for match in plan.matches:
        need, bank = match.need, match.institution.institution_id
        assert need.consent is None or bank in need.consent
        assert bank not in match.enterprise.conflicts
        assert need.least_fen <= match.offered_fen <= need.amount_fen
        assert match.slack_workdays is None or match.slack_workdays >= 0
        if match.cash_date and need.needed_by:
            assert match.cash_date <= max(need.needed_by, AS_OF)
        assert sum(t.part for t in match.terms) == pytest.approx(match.score, abs=2e-6)
    for need in market.needs:
        banks = [m.institution.institution_id for m in plan.of_need(need.need_id)]
        assert len(banks) == len(set(banks)) <= need.contacts


def drawn(match: Match, pool: Pool) -> int:
    """Return what a match draws on a pool, counted from its records and claims."""
    is_count = pool.unit is PoolUnit.COUNT
    parts = [match.product, *(part.product for part in match.companions)]
    times = sum(pool.pool_id in product.pools for product in parts)
    claims = [c for c in match.claims if c.policy.pool_id == pool.pool_id]
    supports = len(claims) if is_count else sum(c.support_fen for c in claims)
    return times * (1 if is_count else match.offered_fen) + supports


def is_out(market: Market, match: Match, day: date) -> bool:
    """Tell whether a match has money of a revolving fund on a day."""
    out = match.cash_date or market.as_of
    if match.need.term_days is not None:
        return out <= day < out + timedelta(days=match.need.term_days)
    months = match.need.term_months
    return out <= day and (months is None or day < add_months(out, months))


@given(markets())
def test_pools_are_never_overdrawn_by_the_records(market: Market) -> None:
    """Places and fen used, counted from the matches, stay within every pool on every day."""
    plan = make_plan(market, WEIGHTS)
    for pool in market.pools:
        days = {m.cash_date or AS_OF for m in plan.matches} if pool.revolving else {AS_OF}
        for day in days:
            out = [m for m in plan.matches if not pool.revolving or is_out(market, m, day)]
            assert sum(drawn(m, pool) for m in out) <= pool.capacity_on(AS_OF, day)


@given(markets())
def test_limits_are_kept_by_all_parts_of_the_packages(market: Market) -> None:
    """A product and an institution give no more than they can, leading or as a companion."""
    plan = make_plan(market, WEIGHTS)
    for product in market.products:
        mine = [m for m in plan.matches if product in (m.product, *_companions(m))]
        assert product.leads is None or len(mine) <= product.leads
        assert product.quota_fen is None or sum(m.offered_fen for m in mine) <= product.quota_fen
    for bank in market.institutions:
        mine = [m for m in plan.matches if bank in (m.institution, *_partners(m))]
        assert bank.leads is None or len(mine) <= bank.leads
        assert bank.quota_fen is None or sum(m.offered_fen for m in mine) <= bank.quota_fen


def _companions(match: Match) -> list[Product]:
    return [part.product for part in match.companions]


def _partners(match: Match) -> list[Institution]:
    return [part.institution for part in match.companions]


@given(markets())
def test_claims_are_policies_that_apply_and_pay_no_more_than_they_may(market: Market) -> None:
    """Each claim passes its criteria, is in force, keeps its cap, and no benefit stands twice."""
    plan = make_plan(market, WEIGHTS)
    for match in plan.matches:
        subject = market.subjects[market.index("needs", match.need.need_id)]
        benefits = [claim.policy.benefit for claim in match.claims]
        assert len(benefits) == len(set(benefits))
        for claim in match.claims:
            assert claim.policy.judge(subject).state is State.PASS
            assert claim.policy.in_force(market.as_of)
            assert claim.policy.cap_fen is None or claim.support_fen <= claim.policy.cap_fen


@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(found: Records, rng: random.Random) -> None:
    """Shuffled tables give the same matches, the same reasons and the same numbers."""
    shuffled = {}
    for field in fields(Records):
        rows = list(getattr(found, field.name))
        rng.shuffle(rows)
        shuffled[field.name] = tuple(rows)
    plan = make_plan(Market.from_records(found, AS_OF), WEIGHTS)
    other = make_plan(Market.from_records(Records(**shuffled), AS_OF), WEIGHTS)
    assert plan.matches == other.matches
    assert plan.unmatched == other.unmatched
    assert plan.pools == other.pools
    assert plan.result.objective == other.result.objective
    assert plan.result.bound == other.result.bound


@given(markets(), st.data())
def test_pins_and_bans_hold(market: Market, data: st.DataObject) -> None:
    """A banned pair is never matched; a pinned one always, unless pins break a limit."""
    free = make_plan(market, WEIGHTS)
    graph = free.graph
    eligible = [
        (market.needs[i].need_id, market.products[j].product_id)
        for i, j in zip(graph.edges.need, graph.edges.product, strict=True)
    ]
    if not eligible:
        return
    chosen = data.draw(st.lists(st.sampled_from(eligible), unique=True, max_size=3))
    pins, bans = frozenset(chosen[:1]), frozenset(chosen[1:])
    plan = make_plan(market, WEIGHTS, fixings=Fixings(pins, bans))
    assert bans.isdisjoint(pairs(plan))
    if plan.result.status is Status.INFEASIBLE:
        assert plan.matches == ()
        assert plan.result.reason.zh
    else:
        assert pins <= set(pairs(plan))
        assert all(m.is_pinned == ((m.need.need_id, m.product.product_id) in pins)
                   for m in plan.matches)  # fmt: skip


@given(markets())
def test_more_capacity_never_hurts(market: Market) -> None:
    """With a larger pool and one more lead for each bank the objective does not fall."""
    before = make_plan(market, WEIGHTS).result.objective
    banks = [
        replace(b, leads=None if b.leads is None else b.leads + 1) for b in market.institutions
    ]
    pools = [replace(p, capacity=p.capacity + 1000) for p in market.pools]
    after = make_plan(market.replace(institutions=banks, pools=pools), WEIGHTS).result.objective
    assert before is not None
    assert after is not None
    assert after >= before - 1e-9


@given(markets())
def test_the_plan_is_at_least_as_good_as_picking_by_hand(market: Market) -> None:
    """Objective is no less than greedy's, and no more than the certified bound."""
    plan = make_plan(market, WEIGHTS)
    result = plan.result
    assert result.objective is not None
    assert result.bound is not None
    assert plan.greedy_objective is not None
    assert plan.greedy_objective <= result.objective + 1e-9
    assert result.objective <= result.bound + 1e-9


@given(markets())
def test_who_is_outbid_is_told_a_pool_that_has_too_little_left(market: Market) -> None:
    """Each blocking pool holds less than what the need would draw from it."""
    plan = make_plan(market, WEIGHTS)
    left = {u.row: u.capacity - u.used for u in plan.pools}
    for item in plan.unmatched:
        if item.kind == "outbid":
            assert item.blocking
        for row in item.blocking:
            # A part more, and a support beside the amount, may draw on it too.
            parts = market.num_products + len(market.policies)
            most = parts * (1 if row.unit is PoolUnit.COUNT else item.need.amount_fen)
            assert left[row] < most


def test_a_pin_on_an_ineligible_pair_is_refused_by_name() -> None:
    """The error names the pair; an unknown id is another error."""
    from tests.planning.small import small_market

    market = small_market()
    with pytest.raises(InputError, match="slow × patient"):
        make_plan(market, WEIGHTS, fixings=Fixings(pins=frozenset({("slow", "patient")})))
    with pytest.raises(UnknownIdError, match="nobody"):
        make_plan(market, WEIGHTS, fixings=Fixings(pins=frozenset({("nobody", "patient")})))
    both = frozenset({("easy", "quick")})
    with pytest.raises(InputError, match="both pinned and banned"):
        make_plan(market, WEIGHTS, fixings=Fixings(pins=both, bans=both))


def test_an_empty_market_plans_nothing_without_error() -> None:
    """No records give a plan with no matches and the status that says so."""
    plan = make_plan(Market.from_records(Records(), AS_OF), WEIGHTS)
    assert (plan.matches, plan.unmatched) == ((), ())
    assert plan.result.status is Status.NOTHING
