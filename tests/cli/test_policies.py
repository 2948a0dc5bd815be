"""`matcher policies`: what applies to each need, why the rest does not, and imports."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import seeds
from tests.cli.shell import Shell

A1 = "binjiang-a1-wages"
REGISTER = seeds.data_dir() / "binjiang_policies.toml"


def test_every_need_lists_what_applies_and_what_fails(shell: Shell) -> None:
    """Row A2: each policy stands in one list of each need; who fails has a failing rule."""
    found = shell.document("policies")
    number = found["register"]["num_policies"]
    assert len(found["needs"]) == 122
    for need in found["needs"]:
        lists = [need["applies"], need["unknown"], need["fails"]]
        assert sum(map(len, lists)) == number
        assert all(entry["failing"] for entry in need["fails"])


def test_one_need_is_shown_with_every_reason(shell: Shell) -> None:
    """The failing criterion stands beside the policy, in either language."""
    done = shell.run("policies", "--need", A1, "--lang", "en")
    assert done.code == 0
    assert "first-time borrower: no; asked: yes; fails" in " ".join(done.out.split())
    assert "policies apply" in done.out
    assert "首贷户" in shell.run("policies", "--need", A1).out


def test_the_register_of_28_rows_is_imported(shell: Shell, tmp_path: Path) -> None:
    """Row A2: counted by issuer, and written with the market so that it can be planned."""
    folder = tmp_path / "market"
    folder.mkdir()
    for path in seeds.data_dir().glob("*.toml"):
        if path != REGISTER:
            (folder / path.name).write_bytes(path.read_bytes())
    out = tmp_path / "with.json"
    day = ("--date", seeds.SEED_DATE)
    words = ("policies", "--market", folder, "--import", REGISTER, "--out", out, *day)
    register = shell.document(*words)["register"]
    assert register["num_imported"] == 28
    issuers = {one["issuer"]: one["number"] for one in register["by_issuer"]}
    assert issuers == Counter(p.issuer for p in seeds.load().policies)
    assert issuers["示例银行保险机构"] == 21
    before = shell.document("policies")
    assert shell.document("policies", "--market", out)["needs"] == before["needs"]
    (fault, *others) = shell.faults("policies", "--market", out, "--import", REGISTER)
    assert fault["field"] == "policy_id"
    assert len(others) == 27


def test_every_fault_of_an_import_is_named(shell: Shell, tmp_path: Path) -> None:
    """A bad rule, a rate in doubt, and a name that is missing, each at its row and column."""
    path = tmp_path / "policies.csv"
    path.write_text("政策编号,政策名称,支持比例,享受条件\nP1,政策一,2.5,\nP2,,,营业收入 >>\n")
    faults = shell.faults("policies", "--import", path)
    assert [(f["file"], f["row"], f["field"]) for f in faults] == [
        ("policies.csv", 2, "rate"),
        ("policies.csv", 3, "criteria"),
        ("policies.csv", 3, "name"),
    ]


def test_unknown_needs_and_empty_registers_have_their_exit_codes(
    shell: Shell, tmp_path: Path
) -> None:
    """An unknown need is bad input; a market without policies has nothing to propose."""
    assert [f["field"] for f in shell.faults("policies", "--need", "nobody")] == ["need_id"]
    market = {
        "enterprises": [{"enterprise_id": "E", "name": "e"}],
        "needs": [{"need_id": "N", "enterprise_id": "E", "amount_fen": 100}],
        "institutions": [],
        "products": [],
    }
    path = tmp_path / "m.json"
    path.write_text(json.dumps(market))
    assert shell.document("policies", "--market", path, code=1)["register"]["num_policies"] == 0
