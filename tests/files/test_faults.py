"""Whatever is wrong with a market is named with its place, all at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from matcher.domain.errors import InputError
from matcher.domain.text import Lang
from matcher.files import read_records, read_table
from tests.files.markets import (
    LEAST,
    faults_of,
    least,
    only_fault,
    with_cell,
    write_csv,
    write_workbook,
)

CREDIT = "统一社会信用代码"
CELLS = [
    # sheet, header, cell, field, words of the message, words of what was expected
    ("企业", CREDIT, "91350100M000100Y44", "credit_code", "credit code", "18 characters"),
    ("企业", CREDIT, 9.1330108e17, "credit_code", "stored as a number", "as text"),
    ("企业", CREDIT, "9.13E+17", "credit_code", "stored as a number", "as text"),
    ("企业", "地区代码", "杭州", "region", "cannot be read", "GB/T 2260"),
    ("企业", "行业代码", "Z99", "industry", "cannot be read", "GB/T 4754"),
    ("企业", "职工人数(人)", -5, "staff", "negative", "0 or more"),
    ("企业", "职工人数(人)", "几十个", "staff", "cannot be read", "whole number"),
    ("企业", "营业收入(万元)", "NaN", "revenue_fen", "finite", "amount"),
    ("企业", "营业收入(万元)", "inf", "revenue_fen", "finite", "amount"),
    ("企业", "营业收入(万元)", 10**15, "revenue_fen", "too large", "amount"),
    ("企业", "企业性质", "公私合营", "ownership", "cannot be read", "private"),
    ("企业", "首贷户", "也许", "first_time_borrower", "cannot be read", "yes or no"),
    ("企业", "负责人持股", 30, "lead_share", "percentage or a fraction", "30%"),
    ("企业", "负责人持股", "130%", "lead_share", "cannot be used", "100 %"),
    ("企业", "合作机构", "B9", "banks", "not there", "institutions"),
    ("企业", "其他指标", "轮次:五轮", "indicators", "五轮", "finite number"),
    ("企业", "示例", "年龄", "illustrative", "年龄", "enterprise id"),
    ("需求", "需求编号", "N 1", "need_id", "cannot be used", "without spaces"),
    ("需求", "融资金额(万元)", "很多", "amount_fen", "cannot be read", "150 is 1,500,000 yuan"),
    ("需求", "融资金额(万元)", -150, "amount_fen", "negative", "0 or more"),
    ("需求", "融资金额(万元)", 0, "amount_fen", "cannot be used", "above 0"),
    ("需求", "融资金额(万元)", "1.000000001", "amount_fen", "cannot be read", "amount"),
    ("需求", "企业编号", "E9", "enterprise_id", "not there", "enterprises"),
    ("需求", "最低金额(元)", "500万", "amount_min_fen", "cannot be used", "1,500,000 yuan"),
    ("需求", "期限(月)", 601, "term_months", "cannot be used", "600"),
    ("需求", "用途", "游玩", "purpose", "cannot be read", "working capital"),
    ("需求", "融资方式", "无", "instruments", "cannot be used", "at least one"),
    ("需求", "押品", "房子=5万", "collateral", "房子", "real estate"),
    ("需求", "最晚到账日", "下周三", "needed_by", "cannot be read", "2022-06-03"),
    ("需求", "最晚到账日", "2022-02-30", "needed_by", "cannot be read", "2022-06-03"),
    ("需求", "最高年化成本", 2.65, "max_rate", "percentage or a fraction", "2.65%"),
    ("需求", "最高年化成本", "-2%", "max_rate", "negative", "2.65%"),
    ("需求", "优先级", 9, "priority", "cannot be used", "1 – 5"),
    ("产品", "到账时限(工作日)", "3天", "cash_workdays", "cannot be read", "workdays"),
    ("产品", "准入条件", "营业收入 大于 5", "criteria", "大于", "rules such as"),
    ("产品", "资源池编号", "R9", "pools", "not there", "pools"),
    ("资源池", "容量", -1, "capacity", "negative", "amount"),
    ("资源池", "计量单位", "斤", "unit", "cannot be read", "places"),
    ("政策", "支持比例", "150%", "rate", "cannot be used", "0 to 100%"),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "header", "cell", "field", "message", "expected"), CELLS)
def test_a_bad_cell_is_named_with_place_value_and_what_was_expected(
    tmp_path: Path, sheet: str, header: str, cell: Any, field: str, message: str, expected: str
):
    """File, sheet, row, column as the file has it, the value as typed, and a way out."""
    fault = only_fault(write_workbook(tmp_path / "m.xlsx", with_cell(sheet, header, cell)))
    place = (fault.file, fault.sheet, fault.row, fault.column, fault.field)
    assert place == ("m.xlsx", sheet, 2, header, field)
    assert str(fault.value) in str(cell)
    assert message in fault.message.en
    assert fault.expected is not None
    assert expected in fault.expected.en
    assert fault.message.zh != fault.message.en


def test_all_faults_of_all_sheets_are_named_at_once(tmp_path: Path):
    """Two hours of mending need one reading, not ten."""
    sheets = least(
        企业=[{"企业编号": "E1", "企业名称": "甲", "职工人数": -1, "成立日期": "x"}],
        需求=[
            {"需求编号": "N1", "企业编号": "E9", "金额": "很多", "优先级": 9},
            {"需求编号": "N2", "企业编号": None, "金额": 1, "优先级": None},
        ],
    )
    found = {
        (f.sheet, f.row, f.column) for f in faults_of(write_workbook(tmp_path / "m.xlsx", sheets))
    }
    assert found == {
        ("企业", 2, "职工人数"),
        ("企业", 2, "成立日期"),
        ("需求", 2, "金额"),
        ("需求", 2, "优先级"),
        ("需求", 2, "企业编号"),
        ("需求", 3, "企业编号"),
    }


def test_a_row_with_a_fault_still_counts_for_references(tmp_path: Path):
    """A firm with a bad figure is there; its need does not dangle."""
    sheets = with_cell("企业", "职工人数", "x")
    assert only_fault(write_workbook(tmp_path / "m.xlsx", sheets)).column == "职工人数"


def test_a_twice_used_id_is_named_at_its_second_row(tmp_path: Path):
    """The first use stands; the second is the slip."""
    rows = [LEAST["企业"][0], {"企业编号": "E2", "企业名称": "乙"}, LEAST["企业"][0]]
    fault = only_fault(write_workbook(tmp_path / "m.xlsx", least(企业=rows)))
    assert (fault.sheet, fault.row, fault.column, fault.value) == ("企业", 4, "企业编号", "E1")
    assert "twice" in fault.message.en


def test_an_id_used_in_two_files_is_named_in_the_second(tmp_path: Path):
    """Merged folders keep the file of each row."""
    write_csv(tmp_path / "m", LEAST, "utf-8")
    (tmp_path / "m" / "机构2.json").write_text('{"机构": [{"机构编号": "B1", "名称": "乙"}]}')
    fault = only_fault(tmp_path / "m")
    assert (fault.file, fault.sheet, fault.row) == ("机构2.json", "机构", 1)


def test_a_missing_table_is_named_and_its_references_are_not_blamed(tmp_path: Path):
    """Without the sheet of institutions, the products are not at fault."""
    sheets = least()
    del sheets["机构"]
    fault = only_fault(write_workbook(tmp_path / "m.xlsx", sheets))
    assert (fault.file, fault.sheet) == ("m.xlsx", "机构")
    assert "missing" in fault.message.en
    assert fault.expected is not None


def test_a_misspelt_sheet_is_named_with_the_one_meant(tmp_path: Path):
    """A sheet of data is never dropped in silence."""
    fault = only_fault(write_workbook(tmp_path / "m.xlsx", least(政策表=[{"a": 1}])))
    assert (fault.sheet, fault.value) == ("政策表", "政策表")
    assert fault.expected is not None
    assert "政策" in fault.expected.zh


def test_an_unknown_header_is_named_with_the_nearest(tmp_path: Path):
    """A slip of a header does not lose its column."""
    fault = only_fault(write_workbook(tmp_path / "m.xlsx", with_cell("需求", "资金用图", "x")))
    assert (fault.sheet, fault.row, fault.column, fault.value) == (
        "需求",
        1,
        "资金用图",
        "资金用图",
    )
    assert fault.expected is not None
    assert fault.expected.of(Lang.ZH) == "“用途”？"


def test_a_header_unlike_any_other_is_answered_with_all(tmp_path: Path):
    """Where nothing is near, the choice is shown."""
    fault = only_fault(write_workbook(tmp_path / "m.xlsx", with_cell("机构", "Q", 1)))
    assert fault.expected is not None
    assert "机构类型" in fault.expected.zh


def test_a_column_of_json_only_is_unknown_in_a_sheet(tmp_path: Path):
    """The words of a source have no place in a grid."""
    assert only_fault(write_workbook(tmp_path / "m.xlsx", with_cell("机构", "原文", "x"))).row == 1


@pytest.mark.parametrize("twin", ["融资金额(元)", "amount", "amount_fen"])
def test_a_column_that_stands_twice_is_named(tmp_path: Path, twin: str):
    """Of two columns for one thing nobody knows which counts."""
    fault = only_fault(write_workbook(tmp_path / "m.xlsx", with_cell("需求", twin, 1)))
    assert (fault.row, fault.column, fault.value) == (1, twin, twin)
    assert "融资金额(万元)" in fault.message.en


def test_the_same_header_twice_is_named(tmp_path: Path):
    """Also where both are spelt alike."""
    folder = write_csv(tmp_path / "m", LEAST, "utf-8")
    (folder / "机构.csv").write_text("机构编号,机构名称,机构名称\nB1,甲,乙\n", encoding="utf-8")
    fault = only_fault(folder)
    assert (fault.file, fault.sheet, fault.row, fault.column) == ("机构.csv", "机构", 1, "机构名称")


def test_a_missing_required_column_is_named_once(tmp_path: Path):
    """One fault for the column, not one for each row."""
    rows = [{"需求编号": f"N{n}", "企业编号": "E1"} for n in range(3)]
    fault = only_fault(write_workbook(tmp_path / "m.xlsx", least(需求=rows)))
    assert (fault.sheet, fault.row, fault.column) == ("需求", 1, "融资金额")
    assert fault.expected is not None


def test_a_required_cell_that_is_blank_is_named(tmp_path: Path):
    """Blank means not known, and this must be known."""
    rows = [*LEAST["需求"], {"需求编号": "N2", "企业编号": "E1", "融资金额(万元)": "  "}]
    fault = only_fault(write_workbook(tmp_path / "m.xlsx", least(需求=rows)))
    assert (fault.row, fault.column, fault.value) == (3, "融资金额(万元)", None)


def test_a_cell_under_no_header_is_named(tmp_path: Path):
    """What stands beside the table is not dropped in silence."""
    folder = write_csv(tmp_path / "m", LEAST, "utf-8")
    (folder / "机构.csv").write_text("机构编号,机构名称\nB1,甲\n\nB2,乙,丙\n", encoding="utf-8")
    fault = only_fault(folder)
    assert (fault.row, fault.column, fault.value) == (4, "C", "丙")


def test_a_capacity_beside_fen_must_name_its_unit(tmp_path: Path):
    """5000 could be yuan or fen; 5000 yuan cannot."""
    pool = {"编号": "R1", "名称": "池", "计量单位": "fen", "容量": 5000}
    fault = only_fault(write_workbook(tmp_path / "m.xlsx", least(资源池=[pool])))
    assert (fault.sheet, fault.row, fault.column, fault.value) == ("资源池", 2, "容量", 5000)
    data = least(资源池=[{"id": "R1", "name": "池", "unit": "fen", "capacity_fen": 5000}])
    assert read_records(data).pools[0].capacity == 5000
    data = least(资源池=[{"id": "R1", "name": "池", "unit": "fen", "capacity": "5000元"}])
    assert read_records(data).pools[0].capacity == 500_000


@pytest.mark.parametrize("name", ["capacity_fen", "容量(元)"])
def test_places_are_not_counted_in_money(name: str):
    """A header with a unit of money contradicts a pool of places."""
    pool = {"id": "R1", "name": "池", "unit": "count", name: 5}
    with pytest.raises(InputError) as raised:
        read_records(least(资源池=[pool]))
    (fault,) = raised.value.faults
    assert (fault.column, fault.value) == (name, 5)


def test_json_names_origin_table_item_and_key():
    """Rows of JSON count from 1; the key stands for the column."""
    with pytest.raises(InputError) as raised:
        read_records(least(needs=[]) | {"需求": [{"id": "N1", "enterprise": "E1", "amount": "x"}]},
                     origin="request")  # fmt: skip
    (fault,) = raised.value.faults
    assert (fault.file, fault.sheet, fault.row, fault.column) == ("request", "需求", 1, "amount")


def test_json_that_gives_a_thing_under_two_names_is_refused():
    """Two names for one amount could contradict each other."""
    need = {"id": "N1", "enterprise": "E1", "amount": 1, "amount_fen": 100}
    with pytest.raises(InputError) as raised:
        read_records(least(需求=[need]))
    (fault,) = raised.value.faults
    assert (fault.row, fault.field, fault.value) == (1, "amount_fen", 1)


@pytest.mark.parametrize(
    ("data", "sheet", "row", "value"),
    [
        ([], None, None, "list"),
        ({**LEAST, "政策": {"a": 1}}, "政策", None, {"a": 1}),
        ({**LEAST, "政策": ["x"]}, "政策", 1, "x"),
        ({**LEAST, "loans": []}, "loans", None, "loans"),
    ],
)
def test_json_of_the_wrong_shape_is_refused(data: Any, sheet: str, row: int, value: object):
    """The document is an object of lists of objects."""
    with pytest.raises(InputError) as raised:
        read_records(data, origin="o")
    (fault,) = raised.value.faults
    assert (fault.file, fault.sheet, fault.row, fault.value) == ("o", sheet, row, value)


def test_one_table_may_be_read_by_itself():
    """An intake form brings one need; what it refers to is looked up elsewhere."""
    (need,) = read_table("needs", [{"id": "N1", "enterprise": "E1", "amount_fen": 5}])
    assert need.amount_fen == 5
    with pytest.raises(InputError) as raised:
        read_table("needs", [{"id": "N1"}, {"id": "N1", "enterprise": "E1", "amount": "-"}])
    assert {(f.row, f.field) for f in raised.value.faults} == {
        (1, "enterprise_id"),
        (1, "amount_fen"),
        (2, "amount_fen"),
        (2, "need_id"),
    }
    with pytest.raises(InputError):
        read_table("loans", [])


def test_a_fault_reads_as_a_sentence_in_both_languages(tmp_path: Path):
    """The organiser reads where, what, the value and what would do."""
    path = write_workbook(tmp_path / "m.xlsx", with_cell("需求", "最高年化成本", 2.65))
    fault = only_fault(path)
    assert fault.sentence(Lang.ZH) == (
        "m.xlsx · 需求 · #2 · 最高年化成本：分不清是百分数还是小数 2.65；"
        "应为：带百分号写出，如 2.65%"
    )
    assert fault.sentence(Lang.EN) == (
        "m.xlsx · 需求 · #2 · 最高年化成本: could be a percentage or a fraction 2.65; "
        "expected: write the sign, such as 2.65%"
    )


def test_a_date_where_a_number_belongs_is_named(tmp_path: Path):
    """Excel likes to make dates of numbers."""
    sheets = with_cell("企业", "职工人数", date(2022, 6, 3))
    fault = only_fault(write_workbook(tmp_path / "m.xlsx", sheets))
    assert (fault.column, fault.value) == ("职工人数", date(2022, 6, 3))
