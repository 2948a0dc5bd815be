"""The same market reads the same from every format."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from matcher.domain.choices import Collateral, PoolUnit
from matcher.domain.expression import parse
from matcher.domain.records import Records
from matcher.files import MarketFiles, read_market, read_records, write_json
from tests.files.markets import LEAST, Sheets, least, write_csv, write_workbook

FULL: Sheets = {
    "企业": [
        {"企业编号": "E1", "企业名称": "甲公司", "统一社会信用代码": "91350100M000100Y43",
         "地区代码": 330108, "行业代码": "65", "成立日期": "2016-05-20", "职工人数(人)": 86,
         "营业收入(万元)": 3200.5, "资质标签": "高新技术企业、自定义", "首贷户": "是",
         "负责人持股": "30%", "其他指标": "融资轮次=5; 研发占比=12%", "示例": "是"},
        {"企业编号": "E2", "企业名称": "乙公司,分部", "合作机构": "无", "来源": "问卷 \"3\""},
    ],
    "需求": [
        {"需求编号": "N1", "企业编号": "E1", "融资金额(万元)": 150, "期限(月)": 12,
         "押品": "房产土地=300万; 应收账款=50万", "最晚到账日": "2022年6月3日",
         "最高年化成本": "6%", "融资方式": "贷款、担保", "示例": "期限、priority"},
        {"需求编号": "N2", "企业编号": "E2", "融资金额(万元)": "三百五十万", "期限(月)": "1年"},
    ],
    "机构": [{"机构编号": "B1", "机构名称": "甲银行", "可接洽数(家)": 4, "额度(万元)": "5亿"}],
    "产品": [
        {"产品编号": "P1", "机构编号": "B1", "产品名称": "甲贷", "年利率": "3.45%",
         "押品": "房产土地=70%", "准入条件": '营业收入 >= 500万; "无违法;记录"\n地区 属于 3301',
         "资源池编号": "R1、R2", "固定费用(元)": "12.50", "到账时限(工作日)": 7},
    ],
    "资源池": [
        {"资源池编号": "R1", "资源池名称": "风险池", "计量单位": "万元", "容量": 2000},
        {"资源池编号": "R2", "资源池名称": "顾问", "计量单位": "个", "容量": 14},
    ],
    "政策": [{"政策编号": "G1", "政策名称": "贴息", "支持比例": "50%", "资源池编号": "R1"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> MarketFiles:
    """Return the full market as read from a workbook."""
    return read_market(write_workbook(tmp_path_factory.mktemp("full") / "m.xlsx", FULL))


def test_a_workbook_is_read_into_exact_records(full: MarketFiles):
    """Units of headers and cells, lists, pairs, rules and provenance all arrive."""
    records = full.records
    first, second = records.needs
    firm, other = records.enterprises
    assert (first.amount_fen, second.amount_fen) == (150_000_000, 350_000_000)
    assert (first.term_months, second.term_months) == (12, 12)
    assert first.needed_by == date(2022, 6, 3)
    assert first.collateral == (
        (Collateral.REAL_ESTATE, 300_000_000),
        (Collateral.RECEIVABLES, 50_000_000),
    )
    assert first.provenance.illustrative_fields == {"term_months", "priority"}
    assert firm.provenance.illustrative
    assert (firm.region, firm.industry, firm.revenue_fen) == ("330108", "I65", 3_200_500_000)
    assert (firm.banks, other.banks) == (None, frozenset())
    assert other.provenance.source == '问卷 "3"'
    assert records.products[0].criteria[1] == parse('"无违法;记录"')
    assert [(p.unit, p.capacity) for p in records.pools] == [
        (PoolUnit.FEN, 2_000_000_000),
        (PoolUnit.COUNT, 14),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_every_encoding_reads_as_the_workbook(
    full: MarketFiles, tmp_path: Path, encoding: str
):
    """Excel of every language writes CSV in one of these encodings."""
    assert read_market(write_csv(tmp_path / "csv", FULL, encoding)).records == full.records


def test_json_with_the_same_words_reads_as_the_workbook(full: MarketFiles, tmp_path: Path):
    """JSON may use the headers of the sheets."""
    path = tmp_path / "m.json"
    path.write_text(json.dumps(FULL, ensure_ascii=False), encoding="utf-8")
    assert read_market(path).records == full.records
    assert read_records(FULL) == full.records


def test_canonical_json_reads_as_the_workbook(full: MarketFiles, tmp_path: Path):
    """What write_json gives is read back from a file."""
    path = tmp_path / "m.json"
    path.write_text(json.dumps(write_json(full.records)), encoding="utf-8")
    assert read_market(path).records == full.records


def test_a_folder_of_toml_reads_as_the_workbook(full: MarketFiles, tmp_path: Path):
    """Tables may be spread over several TOML files."""
    for number, (name, rows) in enumerate(FULL.items()):
        blocks = [f"[[{name!r}]]\n{_toml(row)}" for row in rows]
        (tmp_path / f"{number}.toml").write_text("\n".join(blocks), encoding="utf-8")
    read = read_market(tmp_path)
    assert read.records == full.records
    assert [f.name for f in read.files] == [f"{n}.toml" for n in range(len(FULL))]


def _toml(row: dict[str, object]) -> str:
    lines = (f"{name!r} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in row.items())
    return "".join(lines)


def test_one_toml_file_with_english_names_is_read(tmp_path: Path):
    """Native dates, nested tables and numbers of TOML are understood."""
    path = tmp_path / "m.toml"
    path.write_text(
        """
        [[enterprises]]
        enterprise_id = "E1"
        name = "甲"
        indicators = { growth = 0.2 }
        [[needs]]
        id = "N1"
        enterprise = "E1"
        amount_fen = 100
        needed_by = 2022-06-03
        collateral = { real_estate = "300万" }
        stated = { amount = "一元" }
        illustrative = ["term"]
        [[institutions]]
        id = "B1"
        name = "乙"
        [[products]]
        id = "P1"
        institution = "B1"
        name = "丙"
        criteria = ["revenue >= 500万"]
        """,
        encoding="utf-8",
    )
    need = read_market(path).records.needs[0]
    assert (need.amount_fen, need.needed_by) == (100, date(2022, 6, 3))
    assert need.provenance.stated == (("amount_fen", "一元"),)
    assert need.provenance.illustrative_fields == {"term_months"}


def test_a_folder_may_mix_formats(tmp_path: Path):
    """Tables of several files are put one behind the other; other files are left and named."""
    write_workbook(tmp_path / "a.xlsx", LEAST)
    (tmp_path / "b.json").write_text('{"enterprises": [{"id": "E2", "name": "乙"}]}')
    (tmp_path / "~$a.xlsx").write_bytes(b"lock")
    (tmp_path / "读我.md").write_text("x")
    read = read_market(tmp_path)
    assert [e.enterprise_id for e in read.records.enterprises] == ["E1", "E2"]
    assert set(read.ignored) == {"~$a.xlsx", "读我.md"}


def test_english_sheets_and_headers_are_read(tmp_path: Path):
    """A workbook in English is as good."""
    sheets = {
        "Enterprises": [{"Enterprise ID": "E1", "Name": "A"}],
        "Needs": [{"Need ID": "N1", "Enterprise ID": "E1", "Amount (10k yuan)": 150}],
        "Institutions": [{"Institution ID": "B1", "Name": "B"}],
        "Products": [{"Product ID": "P1", "Institution ID": "B1", "Name": "P"}],
    }
    records = read_market(write_workbook(tmp_path / "m.xlsx", sheets)).records
    assert records.needs[0].amount_fen == 150_000_000


def test_files_are_stamped(tmp_path: Path):
    """Name, hash and size tell later which file a plan was made from."""
    path = write_workbook(tmp_path / "m.xlsx", LEAST)
    data = path.read_bytes()
    (stamp,) = read_market(path).files
    expected = ("m.xlsx", hashlib.sha256(data).hexdigest(), len(data))
    assert (stamp.name, stamp.sha256, stamp.num_bytes) == expected


def test_blank_rows_are_skipped_and_rows_behind_them_read(tmp_path: Path):
    """A gap in a sheet is no end of it, and the header may stand below blank rows."""
    path = write_workbook(tmp_path / "m.xlsx", least())
    book = openpyxl.load_workbook(path)
    book["企业"].insert_rows(1, 2)
    book["企业"]["A7"], book["企业"]["B7"] = "E2", "乙"
    book["企业"]["A6"] = "  "
    book.save(path)
    assert len(read_market(path).records.enterprises) == 2


def test_a_merged_cell_counts_for_every_row_that_it_spans(tmp_path: Path):
    """Forms merge the firm over its needs; both needs belong to it."""
    rows = [
        {"需求编号": "N1", "企业编号": "E1", "金额": 1},
        {"需求编号": "N2", "企业编号": None, "金额": 2},
    ]
    path = write_workbook(tmp_path / "m.xlsx", least(需求=rows))
    book = openpyxl.load_workbook(path)
    book["需求"].merge_cells("B2:B3")
    book.save(path)
    assert [n.enterprise_id for n in read_market(path).records.needs] == ["E1", "E1"]


def test_a_percent_cell_means_what_it_shows(tmp_path: Path):
    """Excel stores 2.65 % as 0.0265, under any header."""
    products = [{**LEAST["产品"][0], "年利率": 0.0265, "月费率(%)": 0.006}]
    path = write_workbook(tmp_path / "m.xlsx", least(产品=products))
    book = openpyxl.load_workbook(path)
    for cell in book["产品"][2]:
        if isinstance(cell.value, float):
            cell.number_format = "0.00%"
    book.save(path)
    product = read_market(path).records.products[0]
    assert (str(product.rate), str(product.fee_monthly_rate)) == ("0.0265", "0.006")


def test_a_sheet_for_people_is_left_and_named(tmp_path: Path):
    """Sheets that are no tables do no harm, and the caller learns of them."""
    path = write_workbook(tmp_path / "m.xlsx", least(统计图=[{"a": 1}]))
    assert read_market(path).ignored == ("统计图",)


def test_pools_and_policies_may_be_absent(tmp_path: Path):
    """The other four tables make a market."""
    records = read_market(write_workbook(tmp_path / "m.xlsx", LEAST)).records
    assert (records.pools, records.policies) == ((), ())
    assert isinstance(records, Records)
