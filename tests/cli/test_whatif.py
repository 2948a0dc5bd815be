"""`matcher whatif`: questions on the command line, in both languages, with their exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from matcher.services import whatif
from matcher.services.planning import market_bytes
from tests.cli.shell import Shell
from tests.planning_examples import WAN, example_market

SCENARIO = """
name = "smaller fund"
[[changes]]
kind = "set"
name = "a smaller fund"
table = "pools"
id = "F1"
values = { capacity = "300万" }
"""


@pytest.fixture
def market(tmp_path: Path) -> Path:
    """Return the hand-made market as a file."""
    path = tmp_path / "market.json"
    path.write_bytes(market_bytes(example_market()))
    return path


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """Return a scenario file."""
    path = tmp_path / "s.toml"
    path.write_text(SCENARIO)
    return path


def test_a_scenario_is_compared_with_its_reasons(
    shell: Shell, market: Path, scenario: Path
) -> None:
    """The document has both plans, the changes and why; people read the same on stderr."""
    found = shell.document("whatif", "--market", market, "--scenario", scenario)
    compared = found["comparison"]
    assert compared["quality"]["before"]["objective"] > compared["quality"]["after"]["objective"]
    lost = [c for c in compared["changes"] if c["fate"] == "lost"]
    assert lost
    assert all(c["reasons"] for c in lost)
    told = shell.run("whatif", "--market", market, "--scenario", scenario, "--lang", "en").out
    assert "a smaller fund" in told
    assert "Risk pool" in told
    zh = shell.run("whatif", "--market", market, "--scenario", scenario, "--lang", "zh").out
    assert "失去" in zh


def test_the_baseline_may_be_a_plan_file_which_stays_as_it_is(
    shell: Shell, market: Path, scenario: Path, tmp_path: Path
) -> None:
    """The figures before are the file's, and the folder of the plan is not written to."""
    out = tmp_path / "plan"
    assert shell.run("plan", "--market", market, "--out", out).code == 0
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    words = ("--market", market, "--scenario", scenario, "--baseline", out / "plan.json")
    found = shell.document("whatif", *words, "--out", out)
    plan = json.loads(before["plan.json"])
    assert found["comparison"]["quality"]["before"]["objective"] == plan["objective"]
    assert {name: (out / name).read_bytes() for name in before} == before
    assert (out / "whatif.json").exists()
    assert (out / "whatif-comparison.xlsx").exists()
    checked = shell.run("verify", out / "whatif-plan.json", "--input", out / "whatif-market.json")
    assert checked.code == 0, checked.err


def test_every_question_is_answered_at_once(shell: Shell, market: Path) -> None:
    """A curve, a front, the least capacity and advice in one document."""
    found = shell.document(
        "whatif", "--market", market, "--sweep", "pool:F1:capacity=1e6:6e6:3",
        "--front", "priority", "--least", "pool:F1 serves N2",
        "--least", "pool:F1 serves 50% of amount >= 100", "--advice", "--most", 2,
    )  # fmt: skip
    points = found["curve"]["points"]
    assert [p["value"] for p in points] == [100 * WAN, 350 * WAN, 600 * WAN]
    assert all(p["gap"] is not None for p in points)
    assert found["front"]["points"]
    assert found["least-1"]["proof"] in ("proved", "solver", "not_needed")
    assert found["least-2"]["asked"] == 4
    assert len(found["advice"]["advice"]) <= 2
    assert "comparison" not in found


def test_bad_questions_are_refused_with_every_fault(
    shell: Shell, market: Path, tmp_path: Path
) -> None:
    """Exit 2; each fault names the change and the field, or the option."""
    assert shell.faults("whatif", "--market", market)[0]["field"] == "--scenario"
    bad = tmp_path / "bad.toml"
    bad.write_text('[[changes]]\nkind = "set"\nname = "oops"\ntable = "pools"\nid = "F7"\n'
                   'values = { capacity = "1万" }\n[[changes]]\nkind = "scale"\n')  # fmt: skip
    found = shell.faults("whatif", "--market", market, "--scenario", bad)
    assert {(f["file"], f["row"]) for f in found} == {("bad.toml", 1), ("bad.toml", 2)}
    bad.write_text(SCENARIO.replace('"F1"', '"F7"'))
    (fault,) = shell.faults("whatif", "--market", market, "--scenario", bad)
    place = ("bad.toml", "a smaller fund", 1, "id")
    assert (fault["file"], fault["sheet"], fault["row"], fault["field"]) == place
    assert (
        shell.faults("whatif", "--market", market, "--sweep", "pool:F1=1")[0]["field"] == "--sweep"
    )
    assert shell.faults("whatif", "--market", market, "--front", "x")[0]["field"] == "--front"
    assert shell.faults("whatif", "--market", market, "--least", "x")[0]["field"] == "--least"


def test_the_template_of_a_scenario_is_written(shell: Shell, tmp_path: Path) -> None:
    """It goes with the template of a market."""
    assert shell.run("template", tmp_path / "market.xlsx").code == 0
    assert shell.run("template", tmp_path / "s.toml", "--for", "scenario").code == 0
    words = ("--market", tmp_path / "market.xlsx", "--scenario", tmp_path / "s.toml")
    found = shell.document("whatif", *words)
    assert len(found["scenario"]["changes"]) == 16
    assert shell.run("template", tmp_path / "s.xlsx", "--for", "scenario").code == 2


def test_ctrl_c_cancels_cleanly(
    shell: Shell, market: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, exit 130, and nothing is written."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(whatif, "advise", interrupted)
    out = tmp_path / "out"
    done = shell.run("whatif", "--market", market, "--advice", "--out", out, "--lang", "en")
    assert done.code == 130
    assert "cancelled; nothing was written" in done.out
    assert not out.exists()


SLOW = """
import sys, time
from matcher.cli import main
from matcher.services import whatif

def deaf(*_, **__):
    # As HiGHS does: one long call that hears nothing of Python.
    print("solving", file=sys.stderr, flush=True)
    time.sleep(60)

whatif.solve_setting = deaf
main(sys.argv[1:])
"""


@pytest.mark.skipif(os.name != "posix", reason="sends a signal as terminals of POSIX do")
def test_ctrl_c_does_not_wait_for_a_solver_that_hears_nothing(market: Path, tmp_path: Path) -> None:
    """The process ends with 130 while the solver is still at it, and nothing is written."""
    out = tmp_path / "out"
    words = ["whatif", "--market", str(market), "--advice", "--out", str(out), "--lang", "en"]
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    assert process.stderr.readline().strip() == "solving"
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "cancelled; nothing was written" in told
    assert not out.exists()


def test_a_fair_plan_with_floors_is_a_baseline_and_its_levels_are_compared(
    shell: Shell, market: Path, scenario: Path, tmp_path: Path
) -> None:
    """What `matcher plan --fair --floor` wrote is asked, and the same aims without the file."""
    out, aims = tmp_path / "plan", ("--fair", "size", "--floor", "amount >= 100万: 50%")
    assert shell.run("plan", "--market", market, *aims, "--out", out).code == 0
    words = ("whatif", "--market", market, "--scenario", scenario)
    read = shell.document(*words, "--baseline", out / "plan.json")["comparison"]
    anew = shell.document(*words, *aims)["comparison"]
    assert read["fair"] == anew["fair"]
    assert read["fair"][0]["proved"] == {"before": True, "after": True}
    assert read["quality"]["before"]["objective"] == anew["quality"]["before"]["objective"]
    (fault,) = shell.faults(*words, "--baseline", out / "plan.json", "--fair", "size")
    assert fault["field"] == "--baseline"
    told = shell.run(*words, *aims, "--lang", "en").out
    assert "Fairness" in told
    assert "(level" in told
