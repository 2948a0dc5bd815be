"""`matcher schedule`: a published instance, one's own event, and a change on the day."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

import seeds
from matcher.cli import schedule as command
from matcher.domain.text import Lang
from matcher.market import Market
from matcher.scoring.weights import default_weights
from matcher.services.planning import plan_round, save_plan
from matcher.services.rounds import Round
from tests.cli.shell import Shell
from tests.files.event_files import EVENT

DZN = """
nBusiness = 4; nMeetings = 3; nTables = 2; nTotalSlots = {slots}; nMorningSlots = 2;
requested = [|1,2,3 |3,4,3 |1,3,3|];
forbidden = [{{}}, {{}}, {{}}, {{}}];
fixed = [0,0,0];
precedences = [{{}}, {{}}, {{}}];
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the plan file of four needs of the seeds."""
    market = Market.from_records(seeds.load(), seeds.SEED_DATE)
    market = market.replace(needs=list(market.needs[:4]))
    planned = plan_round(Round(market, (), ()), default_weights())
    folder = tmp_path_factory.mktemp("plan")
    return save_plan(planned, folder, Lang.ZH)[-1]


@pytest.fixture
def event(tmp_path: Path) -> Path:
    """Return an event file with room enough for the plan."""
    path = tmp_path / "event.toml"
    path.write_text(EVENT.replace("number = 4", "number = 12").replace("number = 3", "number = 9"))
    return path


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """Return a published instance, as it were."""
    path = tmp_path / "forum.dzn"
    path.write_text(DZN.format(slots=3))
    return path


def test_a_published_instance_comes_with_objective_bound_and_meetings(
    shell: Shell, instance: Path
) -> None:
    """All that the yardstick asks for is in the document."""
    found = shell.document("schedule", instance)
    assert (found["status"], found["objective"], found["bound"]) == ("optimal", 0, 0)
    assert found["breaks"] == {"1": 0, "2": 0, "3": 0, "4": 0}
    assert {m["meeting"] for m in found["meetings"]} == {"1", "2", "3"}
    assert found["seconds"] >= 0
    assert "已证明最优" in shell.run("schedule", instance).out
    assert "proved to be the best" in shell.run("schedule", instance, "--lang", "en").out


def test_without_a_timetable_the_facts_that_clash_are_told(shell: Shell, instance: Path) -> None:
    """Exit 1, and the smallest set of them in words."""
    instance.write_text(DZN.format(slots=2).replace("nTables = 2", "nTables = 1"))
    found = shell.document("schedule", instance, code=1)
    assert (found["status"], found["objective"], found["meetings"]) == ("infeasible", None, [])
    assert {fact["kind"] for fact in found["conflict"]} >= {"must", "tables"}
    done = shell.run("schedule", instance, "--lang", "en")
    assert done.code == 1
    assert "without any one of them" in done.out


def test_a_broken_instance_is_refused_with_every_fault(shell: Shell, instance: Path) -> None:
    """Cut off, and with a participant that there is not."""
    instance.write_text(DZN.format(slots=3).replace("|3,4,3", "|3,9,3").rstrip()[:-1])
    found = shell.faults("schedule", instance)
    assert {fault["field"] for fault in found} == {"file", "requested", "precedences"}


def test_what_cannot_be_asked_for_is_refused(shell: Shell, instance: Path) -> None:
    """A meeting with oneself; and, of a sound file, more meetings in a slot than tables."""
    text = DZN.format(slots=3)
    instance.write_text(text.replace("|1,3,3", "|3,3,3").replace("|1,2,3", "|9,2,3"))
    found = shell.faults("schedule", instance)
    assert [fault["field"] for fault in found] == ["requested", "requested"]
    instance.write_text(text.replace("nTables = 2", "nTables = 1").replace("0,0,0", "1,1,0"))
    (fault,) = shell.faults("schedule", instance)
    assert fault["file"] == "forum.dzn"


def test_a_plan_and_an_event_make_a_folder_to_take_home(
    shell: Shell, plan: Path, event: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workbook, calendars, timetable; all meetings of the plan have a place."""
    out = tmp_path / "out"
    found = shell.document("schedule", "--plan", plan, "--event", event, "--out", out, "--no-pdf")
    pairs = {(m["enterprise"], m["institution"]) for m in json.loads(plan.read_text())["matches"]}
    assert found["status"] == "optimal"
    assert {(m["second"], m["first"]) for m in found["meetings"]} == pairs
    assert sorted(p.name for p in out.iterdir()) == [
        "calendars",
        "timetable.json",
        "timetable.xlsx",
    ]
    assert len(openpyxl.load_workbook(out / "timetable.xlsx").sheetnames) > 4
    monkeypatch.setattr(command, "require_printable", lambda task: None)
    monkeypatch.setattr(command, "save_agenda", lambda agenda, out, pdf: [Path(f"pdf-{pdf}")])
    assert "pdf-True" in shell.run(
        "schedule", "--plan", plan, "--event", event, "--out", out
    ).out  # fmt: skip


def test_the_same_files_give_the_same_bytes(
    shell: Shell, plan: Path, event: Path, tmp_path: Path
) -> None:
    """Run after run."""
    runs = []
    for name in ("one", "two"):
        shell.run("schedule", "--plan", plan, "--event", event, "--out", tmp_path / name,
                  "--no-pdf")  # fmt: skip
        files = sorted(p for p in (tmp_path / name).rglob("*") if p.is_file())
        runs.append([(p.name, p.read_bytes()) for p in files])
    assert runs[0] == runs[1]


def test_a_change_on_the_day_is_told_person_by_person(
    shell: Shell, plan: Path, event: Path, tmp_path: Path
) -> None:
    """What has happened stays; the new timetable can be changed again."""
    out = tmp_path / "out"
    first = shell.document("schedule", "--plan", plan, "--event", event, "--out", out, "--no-pdf")
    last = first["meetings"][-1]
    change = ("schedule", "--replan", out / "timetable.json", "--now", "2027-06-18T09:30+08:00",
              "--absent", last["first"], "--table-broken", "A9@12:00", "--late",
              f"{last['second']}@10:00", "--out", out, "--no-pdf")  # fmt: skip
    found = shell.document(*change)
    told = {(c["participant_id"], c["meeting_id"]) for c in found["changes"]}
    assert {(last["first"], last["meeting"]), (last["second"], last["meeting"])} <= told
    assert found["event"]["revision"] == 1
    begun = [m for m in first["meetings"] if m["start"] <= "2027-06-18T09:30+08:00"]
    assert all(m in found["meetings"] for m in begun)
    again = shell.run("schedule", "--replan", out / "timetable.json", "--now",
                      "2027-06-18T09:40+08:00", "--leaves", f"{last['second']}@12:00")  # fmt: skip
    assert again.code == 0
    assert "场洽谈有变更" in again.out
    calendar = (out / "calendars" / f"{last['first']}.ics").read_text()
    assert "STATUS:CANCELLED" in calendar
    assert "SEQUENCE:1" in calendar


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ((), ["FILE"]),
        (("a.dzn", "--plan", "p"), ["FILE"]),
        (("--plan", "p"), ["--event"]),
        (("--replan", "t"), ["--now"]),
        (("a.dzn", "--now", "x", "--absent", "y"), ["--now", "--absent"]),
        (("--replan", "none.json", "--now", "10:00", "--late", "x"), ["--now", None, "--late"]),
        (("--replan", "none.json", "--now", "2027-06-18T10:00", "--table-broken", "A@9"),
         ["--now", None, "--table-broken"]),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together_are_refused(
    shell: Shell, words: tuple[str, ...], fields: list[str | None]
) -> None:
    """Each is named."""
    assert [fault["field"] for fault in shell.faults("schedule", *words)] == fields


def test_faults_of_plan_and_event_are_told_together(
    shell: Shell, plan: Path, event: Path, tmp_path: Path
) -> None:
    """A plan that was tampered with and an event with a typing error."""
    broken = tmp_path / "plan.json"
    shutil.copy(plan, broken)
    broken.write_text(broken.read_text().replace('"objective": ', '"objective": 1', 1))
    event.write_text(event.read_text().replace("minutes", "minuets"))
    found = shell.faults("schedule", "--plan", broken, "--event", event)
    assert {fault["file"] for fault in found} == {"plan.json", "event.toml"}


@pytest.mark.parametrize("option", [("--time-limit", "0"), ("--fairness", "-1"), ("--seed", "-1")])
def test_numbers_out_of_range_are_refused(
    shell: Shell, instance: Path, option: tuple[str, str]
) -> None:
    """By the names they have."""
    (fault,) = shell.faults("schedule", instance, *option)
    assert fault["field"] == option[0].removeprefix("--").replace("-", "_")


def test_the_event_template_can_be_scheduled(shell: Shell, plan: Path, tmp_path: Path) -> None:
    """As it is written, without a change."""
    path = tmp_path / "event.toml"
    assert shell.run("template", path, "--for", "event").code == 0
    assert shell.document("schedule", "--plan", plan, "--event", path)["meetings"]
    assert shell.run("template", tmp_path / "event.xlsx", "--for", "event").code == 2
