"""Comparison: who gained and who lost, recounted by hand, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from matcher.planning.effort import Effort
from matcher.planning.plan import Plan
from matcher.scoring.weights import default_weights
from matcher.whatif.changes import (
    Ban,
    ChangeCriteria,
    RemoveRecords,
    ScaleFields,
    SetFields,
    SetFloors,
)
from matcher.whatif.compare import Comparison, Fate, compare
from matcher.whatif.scenario import Scenario
from matcher.whatif.selection import Selection, one
from matcher.whatif.setting import Setting
from matcher.whatif.solving import solve_setting
from tests.planning.small import small_market
from tests.planning_examples import FIXINGS, WAN, example_market
from tests.whatif.strategies import asked, pool_capacity, usable

EFFORT = Effort(gap=1e-6)
EVERY = Selection(every=True)


def ask(setting: Setting, *changes: Any) -> Comparison:
    """Solve a setting and a scenario of it, and compare."""
    baseline = solve_setting(setting, EFFORT)
    after = Scenario("", changes).apply(setting).after
    return compare(baseline, solve_setting(after, EFFORT, baseline.earlier))


def small() -> Setting:
    """Return the market that one knows by heart."""
    return Setting(small_market(), default_weights())


def example() -> Setting:
    """Return the hand-made market with something of everything."""
    return Setting(example_market(), default_weights(), FIXINGS)


def pairs_of(plan: Plan) -> Counter[tuple[str, str]]:
    """Return the matches by ids."""
    return Counter((m.need.need_id, m.product.product_id) for m in plan.matches)


@settings(max_examples=15)
@given(asked(most=3))
def test_kept_gained_and_lost_add_up_to_both_plans(found: tuple[Setting, Scenario]) -> None:
    """Every match of either plan is told exactly once, and each group's figures are recounted."""
    setting, scenario = found[0], usable(*found)
    compared = ask(setting, *scenario.changes)
    before, after = compared.before.plan, compared.after.plan
    gone, come = Counter[Any](), Counter[Any]()
    for change in compared.changes:
        if change.fate is not Fate.KEPT:
            gone += pairs_of(_only(change.before))
            come += pairs_of(_only(change.after))
            assert change.reasons
    assert gone == pairs_of(before) - pairs_of(after)
    assert come == pairs_of(after) - pairs_of(before)
    assert compared.num_kept == sum((pairs_of(before) & pairs_of(after)).values())
    _recount(compared)


def _only(match: Any) -> Any:
    class Few:
        matches = () if match is None else (match,)

    return Few()


def _recount(compared: Comparison) -> None:
    """Check every tally against a plain recount."""
    for side, plan in enumerate((compared.before.plan, compared.after.plan)):
        market = plan.graph.market
        matched = {m.need.need_id for m in plan.matches}
        assert compared.totals[side].num_matched == len(matched)
        for dimension in compared.groups[1:]:
            tallies = [t for g in dimension.groups if (t := (g.before, g.after)[side])]
            assert sum(t.num_needs for t in tallies) == market.num_needs
            assert sum(t.num_matched for t in tallies) == len(matched)
            assert sum(t.num_matches for t in tallies) == len(plan.matches)
            assert sum(t.amount_fen for t in tallies) == compared.totals[side].amount_fen
            worst = (dimension.worst_before, dimension.worst_after)[side]
            assert worst is None or worst.share == min(t.share for t in tallies)
        offered = sum(m.offered_fen for m in plan.matches)
        institutions = [t for g in compared.groups[0].groups if (t := (g.before, g.after)[side])]
        assert sum(t.amount_fen for t in institutions) == offered
        assert sum(t.share for t in institutions) == pytest.approx(
            1 if plan.matches else 0, abs=1e-9
        )


def test_a_match_that_needs_room_says_which_limit_gave_it() -> None:
    """One lead more serves the easy need too, and the reason names the limit and its price."""
    compared = ask(
        small(), SetFields(table="institutions", records=one("bank-q"), values=(("leads", 2),))
    )
    (gained,) = compared.of(Fate.GAINED)
    assert (gained.need_id, gained.after and gained.after.product.product_id) == ("easy", "quick")
    room = gained.reasons[0]
    assert (room.kind, room.row) == ("room", ("group_limit", "bank-q", ""))
    assert "had only 0 left" in room.text.en
    assert "it holds 2 instead of 1" in room.text.en
    (pool,) = [p for p in compared.pools if p.row.identity == "bank-q"]
    assert (pool.capacity, pool.used) == ((1, 2), (1, 2))
    assert pool.multiplier[0] > 0 == pool.multiplier[1]


def test_a_match_whose_rule_flips_says_the_rule() -> None:
    """What nobody can meet is told in the words of the verdict."""
    from matcher.domain.expression import parse

    rule = ChangeCriteria(table="products", records=one("quick"), add=(parse("amount <= 1万"),))
    compared = ask(small(), rule)
    lost = [c for c in compared.of(Fate.LOST) if c.need_id == "slow"]
    assert [r.kind for r in lost[0].reasons] == ["rule"]
    assert "≤ 10,000 yuan" in lost[0].reasons[0].text.en
    assert compared.needs_lost == ("slow",)


def test_a_bank_that_stays_away_is_the_reason() -> None:
    """Its matches say that it takes no part; who took over its needs is moved."""
    compared = ask(small(), RemoveRecords(table="institutions", records=one("bank-q")))
    lost = [c for c in compared.changes if c.before and c.before.product.product_id == "quick"]
    assert lost
    assert all(c.reasons[0].kind == "gone" for c in lost)
    gone = next(g for g in compared.groups[0].groups if g.key == "bank-q")
    assert gone.before is not None
    assert gone.after is None


def test_who_took_the_place_and_who_gave_it_up_is_named() -> None:
    """Two needs, one place: it goes to the one that became more urgent."""
    market = small_market()
    needs = [replace(n, priority=1, needed_by=None) for n in market.needs if n.need_id != "huge"]
    products = [p for p in market.products if p.product_id == "quick"]
    setting = Setting(market.replace(needs=needs, products=products), default_weights())
    (holder,) = solve_setting(setting, EFFORT).matched
    other = "slow" if holder == "easy" else "easy"
    raised = SetFields(table="needs", records=one(other), values=(("priority", 5),))
    compared = ask(setting, raised)
    (lost,), (gained,) = compared.of(Fate.LOST), compared.of(Fate.GAINED)
    assert (lost.need_id, gained.need_id) == (holder, other)
    firms = zip(market.needs, market.enterprise_of, strict=True)
    name = {need.need_id: firm.text.en for need, firm in firms}
    assert f"{name[other]} took it" in lost.reasons[0].text.en
    assert f"{name[holder]} gave it up" in gained.reasons[0].text.en


def test_a_ban_and_a_pin_are_reasons() -> None:
    """And a need that has another offer moves to it."""
    compared = ask(small(), Ban(needs=one("easy"), products=one("patient")))
    lost = [c for c in compared.changes if c.need_id == "easy"]
    assert lost[0].reasons[0].kind == "banned"


def test_what_is_kept_on_other_terms_says_the_terms() -> None:
    """A fee that is halved shows in the cost of the matches that are kept."""
    halved = ScaleFields(
        table="products", records=one("quick"), fields=("rate",), factor=Decimal("0.5")
    )
    compared = ask(small(), halved)
    (kept,) = [c for c in compared.of(Fate.KEPT) if c.need_id == "slow"]
    assert [r.kind for r in kept.reasons] == ["terms"]
    assert kept.reasons[0].text.en == "all-in cost 4.50% → 2.25%"


def test_a_floor_reports_what_became_of_it() -> None:
    """Also how many could be served at all; the score is told beside the objective."""
    from matcher.planning.floors import GroupFloor

    compared = ask(example(), SetFloors(floors=(GroupFloor(share=Decimal(1), penalty=3.0),)))
    (report,) = compared.after.floors
    assert (report.num_members, report.num_asked) == (7, 7)
    assert report.num_matched <= report.num_reachable < 7
    assert not report.is_kept
    lacking = report.num_reachable - report.num_matched
    assert compared.after.objective == pytest.approx(compared.after.score - 3.0 * lacking)


def test_the_same_plans_differ_in_nothing() -> None:
    """No change, no group that differs, no pool that differs."""
    baseline = solve_setting(example(), EFFORT)
    compared = compare(baseline, baseline)
    assert compared.changes == ()
    assert compared.num_kept == len(baseline.plan.matches)
    assert all(g.before == g.after for d in compared.groups for g in d.groups)
    assert all(p.used[0] == p.used[1] for p in compared.pools)


def test_pools_are_told_where_one_plan_has_no_such_limit() -> None:
    """A limit that is lifted has no capacity and no price after."""
    lifted = SetFields(table="institutions", records=one("bank-q"), clear=("leads",))
    (pool,) = [p for p in ask(small(), lifted).pools if p.row.identity == "bank-q"]
    assert pool.capacity == (1, None)
    assert pool.multiplier[1] is None
    assert ask(example(), pool_capacity("F1", 900 * WAN)).pools
