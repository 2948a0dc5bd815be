"""The small market, whose plan is known by heart."""

from __future__ import annotations

from datetime import date

from matcher.domain.text import Lang
from matcher.planning.make import make_plan
from matcher.planning.plan import Plan
from matcher.scoring.weights import default_weights
from tests.planning.small import WAN, small_market


def small_plan() -> Plan:
    """Return the plan of the small market."""
    return make_plan(small_market(), default_weights())


def test_the_scarce_lead_goes_where_nothing_else_can_help() -> None:
    """The urgent need takes the quick bank's only lead; the easy one has the patient bank."""
    found = {(m.need.need_id, m.product.product_id) for m in small_plan().matches}
    assert found == {("slow", "quick"), ("easy", "patient")}


def test_a_match_says_when_the_money_comes() -> None:
    """Five workdays after 25 May 2022 is 1 June, one workday before the deadline's last."""
    (match,) = small_plan().of_need("slow")
    assert match.cash_date == date(2022, 6, 1)
    assert match.slack_workdays == 1
    assert match.offered_fen == 150 * WAN


def test_the_unmatched_need_hears_the_smallest_change() -> None:
    """90 m are too much for every product: taking what the nearest gives would help."""
    (item,) = small_plan().unmatched
    assert (item.need.need_id, item.kind) == ("huge", "not_eligible")
    assert [v.label.en for v in item.failing] == ["amount"]
    assert item.changes is not None
    assert [c.field for c in item.changes] == ["amount_min_fen"]
    assert "金额" in item.reason.of(Lang.ZH)


def test_the_full_bank_has_its_price_and_the_free_one_none() -> None:
    """The only lead of the quick bank is used and worth something."""
    (use,) = small_plan().pools
    assert (use.row.kind, use.row.identity) == ("group_limit", "bank-q")
    assert (use.capacity, use.used) == (1, 1)
    assert use.multiplier > 0
