"""`matcher questionnaire …`: the form, its schema, and forms taken in."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import seeds
from tests.cli.shell import Shell

CODE = "91330108YQ00000104"
DAY = ("--date", "2022-05-25")
GOOD = {"企业名称": "示例企业", "统一社会信用代码": CODE,
        "融资金额": "150万", "最晚到账日": "2022-06-03"}  # fmt: skip


def answers(name: str = "E", **need: Any) -> dict[str, dict[str, Any]]:
    """Return JSON answers of a firm that has an id."""
    asked = {"amount_fen": 100, "needed_by": "2022-08-01", **need}
    return {"enterprise": {"enterprise_id": name, "name": "示例企业"}, "need": asked}


def write(path: Path, content: object) -> Path:
    """Write JSON."""
    path.write_text(json.dumps(content))
    return path


def fill(shell: Shell, path: Path, values: dict[str, str]) -> Path:
    """Write the form and fill in some of its fields, as a firm would."""
    assert shell.run("questionnaire", "template", path).code == 0
    book = openpyxl.load_workbook(path)
    for row in book.worksheets[0].iter_rows(min_row=4):
        for label, value in values.items():
            if label in str(row[0].value):
                row[1].value = value
    book.save(path)
    return path


def test_a_filled_form_becomes_a_market_file(shell: Shell, tmp_path: Path) -> None:
    """Row A3: within 10 days is urgent; the file plans in a folder beside the rest of a market."""
    form = fill(shell, tmp_path / "form.xlsx", GOOD)
    folder = tmp_path / "market"
    shutil.copytree(seeds.data_dir(), folder)
    out = folder / "forms.json"
    found = shell.document("questionnaire", "read", form, *DAY, "--out", out)
    (intake,) = found["intakes"]
    assert (intake["urgency"], intake["days_left"]) == ("urgent", 9)
    assert "industry" in {missing["field"] for missing in intake["missing"]}
    need_id = intake["need"]["need_id"]
    plan = shell.document("plan", "--market", folder, *DAY)
    told = {m["need"] for m in plan["matches"]} | {u["need"] for u in plan["unmatched"]}
    assert need_id in told


def test_forms_join_a_market_and_known_firms_stay(shell: Shell, tmp_path: Path) -> None:
    """By its credit code a firm is known under another id; what it tells otherwise is noted."""
    known = {"enterprise_id": "OLD", "name": "旧名", "credit_code": CODE}
    tables = {"as_of": "2022-05-01", "enterprises": [known], "needs": [],
              "institutions": [], "products": []}  # fmt: skip
    market = write(tmp_path / "m.json", tables)
    form = fill(shell, tmp_path / "form.xlsx", GOOD)
    out = tmp_path / "out.json"
    words = ("questionnaire", "read", form, "--market", market, *DAY, "--out", out)
    (note,) = shell.document(*words)["notes"]
    assert "企业名称" in note["zh"]
    merged = json.loads(out.read_text())
    assert [firm["name"] for firm in merged["enterprises"]] == ["旧名"]
    assert [need["enterprise_id"] for need in merged["needs"]] == ["OLD"]
    assert merged["as_of"] == "2022-05-25"


def test_the_most_urgent_comes_first_in_both_languages(shell: Shell, tmp_path: Path) -> None:
    """Forms and JSON answers stand in one queue."""
    late = write(tmp_path / "late.json", answers("E1"))
    form = fill(shell, tmp_path / "form.xlsx", GOOD)
    found = shell.document("questionnaire", "read", late, form, *DAY)
    assert [one["urgency"] for one in found["intakes"]] == ["urgent", "later"]
    words = ("questionnaire", "read", late, form, *DAY, "--lang")
    assert "紧急" in shell.run(*words, "zh").out
    assert "1 urgent or overdue" in shell.run(*words, "en").out


def test_the_form_can_be_had_in_english(shell: Shell, tmp_path: Path) -> None:
    """Its labels are read back all the same."""
    path = tmp_path / "form.xlsx"
    assert shell.run("questionnaire", "template", path, "--lang", "en").code == 0
    book = openpyxl.load_workbook(path)
    values = {"* name": "Example", "* credit code": CODE, "* amount (yuan)": 1000,
              "* needed by": "2022-06-30"}  # fmt: skip
    for row in book.worksheets[0].iter_rows(min_row=4):
        row[1].value = values.get(str(row[0].value), row[1].value)
    book.save(path)
    found = shell.document("questionnaire", "read", path, *DAY)
    assert found["intakes"][0]["need"]["amount_fen"] == 100_000


def test_the_schema_is_one_json_document(shell: Shell) -> None:
    """Amount and date are required of a need."""
    done = shell.run("questionnaire", "schema")
    schema = json.loads(done.out)
    assert {"amount_fen", "needed_by"} <= set(schema["$defs"]["Need"]["required"])


def test_every_fault_of_every_form_is_named(shell: Shell, tmp_path: Path) -> None:
    """Field and row of each; nothing is written; a broken file does not hide the others."""
    bad = {"企业名称": "示例企业", "统一社会信用代码": "123", "融资金额": "很多"}
    form = fill(shell, tmp_path / "bad.xlsx", bad)
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    short = write(tmp_path / "short.json", {"enterprise": {"name": "e"}, "need": {}})
    out = tmp_path / "out.json"
    faults = shell.faults("questionnaire", "read", form, broken, short, "none.xlsx",
                          *DAY, "--out", out)  # fmt: skip
    assert [(Path(f["file"]).name, f["field"]) for f in faults] == [
        ("bad.xlsx", "credit_code"), ("bad.xlsx", "amount_fen"), ("bad.xlsx", "needed_by"),
        ("broken.json", None),
        ("short.json", "credit_code"), ("short.json", "amount_fen"), ("short.json", "needed_by"),
        ("none.xlsx", None),
    ]  # fmt: skip
    assert all(f["row"] for f in faults[:2])
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "field"),
    [(("--date", "soon"), "--date"), (("--out", "market.xlsx"), "--out")],
)
def test_options_that_cannot_be_used_are_named(
    shell: Shell, tmp_path: Path, words: tuple[str, ...], field: str
) -> None:
    """Exit code 2."""
    path = write(tmp_path / "a.json", answers())
    assert [f["field"] for f in shell.faults("questionnaire", "read", path, *words)] == [field]


def test_a_need_that_stands_twice_is_refused(shell: Shell, tmp_path: Path) -> None:
    """The same form twice, or one that the market has already."""
    path = write(tmp_path / "a.json", answers())
    assert [f["field"] for f in shell.faults("questionnaire", "read", path, path, *DAY)] == [
        "need_id"
    ]
