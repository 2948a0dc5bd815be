"""Scenarios: the exact way back, nothing mutated, composition, and every fault named."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.choices import Tenor
from matcher.domain.errors import InputError
from matcher.domain.records import Records
from matcher.domain.text import Lang
from matcher.scoring.weights import default_weights
from matcher.services.planning import market_bytes
from matcher.whatif.changes import (
    CHANGES,
    AddRecord,
    Ban,
    ChangeCriteria,
    CopyNeeds,
    MoveDeadlines,
    Pin,
    RemoveRecords,
    ScaleDemand,
    ScaleFields,
    SetFields,
    SetWeights,
    ShiftRates,
)
from matcher.whatif.scenario import Scenario, numbered
from matcher.whatif.selection import Selection, one
from matcher.whatif.setting import Setting
from matcher.whatif.solving import encode_setting
from tests.planning_examples import FIXINGS, POOLS, WAN, example_market
from tests.whatif.strategies import asked, pool_capacity, usable

EVERY = Selection(every=True)


def example() -> Setting:
    """Return the setting of the small hand-made market, with its pin and bans."""
    return Setting(example_market(), default_weights(), FIXINGS)


def faults_of(*changes: Any) -> list[str]:
    """Return the faults of a scenario as sentences."""
    with pytest.raises(InputError) as error:
        Scenario("bad", changes).apply(example(), "bad.toml")
    return error.value.sentences(Lang.EN)


def frozen_state(setting: Setting) -> tuple[Any, ...]:
    """Return all of a setting that a change could touch."""
    return (
        market_bytes(setting.market),
        setting.weights,
        setting.fixings,
        setting.floors,
        setting.market.as_of,
    )


@given(asked())
def test_a_scenario_and_its_inverse_give_the_market_back_byte_for_byte(
    found: tuple[Setting, Scenario],
) -> None:
    """Also weights, pins, bans, floors and the day are as they were."""
    setting, scenario = found[0], usable(*found)
    applied = scenario.apply(setting)
    back = applied.inverse.apply(applied.after)
    assert frozen_state(back.after) == frozen_state(setting)
    assert sorted(back.touched) == sorted(applied.touched)


@given(asked())
def test_the_inverse_of_the_inverse_is_the_scenario_again(
    found: tuple[Setting, Scenario],
) -> None:
    """It leads to the same bytes as the scenario itself."""
    setting, scenario = found[0], usable(*found)
    applied = scenario.apply(setting)
    back = applied.inverse.apply(applied.after)
    again = back.inverse.apply(back.after)
    assert frozen_state(again.after) == frozen_state(applied.after)


@given(asked())
def test_a_scenario_never_changes_what_it_is_applied_to(found: tuple[Setting, Scenario]) -> None:
    """Neither when it can be made nor when it is refused; arrays stay as they were."""
    setting, scenario = found
    graph, encoded = encode_setting(setting)
    arrays = [np.array(graph.score), np.array(encoded.problem.row_capacity)]
    before = frozen_state(setting)
    with suppress(InputError):
        scenario.apply(setting)
    assert frozen_state(setting) == before
    assert not graph.score.flags.writeable
    assert not encoded.problem.weight.flags.writeable
    assert (arrays[0] == graph.score).all()
    assert (arrays[1] == encoded.problem.row_capacity).all()


@given(asked(most=2), st.data())
def test_scenarios_add_up(found: tuple[Setting, Scenario], data: st.DataObject) -> None:
    """A + b is a, then b; adding is associative, and nothing is neutral."""
    setting, scenario = found[0], usable(*found)
    first = Scenario("a", scenario.changes[:1])
    then = Scenario("b", scenario.changes[1:])
    both = (first + then).apply(setting).after
    stepwise = then.apply(first.apply(setting).after).after
    assert frozen_state(both) == frozen_state(stepwise)
    empty = Scenario("")
    assert (first + empty) + then == first + (empty + then)
    assert (first + empty) == first
    assert (first + then).name == "a + b"


def test_a_refused_change_is_named_by_number_name_and_field() -> None:
    """All faults of all changes are told at once, and the good ones are not."""
    told = faults_of(
        pool_capacity("F1", 10),
        replace(pool_capacity("nowhere", 10), label="bigger fund"),
        SetFields(table="products", records=one("P1"), values=(("amount_maximum", 5),)),
        ScaleFields(table="products", records=EVERY, fields=("rate",), factor=Decimal(-1)),
        SetWeights(values=(("costs", Decimal(1)), ("cost", Decimal(-1)))),
        Pin(need="N9", product="P9"),
    )
    assert [line.split(": ")[0] for line in told] == [
        "bad.toml · bigger fund · #2 · id",
        "bad.toml · set · #3 · amount_maximum",
        "bad.toml · scale · #4 · factor",
        "bad.toml · weights · #5 · costs",
        "bad.toml · weights · #5 · cost",
        "bad.toml · pin · #6 · need",
        "bad.toml · pin · #6 · product",
    ]
    assert "amount_max_fen" in told[1]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (SetFields(table="pool", records=one("F1"), values=(("capacity", 1),)), "table"),
        (SetFields(table="pools", records=one("F1")), "values"),
        (SetFields(table="pools", records=Selection(), values=(("capacity", 1),)), "id"),
        (SetFields(table="pools", records=one("F1"), values=(("capacity", -1),)), "capacity"),
        (SetFields(table="pools", records=one("F1"), values=(("pool_id", "x"),)), "pool_id"),
        (ScaleFields(table="needs", records=EVERY, fields=("purpose",), factor=Decimal(2)),
         "fields"),
        (ScaleFields(table="products", records=one("P1"), fields=("quota_fen",),
                     factor=Decimal(2)), "fields"),
        (AddRecord(table="pools", record=POOLS[0]), "pool_id"),
        (AddRecord(table="needs", record=POOLS[0]), "record"),
        (ShiftRates(records=one("P3"), basis_points=5), "rate"),
        (ShiftRates(records=one("P2"), basis_points=20_000), "rate"),
        (ChangeCriteria(table="products", records=one("P1")), "add"),
        (ChangeCriteria(table="needs", records=one("N1"), drop_all=True), "table"),
        (MoveDeadlines(records=one("N2"), days=3), "days"),
        (MoveDeadlines(records=one("N1")), "days"),
        (MoveDeadlines(records=one("N1"), days=10**7), "days"),
        (ScaleDemand(records=EVERY, factor=Decimal(0)), "factor"),
        (CopyNeeds(records=EVERY, copies=0), "copies"),
        (RemoveRecords(table="banks", records=EVERY), "table"),
        (Ban(needs=one("N1"), products=one("nothing")), "id"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)  # fmt: skip
def test_each_kind_of_mistake_is_refused(change: Any, field: str) -> None:
    """And the fault names the field."""
    told = faults_of(change)
    assert all(f"· #1 · {field}:" in line for line in told), told


def test_a_reference_into_the_void_is_refused_where_it_is_made() -> None:
    """A product cannot move to an institution that is not there."""
    told = faults_of(
        SetFields(table="products", records=one("P1"), values=(("institution_id", "gone"),))
    )
    assert told[0].startswith("bad.toml · set · #1 · institution_id: ")


def test_a_capacity_that_nobody_reads_is_refused() -> None:
    """A yearly budget is set by its years, and a change without effect is no answer."""
    pool = replace(POOLS[0], years=((2022, 5 * WAN),))
    setting = Setting(example_market().replace(pools=[pool, POOLS[1]]), default_weights())
    with pytest.raises(InputError, match="yearly budget"):
        Scenario("", (pool_capacity("F1", 1),)).apply(setting)


def test_a_spread_that_is_in_the_rate_already_is_refused() -> None:
    """The rate was priced from LPR; to move both there is a kind of change."""
    priced = {"lpr": Tenor.ONE_YEAR, "spread_bp": 50}
    products = [replace(p, **priced) if p.rate else p for p in example_market().products]
    setting = Setting(example_market().replace(products=products), default_weights())
    alone = SetFields(table="products", records=one("P2"), values=(("spread_bp", 10),))
    with pytest.raises(InputError, match="spread_bp"):
        Scenario("", (alone,)).apply(setting)
    shifted = ShiftRates(records=one("P2"), basis_points=-40)
    product = Scenario("", (shifted,)).apply(setting).after.market.products[1]
    assert (product.spread_bp, product.rate) == (10, Decimal("0.031"))


def test_a_pin_that_no_rule_allows_is_refused_with_the_rule() -> None:
    """And one that another change makes possible is not."""
    far = Pin(need="N4", product="P1", label="promise")
    with pytest.raises(InputError, match=r"promise · #1 · product: cannot be pinned: region"):
        Scenario("", (far,)).apply(example())
    freed = ChangeCriteria(table="products", records=one("P1"), drop_all=True)
    after = Scenario("", (freed, far)).apply(example()).after
    assert ("N4", "P1") in after.fixings.pins


def test_without_an_institution_its_products_and_mentions_go() -> None:
    """Those that require its products go as well, and pins of what is gone are dropped."""
    market = example_market()
    products = [replace(p, requires=frozenset({"P2"})) if p.product_id == "P3" else p
                for p in market.products]  # fmt: skip
    needs = [replace(n, consent=frozenset({"B1", "B2"})) for n in market.needs]
    setting = Setting(market.replace(products=products, needs=needs), default_weights(), FIXINGS)
    gone = RemoveRecords(table="institutions", records=one("B2"))
    after = Scenario("", (gone,)).apply(setting).after
    assert [p.product_id for p in after.market.products] == ["P1", "P4"]
    assert {n.consent for n in after.market.needs} == {frozenset({"B1"})}
    assert after.fixings.pins == frozenset()
    assert ("N7", "P1") in after.fixings.bans


def test_a_pool_that_is_removed_no_longer_limits() -> None:
    """What drew on it stays."""
    gone = RemoveRecords(table="pools", records=one("风险池"))
    after = Scenario("", (gone,)).apply(example()).after
    assert [p.pool_id for p in after.market.pools] == ["F2"]
    assert {p for product in after.market.products for p in product.pools} == {"F2"}


def test_selections_use_the_rules_of_the_house() -> None:
    """By name, by a rule about the record itself, and by a rule about a need and its firm."""
    from matcher.domain.expression import parse
    from matcher.domain.record_attributes import finder

    big = Selection(where=parse("amount >= 300万"))
    of_bank = Selection(where=parse("institution in B1 and leads >= 1", finder("products")))
    after = Scenario(
        "",
        (
            ScaleDemand(records=big, factor=Decimal("0.5")),
            SetFields(table="products", records=of_bank, values=(("leads", 9),)),
            SetFields(table="institutions", records=one("Example Bank"), values=(("leads", 7),)),
        ),
    ).apply(example()).after.market  # fmt: skip
    amounts = {n.need_id: n.amount_fen // WAN for n in after.needs}
    assert (amounts["N2"], amounts["N6"], amounts["N1"]) == (150, 350, 150)
    assert [p.leads for p in after.products] == [None, None, 9, None]
    assert after.institutions[0].leads == 7


def test_what_is_changed_is_marked_as_made_up() -> None:
    """A source's words about a value do not stand beside another value."""
    from matcher.domain.provenance import Provenance

    stated = Provenance(source="a document", stated=(("capacity", "460万"), ("name", "风险池")))
    pool = replace(POOLS[0], provenance=stated)
    setting = Setting(example_market().replace(pools=[pool, POOLS[1]]), default_weights())
    after = Scenario("", (pool_capacity("F1", WAN),)).apply(setting).after.market.pools[0]
    assert after.provenance.stated == (("name", "风险池"),)
    assert after.provenance.illustrative_fields == {"capacity"}


def test_every_kind_says_what_it_does_in_both_languages() -> None:
    """The registry has each kind once, by the name that files use."""
    assert len(CHANGES) == 17
    assert all(kind == change.kind for kind, change in CHANGES.items())
    changes = (
        replace(pool_capacity("F1", WAN), label="smaller"),
        RemoveRecords(table="institutions", records=one("B1")),
        MoveDeadlines(records=EVERY, days=-2),
    )
    told = numbered(Scenario("x", changes))
    assert told[0].en == "1. (smaller) pools F1: capacity = 10,000 yuan"
    assert told[1].zh == "2. 去掉机构 B1"
    assert told[2].en.endswith("-2 days")


def test_the_order_of_records_in_a_file_changes_nothing() -> None:
    """A scenario of the same records in another order gives the same bytes."""
    market = example_market()
    turned = {f.name: tuple(reversed(getattr(market.records, f.name))) for f in fields(Records)}
    other = Setting(type(market).from_records(Records(**turned), market.as_of), default_weights())
    scenario = Scenario("", (CopyNeeds(records=EVERY), ScaleDemand(records=EVERY,
                        factor=Decimal("1.1"))))  # fmt: skip
    plain = Setting(market, default_weights())
    left, right = (scenario.apply(s).after for s in (plain, other))
    assert market_bytes(left.market) == market_bytes(right.market)
