"""The reasons of unmatched needs, in words, on the small market with one thing changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matcher.assign import Status
from matcher.domain.choices import PoolUnit
from matcher.domain.text import Text
from matcher.planning.encode import Fixings, PoolRow
from matcher.planning.make import make_plan
from matcher.planning.plan import Plan, Unmatched
from matcher.planning.unmatched import price_text
from matcher.scoring.weights import default_weights
from tests.planning.small import WAN, small_market


def planned(fixings: Fixings | None = None, method: str = "auto", **fields: object) -> Plan:
    """Return the plan of the small market with fields of its need ``slow`` changed."""
    market = small_market()
    needs = [replace(n, **fields) if n.need_id == "slow" else n for n in market.needs]
    return make_plan(market.replace(needs=needs), default_weights(), fixings=fixings, method=method)


def reason(plan: Plan, need_id: str) -> Unmatched:
    """Return why a need is unmatched."""
    (found,) = [u for u in plan.unmatched if u.need.need_id == need_id]
    return found


def test_a_firm_that_wants_no_contacts_is_left_alone() -> None:
    """It fits a product, and nobody calls it."""
    item = reason(planned(contacts=0), "slow")
    assert (item.kind, item.reason.en) == ("no_contacts", "the firm asked for no contacts")


def test_a_need_whose_products_are_all_banned_hears_that() -> None:
    """The ban is named as the reason, not a pool."""
    item = reason(planned(Fixings(bans=frozenset({("slow", "quick")}))), "slow")
    assert (item.kind, item.blocking) == ("banned", ())


def test_who_is_outbid_hears_the_pool_and_its_price() -> None:
    """With the only lead of the quick bank pinned to another need, that lead is the reason."""
    item = reason(planned(Fixings(pins=frozenset({("easy", "quick")}))), "slow")
    assert item.kind == "outbid"
    assert [(r.kind, r.identity) for r in item.blocking] == [("group_limit", "bank-q")]
    assert "1 product fits" in item.reason.en
    assert "Bank Q · leads of the institution (price " in item.reason.en


def test_a_pool_that_is_too_small_for_the_need_alone_is_said_to_be_so() -> None:
    """Being outbid and being too large are two things."""
    market = small_market()
    small = [replace(p, quota_fen=100 * WAN) for p in market.products]
    plan = make_plan(market.replace(products=small), default_weights())
    item = reason(plan, "slow")
    assert "holds 1,000,000 yuan, needs 1,500,000 yuan" in item.reason.en


def test_pins_that_break_a_limit_leave_no_plan_and_say_why() -> None:
    """Two pins on a bank of one lead: every need hears the broken limit."""
    pins = Fixings(pins=frozenset({("easy", "quick"), ("slow", "quick")}))
    plan = planned(pins)
    assert plan.result.status is Status.INFEASIBLE
    assert plan.matches == ()
    assert reason(plan, "slow").kind == "no_plan"
    assert reason(plan, "slow").reason == plan.result.reason
    assert reason(plan, "huge").kind == "not_eligible"


def test_an_empty_catalogue_is_a_reason_too() -> None:
    """With no product at all there is no nearest one to name."""
    plan = make_plan(small_market().replace(products=[]), default_weights())
    assert {u.reason.en for u in plan.unmatched} == {"the catalogue has no product"}
    assert all(u.nearest is None for u in plan.unmatched)


@pytest.mark.parametrize(
    ("unit", "multiplier", "told"),
    [
        (PoolUnit.COUNT, 0.25, "price 0.2500 per place"),
        (PoolUnit.FEN, 2e-9, "price 0.0020 per 10,000 yuan"),
    ],
)
def test_a_price_is_told_for_a_place_or_for_ten_thousand_yuan(unit, multiplier, told) -> None:
    """One fen's price is too small to read: 10,000 yuan are 1,000,000 fen."""
    row = PoolRow("pool", "p", Text.same("p"), unit)
    assert price_text(row, multiplier).en == told
