"""Answers on paper: JSON that adds up, safe cells, charts without scripts, the same bytes twice."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from matcher.domain.errors import InputError
from matcher.domain.text import Lang
from matcher.files.baseline import read_baseline
from matcher.files.comparison_brief import brief_sheets
from matcher.files.comparison_charts import comparison_charts, curve_charts
from matcher.files.comparison_json import comparison_json
from matcher.files.comparison_tables import comparison_sheets
from matcher.files.plan_json import digest_of, plan_document, write_plan
from matcher.files.workbook import write_workbook
from matcher.planning.effort import Effort
from matcher.scoring.weights import default_weights
from matcher.services.planning import Asked, market_bytes, plan_round
from matcher.services.rounds import Round
from matcher.whatif.compare import Comparison, compare
from matcher.whatif.lever import Lever
from matcher.whatif.scenario import Scenario
from matcher.whatif.setting import Setting
from matcher.whatif.solving import solve_setting
from matcher.whatif.sweep import sweep
from tests.planning_examples import FIXINGS, HOSTILE, WAN, example_market
from tests.whatif.strategies import pool_capacity

EFFORT = Effort(gap=1e-6)
SMALLER = Scenario("smaller", (pool_capacity("F1", 300 * WAN),))


def example() -> Comparison:
    """Compare the hand-made market with one whose risk pool is smaller."""
    setting = Setting(example_market(), default_weights(), FIXINGS)
    before = solve_setting(setting, EFFORT)
    return compare(before, solve_setting(SMALLER.apply(setting).after, EFFORT, before.earlier))


def test_the_document_is_json_and_adds_up() -> None:
    """Counts of changes, groups and totals agree with each other."""
    content = json.loads(json.dumps(comparison_json(example()), allow_nan=False))
    totals, changes = content["totals"], content["changes"]
    gone = sum(c["fate"] in ("lost", "moved") for c in changes)
    come = sum(c["fate"] in ("gained", "moved") for c in changes)
    assert content["num_kept"] + gone == totals["before"]["matches"]
    assert content["num_kept"] + come == totals["after"]["matches"]
    for dimension in content["groups"][1:]:
        for side in ("before", "after"):
            matched = sum(g[side]["matched"] for g in dimension["groups"] if g[side])
            assert matched == totals[side]["matched"]
    assert all(c["reasons"] for c in changes if c["fate"] != "kept")


@pytest.mark.parametrize("lang", list(Lang))
def test_the_workbook_is_safe_and_the_same_twice(tmp_path: Path, lang: Lang) -> None:
    """A name that begins like a formula is text, and the hour is nowhere in the file."""
    paths = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    found = example()
    title = comparison_sheets(found, SMALLER)[0].name
    for path in paths:
        day = found.before.graph.market.as_of
        write_workbook(path, title, day, comparison_sheets(found, SMALLER), lang)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    cells = [c for sheet in load_workbook(paths[0]) for row in sheet.iter_rows() for c in row]
    assert all(cell.data_type != "f" for cell in cells)
    hostile = [cell for cell in cells if cell.value == HOSTILE]
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in hostile)


def test_a_hostile_name_reaches_the_workbook_as_text(tmp_path: Path) -> None:
    """It stands among the matches that changed."""
    market = example_market()
    renamed = [replace(e, name=HOSTILE, name_en=None) for e in market.records.enterprises]
    setting = Setting(market.replace(enterprises=renamed), default_weights())
    before = solve_setting(setting, EFFORT)
    found = compare(before, solve_setting(SMALLER.apply(setting).after, EFFORT, before.earlier))
    assert found.changes
    path = tmp_path / "a.xlsx"
    write_workbook(path, comparison_sheets(found, SMALLER)[0].name, market.as_of,
                   comparison_sheets(found, SMALLER))  # fmt: skip
    cells = [c for sheet in load_workbook(path) for row in sheet.iter_rows() for c in row]
    hostile = [cell for cell in cells if cell.value == HOSTILE]
    assert hostile
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in hostile)


def test_charts_are_svg_without_scripts_or_the_network() -> None:
    """And the same bytes twice, whatever the names of the records hold."""
    market = example_market()
    evil = "<script>alert(1)</script>&\x07"
    institutions = [replace(i, name=evil, name_en=evil) for i in market.institutions]
    setting = Setting(market.replace(institutions=institutions), default_weights())
    before = solve_setting(setting, EFFORT)
    found = compare(before, solve_setting(SMALLER.apply(setting).after, EFFORT, before.earlier))
    first, second = (comparison_charts(found, Lang.EN) for _ in range(2))
    assert first == second
    curve = sweep(setting, Lever("pools", "F1", "capacity"), [WAN, 500 * WAN], EFFORT, workers=1)
    charts = {**first, **curve_charts(curve, setting, Lang.ZH)}
    assert {"size.svg", "institution.svg", "curve-score.svg"} <= set(charts)
    for content in charts.values():
        tree = ElementTree.fromstring(content)
        names = {element.tag.split("}")[-1] for element in tree.iter()}
        assert "script" not in names
        links = re.findall(rb'(?:href|src)="([^"#][^"]*)"', content)
        assert links == []


def test_the_short_form_shows_only_what_changed() -> None:
    """The same plan twice has nothing to show but its figures."""
    before = solve_setting(Setting(example_market(), default_weights()), EFFORT)
    sheets = brief_sheets(compare(before, before))
    assert [len(sheet.rows) for sheet in sheets[:3]] == [0, 0, 0]
    assert len(sheets[3].rows) > 8
    assert all(len(sheet.rows) for sheet in brief_sheets(example()))


# --- a plan file as the baseline --------------------------------------------------------------


def planned(path: Path) -> Setting:
    """Write the plan of the hand-made market and return its setting without pins."""
    loaded = Round(example_market())
    found = plan_round(loaded, default_weights(), Effort(), Asked(FIXINGS))
    write_plan(path, plan_document(found.plan, found.inputs))
    return Setting(example_market(), default_weights())


def test_a_plan_file_is_the_baseline_with_its_pins_and_prices(tmp_path: Path) -> None:
    """Its matches, objective, bound, pins and bans are those of the plan that was written."""
    setting = planned(tmp_path / "plan.json")
    document = json.loads((tmp_path / "plan.json").read_text())
    found = read_baseline(tmp_path / "plan.json", setting, market_bytes(setting.market))
    pairs = {(m["need"], m["product"]) for m in document["matches"]}
    assert {(need, product) for need, product, _ in found.earlier.matches} == pairs
    assert found.objective == pytest.approx(document["objective"], abs=1e-9)
    assert found.result.bound == pytest.approx(document["bound"], abs=1e-9)
    assert found.setting.fixings.pins == FIXINGS.pins
    assert ("N7", "P1") in found.setting.fixings.bans


def test_a_plan_of_another_market_or_a_changed_one_is_refused(tmp_path: Path) -> None:
    """Every way in which it is not this round's plan is named."""
    setting = planned(tmp_path / "plan.json")
    document = json.loads((tmp_path / "plan.json").read_text())
    other = market_bytes(SMALLER.apply(setting).after.market)
    with pytest.raises(InputError, match="another market"):
        read_baseline(tmp_path / "plan.json", setting, other)
    document["objective"] = 99.0
    write_plan(tmp_path / "changed.json", document)
    with pytest.raises(InputError, match="was changed"):
        read_baseline(tmp_path / "changed.json", setting, market_bytes(setting.market))
    document["matches"] = document["matches"] * 2
    document["digest"] = digest_of(document)
    write_plan(tmp_path / "twice.json", document)
    with pytest.raises(InputError, match="cannot be used as a baseline"):
        read_baseline(tmp_path / "twice.json", setting, market_bytes(setting.market))
    (tmp_path / "no.json").write_text("{}")
    with pytest.raises(InputError, match="is no plan"):
        read_baseline(tmp_path / "no.json", setting, b"")
