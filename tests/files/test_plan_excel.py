import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from functools import cache

import pytest
from openpyxl import load_workbook

from matcher.domain.text import Lang
from matcher.files.plan_excel import workbook_bytes, write_plan_workbook
from matcher.files.sheet_cells import clean, sheet_title, text_width
from matcher.market import Market
from matcher.planning.encode import Fixings
from matcher.planning.make import make_plan
from matcher.scoring.weights import default_weights
from tests.planning_examples import AS_OF, HOSTILE, INPUTS, RECORDS, example_plan


@cache
def book(lang=Lang.ZH):
    """Return the example's workbook, read back."""
    return load_workbook(io.BytesIO(workbook_bytes(example_plan(), INPUTS, lang)))


def rows(sheet):
    """Return a sheet's rows as dicts by header."""
    header, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in body]


def words(sheet):
    """Return all that stands on a sheet as one text."""
    return "\n".join(str(v) for row in sheet.iter_rows(values_only=True) for v in row if v)


@pytest.mark.parametrize("lang", Lang)
def test_the_same_plan_gives_the_same_bytes(lang):
    """No clock gets into the archive."""
    content = workbook_bytes(example_plan(), INPUTS, lang)
    assert content == workbook_bytes(example_plan(), INPUTS, lang)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2022-05-25T00:00:00Z</dcterms:modified>" in archive.read("docProps/core.xml")


def test_the_sheets_stand_in_order_and_have_valid_names():
    """Four sheets for the organiser, then one for each institution with leads."""
    assert book().sheetnames == ["概览", "匹配", "未匹配", "资源池", "示例银行", "第二 银行"]
    assert book(Lang.EN).sheetnames[:5] == [
        "Overview",
        "Matches",
        "Unmatched",
        "Pools",
        "Example Bank",
    ]


def test_matches_show_money_rates_and_days_as_such():
    """Amounts count in 万元 or yuan, costs are percent, days are dates."""
    first = rows(book()["匹配"])[0]
    assert first["需求金额（万元）"] == 150
    assert first["综合年成本（最低）"] == pytest.approx(0.04)
    assert first["最早到账日"] == datetime(2022, 6, 1)
    assert first["主要理由"].count("\n") == 2
    assert first["待补材料"] == "营业收入（≥ 100万元）"
    assert rows(book(Lang.EN)["Matches"])[0]["Amount wanted (yuan)"] == 1_500_000
    formats = [cell.number_format for cell in book()["匹配"][2]]
    assert {"#,##0.00", "0.00%", "yyyy-mm-dd", "0.0000"} <= set(formats)


def test_the_unmatched_are_told_why():
    """Every unmatched need has its kind, its reason and what would help."""
    found = {row["需求编号"]: row for row in rows(book()["未匹配"])}
    assert found["N4"]["类别"] == "无适用产品"
    assert found["N4"]["怎样可以匹配"] == "企业调整需求也无法满足该产品"
    assert found["N5"]["类别"] == "企业不希望被联系"
    assert found["N6"]["怎样可以匹配"].startswith("增加：")
    assert found["N7"]["类别"] == "适用产品均被禁止"


def test_pools_show_what_is_left_and_the_price():
    """Money pools count in 万元 with a price per 万元, places with a price per place."""
    plan = example_plan()
    found = {row["编号"]: row for row in rows(book()["资源池"])}
    risk = next(use for use in plan.pools if use.row.identity == "F1")
    assert (found["F1"]["总量"], found["F1"]["已用"], found["F1"]["剩余"]) == (460, 460, 0)
    assert found["F1"]["多一万元至多增加的总分"] == pytest.approx(risk.multiplier * 1_000_000)
    assert found["F1"]["多一个名额至多增加的总分"] is None
    assert found["F2"]["多一个名额至多增加的总分"] == 0


def test_a_bank_sees_its_leads_best_first_and_nothing_else():
    """No other bank's name or score, no unmatched need, no price of a scarce thing."""
    plan, sheet = example_plan(), book()["示例银行"]
    scores = [row["得分"] for row in rows(sheet)]
    assert scores == sorted(scores, reverse=True)
    assert [row["序号"] for row in rows(sheet)] == [1, 2]
    text = words(sheet)
    others = [m for m in plan.matches if m.institution.institution_id != "B1"]
    assert others
    hidden = [m.product.name for m in others] + [f"{m.score}" for m in others]
    hidden += [i.name for i in plan.graph.market.institutions if i.institution_id != "B1"]
    hidden += [item.need.need_id for item in plan.unmatched]
    assert not [word for word in hidden if word in text]
    assert not re.search("多一|总量|上限", text)


def test_the_overview_says_how_good_the_plan_is():
    """Outcome, proof, baseline, notes and sources stand in words on the first sheet."""
    told = dict(book()["概览"].iter_rows(values_only=True, min_row=2))
    assert told["需求"].startswith("共 7 个需求：2 个有匹配，5 个暂无匹配")
    assert "已证明：任何方案的总分都不超过" in told["离最好还差多少"]
    assert told["说明 1"] == "仅为示例"
    assert told["market.xlsx"] == f"1,234 字节，sha256 {'a' * 64}"
    assert told["方案文件摘要"].startswith("sha256:")
    assert "企业 1/4 条" in told["示例数据"]


def test_the_gap_in_words_never_promises_more_than_was_proved():
    """The share of the best is rounded down, what could be gained is rounded up."""
    plan = example_plan()
    better = replace(plan.result, objective=0.99996, bound=1.0, gap=1.0 - 0.99989)
    content = workbook_bytes(replace(plan, result=better), INPUTS, Lang.EN)
    told = dict(load_workbook(io.BytesIO(content))["Overview"].iter_rows(values_only=True))
    assert "at least 99.98%" in told["How far from the best"]
    assert "at most 0.02%" in told["How far from the best"]


def test_a_hostile_name_stays_text():
    """A firm called like a formula is no formula on any sheet, and reads back as it is called."""
    seen = 0
    for sheet in book().worksheets:
        for cell in (c for row in sheet.iter_rows() for c in row):
            assert cell.data_type != "f"
            if cell.value == HOSTILE:
                seen += 1
                assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert seen >= 2


@pytest.mark.parametrize("name", ["+1", "-1", "@SUM(A1)", "\tx", "=1+1", "#N/A", "0123", "TRUE"])
def test_names_that_look_like_something_else_read_back_the_same(name):
    """Signs, at-signs, tabs, error codes and digits stay the text they are."""
    firms = tuple(replace(firm, name=name, name_en=None) for firm in RECORDS.enterprises)
    market = Market.from_records(replace(RECORDS, enterprises=firms), AS_OF)
    content = workbook_bytes(make_plan(market, default_weights()), INPUTS)
    found = load_workbook(io.BytesIO(content))["匹配"]["B2"]
    assert (found.value, found.data_type) == (name, "s")


def test_control_characters_do_not_break_the_file():
    """What XML cannot hold is left out; a carriage return is a new line."""
    assert clean("a\x00b\x1fc\ud800d\r\ne\rf") == "abcd\ne\nf"
    assert len(clean("长" * 40_000)) == 32_000


@pytest.mark.parametrize(
    ("name", "taken", "title"),
    [
        ("银行[总行]:A/B?*\\", [], "银行 总行 A B"),
        ("x" * 40, [], "x" * 31),
        ("Bank", ["bank"], "Bank (2)"),
        ("y" * 40, ["y" * 31], "y" * 27 + " (2)"),
        ("'quoted'", [], "quoted"),
        ("History", [], "History (2)"),
        ("///", [], "Sheet"),
        ("😀" * 20, [], "😀" * 15),
    ],
)
def test_sheet_names_are_ones_that_excel_takes(name, taken, title):
    """At most 31 UTF-16 units, no forbidden sign, no reserved or used name in any case."""
    assert sheet_title(name, taken) == title


def test_sheets_can_be_read_and_printed():
    """Headers are frozen, filtered and repeated; pages are landscape and as wide as the paper."""
    for sheet in book().worksheets[1:]:
        assert sheet.freeze_panes in ("A2", "C2")
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_columns_are_wide_enough():
    """No number and no unbroken text is wider than its column; Chinese counts double."""
    assert text_width("银行A") == 5
    for sheet in book().worksheets[1:]:
        for column in sheet.iter_cols(min_row=2):
            width = sheet.column_dimensions[column[0].column_letter].width
            for cell in column:
                if isinstance(cell.value, int | float):
                    assert len(f"{cell.value:,.2f}") < width


def test_a_plan_without_matches_still_makes_a_workbook(tmp_path):
    """An empty round, and pins that break a limit, have their sheets with what there is to say."""
    market = Market.from_records(replace(RECORDS, needs=()), AS_OF)
    impossible = Fixings(pins=frozenset({("N1", "P1"), ("N1", "P3")}))
    for lang in Lang:
        for plan in (make_plan(market, default_weights()), example_plan(fixings=impossible)):
            write_plan_workbook(tmp_path / "plan.xlsx", plan, INPUTS, lang)
            assert len(load_workbook(tmp_path / "plan.xlsx").sheetnames) == 4
