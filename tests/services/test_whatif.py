"""The use case: a baseline, scenarios that add up, answers on paper; no plan is written over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from matcher.assign import check
from matcher.domain.errors import InputError
from matcher.domain.expression import parse
from matcher.domain.text import Lang, Text
from matcher.files.baseline import baseline_from
from matcher.files.plan_json import digest_of, plan_document, write_plan
from matcher.files.scenario import scenario_from, scenario_sha256
from matcher.planning.effort import Effort
from matcher.planning.encode import Fixings
from matcher.planning.floors import GroupFloor
from matcher.scoring.weights import default_weights
from matcher.services.planning import Asked as Asking
from matcher.services.planning import market_bytes, plan_round
from matcher.services.rounds import Round
from matcher.services.whatif import STAGES, Finding, Trial, findings, try_out
from matcher.services.whatif_asking import Questions, of_files, pose, read_all
from matcher.services.whatif_document import answer, document
from matcher.services.whatif_saving import (
    answers_of,
    save_answers,
    save_scenario_plan,
    scenario_plan,
)
from matcher.verify.plan_file import verify_plan
from matcher.whatif.advice import Advices
from matcher.whatif.compare import Comparison
from matcher.whatif.setting import Setting
from matcher.whatif.watch import Watch, WithdrawnError
from tests.planning_examples import FIXINGS, example_market

SOLVING = Effort(gap=1e-6)
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


def scenario(folder: Path, name: str, content: str) -> Path:
    """Write a scenario file."""
    path = folder / name
    path.write_text(content)
    return path


def ask(
    paths: Sequence[Path] = (),
    questions: Questions | None = None,
    *,
    baseline: Path | None = None,
    aims: Asking | None = None,
    watch: Watch | None = None,
) -> tuple[Trial, list[Finding]]:
    """Ask of the hand-made market."""
    subject = of_files(example_market(), default_weights(), paths, baseline, aims)
    posed, watch = pose(subject, questions), watch or Watch()
    trial = try_out(posed, SOLVING, watch)
    return trial, list(findings(posed, trial, SOLVING, watch))


def test_scenarios_add_up_and_each_sees_what_those_before_it_did(tmp_path: Path) -> None:
    """The second file is about what the first one adds."""
    paths = [scenario(tmp_path, "a.toml", ADDED), scenario(tmp_path, "b.toml", ON_ADDED)]
    trial, _ = ask(paths)
    assert trial.scenario.name == "new bank + its product"
    assert trial.applied.touched == (("institutions", "B9"),)
    assert trial.after.setting.market.institutions[-1].leads == 3
    with pytest.raises(InputError, match=r"b\.toml · made bigger · #1 · id"):
        ask(paths[1:])


def test_the_faults_of_files_baseline_and_questions_are_told_together(tmp_path: Path) -> None:
    """One error names both scenario files, the plan, the front and the advice."""
    paths = [scenario(tmp_path, "a.toml", "x = 1"), scenario(tmp_path, "b.toml", ON_ADDED)]
    (tmp_path / "p.json").write_text("{}")
    with pytest.raises(InputError) as error:
        ask(paths, Questions(front="colour", advice=-1), baseline=tmp_path / "p.json")
    found = error.value.faults
    assert {fault.file for fault in found} == {"a.toml", "b.toml", "p.json", None}
    assert {fault.field for fault in found} >= {"--front", "--advice", "format"}


def test_the_values_of_a_sweep_are_judged_before_anything_is_solved() -> None:
    """The end that cannot be used is a fault, and no stage begins."""
    stages = list[Text]()
    with pytest.raises(InputError, match="cost_ceiling"):
        ask(questions=Questions(sweeps=("weight:cost_ceiling=50%,300%",)),
            watch=Watch(on_stage=stages.append))  # fmt: skip
    assert stages == []


def test_a_plan_file_as_baseline_brings_its_own_pins(tmp_path: Path) -> None:
    """Given beside it they are refused; the stages are told in their order."""
    found = plan_round(Round(example_market()), default_weights(), SOLVING, Asking(FIXINGS))
    write_plan(tmp_path / "plan.json", plan_document(found.plan, found.inputs))
    path, stages = scenario(tmp_path, "a.toml", SMALLER), list[Text]()
    trial, _ = ask([path], baseline=tmp_path / "plan.json", watch=Watch(on_stage=stages.append))
    assert trial.baseline.setting.fixings.pins == FIXINGS.pins
    assert trial.after.setting.fixings.pins == FIXINGS.pins
    assert stages == list(STAGES[:3])
    for aims in (Asking(Fixings(bans=frozenset({("N1", "P1")}))), Asking(fair="size")):
        with pytest.raises(InputError, match="pins, bans and floors of its own"):
            ask([path], baseline=tmp_path / "plan.json", aims=aims)


QUESTIONS = Questions(
    sweeps=("pool:F1:capacity=10000,4000000",),
    front="priority",
    least=("pool:F1 serves N2",),
    advice=3,
)


def test_every_answer_is_saved_and_no_plan_is_touched(tmp_path: Path) -> None:
    """JSON, a workbook for each, charts; what lay in the folder before is as it was."""
    for name in ("plan.json", "market.json", "plan.xlsx", "timetable.json"):
        (tmp_path / name).write_text(f"the live {name}")
    before = _hashes(tmp_path)
    trial, found = ask([scenario(tmp_path, "a.toml", SMALLER)], QUESTIONS)
    answers = answers_of(trial, found, Lang.EN)
    written = save_answers(trial, found, answers, tmp_path, Lang.EN)
    plan = scenario_plan(trial, SOLVING)
    assert plan is not None
    written += save_scenario_plan(trial, plan, SOLVING, (), tmp_path)
    assert all(p.name.startswith("whatif") for p in written)
    assert {"whatif.json", "whatif-comparison.xlsx", "whatif-curve-score.svg", "whatif-front.svg",
            "whatif-least.xlsx", "whatif-advice.svg"} <= {p.name for p in written}  # fmt: skip
    after = _hashes(tmp_path)
    assert {name: after[name] for name in before} == before
    content = json.loads((tmp_path / "whatif.json").read_text())
    assert content == json.loads(json.dumps(document(trial, found)))
    assert content["scenario"]["sha256"] == trial.sha256
    assert content["touched"] == [["pools", "F1"]]
    names = ("comparison", "curve", "front", "least", "advice")
    assert all(name in content for name in names)


def _hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def test_an_unknown_division_is_refused() -> None:
    """With the ones that there are."""
    with pytest.raises(InputError, match="size, sector, region, priority"):
        ask(questions=Questions(front="colour"))


def test_without_a_scenario_the_baseline_itself_is_asked() -> None:
    """It is not solved twice."""
    trial, found = ask()
    assert trial.after is trial.baseline
    assert trial.applied.touched == ()
    assert found == []
    assert scenario_plan(trial, SOLVING) is None


# --- plans with floors, and fair ones ---------------------------------------------------------

FLOORED = Asking(
    fixings=FIXINGS,
    floors=(
        GroupFloor(where=parse("amount >= 100万"), share=Decimal("0.75"), penalty=3.5),
        GroupFloor(institution_id="B1", least=1),
    ),
    fair="priority",
)


@pytest.mark.parametrize("fair", [None, "priority", "institution"])
def test_a_plan_with_floors_goes_round_by_way_of_its_file(tmp_path: Path, fair: str | None) -> None:
    """Floors, levels, matches, objective and bound of the baseline read are the plan's own."""
    aims = replace(FLOORED, fair=fair)
    planned = plan_round(Round(example_market()), default_weights(), SOLVING, aims)
    write_plan(tmp_path / "plan.json", planned.document)
    trial, _ = ask([scenario(tmp_path, "a.toml", SMALLER)], baseline=tmp_path / "plan.json")
    read, plan = trial.baseline, planned.plan
    assert (read.setting.floors, read.setting.fair) == (aims.floors, fair)
    assert read.setting.fixings == FIXINGS
    assert read.levels == plan.fair
    assert read.encoded.floors == plan.encoded.floors
    assert [(f.num_asked, f.num_matched, f.price) for f in read.floors] == [
        (f.num_asked, f.num_matched, f.price) for f in plan.floors
    ]
    assert read.objective == pytest.approx(plan.result.objective, abs=1e-12)
    assert read.result.bound == pytest.approx(plan.result.bound, abs=1e-9)
    assert {(n, p) for n, p, _ in read.earlier.matches} == {
        (m.need.need_id, m.product.product_id) for m in plan.matches
    }
    assert (trial.after.setting.floors, trial.after.setting.fair) == (aims.floors, fair)


def test_the_plan_of_a_scenario_with_floors_and_fairness_passes_the_checker(tmp_path: Path) -> None:
    """It says what floors cost, as every plan file with floors does."""
    trial, _ = ask([scenario(tmp_path, "a.toml", SMALLER)], aims=FLOORED)
    whole = scenario_plan(trial, SOLVING)
    assert whole is not None
    market, plan = save_scenario_plan(trial, whole, SOLVING, (), tmp_path)
    said = json.loads(plan.read_text())
    assert said["score_without_floors"] is not None
    assert said["solver"]["fair"]["by"] == "priority"
    assert [f["fair"] for f in said["floors"]].count(False) == 2
    assert verify_plan(plan, [market]) == []


def test_fairness_may_be_a_change_and_its_levels_are_compared(tmp_path: Path) -> None:
    """Each group has its level after; before, only how many of it were served."""
    fair = 'name = "fair"\n[[changes]]\nkind = "fair"\nby = "priority"\n'
    trial, (found,) = ask([scenario(tmp_path, "a.toml", fair)])
    assert isinstance(found, Comparison)
    (levels,) = found.fairness
    assert (levels.by, levels.proved) == ("priority", (None, True))
    floors = {f.group[1]: f.least for f in trial.after.levels.floors if f.group}  # type: ignore[union-attr]
    assert {g.key: g.after.num_asked for g in levels.groups if g.after} == floors
    for group in levels.groups:
        assert group.before is not None
        assert group.after is not None
        assert group.before.num_asked is None
        assert group.after.num_matched >= (group.after.num_asked or 0)
        assert group.before.num_reachable == group.after.num_reachable
    rates = [
        min(Fraction(s.num_matched, s.num_reachable) for s in side if s and s.num_reachable)
        for side in ([g.before for g in levels.groups], [g.after for g in levels.groups])
    ]
    assert rates[1] >= rates[0]
    back = trial.applied.inverse.apply(trial.applied.after).after
    assert back.fair is None
    content = document(trial, [found])["comparison"]["fair"]
    assert content[0]["groups"][0]["after"]["asked"] is not None


def test_a_way_to_divide_that_is_none_is_refused(tmp_path: Path) -> None:
    """With the ones that there are, and none."""
    bad = 'name = "fair"\n[[changes]]\nkind = "fair"\nby = "colour"\n'
    with pytest.raises(InputError, match="size, sector, region, priority, institution or none"):
        ask([scenario(tmp_path, "a.toml", bad)])


def test_advice_under_fairness_holds_the_levels(tmp_path: Path) -> None:
    """Each gain is within what was predicted, and it is said what is held."""
    trial, (found,) = ask(questions=Questions(advice=3), aims=Asking(fair="priority"))
    assert isinstance(found, Advices)
    assert all(item.is_within for item in found.items)
    notes = [note["en"] for note in document(trial, [found])["notes"]]
    assert any("levels of fairness are held" in note for note in notes)


# --- for a worker: documents in, a document out -----------------------------------------------

DOCUMENT = {
    "name": "smaller",
    "changes": [
        {"kind": "set", "table": "pools", "id": "F1", "values": {"capacity": "300万"}},
    ],
}


def test_a_worker_asks_by_documents_and_gets_the_same_document(tmp_path: Path) -> None:
    """Without any file: what the files say and what the documents say come to the same."""
    planned = plan_round(Round(example_market()), default_weights(), SOLVING, Asking(FIXINGS))
    write_plan(tmp_path / "plan.json", planned.document)
    trial, found = ask([scenario(tmp_path, "a.toml", SMALLER)], QUESTIONS,
                       baseline=tmp_path / "plan.json")  # fmt: skip
    steps, stages = list[tuple[int, int]](), list[Text]()
    told = Watch(on_stage=stages.append, on_step=lambda *step: steps.append(step))
    said = answer(example_market(), default_weights(), DOCUMENT, SOLVING, questions=QUESTIONS,
                  baseline=planned.document, watch=told)  # fmt: skip
    assert json.dumps(said) == json.dumps(document(trial, found))
    assert stages == list(STAGES)
    assert steps


def test_a_scenario_parsed_by_plain_json_means_what_its_file_means(tmp_path: Path) -> None:
    """Numbers with a point are read as they are written, not as the nearest binary fraction."""
    text = json.dumps({
        "changes": [
            {"kind": "scale", "table": "pools", "all": True, "fields": ["capacity"], "factor": 0.1},
            {"kind": "floors", "share": 0.9, "penalty": 2.5},
            {"kind": "weights", "values": {"cost": 0.3}},
        ],
    })  # fmt: skip
    path = scenario(tmp_path, "a.json", text)
    setting = Setting(example_market(), default_weights())
    read, parsed = read_all([path], setting), scenario_from(json.loads(text), setting)
    assert scenario_sha256(read) == scenario_sha256(parsed)


@pytest.mark.parametrize("junk", [None, "x", [None]])
def test_a_plan_that_was_tampered_with_is_refused_or_holds(junk: object) -> None:
    """Whatever is put in the place of a part, with the digest made to fit."""
    planned = plan_round(Round(example_market()), default_weights(), SOLVING, FLOORED)
    setting, content = Setting(example_market(), default_weights()), market_bytes(example_market())
    whole = json.loads(json.dumps(planned.document))
    places = [(key,) for key in whole] + [
        (part, *inner)
        for part in ("input", "weights", "solver", "floors", "matches", "pools_use", "problem")
        for inner in (((0, k) for k in whole[part][0]) if isinstance(whole[part], list)
                      else ((k,) for k in whole[part]))
    ]  # fmt: skip
    for place in places:
        changed = json.loads(json.dumps(whole))
        owner = changed
        for key in place[:-1]:
            owner = owner[key]
        owner[place[-1]] = junk
        changed["digest"] = digest_of(changed)
        try:
            found = baseline_from(changed, setting, content)
        except InputError:
            continue
        check(found.problem, found.result)


def test_a_worker_is_told_every_fault_at_once() -> None:
    """Scenario, baseline and questions, each by its name; nothing is solved."""
    bad = {"changes": [{"kind": "set"}, {"kind": "pin", "need": "N9", "product": "P1"}]}
    stages = list[Text]()
    with pytest.raises(InputError) as error:
        answer(example_market(), default_weights(), bad, SOLVING,
               questions=Questions(front="colour", advice=1000), baseline={},
               watch=Watch(on_stage=stages.append))  # fmt: skip
    assert {fault.row for fault in error.value.faults} >= {1, None}
    assert {fault.field for fault in error.value.faults} >= {"front", "advice", "format"}
    assert stages == []
    with pytest.raises(InputError) as error:
        answer(example_market(), default_weights(), None, SOLVING,
               questions=Questions(sweeps=("x", "pool:F7:capacity=1"), least=("y",)))  # fmt: skip
    assert [fault.field for fault in error.value.faults] == ["sweep", "sweep", "least"]


@pytest.mark.parametrize("stage", range(len(STAGES)))
def test_a_question_that_is_withdrawn_has_no_answer(stage: int) -> None:
    """At whichever stage; what was found so far is not passed for one."""
    reached = list[Text]()
    told = Watch(on_stage=reached.append, is_wanted=lambda: len(reached) <= stage)
    with pytest.raises(WithdrawnError):
        answer(example_market(), default_weights(), DOCUMENT, SOLVING, questions=QUESTIONS,
               watch=told)  # fmt: skip
    assert reached == list(STAGES[: stage + 1])
