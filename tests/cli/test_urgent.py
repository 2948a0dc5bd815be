"""`matcher urgent`: the queue, its classes and the first step of each need."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.shell import Shell

A1 = "binjiang-a1-wages"


def test_the_queue_of_the_seeds_begins_with_what_cannot_wait(shell: Shell) -> None:
    """Lost within days, critical, urgent, lost for later, the rest; each with a first step."""
    queue = shell.document("urgent")
    classes = [one["urgency"]["class"] for one in queue["needs"]]
    names = ("lost", "critical", "urgent", "normal")
    assert queue["counts"] == {name: classes.count(name) for name in names}
    days = [one["triage"]["days_left"] for one in queue["needs"]]
    parts = [f"{c} {c != 'lost' or (d is not None and d <= 10)}"
             for c, d in zip(classes, days, strict=True)]  # fmt: skip
    assert list(dict.fromkeys(parts)) == [
        "lost True", "critical True", "urgent True", "lost False", "normal True",
    ]  # fmt: skip
    for part in set(parts):
        mine = [one for one, name in zip(queue["needs"], parts, strict=True) if name == part]
        slack = [one["urgency"]["slack_workdays"] for one in mine]
        known = [workdays for workdays in slack if workdays is not None]
        assert known == sorted(known)
    assert all(one["first_step"]["text"]["zh"] for one in queue["needs"])
    a1 = next(one for one in queue["needs"] if one["need"] == A1)
    assert (a1["needed_by"], a1["triage"]["days_left"]) == ("2022-06-03", 9)
    assert a1["triage"]["class"] == a1["urgency"]["class"] == "urgent"
    assert a1["first_step"]["action"] == "convene"
    assert f"matcher convene {A1}" in a1["first_step"]["text"]["en"]


def test_a_need_that_is_lost_names_the_change_that_would_help(shell: Shell) -> None:
    """The fastest product is late by one workday: the firm is asked for three days more."""
    first = shell.document("urgent", "--top", 1)["needs"][0]
    assert first["first_step"]["action"] == "change"
    assert "2022年5月30日" in first["first_step"]["text"]["zh"]


@pytest.mark.parametrize(("lang", "words"), [("zh", "第一步"), ("en", "first step")])
def test_people_read_it_in_both_languages(shell: Shell, lang: str, words: str) -> None:
    """The counts of all needs stand below, however many rows are asked for."""
    done = shell.run("urgent", "--top", 2, "--lang", lang)
    assert done.code == 0
    assert words in done.out
    assert "122" in done.out.splitlines()[-1]


def write_market(path: Path, **need: object) -> Path:
    """Write a market of one need and no product that fits."""
    asked = {"need_id": "N", "enterprise_id": "E", "amount_fen": 100, **need}
    grant = {"product_id": "P", "institution_id": "B", "name": "p", "instrument": "grant"}
    tables = {
        "as_of": "2022-05-25",
        "enterprises": [{"enterprise_id": "E", "name": "e"}],
        "needs": [asked],
        "institutions": [{"institution_id": "B", "name": "b"}],
        "products": [grant],
    }
    path.write_text(json.dumps(tables))
    return path


def test_a_deadline_that_has_passed_is_asked_about(shell: Shell, tmp_path: Path) -> None:
    """Nothing is looked for before the firm has said whether the money still helps."""
    market = write_market(tmp_path / "m.json", needed_by="2022-05-20")
    (one,) = shell.document("urgent", "--market", market)["needs"]
    assert one["first_step"]["action"] == "confirm"
    assert one["triage"]["class"] == "overdue"


def test_a_need_without_a_deadline_waits_for_what_is_missing(shell: Shell, tmp_path: Path) -> None:
    """The fields that nobody filled in are named."""
    market = write_market(tmp_path / "m.json", instruments=["grant"])
    (one,) = shell.document("urgent", "--market", market)["needs"]
    assert one["first_step"]["action"] == "complete"
    assert {"industry", "revenue_fen", "term_months"} <= {m["field"] for m in one["missing"]}


def test_a_market_without_needs_has_no_queue(shell: Shell, tmp_path: Path) -> None:
    """Exit code 1: there is nothing to do."""
    market = write_market(tmp_path / "m.json")
    tables = json.loads(market.read_text())
    market.write_text(json.dumps({**tables, "needs": []}))
    assert shell.document("urgent", "--market", market, code=1)["needs"] == []


def test_every_fault_of_the_market_is_named(shell: Shell, tmp_path: Path) -> None:
    """Two bad cells are two faults, each with its place."""
    market = write_market(tmp_path / "m.json", needed_by="soon", term_months=-1)
    faults = shell.faults("urgent", "--market", market)
    assert {fault["field"] for fault in faults} == {"needed_by", "term_months"}
    assert {(fault["file"], fault["sheet"], fault["row"]) for fault in faults} == {
        ("m.json", "needs", 1)
    }
