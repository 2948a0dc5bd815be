"""`matcher report`: the figures of the sources, from tables of records."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import seeds
from tests.cli.shell import Shell


def write(path: Path, rows: Iterable[Iterable[object]]) -> Path:
    """Write a CSV file."""
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def value(block: dict[str, Any], key: str) -> Any:
    """Return one figure of a block."""
    return block[key]["value"]


@pytest.fixture
def deals(tmp_path: Path) -> Path:
    """Return the deals of row B1: 423 of 254 firms, 1.115 bn yuan together."""
    total, count = 1_115_000_000, 423
    amounts = [total // count + (n < total % count) for n in range(count)]
    header = ("成交编号", "企业编号", "金额(元)", "日期", "项目编号")
    rows = [(f"d{n}", f"e{n % 254}", amount, "2023-06-01", "bridge")
            for n, amount in enumerate(amounts)]  # fmt: skip
    return write(tmp_path / "deals.csv", [header, *rows])


def test_the_rollover_fund_turns_22_3_times(shell: Shell, deals: Path) -> None:
    """Row B1: mean deal 2.636 m and 22.3 turns of the pool of 50 m, in either language."""
    block = shell.document("report", deals, "--pool", "5000万")["deals"]
    assert (value(block, "num_deals"), value(block, "num_firms")) == (423, 254)
    assert value(block, "amount") == 111_500_000_000
    assert value(block, "turns") == "22.3"
    assert round(float(value(block, "mean")) / 1e8, 3) == 2.636
    chinese = shell.run("report", deals, "--pool", "5000万").out
    english = shell.run("report", deals, "--pool", "5000万", "--lang", "en").out
    assert "资金池周转次数" in chinese
    assert "turns of the pool" in english
    assert "22.30" in chinese
    assert "22.30" in english


def test_a_programme_brings_its_own_pool(shell: Shell, deals: Path, tmp_path: Path) -> None:
    """Each programme of the table has its figures, one without a deal too."""
    header = ("项目编号", "项目名称", "资金池规模(万元)")
    rows = [header, ("bridge", "转贷资金", 5000), ("empty", "新项目", "")]
    table = write(tmp_path / "项目.csv", rows)
    block = shell.document("report", deals, table)["deals"]
    bridge, empty = block["by_programme"]
    assert (value(bridge, "turns"), value(block, "turns")) == ("22.3", None)
    assert (value(empty, "num_deals"), value(empty, "turns")) == (0, None)
    assert block["by_year"] == [{"year": 2023, "num_deals": 423, "amount_fen": 111_500_000_000}]


def test_events_until_a_day_are_counted_by_kind(shell: Shell, tmp_path: Path) -> None:
    """Row A4: by 17 June 4 relief meetings, 1 park event, 3 adviser visits; not those after."""
    kinds = ["金融纾困专题沟通会"] * 4 + ["park_event"] + ["金融顾问走访"] * 3
    rows = [(f"v{n}", kind, f"2022-06-{10 + n}", 24, 1) for n, kind in enumerate(kinds)]
    header = ("活动编号", "类型", "日期", "企业家数", "解决难题数")
    late = ("late", "金融宣讲", "2022-06-18", 24, 1)
    table = write(tmp_path / "活动.csv", [header, *rows, late])
    block = shell.document("report", table, "--until", "2022-06-17")["events"]
    told = [value(block, key) for key in ("relief_meeting", "park_event", "adviser_visit", "talk")]
    assert told == [4, 1, 3, 0]
    assert (value(block, "attendance"), value(block, "problems_solved")) == (192, 8)


def test_what_came_of_the_events_is_in_the_report(shell: Shell, tmp_path: Path) -> None:
    """Deals signed, money promised and paid out: from the table to the sheet, blank as unknown."""
    header = ("活动编号", "类型", "日期", "会后签约笔数", "会后意向金额", "会后到位金额(元)")
    rows = [
        ("v1", "银企对接会", "2022-06-01", 2, "800万", "5000000"),
        ("v2", "银企对接会", "2022-06-02", 1, "", "0"),
        ("v3", "银企对接会", "2022-06-03", "", "", ""),
    ]
    table, out = write(tmp_path / "活动.csv", [header, *rows]), tmp_path / "report.xlsx"
    block = shell.document("report", table, "--out", out)["events"]
    figures = ("num_followed", "num_deals", "promised", "disbursed")
    assert [value(block, key) for key in figures] == [2, 3, 800_000_000, 500_000_000]
    sheet = openpyxl.load_workbook(out)["统计报告"]
    shown = {row[1]: row[2] for row in sheet.iter_rows(values_only=True)}
    assert (shown["会后签约笔数"], shown["会后到位金额"]) == (3, 500)  # 万元


def test_visits_are_counted_over_all_advisers(shell: Shell, tmp_path: Path) -> None:
    """Row B10: 203 advisers, 226 firms visited, 165 problems solved; none has three visits."""
    visits = [{"visit_id": f"v{n}", "adviser_id": f"a{n % 203}", "enterprise_id": f"e{n}",
               "problems_solved": int(n < 165)} for n in range(226)]  # fmt: skip
    people = [{"person_id": f"a{n}", "name": f"顾问{n}"} for n in range(203)]
    path = tmp_path / "records.json"
    path.write_text(json.dumps({"visits": visits, "people": people}))
    block = shell.document("report", path)["visits"]
    figures = ("num_advisers", "num_firms", "problems_solved", "least_load", "most_load")
    assert [value(block, key) for key in figures] == [203, 226, 165, 1, 2]


def test_savings_and_covers_are_summed(shell: Shell, tmp_path: Path) -> None:
    """Rows B3 and B5: 3.24 % of the book saved; 54 firms with 310 m of cover."""
    book, saved = 2_824_500_000, 91_500_000
    loans = [{"deal_id": f"d{n}", "enterprise_id": f"e{n}", "amount_fen": book // 28 + 0,
              "saved_fen": saved // 28 + (n < saved % 28)} for n in range(28)]  # fmt: skip
    covers = [{"cover_id": f"c{n}", "enterprise_id": f"e{n}",
               "cover_fen": 31_000_000_000 // 54 + (n < 31_000_000_000 % 54)}
              for n in range(54)]  # fmt: skip
    path = tmp_path / "records.json"
    path.write_text(json.dumps({"deals": loans, "covers": covers}))
    found = shell.document("report", path)
    assert found["deals"]["saved_share"]["shown"]["en"] == "3.24%"
    assert value(found["covers"], "num_firms") == 54
    assert value(found["covers"], "cover") == 31_000_000_000


def test_what_has_no_day_is_not_of_a_period_and_said_so(shell: Shell, tmp_path: Path) -> None:
    """It counts where every day does."""
    rows = [("deal id", "enterprise id", "amount", "day"), ("d1", "e", "1万", ""),
            ("d2", "e", "2万", "2022-01-01")]  # fmt: skip
    table = write(tmp_path / "deals.csv", rows)
    assert value(shell.document("report", table)["deals"], "num_deals") == 2
    found = shell.document("report", table, "--since", "2022-01-01")
    assert value(found["deals"], "num_deals") == 1
    assert [note["en"] for note in found["notes"]] == ["1 deals have no day and are not counted"]
    assert shell.document("report", table, "--since", "2023-01-01", code=1)["deals"]


def test_the_plan_of_a_market_is_counted(shell: Shell) -> None:
    """By size, by sector and by institution; every need stands in one size class."""
    block = shell.document("report", "--market", seeds.data_dir())["plan"]
    assert value(block, "num_needs") == sum(one["num_needs"] for one in block["by_size"]) == 122
    assert len(block["by_institution"]) == len(seeds.load().institutions)


def test_the_untouched_template_is_a_report(shell: Shell, tmp_path: Path) -> None:
    """Every table of it is read; the report is written as a workbook and as JSON."""
    book, out = tmp_path / "tables.xlsx", tmp_path / "report.xlsx"
    assert shell.run("template", book, "--for", "report").code == 0
    found = shell.document("report", book, "--out", out)
    assert [k for k in found if k not in ("since", "until", "notes")] == [
        "deals", "events", "visits", "covers",
    ]  # fmt: skip
    sheets = openpyxl.load_workbook(out)
    assert {"统计报告", "成交分年度", "成交分项目"} <= set(sheets.sheetnames)
    rows = {row[1]: row[2] for row in sheets["统计报告"].iter_rows(values_only=True)}
    assert rows["累计金额"] == 500  # 万元
    assert shell.run("report", book, "--out", tmp_path / "r.json").code == 0
    assert json.loads((tmp_path / "r.json").read_text()) == found


def test_every_fault_is_named_at_once(shell: Shell, tmp_path: Path) -> None:
    """Options, bad cells, ids used twice, references into the void: with file, row and column."""
    rows = [
        ("成交编号", "企业编号", "项目编号", "金额(元)", "日期", "节省成本(元)", "坏账"),
        ("d1", "e1", "p1", "-5", "2022-02-30", "", ""),
        ("d1", "", "p9", "100", "2022-02-01", "200", "也许"),
    ]
    deals = write(tmp_path / "deals.csv", rows)
    programmes = write(tmp_path / "项目.csv", [("项目编号", "名称"), ("p1", "项目一")])
    words = (deals, programmes, "--since", "2022-13-01", "--pool", "many", "--out", "r.pdf")
    faults = shell.faults("report", *words)
    assert sorted((f["row"] or 0, f["field"]) for f in faults) == [
        (0, "--out"), (0, "--pool"), (0, "--since"),
        (2, "amount_fen"), (2, "day"),
        (3, "deal_id"), (3, "enterprise_id"), (3, "is_bad"), (3, "programme_id"),
        (3, "saved_fen"),
    ]  # fmt: skip
    amount = next(f for f in faults if f["field"] == "amount_fen")
    assert (amount["file"], amount["column"], amount["value"]) == ("deals.csv", "金额(元)", "-5")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("成交表.csv", "a\n1\n", "unknown table"),
        ("other.csv", "a\n1\n", "there is no table to read"),
        ("deals.csv", "成交编号,企业编号\nd,e\n", "a required column is missing"),
        ("deals.csv", "", "the file is empty"),
        ("deals.pdf", "x", "not a kind of file that is read"),
        ("deals.toml", "deals = 3", "is no list"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    shell: Shell, tmp_path: Path, name: str, content: str, told: str
) -> None:
    """It says what would have been read."""
    path = tmp_path / name
    path.write_text(content)
    assert [f["message"]["en"] for f in shell.faults("report", path)] == [told]


def test_without_a_table_there_is_nothing_to_report(shell: Shell) -> None:
    """Bad input, which names the template; a period that ends before it begins is, too."""
    (fault,) = shell.faults("report")
    assert "--for report" in fault["expected"]["en"]
    words = ("--market", seeds.data_dir(), "--since", "2022-02-01", "--until", "2022-01-01")
    assert [f["field"] for f in shell.faults("report", *words)] == ["--since"]
