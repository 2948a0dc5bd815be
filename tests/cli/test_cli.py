"""The command line as its users type it: output, exit codes, files.

What a process of its own shows (hash order, the environment, no traceback) is tried in one; the
other commands run in this process.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
import pytest

import seeds
from matcher.scoring.explain import explain
from matcher.scoring.weights import default_weights
from matcher.services.rounds import make_round
from tests.cli.runner import ROOT, matcher, matcher_here
from tests.cli.shell import Shell

A1 = "binjiang-a1-wages"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of one run of ``matcher demo``."""
    folder = tmp_path_factory.mktemp("demo")
    done = matcher_here("demo", "--out", folder, "--json")
    assert done.code == 0, done.err
    (folder / "stdout.json").write_text(done.out)
    (folder / "stderr.txt").write_text(done.err)
    return folder


def test_demo_proposes_at_least_four_banks_that_pay_in_time(demo: Path) -> None:
    """The firm of row A1 meets 4 banks or more, each paying on or before 3 June."""
    document = json.loads((demo / "stdout.json").read_text())
    kinds = {
        i["institution_id"]: i["kind"]
        for i in json.loads((demo / "market.json").read_text())["institutions"]
    }
    mine = [m for m in document["matches"] if m["need"] == A1]
    banks = {m["institution"] for m in mine if kinds[m["institution"]] == "bank"}
    assert len(banks) >= 4
    assert all(m["cash_date"] <= "2022-06-03" and m["slack_workdays"] >= 0 for m in mine)
    assert all(m["terms"] for m in document["matches"])


def test_demo_prints_objective_bound_gap_and_the_gain_over_greedy(demo: Path) -> None:
    """With --json people's text goes to stderr, and says how good the plan is."""
    document = json.loads((demo / "stdout.json").read_text())
    text = (demo / "stderr.txt").read_text()
    assert f"{document['objective']:.4f}" in text
    assert f"{document['bound']:.4f}" in text
    assert f"{document['gap']:.3%}" in text
    assert document["gain_over_greedy"] > 0
    assert f"{document['gain_over_greedy']:.2%}" in text


def test_the_same_input_gives_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    """A run in a process of its own, hashed otherwise, writes the same files to the byte."""
    done = matcher("demo", "--out", tmp_path, "--json", PYTHONHASHSEED="7")
    assert (done.code, done.out) == (0, (demo / "stdout.json").read_text())
    for name in ("plan.json", "plan.xlsx", "market.json"):
        assert (tmp_path / name).read_bytes() == (demo / name).read_bytes(), name


def test_verify_accepts_the_plan_and_refuses_a_touched_one(
    shell: Shell, demo: Path, tmp_path: Path
) -> None:
    """Exit code 0 for the plan as written, 1 with the finding for a changed one."""
    plan = demo / "plan.json"
    assert shell.run("verify", plan, "--input", plan).code == 1
    done = shell.run("verify", plan, "--lang", "en")
    assert (done.code, done.out.strip()) == (0, "plan.json: holds")
    text = plan.read_text()
    touched = tmp_path / "plan.json"
    touched.write_text(text.replace('"pinned": false', '"pinned": true', 1))
    assert touched.read_text() != text
    done = shell.run("verify", touched, "--json")
    assert done.code == 1
    assert json.loads(done.out)["holds"] is False
    assert json.loads(done.out)["findings"]


def test_the_market_file_of_a_plan_plans_to_the_same_matches(
    shell: Shell, demo: Path, tmp_path: Path
) -> None:
    """market.json is itself a market: planning it again gives the same plan."""
    done = shell.run("plan", "--market", demo / "market.json", "--out", tmp_path)
    assert done.code == 0, done.err
    assert (tmp_path / "market.json").read_bytes() == (demo / "market.json").read_bytes()
    again = json.loads((tmp_path / "plan.json").read_text())
    first = json.loads((demo / "plan.json").read_text())
    assert again["matches"] == first["matches"]
    assert again["unmatched"] == first["unmatched"]
    assert again["input"]["market_sha256"] == first["input"]["market_sha256"]


def test_the_untouched_template_plans(shell: Shell, tmp_path: Path) -> None:
    """The workbook that an organiser gets works before a cell is changed."""
    book = tmp_path / "market.xlsx"
    assert shell.run("template", book).code == 0
    sheets = openpyxl.load_workbook(book).sheetnames
    assert {"企业", "需求", "机构", "产品", "资源池", "政策"} <= set(sheets)
    done = shell.run("plan", "--market", book, "--json")
    assert done.code in (0, 1), done.err
    assert json.loads(done.out)["counts"]


def test_explain_tells_what_would_make_a_pair_eligible(shell: Shell) -> None:
    """A slow product is too slow by so many workdays, and the change is named."""
    done = shell.run("explain", A1, slow_product(), "--lang", "en", "--json")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    (verdict,) = [v for v in found["verdicts"] if v["state"] == "fail"]
    assert "too slow by" in verdict["found"]["en"]
    assert [c["field"] for c in found["changes"]] == ["needed_by"]
    assert "the smallest change" in done.err
    assert sum(t["part"] for t in found["terms"]) == pytest.approx(found["score"])


def slow_product() -> str:
    """Return a product of the seeds that fits the firm of row A1 but for its time to cash."""
    market = make_round(seeds.load(), seeds.SEED_DATE).market
    need = market.index("needs", A1)
    for product_idx, product in enumerate(market.products):
        found = explain(market, default_weights(), need, product_idx)
        if [v.label.en for v in found.failing] == ["time to cash"]:
            return product.product_id
    raise AssertionError("the seeds have no product that is only too slow")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("plan", "--market", "nowhere.xlsx"), "nowhere.xlsx"),
        (("plan", "--market", "README.md"), "README.md"),
        (("demo", "--method", "magic"), "magic"),
        (("demo", "--gap", "-1"), "gap"),
        (("demo", "--time-limit", "0"), "time_limit"),
        (("explain", A1, "nothing-like-it"), "nothing-like-it"),
        (("plan", "--market", "x", "--date", "yesterday"), "yesterday"),
        (("plan", "--market", "x", "--pin", "a", "--ban", "b"), "--ban"),
        (("plan", "--market", "x", "--exchange-rate", "0"), "--exchange-rate"),
        (("explain", A1, "x", "--weights", "no.toml"), "no.toml"),
        (("nonsense",), "nonsense"),
        (("plan",), "--market"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_bad_input_leaves_with_two_and_names_the_fault(
    shell: Shell, words: tuple[str, ...], told: str
) -> None:
    """Exit code 2, the offending word on stderr, nothing on stdout: no error escapes."""
    done = shell.run(*words)
    assert done.code == 2
    assert told in done.err
    assert done.out == ""


def test_a_process_leaves_with_two_and_without_a_traceback() -> None:
    """The exit code reaches whoever started it, and no import warns on the way."""
    done = matcher("nonsense")
    assert (done.code, done.out) == (2, "")
    assert "nonsense" in done.err
    assert "Traceback" not in done.err


def test_bad_input_as_json_is_one_document(shell: Shell) -> None:
    """--json prints the faults as JSON values in both languages."""
    done = shell.run("demo", "--method", "magic", "--json")
    assert done.code == 2
    (fault,) = json.loads(done.out)["error"]
    assert fault["field"] == "method"
    assert fault["message"]["zh"] != fault["message"]["en"]


def test_a_plan_with_nothing_to_propose_leaves_with_one(shell: Shell, tmp_path: Path) -> None:
    """No match is not an error of the input, and not a success."""
    market = {
        "enterprises": [{"enterprise_id": "E", "name": "e"}],
        "needs": [{"need_id": "N", "enterprise_id": "E", "amount_fen": 100}],
        "institutions": [{"institution_id": "B", "name": "b"}],
        "products": [
            {"product_id": "P", "institution_id": "B", "name": "p", "instrument": "grant"}
        ],
    }
    path = tmp_path / "market.json"
    path.write_text(json.dumps(market))
    done = shell.run("plan", "--market", path, "--json", "--out", tmp_path / "out")
    assert done.code == 1, done.err
    (item,) = json.loads(done.out)["unmatched"]
    assert item["kind"] == "not_eligible"
    assert shell.run("verify", tmp_path / "out" / "plan.json").code == 0


def test_both_languages_say_the_same_numbers(shell: Shell, demo: Path) -> None:
    """Chinese by default, English on request: every score, bound and price is in both."""
    chinese, english = (demo / "stderr.txt").read_text(), shell.run("demo", "--lang", "en").out
    assert "撮合方案" in chinese
    assert "Matches" in english
    told = [re.findall(r"\b\d+\.\d{3,4}\b", text) for text in (chinese, english)]
    assert len(told[0]) > 200
    assert told[0] == told[1]


def test_the_language_may_be_a_variable(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """MATCHER_LANG stands for --lang where that is not given."""
    words = ("cost", "premium", "--premium", "10万", "--subsidy", "90%")
    asked = {lang: shell.run(*words, "--lang", lang).out for lang in ("zh", "en")}
    for lang, expected in asked.items():
        monkeypatch.setenv("MATCHER_LANG", lang)
        assert shell.run(*words).out == expected
    assert asked["zh"] != asked["en"]


def test_pins_and_bans_are_taken_from_the_command_line(
    shell: Shell, demo: Path, tmp_path: Path
) -> None:
    """A banned pair of the plan is gone in the next, a pinned one stays."""
    first = json.loads((demo / "plan.json").read_text())
    (gone, kept, *_) = [m for m in first["matches"] if m["need"] == A1]
    done = shell.run("plan", "--market", demo / "market.json", "--json",
                   "--ban", f"{A1}:{gone['product']}", "--pin", f"{A1}:{kept['product']}",
                   "--out", tmp_path)  # fmt: skip
    assert done.code == 0, done.err
    mine = {m["product"]: m["pinned"] for m in json.loads(done.out)["matches"] if m["need"] == A1}
    assert gone["product"] not in mine
    assert mine[kept["product"]] is True
    assert shell.run("verify", tmp_path / "plan.json").code == 0


def test_real_products_with_two_hundred_needs_make_a_plan_that_verifies(
    shell: Shell, data_dir: Path, tmp_path: Path
) -> None:
    """The CDR catalogue of 369 published products serves a sheet of 200 needs."""
    firms = [{"enterprise_id": f"E{i:03}", "name": f"Firm {i}"} for i in range(200)]
    needs = [
        {
            "need_id": f"N{i:03}",
            "enterprise_id": f"E{i:03}",
            "amount": (1 + i % 17) * 50_000,
            "term_months": 12 * (1 + i % 5),
        }
        for i in range(200)
    ]
    sheet = tmp_path / "needs.json"
    sheet.write_text(json.dumps({"enterprises": firms, "needs": needs}))
    catalogue = data_dir.resolve() / "cdr" / "products_business.jsonl"
    done = shell.run("plan", "--market", sheet, "--catalogue", catalogue, "--date", "2024-09-02",
                   "--out", tmp_path, "--json")  # fmt: skip
    assert done.code == 0, done.err
    document = json.loads(done.out)
    notes = [n["en"] for n in document["input"]["notes"]]
    num_refused = sum(n.startswith("not taken from the catalogue") for n in notes)
    assert len(document["problem"]["products"]) + num_refused == 369
    assert document["counts"]["matched_needs"] > 100
    assert shell.run("verify", tmp_path / "plan.json").code == 0


def test_the_readme_names_commands_that_exist(shell: Shell) -> None:
    """Every ``matcher`` command in the README is one."""
    known = shell.run("--help").out
    text = (ROOT / "README.md").read_text()
    named = set(re.findall(r"^\s*(?:\.venv/bin/)?matcher (\w+)", text, re.MULTILINE))
    assert named
    assert all(f" {name} " in known for name in named)
