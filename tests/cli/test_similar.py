"""`matcher similar`: look-alikes and what they share."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.shell import Shell


def test_the_planted_look_alikes_rank_first(shell: Shell) -> None:
    """Row A5: each with the indicators that it shares."""
    found = shell.document("similar", "binjiang-a1", "--top", 3)
    neighbours = found["neighbours"]
    assert {n["enterprise"] for n in neighbours} == {f"binjiang-0{i}" for i in (1, 2, 3)}
    for neighbour in neighbours:
        assert {"indicator.financing_rounds", "indicator.orders_growing"} <= set(
            neighbour["shared"]
        )
        parts = sum(term["contribution"] for term in neighbour["terms"])
        assert parts == pytest.approx(neighbour["similarity"])


def test_people_read_what_is_shared_and_what_is_not(shell: Shell) -> None:
    """Both languages show the same firms."""
    chinese = shell.run("similar", "binjiang-a1", "--top", 2).out
    english = shell.run("similar", "binjiang-a1", "--top", 2, "--lang", "en").out
    assert "共同点" in chinese
    assert "what they share" in english
    assert all("binjiang-01" in text and "I651" in text for text in (chinese, english))


def test_a_sheet_of_firms_is_enough(shell: Shell, tmp_path: Path) -> None:
    """Firms that have not called have no needs; nobody else is asked for."""
    firms = tmp_path / "enterprises.csv"
    firms.write_text("企业编号,企业名称,行业代码\nE1,甲,I651\nE2,乙,I651\nE3,丙,C27\n")
    found = shell.document("similar", "E1", "--market", firms)
    assert [n["enterprise"] for n in found["neighbours"]] == ["E2", "E3"]


def test_a_firm_that_nothing_is_known_of_is_like_nobody(shell: Shell, tmp_path: Path) -> None:
    """Exit code 1: there is nothing to show."""
    path = tmp_path / "m.json"
    path.write_text(json.dumps({"enterprises": [{"enterprise_id": "E", "name": "e"}]}))
    assert shell.document("similar", "E", "--market", path, code=1)["neighbours"] == []


def test_bad_input_is_named(shell: Shell, tmp_path: Path) -> None:
    """An unknown id names those that could be meant; a count below 1 is refused."""
    (fault,) = shell.faults("similar", "binjiang-a")
    assert fault["field"] == "enterprise_id"
    assert "binjiang-a1" in fault["expected"]["en"]
    assert [f["field"] for f in shell.faults("similar", "binjiang-a1", "--top", 0)] == ["limit"]
    firms = tmp_path / "enterprises.csv"
    firms.write_text("企业编号,企业名称,行业代码,职工人数\nE1,甲,?,-3\nE1,,I651,\n")
    faults = shell.faults("similar", "E1", "--market", firms)
    assert [(f["row"], f["field"]) for f in faults] == [
        (2, "industry"), (2, "staff"), (3, "name"), (3, "enterprise_id"),
    ]  # fmt: skip
