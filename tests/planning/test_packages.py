"""Packages: a loan with its guarantee, insurance and policies as one option."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.choices import Benefit, InstitutionKind, Instrument
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.errors import InputError
from matcher.domain.institution import Institution, Pool, Product
from matcher.domain.policy import Policy
from matcher.domain.records import Records
from matcher.market import Market
from matcher.planning.encode import Fixings
from matcher.planning.make import make_plan
from matcher.planning.plan import Plan
from matcher.scoring.explain import explain
from matcher.scoring.weights import default_weights

WAN = 1_000_000
AS_OF = date(2022, 5, 25)
WEIGHTS = default_weights()


def need(number: int, **fields: Any) -> Need:
    """Return a need of one million for a year."""
    values = {"amount_fen": 100 * WAN, "term_months": 12, **fields}
    return Need(need_id=f"N{number}", enterprise_id="E", **values)


LOAN = Product(
    product_id="loan",
    institution_id="bank",
    name="担保贷",
    rate=Decimal("0.04"),
    cash_workdays=3,
    requires=frozenset({"guarantee"}),
)
GUARANTEE = Product(
    product_id="guarantee",
    institution_id="guarantor",
    name="见贷即保",
    instrument=Instrument.GUARANTEE,
    rate=Decimal("0.01"),
    cash_workdays=2,
)
FEE_SUBSIDY = Policy(
    policy_id="half-the-fee",
    name="保费补贴",
    benefit=Benefit.FEE_SUBSIDY,
    rate=Decimal("0.5"),
    instruments=frozenset({Instrument.GUARANTEE}),
    pool_id="budget",
)
BUDGET = Pool(pool_id="budget", name="补贴预算", capacity=10**12)


def market(*needs: Need, **tables: Any) -> Market:
    """Return a round of one bank and one guarantor."""
    values: dict[str, Any] = {
        "enterprises": (Enterprise(enterprise_id="E", name="示例企业"),),
        "institutions": (
            Institution(institution_id="bank", name="示例银行"),
            Institution(
                institution_id="guarantor", name="示例担保", kind=InstitutionKind.GUARANTOR
            ),
        ),
        "products": (LOAN, GUARANTEE),
        **tables,
    }
    return Market.from_records(Records(needs=needs or (need(0),), **values), AS_OF)


def planned(*needs: Need, **tables: Any) -> Plan:
    """Return the plan of such a round."""
    return make_plan(market(*needs, **tables), WEIGHTS)


def use(plan: Plan, identity: str) -> int:
    """Return how much of a pool is used."""
    (found,) = [u for u in plan.pools if u.row.identity == identity]
    return found.used


def test_a_package_is_one_match_with_its_parts_and_their_cost():
    """4 % of interest and 1 % of guarantee fee, both on what is owed, cost 5 %."""
    (match,) = planned().matches
    assert [p.product.product_id for p in match.companions] == ["guarantee"]
    assert match.all_in_low == match.all_in_high == Decimal("0.05")


@pytest.mark.parametrize(("follows", "day"), [(True, date(2022, 5, 30)), (False, date(2022, 6, 1))])
def test_a_guarantee_that_follows_takes_no_time_of_its_own(follows, day):
    """Three workdays of the bank, or two of the guarantor before them."""
    products = (LOAN, replace(GUARANTEE, approval_follows=follows))
    (match,) = planned(products=products).matches
    assert match.cash_date == day


def test_a_package_too_slow_by_the_review_of_a_part_is_not_eligible():
    """The bank alone would be in time; with the guarantor's review it is two workdays late."""
    asked = market(need(0, needed_by=date(2022, 5, 30)))
    told = explain(asked, WEIGHTS, 0, asked.index("products", "loan"))
    assert [v.found.en for v in told.failing if v.found] == ["too slow by 2 workdays"]


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"amount_max_fen": 50 * WAN}, "见贷即保 · 融资金额"),
        ({"term_max_months": 6}, "见贷即保 · 期限"),
        ({"valid_to": date(2022, 5, 24)}, "见贷即保 · 有效期"),
    ],
)
def test_what_a_part_does_not_give_fails_the_package_by_its_name(fields, label):
    """The verdict says which part stands in the way."""
    asked = market(products=(LOAN, replace(GUARANTEE, **fields)))
    told = explain(asked, WEIGHTS, 0, asked.index("products", "loan"))
    assert [v.label.zh for v in told.failing] == [label]
    assert not make_plan(asked, WEIGHTS).matches


def test_a_part_sees_the_need_only_with_consent():
    """A firm that lets the bank alone see its need gets no package with the guarantor."""
    plan = planned(need(0, consent=frozenset({"bank"})))
    assert not plan.matches
    assert "示例担保" in plan.unmatched[0].reason.zh


def test_the_package_gives_what_its_smallest_part_gives():
    """A guarantee of 600,000 makes a loan of 600,000."""
    products = (LOAN, replace(GUARANTEE, amount_max_fen=60 * WAN))
    (match,) = planned(need(0, amount_min_fen=50 * WAN), products=products).matches
    assert match.offered_fen == 60 * WAN


@pytest.mark.parametrize("limit", ["product", "institution"])
@pytest.mark.parametrize("field", ["leads", "quota_fen"])
def test_the_book_of_the_guarantor_is_used_up_by_the_loans_behind_it(limit, field):
    """Of three packages of one million a guarantor with room for two stands behind two."""
    room = 2 if field == "leads" else 250 * WAN
    tables: dict[str, Any] = {}
    if limit == "product":
        tables["products"] = (LOAN, replace(GUARANTEE, **{field: room}))
    else:
        bank, guarantor = market().institutions
        tables["institutions"] = (bank, replace(guarantor, **{field: room}))
    plan = planned(need(0), need(1), need(2), **tables)
    assert len(plan.matches) == 2
    (item,) = plan.unmatched
    assert [row.identity[:9] for row in item.blocking] == [
        "guarantee" if limit == "product" else "guarantor"
    ]


def test_a_need_for_the_guarantee_alone_competes_with_the_packages():
    """One place of the guarantor, two who want it: one match."""
    products = (LOAN, replace(GUARANTEE, leads=1))
    alone = need(1, instruments=frozenset({Instrument.GUARANTEE}))
    plan = planned(need(0), alone, products=products)
    assert len(plan.matches) == 1


def test_a_subsidy_halves_the_fee_and_is_reserved_in_its_budget():
    """Half of 10,000 yuan of fees over the year; the all-in cost falls by half a point."""
    plan = planned(policies=(FEE_SUBSIDY,), pools=(BUDGET,))
    (match,) = plan.matches
    assert [(c.policy.policy_id, c.support_fen) for c in match.claims] == [
        ("half-the-fee", 500_000)
    ]
    assert match.all_in_low == Decimal("0.045")
    assert use(plan, "budget") == 500_000


def test_a_budget_for_one_goes_to_one_and_the_other_is_matched_without():
    """Nobody is turned away for a subsidy that has run out."""
    budget = replace(BUDGET, capacity=999_999)
    plan = planned(need(0), need(1), policies=(FEE_SUBSIDY,), pools=(budget,))
    assert sorted(len(m.claims) for m in plan.matches) == [0, 1]
    assert use(plan, "budget") == 500_000


def test_a_need_that_can_only_pay_with_the_subsidy_gets_it_first():
    """The firm that accepts 4.6 % at most needs the budget; the other can do without."""
    poor = need(1, max_rate=Decimal("0.046"))
    budget = replace(BUDGET, capacity=500_000)
    plan = planned(need(0), poor, policies=(FEE_SUBSIDY,), pools=(budget,))
    assert {m.need.need_id: len(m.claims) for m in plan.matches} == {"N0": 0, "N1": 1}
    nothing = planned(poor, policies=(FEE_SUBSIDY,), pools=(replace(BUDGET, capacity=0),))
    assert not nothing.matches
    assert [row.identity for row in nothing.unmatched[0].blocking] == ["budget"]


def test_of_two_subsidies_of_a_kind_the_better_is_claimed_and_never_both():
    """What public money pays once it does not pay twice."""
    small = replace(FEE_SUBSIDY, policy_id="a-fifth", rate=Decimal("0.2"), pool_id=None)
    (match,) = planned(policies=(FEE_SUBSIDY, small), pools=(BUDGET,)).matches
    assert [c.policy.policy_id for c in match.claims] == ["half-the-fee"]
    empty = replace(BUDGET, capacity=0)
    (match,) = planned(policies=(FEE_SUBSIDY, small), pools=(empty,)).matches
    assert [c.policy.policy_id for c in match.claims] == ["a-fifth"]
    assert match.all_in_low == Decimal("0.048")


def test_packages_are_ranked_by_their_all_in_cost():
    """A dearer loan without a guarantee loses to a cheap one with it, and wins if it is cheaper."""
    for rate, first in (("0.051", "loan"), ("0.049", "plain")):
        plain = Product(product_id="plain", institution_id="other", name="信用贷",
                        rate=Decimal(rate), cash_workdays=5)  # fmt: skip
        banks = (*market().institutions, Institution(institution_id="other", name="示例银行乙"))
        plan = planned(products=(LOAN, GUARANTEE, plain), institutions=banks)
        assert next(m.product.product_id for m in plan.matches) == first


def test_a_banned_pair_is_banned_with_and_without_the_subsidy_and_a_pin_takes_one():
    """Every offer of a pair is banned; a pin stands for exactly one match."""
    asked = market(policies=(FEE_SUBSIDY,), pools=(BUDGET,))
    pair = frozenset({("N0", "loan")})
    assert not make_plan(asked, WEIGHTS, fixings=Fixings(bans=pair)).matches
    (match,) = make_plan(asked, WEIGHTS, fixings=Fixings(pins=pair)).matches
    assert match.is_pinned


def test_a_package_of_packages_has_every_part_once():
    """The insurance that the guarantee requires goes with the loan too."""
    cover = replace(GUARANTEE, product_id="cover", instrument=Instrument.INSURANCE)
    products = (LOAN, replace(GUARANTEE, requires=frozenset({"cover"})), cover)
    (match,) = planned(products=products).matches
    assert [p.product.product_id for p in match.companions] == ["cover", "guarantee"]
    assert match.all_in_low is not None
    assert match.all_in_low > Decimal("0.06")  # the premium is paid at the start of the year


def test_a_cyclic_package_is_refused_with_its_way_round():
    """Every product on the circle is named, each with the way back to itself."""
    products = (LOAN, replace(GUARANTEE, requires=frozenset({"loan"})))
    with pytest.raises(InputError) as caught:
        market(products=products)
    assert [(f.field, f.value) for f in caught.value.faults] == [
        ("requires", "loan → guarantee → loan"),
        ("requires", "guarantee → loan → guarantee"),
    ]
    with pytest.raises(InputError, match="requires"):
        replace(LOAN, requires=frozenset({"loan"}))
    with pytest.raises(InputError, match="nobody"):
        market(products=(replace(LOAN, requires=frozenset({"nobody"})),))


@given(
    st.integers(1, 60).map(lambda n: n * 50),
    st.integers(1, 120),
    st.integers(1, 5),
    st.integers(0, 20),
)
def test_the_first_day_in_the_queue_is_when_enough_has_come_back(wan, days, num, later):
    """With requests of one size each waits for the first day that a search day by day finds."""
    fund = Pool(pool_id="fund", name="转贷资金", capacity=wan * num * WAN, revolving=True,
                returns=((AS_OF + timedelta(days=later), wan * WAN),))  # fmt: skip
    bridge = Product(
        product_id="bridge",
        institution_id="bank",
        name="转贷",
        rate=Decimal("0.05"),
        instrument=Instrument.BRIDGE,
        cash_workdays=0,
        pools=frozenset({"fund"}),
    )
    fields = {"instruments": frozenset({Instrument.BRIDGE}), "term_months": None}
    needs = [need(i, amount_fen=wan * WAN, term_days=days, **fields) for i in range(num + 2)]
    plan = planned(*needs, products=(bridge,), pools=(fund,))
    at_once = num + (later == 0)
    assert len(plan.matches) == at_once
    queued = sorted((u.queued for u in plan.unmatched if u.queued), key=lambda q: q.position)
    assert [q.position for q in queued] == list(range(1, len(queued) + 1))
    assert len(queued) == num + 2 - at_once
    held = [0] * at_once  # the days, from the round on, on which money goes out
    for waiting in queued:
        held.append(_first_day(fund, held, days))
        assert (waiting.first_day - AS_OF).days == held[-1]


def _first_day(fund: Pool, held: list[int], days: int) -> int:
    """Try day after day: on each day of the term all that is out must be there."""
    wan = fund.returns[0][1]

    def fits(day: int) -> bool:
        room = fund.capacity_on(AS_OF, AS_OF + timedelta(days=day))
        return (sum(out <= day < out + days for out in held) + 1) * wan <= room

    return next(d for d in range(10_000) if all(fits(d + t) for t in range(days)))


def test_a_yearly_budget_gives_what_the_year_of_the_round_has_left():
    """The budget of another year, or none for this one, supports nobody."""
    for years, claimed in ((((2022, 500_000),), 1), (((2023, 10**9),), 0)):
        budget = replace(BUDGET, years=years)
        (match,) = planned(policies=(FEE_SUBSIDY,), pools=(budget,)).matches
        assert len(match.claims) == claimed
