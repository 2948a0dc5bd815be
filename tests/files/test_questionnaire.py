"""The questionnaire: one schema, one page, and answers read whole or not at all."""

from __future__ import annotations

import contextlib
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.choices import Collateral, Instrument
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.errors import InputError
from matcher.domain.text import Lang
from matcher.files import write_record
from matcher.files.questionnaire import (
    ENTERPRISE,
    NEED,
    TITLE,
    questionnaire_schema,
    read_answers,
    read_form,
    write_form,
)
from matcher.files.questionnaire.fields import SECTIONS
from matcher.files.questionnaire.form import label_of, menu_of
from tests.strategies import enterprises, needs

DAY = date(2022, 5, 25)
CODE = "91330108YQ00000104"
FIRM = {"name": "示例企业", "credit_code": CODE}
ASKED = {"amount_fen": 150_000_000, "needed_by": "2022-06-03"}


def fields_of(error: pytest.ExceptionInfo[InputError]) -> list[str | None]:
    """Return the field of every fault."""
    return [fault.field for fault in error.value.faults]


def fill_in(path: Path, lang: Lang, answers: dict[str, object]) -> Path:
    """Write the form and fill in the rows whose label, without star and unit, is given."""
    write_form(path, lang)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    rows = {
        str(row[0].value).strip("* ").split("(")[0].strip(): row[1] for row in sheet.iter_rows()
    }
    for label, value in answers.items():
        rows[label].value = value
    book.save(path)
    return path


def test_a_form_filled_in_as_people_do_is_a_firm_and_its_need(tmp_path: Path) -> None:
    """Amounts with 万, a percentage, a date in Chinese, several words and pairs."""
    path = fill_in(
        tmp_path / "f.xlsx",
        Lang.ZH,
        {
            "企业名称": "示例企业", "统一社会信用代码": CODE, "地区代码": 330108,
            "营业收入": "4200万",
            "资质标签": "高新技术企业、成长期", "首贷户": "否", "其他指标": "融资轮次=5",
            "融资金额": "150万", "期限": "半年", "用途": "发放工资", "融资方式": "贷款、担保",
            "押品": "应收账款=300万", "最晚到账日": "2022年6月3日", "最高年化成本": "6%",
        },
    )  # fmt: skip
    firm, need = (answers := read_form(path, DAY)).enterprise, answers.need
    assert firm.enterprise_id == CODE
    assert firm.region == "330108"
    assert firm.revenue_fen == 4_200_000_000
    assert firm.tags == {"high_tech", "growth_stage"}
    assert firm.first_time_borrower is False
    assert firm.indicator("financing_rounds") == 5
    assert need.need_id == f"{CODE}-20220525"
    assert (need.enterprise_id, need.received) == (CODE, DAY)
    assert (need.amount_fen, need.term_months) == (150_000_000, 6)
    assert need.instruments == {Instrument.LOAN, Instrument.GUARANTEE}
    assert need.collateral == ((Collateral.RECEIVABLES, 300_000_000),)
    assert need.needed_by == date(2022, 6, 3)
    assert need.max_rate == Decimal("0.06")


def test_the_english_form_is_read_like_the_chinese_one(tmp_path: Path) -> None:
    """Labels, units and the words of drop-downs."""
    answers = {"name": "Firm", "credit code": CODE, "amount": 1_500_000, "term": 6,
               "purpose": "working capital", "needed by": date(2022, 6, 3)}  # fmt: skip
    english = read_form(fill_in(tmp_path / "e.xlsx", Lang.EN, answers), DAY)
    answers = {"企业名称": "Firm", "统一社会信用代码": CODE, "融资金额": 1_500_000, "期限": 6,
               "用途": "流动资金", "最晚到账日": date(2022, 6, 3)}  # fmt: skip
    assert english == read_form(fill_in(tmp_path / "z.xlsx", Lang.ZH, answers), DAY)


@pytest.mark.parametrize("lang", Lang)
def test_an_empty_form_names_every_required_field_at_its_row(tmp_path: Path, lang: Lang) -> None:
    """A missing amount or date is flagged with its field."""
    write_form(tmp_path / "f.xlsx", lang)
    with pytest.raises(InputError) as caught:
        read_form(tmp_path / "f.xlsx", DAY)
    assert fields_of(caught) == ["name", "credit_code", "amount_fen", "needed_by"]
    sheet = openpyxl.load_workbook(tmp_path / "f.xlsx").active
    for fault in caught.value.faults:
        assert sheet.cell(fault.row, 1).value == fault.column
        assert str(fault.column).startswith("* ")


def test_all_faults_of_a_form_are_told_at_once(tmp_path: Path) -> None:
    """Cells that cannot be read, rows nobody knows and values without a label."""
    path = fill_in(tmp_path / "f.xlsx", Lang.ZH, {
        "企业名称": "示例企业", "统一社会信用代码": 913301080000001040, "职工人数": -3,
        "融资金额": "若干", "最低金额": "200万", "最晚到账日": "3/6/2022",
    })  # fmt: skip
    book = openpyxl.load_workbook(path)
    book.active.append(["营业收人", "100万"])
    book.active.append([None, "孤"])
    book.active.append(["融资金额", "1万"])
    book.save(path)
    with pytest.raises(InputError) as caught:
        read_form(path, DAY)
    assert sorted(map(str, fields_of(caught))) == [
        "None", "None", "amount_fen", "amount_fen", "credit_code", "needed_by", "staff",
    ]  # fmt: skip
    assert all(fault.row and fault.file == "f.xlsx" for fault in caught.value.faults)


def test_a_given_id_is_kept_and_stands_for_the_credit_code(tmp_path: Path) -> None:
    """The office may number a firm that has no code."""
    given_id = {"name": "示例企业", "enterprise_id": "E-7"}
    answers = read_answers({"enterprise": given_id, "need": {**ASKED, "need_id": "N-1"}}, DAY)
    assert (answers.enterprise.enterprise_id, answers.need.enterprise_id) == ("E-7", "E-7")
    assert answers.need.need_id == "N-1"
    again = read_answers({"enterprise": given_id, "need": {**ASKED, "received": "2022-05-20"}}, DAY)
    assert again.need.need_id == "E-7-20220520"


def test_an_answer_that_comes_after_its_deadline_is_still_taken(tmp_path: Path) -> None:
    """It is overdue, not wrong."""
    answers = read_answers({"enterprise": FIRM, "need": {**ASKED, "needed_by": "2022-05-01"}}, DAY)
    assert answers.need.needed_by == date(2022, 5, 1)
    assert answers.need.received is None


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ([], ["enterprise", "need"]),
        ({"enterprise": FIRM}, ["need"]),
        ({"enterprise": FIRM, "need": {}}, ["amount_fen", "needed_by"]),
        ({"enterprise": {}, "need": ASKED}, ["name", "credit_code"]),
        ({"enterprise": FIRM, "need": {**ASKED, "amount_fen": 0}}, ["amount_fen"]),
        ({"enterprise": FIRM, "need": {**ASKED, "enterprise_id": "x"}}, [None]),
        ({"enterprise": FIRM, "need": ASKED, "more": 1}, [None]),
        ({"enterprise": {**FIRM, "enterprise_id": "a b"}, "need": ASKED}, ["enterprise_id"]),
    ],
)
def test_what_is_wrong_with_json_is_named_by_field(data: object, fields: list[str | None]) -> None:
    """Parts that are missing, fields that are, fields nobody asked for."""
    with pytest.raises(InputError) as caught:
        read_answers(data, DAY)
    told = fields_of(caught)
    assert [name for name in told if name in fields] == fields


@pytest.mark.parametrize("content", [None, b"", b"no workbook", b"PK\x03\x04 cut"])
def test_a_file_that_is_no_form_is_an_input_error(tmp_path: Path, content: bytes | None) -> None:
    """Absent, empty or broken: a fault that names the file."""
    path = tmp_path / "f.xlsx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_form(path, DAY)
    assert "f.xlsx" in str(caught.value.faults[0].file)


def test_the_schema_is_made_of_the_tables_and_speaks_both_languages() -> None:
    """Every field has a title and a description in Chinese and English; required ones are so."""
    schema = questionnaire_schema()
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["title"] == str(TITLE)
    for section in SECTIONS:
        part = schema["$defs"][section.table.record.__name__]
        assert part["additionalProperties"] is False
        for column in section.table.columns:
            told = part["properties"][column.wire_name(column.kind)]
            assert column.text.zh in told["title"]
            assert column.note.zh in told["description"]
            assert column.note.en in told["description"]
    assert schema["$defs"]["Need"]["required"] == ["amount_fen", "needed_by"]
    assert schema["$defs"]["Enterprise"]["required"] == ["name"]
    json.dumps(schema, allow_nan=False)


@pytest.mark.parametrize("lang", Lang)
def test_every_label_is_understood_as_its_own_field(lang: Lang) -> None:
    """No label of one section names a field of the other first."""
    for section in SECTIONS:
        for column in section.table.columns:
            found = [s.table.heading(label_of(column, lang)) for s in SECTIONS]
            first = next(heading for heading in found if heading is not None)
            assert first.column is column


@pytest.mark.parametrize("lang", Lang)
def test_the_form_is_one_page_with_a_drop_down_for_every_choice(tmp_path: Path, lang: Lang) -> None:
    """Every word offered can be read back; pairs, which need a value too, have no list."""
    write_form(tmp_path / "f.xlsx", lang)
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    sheet = book.active
    setup = sheet.page_setup
    assert (setup.orientation, setup.fitToWidth, setup.fitToHeight) == ("portrait", 1, 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert [s.title for s in book if s.sheet_state == "visible"] == [TITLE.of(lang)]
    menus = {str(m.sqref) for m in sheet.data_validations.dataValidation}
    columns = {label_of(c, lang): c for s in SECTIONS for c in s.table.columns}
    for row in sheet.iter_rows(min_row=4):
        column = columns.get(row[0].value)
        if column is not None:
            words = menu_of(column.kind, lang)
            assert (row[1].coordinate in menus) == bool(words)
            assert all(column.kind.read(word) is not None for word in words)
            assert row[2].value == column.note.of(lang)
    assert not menu_of(NEED.table.column("collateral").kind, lang)
    assert len(menu_of(ENTERPRISE.table.column("tax_grade").kind, lang)) == 5


def asked_only(record: Enterprise | Need) -> dict[str, Any]:
    """Return a record as JSON, with the fields that the questionnaire asks."""
    section = ENTERPRISE if isinstance(record, Enterprise) else NEED
    names = {c.wire_name(c.kind) for c in section.table.columns}
    return {name: value for name, value in write_record(record).items() if name in names}


@given(st.data())
@settings(max_examples=60)
def test_whatever_a_questionnaire_can_say_is_read_back(data: st.DataObject) -> None:
    """Records written as JSON come back equal, but for what is not asked."""
    firm = data.draw(enterprises("E1", ()))
    need = data.draw(needs("N1", "E1", ()))
    need = Need(
        **{**_values(need), "needed_by": date(2022, 6, 3), "received": DAY, "consent": None}
    )
    answers = read_answers({"enterprise": asked_only(firm), "need": asked_only(need)}, DAY)
    assert answers.enterprise == Enterprise(**{**_values(firm), "banks": None})
    assert answers.need == need


def _values(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["enterprise", "need", "name", "credit_code", "amount_fen", "needed_by",
                         "received", "need_id", "enterprise_id", "融资金额(万元)", "?"]),
        inner, max_size=5),
    max_leaves=12,
))  # fmt: skip
def test_whatever_json_holds_is_an_answer_or_an_input_error(data: object) -> None:
    """No other error comes out."""
    with contextlib.suppress(InputError):
        answers = read_answers(data, DAY)
        assert answers.need.enterprise_id == answers.enterprise.enterprise_id
