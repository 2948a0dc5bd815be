"""The questions that staff ask, put to the seed market; the reasons shown explain the answers."""

from __future__ import annotations

import os
from collections import Counter
from decimal import Decimal
from functools import cache

import seeds
from matcher.domain.expression import parse
from matcher.market import Market
from matcher.planning.effort import Effort
from matcher.planning.floors import GroupFloor
from matcher.scoring.weights import default_weights
from matcher.whatif.advice import advise
from matcher.whatif.changes import Change, RemoveRecords, ScaleFields, SetFields, SetFloors
from matcher.whatif.compare import Comparison, Fate, compare
from matcher.whatif.least import Goal, Proof, least
from matcher.whatif.lever import Lever
from matcher.whatif.scenario import Scenario
from matcher.whatif.selection import one
from matcher.whatif.setting import Setting
from matcher.whatif.solving import Solved, solve_setting

EFFORT = Effort()
FUND = "舟转灵转贷资金池"
POOL, PRODUCT = "zhoushan-bridge-pool", "zhoushan-zhouzhuanling"
HUNDRED_MILLION_YUAN = 10**10


@cache
def baseline() -> Solved:
    """Return the seed market, solved."""
    market = Market.from_records(seeds.load(), seeds.SEED_DATE)
    return solve_setting(Setting(market, default_weights()), EFFORT)


def ask(*changes: Change) -> Comparison:
    """Compare the seed market with a scenario of it."""
    start = baseline()
    after = Scenario("", changes).apply(start.setting).after
    return compare(start, solve_setting(after, EFFORT, start.earlier))


def kinds(compared: Comparison, fate: Fate) -> Counter[str]:
    """Return how often each kind of reason is given."""
    return Counter(r.kind for change in compared.of(fate) for r in change.reasons)


def test_what_if_the_fund_were_a_hundred_million() -> None:
    """Those who wait for it are served, nobody loses, and the fund's room and price are why."""
    change = SetFields(
        table="pools", records=one(FUND), values=(("capacity", HUNDRED_MILLION_YUAN),)
    )
    compared = ask(change)
    gained = compared.of(Fate.GAINED)
    assert {c.need_id for c in gained} == {"zhoushan-03-a", "zhoushan-05-a"}
    assert not compared.needs_lost
    assert not compared.of(Fate.LOST)
    for match in gained:
        assert match.after is not None
        assert match.after.product.product_id == PRODUCT
        assert [r.kind for r in match.reasons] == ["room", "price"]
        assert all(r.row is not None and r.row[:2] == ("pool", POOL) for r in match.reasons)
        assert "it holds 100,000,000 yuan instead of 50,000,000 yuan" in match.reasons[0].text.en
    (pool,) = [p for p in compared.pools if p.row.identity == POOL]
    assert pool.multiplier[0] > 0 == pool.multiplier[1]
    waiting = {u.need.need_id for u in baseline().plan.unmatched if u.fund is not None}
    assert waiting == {c.need_id for c in gained}


def test_what_if_the_bank_with_the_most_leads_stayed_away() -> None:
    """Its firms lose it, some move, and every other change is a limit that filled or freed."""
    leads = Counter(m.institution.institution_id for m in baseline().plan.matches)
    bank, num = leads.most_common(1)[0]
    compared = ask(RemoveRecords(table="institutions", records=one(bank)))
    out = [c for c in compared.changes if c.before and c.before.institution.institution_id == bank]
    assert len(out) == num
    assert all("gone" in [r.kind for r in c.reasons] for c in out)
    others = [c for c in compared.changes if c not in out and c.fate is not Fate.KEPT]
    assert all(r.kind in ("room", "price", "elsewhere") for c in others for r in c.reasons)
    assert all("room" in [r.kind for r in c.reasons] for c in others)
    assert compared.quality[1].objective < compared.quality[0].objective  # type: ignore[operator]
    assert len(compared.needs_lost) > len(compared.needs_gained)
    gone = next(g for g in compared.groups[0].groups if g.key == bank)
    assert gone.before is not None
    assert gone.before.num_matches == num
    assert gone.after is None


def test_what_if_the_fee_were_halved() -> None:
    """The same firms are served for half the cost; nobody else is touched."""
    halved = ScaleFields(
        table="products", records=one(PRODUCT), fields=("fee_monthly_rate",), factor=Decimal("0.5")
    )
    compared = ask(halved)
    assert not compared.of(Fate.GAINED) + compared.of(Fate.LOST) + compared.of(Fate.MOVED)
    kept = compared.of(Fate.KEPT)
    assert len(kept) == len(baseline().plan.of_institution("zhoushan-bridge-fund"))
    for match in kept:
        assert match.before is not None
        assert match.after is not None
        assert match.before.all_in_low is not None
        assert match.after.all_in_low == match.before.all_in_low / 2
        assert match.reasons[0].kind == "terms"
        assert "all-in cost" in match.reasons[0].text.en
    assert compared.quality[1].objective > compared.quality[0].objective  # type: ignore[operator]


def test_what_if_every_micro_firm_were_promised_a_meeting() -> None:
    """Each that any product fits has one; the one without says that no product fits it."""
    promise = SetFloors(floors=(GroupFloor(where=parse("size = micro"), share=Decimal(1)),))
    compared = ask(promise)
    (report,) = compared.after.floors
    assert report.num_matched == report.num_reachable
    micro = next(d for d in compared.groups if d.name == "size")
    group = next(g for g in micro.groups if g.key == "micro")
    assert group.after is not None
    assert group.after.num_matched == report.num_matched
    left = [
        u
        for u in compared.after.plan.unmatched
        if u.enterprise.size is not None and u.enterprise.size.value == "micro"
    ]
    assert len(left) == report.num_members - report.num_matched
    assert all(u.kind == "not_eligible" for u in left)
    assert compared.after.score <= baseline().score + baseline().slack


def test_the_least_that_the_fund_needs_for_one_firm_is_proved() -> None:
    """What its need lacks, to the fen: 20 m wanted, 1.19 m left."""
    found = least(baseline(), Lever("pools", POOL, "capacity"), Goal(need_id="zhoushan-03-a"),
                  EFFORT)  # fmt: skip
    assert found.proof is Proof.PROVED
    assert found.extra == 2_000_000_000 - 119_000_000
    assert [need for need, _ in found.new] == ["zhoushan-03-a"]


def test_95_percent_of_micro_firms_cannot_be_reached_by_the_fund() -> None:
    """One of thirteen fits no product: no capacity would do, and that is said and proved."""
    goal = Goal(floor=GroupFloor(where=parse("size = micro"), share=Decimal("0.95")))
    found = least(baseline(), Lever("pools", POOL, "capacity"), goal, EFFORT)
    assert found.proof is Proof.NOT_ENOUGH
    assert (found.num_asked, found.num_members, found.num_reachable) == (13, 13, 12)


def test_the_advice_for_the_seed_market_is_predicted_and_real() -> None:
    """The best first, each within its error, and none left out is better; ten in the long run."""
    most = 10 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 3
    found = advise(baseline(), EFFORT, most, workers=1)
    assert len(found.items) == most
    assert found.is_complete
    assert all(item.is_within for item in found.items)
    pools = [i for i in found.items if i.candidate.lever and i.candidate.lever.identity == POOL]
    assert [set(i.gained) for i in pools] == [{"zhoushan-05-a"}]
