"""The use case: a baseline, scenarios that add up, answers on paper; no plan is written over."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from matcher.domain.errors import InputError
from matcher.domain.text import Lang, Text
from matcher.files.plan_json import plan_document, write_plan
from matcher.planning.effort import Effort
from matcher.planning.encode import Fixings
from matcher.scoring.weights import default_weights
from matcher.services.planning import Asked as Asking
from matcher.services.planning import plan_round
from matcher.services.rounds import Round
from matcher.services.whatif import STAGES, advised, ask, compared, least_needed, swept, traded
from matcher.services.whatif_saving import (
    advice_answer,
    comparison_answer,
    curve_answer,
    document,
    front_answer,
    least_answer,
    save_answers,
)
from matcher.whatif.least import Goal
from matcher.whatif.lever import Lever
from tests.planning_examples import FIXINGS, WAN, example_market

SOLVING = Effort(gap=1e-6)
RISK = Lever("pools", "F1", "capacity")
SMALLER = """
name = "smaller"
[[changes]]
kind = "set"
table = "pools"
id = "F1"
values = { capacity = "300万" }
"""
ADDED = """
name = "new bank"
[[changes]]
kind = "add"
table = "institutions"
record = { institution_id = "B9", name = "新银行" }
"""
ON_ADDED = """
name = "its product"
[[changes]]
kind = "set"
name = "made bigger"
table = "institutions"
id = "新银行"
values = { leads = 3 }
"""


def nothing(done: int, total: int) -> None:
    """Do not listen to progress."""


def scenario(folder: Path, name: str, content: str) -> Path:
    """Write a scenario file."""
    path = folder / name
    path.write_text(content)
    return path


def test_scenarios_add_up_and_each_sees_what_those_before_it_did(tmp_path: Path) -> None:
    """The second file is about what the first one adds."""
    paths = [scenario(tmp_path, "a.toml", ADDED), scenario(tmp_path, "b.toml", ON_ADDED)]
    asked = ask(example_market(), default_weights(), paths, SOLVING)
    assert asked.scenario.name == "new bank + its product"
    assert asked.applied.touched == (("institutions", "B9"),)
    assert asked.after.setting.market.institutions[-1].leads == 3
    with pytest.raises(InputError, match=r"b\.toml · made bigger · #1 · id"):
        ask(example_market(), default_weights(), paths[1:], SOLVING)


def test_the_faults_of_every_file_are_told_together(tmp_path: Path) -> None:
    """One error names both files."""
    paths = [scenario(tmp_path, "a.toml", "x = 1"), scenario(tmp_path, "b.toml", ON_ADDED)]
    with pytest.raises(InputError) as error:
        ask(example_market(), default_weights(), paths, SOLVING)
    assert {fault.file for fault in error.value.faults} == {"a.toml", "b.toml"}


def test_a_plan_file_as_baseline_brings_its_own_pins(tmp_path: Path) -> None:
    """Given beside it they are refused; the stages are told in their order."""
    found = plan_round(Round(example_market()), default_weights(), SOLVING, Asking(FIXINGS))
    write_plan(tmp_path / "plan.json", plan_document(found.plan, found.inputs))
    path, stages = scenario(tmp_path, "a.toml", SMALLER), list[Text]()
    asked = ask(example_market(), default_weights(), [path], SOLVING,
                baseline=tmp_path / "plan.json", on_stage=stages.append)  # fmt: skip
    assert asked.baseline.setting.fixings.pins == FIXINGS.pins
    assert asked.after.setting.fixings.pins == FIXINGS.pins
    assert stages == list(STAGES[:2])
    with pytest.raises(InputError, match="pins, bans and floors of its own"):
        ask(example_market(), default_weights(), [path], SOLVING,
            fixings=Fixings(bans=frozenset({("N1", "P1")})),
            baseline=tmp_path / "plan.json")  # fmt: skip


def test_every_answer_is_saved_and_no_plan_is_touched(tmp_path: Path) -> None:
    """JSON, a workbook for each, charts; what lay in the folder before is as it was."""
    for name in ("plan.json", "market.json", "plan.xlsx", "timetable.json"):
        (tmp_path / name).write_text(f"the live {name}")
    before = _hashes(tmp_path)
    path = scenario(tmp_path, "a.toml", SMALLER)
    asked = ask(example_market(), default_weights(), [path], SOLVING)
    answers = [
        comparison_answer(asked, compared(asked), Lang.EN),
        curve_answer(asked, swept(asked, RISK, [WAN, 400 * WAN], SOLVING, nothing), Lang.EN),
        front_answer(traded(asked, "priority", SOLVING, nothing), Lang.ZH),
        least_answer(asked, least_needed(asked, RISK, Goal(need_id="N2"), SOLVING, nothing)),
        advice_answer(advised(asked, SOLVING, 3, nothing), Lang.EN),
    ]
    written = save_answers(asked, answers, tmp_path, Lang.EN)
    assert all(p.name.startswith("whatif") for p in written)
    assert {"whatif.json", "whatif-comparison.xlsx", "whatif-curve-score.svg", "whatif-front.svg",
            "whatif-least.xlsx", "whatif-advice.svg"} <= {p.name for p in written}  # fmt: skip
    after = _hashes(tmp_path)
    assert {name: after[name] for name in before} == before
    content = json.loads((tmp_path / "whatif.json").read_text())
    assert content == json.loads(json.dumps(document(asked, answers)))
    assert content["scenario"]["sha256"] == asked.sha256
    assert content["touched"] == [["pools", "F1"]]
    names = ("comparison", "curve", "front", "least", "advice")
    assert all(name in content for name in names)


def _hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def test_an_unknown_division_is_refused() -> None:
    """With the ones that there are."""
    asked = ask(example_market(), default_weights(), [], SOLVING)
    with pytest.raises(InputError, match="size, sector, region, priority"):
        traded(asked, "colour", SOLVING, nothing)


def test_without_a_scenario_the_baseline_itself_is_asked() -> None:
    """It is not solved twice."""
    asked = ask(example_market(), default_weights(), [], SOLVING)
    assert asked.after is asked.baseline
    assert asked.applied.touched == ()
