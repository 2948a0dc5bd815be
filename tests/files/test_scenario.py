"""Scenario files: what is written reads back equal, in TOML and JSON; every fault is named."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.errors import InputError
from matcher.domain.text import Lang
from matcher.files import read_records, write_json, write_template
from matcher.files.scenario import (
    read_scenario,
    scenario_document,
    scenario_from,
    scenario_sha256,
    write_scenario,
    write_scenario_example,
)
from matcher.files.scenario_levers import read_least, read_sweep
from matcher.market import Market
from matcher.scoring.weights import default_weights
from matcher.services.planning import market_bytes
from matcher.services.rounds import load_round
from matcher.whatif.changes import CHANGES, SetFields
from matcher.whatif.lever import Lever
from matcher.whatif.scenario import Scenario
from matcher.whatif.setting import Setting
from tests.files.markets import markets as file_markets
from tests.planning_examples import FIXINGS, WAN, example_market
from tests.strategies import AS_OF
from tests.whatif.strategies import changes, usable


def example() -> Setting:
    """Return the setting of the small hand-made market."""
    return Setting(example_market(), default_weights(), FIXINGS)


def faults_of(data: object) -> list[str]:
    """Return the faults of a parsed scenario as sentences."""
    with pytest.raises(InputError) as error:
        scenario_from(data, example(), "s.toml").apply(example(), "s.toml")
    return error.value.sentences(Lang.EN)


@st.composite
def written(draw: st.DrawFn) -> tuple[Setting, Scenario]:
    """Draw a market as files bring it, and a scenario for it."""
    market = Market.from_records(draw(file_markets()), AS_OF)
    setting = as_read(Setting(market, default_weights()))
    found = draw(st.lists(changes(setting), min_size=1, max_size=3))
    return setting, usable(setting, Scenario("generated", tuple(found)))


def as_read(setting: Setting) -> Setting:
    """Return a setting as files bring it: rules in the form in which they are written."""
    market = setting.market
    records = read_records(write_json(market.records))
    return replace(setting, market=type(market).from_records(records, market.as_of))


def reread(scenario: Scenario, setting: Setting) -> Scenario:
    """Return a scenario written as JSON text and read back."""
    text = json.dumps(scenario_document(scenario), ensure_ascii=False, allow_nan=False)
    return scenario_from(json.loads(text, parse_float=Decimal), setting)


@given(written())
def test_what_is_written_reads_back_equal(found: tuple[Setting, Scenario]) -> None:
    """Every kind of change, and the inverse, which leads back to the same bytes."""
    setting, scenario = found
    scenario = reread(scenario, setting)
    again = reread(scenario, setting)
    assert again == scenario
    assert scenario_sha256(again) == scenario_sha256(scenario)
    applied = scenario.apply(setting)
    back = reread(applied.inverse, applied.after).apply(applied.after).after
    assert market_bytes(back.market) == market_bytes(setting.market)
    assert (back.weights, back.fixings, back.floors) == (
        setting.weights, setting.fixings, setting.floors,
    )  # fmt: skip


def test_the_hash_is_of_what_is_done_and_not_of_names() -> None:
    """Other names, the same hash; another value, another hash."""
    change = SetFields(table="pools", records=_f1(), values=(("capacity", WAN),))
    one = Scenario("a", (change,))
    other = Scenario("b", (replace(change, label="named"),))
    third = Scenario("a", (replace(change, values=(("capacity", WAN + 1),)),))
    assert scenario_sha256(one) == scenario_sha256(other) != scenario_sha256(third)
    assert len(scenario_sha256(one)) == 64


def _f1() -> Any:
    from matcher.whatif.selection import one

    return one("F1")


def test_the_example_reads_and_applies_to_the_template_market(tmp_path: Path) -> None:
    """What the two templates say fits together, and the example shows every kind that is read."""
    write_template(tmp_path / "market.xlsx")
    write_scenario_example(tmp_path / "scenario.toml")
    market = load_round(tmp_path / "market.xlsx", today=date(2027, 6, 1)).market
    setting = Setting(market, default_weights())
    scenario = read_scenario(tmp_path / "scenario.toml", setting)
    applied = scenario.apply(setting)
    assert applied.after.market.pools[0].capacity == 10**10
    shown = {change.kind for change in scenario.changes}
    text = (tmp_path / "scenario.toml").read_text()
    assert set(CHANGES) - shown <= {"day", "restore", "restore_aims"}
    assert 'kind = "day"' in text
    write_scenario(tmp_path / "scenario.json", scenario)
    assert read_scenario(tmp_path / "scenario.json", setting) == scenario


def test_amounts_read_in_the_unit_of_their_pool() -> None:
    """Money as in market files, places as places; whole fen under their own name."""
    changes = [
        {"kind": "set", "table": "资源池", "id": "风险池", "values": {"容量": "1,000万"}},
        {"kind": "set", "table": "pools", "id": "F2", "values": {"capacity": 12}},
        {"kind": "set", "table": "pools", "id": "F1", "values": {"capacity_fen": 7}},
        {"kind": "set", "table": "products", "id": "P1", "values": {"年利率": "3.1%"}},
    ]
    read = scenario_from({"name": "x", "changes": changes}, example())
    assert [dict(c.values) for c in read.changes if isinstance(c, SetFields)] == [
        {"capacity": 1000 * WAN, "unit": "fen"},
        {"capacity": 12, "unit": "count"},
        {"capacity": 7, "unit": "fen"},
        {"rate": Decimal("0.031")},
    ]


def test_every_fault_of_a_file_is_named_by_number_name_and_field() -> None:
    """Unknown kinds, tables, fields, rules and values, all at once."""
    told = faults_of(
        {
            "name": "bad",
            "chnges": [],
            "changes": [
                {"kind": "sett"},
                {"kind": "set", "name": "typo", "table": "pools", "id": "F1",
                 "values": {"capacty": 1}, "valus": {}},
                {"kind": "set", "table": "pool", "id": "F1", "values": {"capacity": "x"}},
                {"kind": "scale", "table": "products", "all": True, "fields": ["rat"],
                 "factor": "much"},
                {"kind": "rates", "where": "rat > 3", "basis_points": "x"},
                {"kind": "deadlines", "id": "N1", "all": True, "days": 1.5},
                {"kind": "weights"},
                {"kind": "floors", "share": 2},
                {"kind": "add", "table": "pools", "record": {"pool_id": "a b"}},
                {"kind": "criteria", "table": "products", "id": "P1", "add": ["revenue >="]},
            ],
        }
    )  # fmt: skip
    starts = [line.split(": ")[0].removeprefix("s.toml · ") for line in told]
    assert starts == [
        "sett · #1 · kind",
        "typo · #2 · capacty",
        "typo · #2 · valus",
        "set · #3 · table",
        "scale · #4 · fields",
        "scale · #4 · factor",
        "rates · #5 · where",
        "rates · #5 · basis_points",
        "deadlines · #6 · id",
        "deadlines · #6 · days",
        "weights · #7 · values",
        "floors · #8 · share",
        "add · #9 · name",
        "add · #9 · capacity",
        "add · #9 · pool_id",
        "criteria · #10 · add",
        "chnges",
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("s.toml", b"changes = ["),
        ("s.json", b'{"changes": '),
        ("s.toml", b"name = 'no changes'"),
        ("s.json", b"[]"),
        ("s.toml", b"\xff\xfe"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    """With its name, and nothing else is raised."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as error:
        read_scenario(tmp_path / name, example())
    assert all(fault.file == name for fault in error.value.faults)


def test_a_rule_of_eligibility_cannot_ask_about_products() -> None:
    """The names of a selection mean nothing in a market file."""
    from matcher.domain.expression import parse

    with pytest.raises(ValueError, match="unknown attribute"):
        parse("products.institution in B1")


# --- questions in one line --------------------------------------------------------------------


def test_a_sweep_reads_ranges_and_lists() -> None:
    """Amounts in yuan or with their unit, rates in percent, weights by name."""
    setting = example()
    swept = read_sweep("pool:风险池:capacity=1e6:3e6:3", setting)
    assert swept.lever == Lever("pools", "F1", "capacity")
    assert swept.values == (100 * WAN, 200 * WAN, 300 * WAN)
    assert read_sweep("pool:F1:容量=100万,2百万", setting).values == (100 * WAN, 200 * WAN)
    assert read_sweep("pool:F2:capacity=1:9:3", setting).values == (1, 5, 9)
    rates = read_sweep("product:P1:rate=3%:4%:3", setting)
    assert rates.values == (Decimal("0.03"), Decimal("0.035"), Decimal("0.04"))
    assert read_sweep("weight:cost=0:1:2", setting).lever == Lever("weights", "cost")
    assert read_sweep("institution:B1:leads=1:1:2", setting).values == (1,)


@pytest.mark.parametrize(
    "words",
    ["pool", "pool:F1:capacity", "pool:F9:capacity=1", "pool:F1:capacity=a:b:0",
     "nothing:F1:capacity=1", "pool:F1:name=x", "weight:costs=1", "pool:F1:capacity=1:2:9999"],
)  # fmt: skip
def test_a_sweep_that_cannot_be_read_is_refused(words: str) -> None:
    """Naming the option."""
    with pytest.raises(InputError) as error:
        read_sweep(words, example())
    assert {fault.field for fault in error.value.faults} == {"--sweep"}


def test_the_least_reads_a_need_and_a_share() -> None:
    """In English and Chinese; the capacity is the obvious one where none is named."""
    setting = example()
    lever, goal = read_least("pool:风险池 serves N1", setting)
    assert (lever, goal.need_id) == (Lever("pools", "F1", "capacity"), "N1")
    lever, goal = read_least("institution:B1 服务 95% 的 amount >= 100万", setting, False)
    assert lever == Lever("institutions", "B1", "leads")
    assert goal.floor is not None
    assert goal.floor.share == Decimal("0.95")
    assert not goal.keeps_others
    _, goal = read_least("institution:B2:quota_fen serves 3 of region in 33", setting)
    assert goal.floor is not None
    assert goal.floor.least == 3


@pytest.mark.parametrize(
    "words",
    ["pool:F1", "pool:F1 serves N99", "product:P1:rate serves N1", "pool:F1 serves 95% of sze = x",
     "pool:F1 serves 195% of size = micro"],
)  # fmt: skip
def test_a_least_that_cannot_be_read_is_refused(words: str) -> None:
    """Naming what is wrong."""
    with pytest.raises(InputError):
        read_least(words, example())


def test_what_cannot_be_read_hides_no_fault_before_it() -> None:
    """An id that is not there is told beside an unknown kind; what follows is not judged."""
    scale = {"kind": "scale", "table": "pools", "fields": ["capacity"], "factor": 2}
    told = faults_of({"changes": [{**scale, "id": "no"}, {"kind": "fly"}, {**scale, "id": "or"}]})
    assert [sentence.split(":")[0] for sentence in told] == [
        "s.toml · scale · #1 · id",
        "s.toml · fly · #2 · kind",
    ]
