import pytest

import seeds
from matcher.domain.choices import InstitutionKind, PoolUnit
from matcher.market import Market
from matcher.planning.make import make_plan
from matcher.planning.plan import Plan
from matcher.scoring.weights import default_weights


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Return the plan of the seeded round."""
    return make_plan(Market.from_records(seeds.load(), seeds.SEED_DATE), default_weights())


def test_four_banks_can_pay_the_wages_in_time(plan: Plan):
    """Row A1: however scarce the leads, at least four banks are proposed, none of them late."""
    need_id = "binjiang-a1-wages"
    offers = [m for m in plan.of_need(need_id) if m.institution.kind is InstitutionKind.BANK]
    assert len(offers) >= 4
    assert all(m.cash_date and m.need.needed_by for m in offers)
    assert all(m.cash_date <= m.need.needed_by for m in offers)  # type: ignore[operator]
    assert not any(m.missing for m in offers)


def test_the_six_workdays_to_the_wages_divide_the_banks():
    """Row A1: six example banks of Hangzhou pay within 6 workdays, two pay nobody so soon."""
    market = Market.from_records(seeds.load(), seeds.SEED_DATE)
    need = next(n for n in market.needs if n.need_id == "binjiang-a1-wages")
    days = market.workdays_left(need)
    assert days == 6
    fastest = {
        bank: min(p.cash_workdays or 0 for p in market.products if p.institution_id == bank)
        for bank in (f"bank-{letter}" for letter in "abcdefgh")
    }
    assert sum(d <= days for d in fastest.values()) == 6
    assert sorted(d for d in fastest.values() if d > days) == [8, 9]


def test_the_round_is_scarce_enough_for_prices(plan: Plan):
    """Places and money both have a price somewhere, and the plan beats the baseline."""
    priced = {use.row.unit for use in plan.pools if use.multiplier > 0}
    assert priced == {PoolUnit.COUNT, PoolUnit.FEN}
    assert plan.gain_over_greedy is not None
    assert plan.gain_over_greedy > 0.01


def test_the_stated_pools_run_short(plan: Plan):
    """The rollover fund, the grants of the year and the risk pool cannot serve everybody."""
    by_pool = {use.row.identity: use for use in plan.pools}
    for pool in ("zhoushan-bridge-pool", "lucheng-grant-year", "shangcheng-risk-pool"):
        assert by_pool[pool].multiplier > 0, pool


def test_unmatched_needs_show_every_kind_of_reason(plan: Plan):
    """Some needs are impossible on purpose: too large, too soon, out of reach; some are outbid."""
    kinds = {u.need.need_id: u.kind for u in plan.unmatched}
    assert set(kinds.values()) == {"not_eligible", "outbid"}
    planted = ("binjiang-16-b", "binjiang-19-a", "elsewhere-01-a", "zhoushan-04-a", "lucheng-05-a")
    assert {need_id: kinds.get(need_id) for need_id in planted} == dict.fromkeys(
        planted, "not_eligible"
    )
