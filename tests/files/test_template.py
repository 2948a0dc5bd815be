"""The template is a valid market, and helps the person who fills it in."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from matcher.domain.errors import InputError
from matcher.files import read_market, write_template
from matcher.files.tables import TABLES
from matcher.files.template import LISTS, NUM_ROWS
from tests.files.markets import faults_of


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of a fresh template."""
    path = tmp_path_factory.mktemp("template") / "模板.xlsx"
    write_template(path)
    return path


@pytest.fixture(scope="module")
def book(template: Path) -> Any:
    """Return the template as openpyxl has it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(template)


def test_the_untouched_template_is_a_market_of_one_record_each(template: Path):
    """It reads without a fault, and every record of it is marked as illustrative."""
    read = read_market(template)
    for table in TABLES:
        (record,) = getattr(read.records, table.name)
        assert record.provenance.illustrative
        assert getattr(record, table.columns[0].field).startswith("例-")
    assert read.ignored == ()


def test_the_sheets_stand_in_order_behind_the_instructions(book: Any):
    """Instructions first, six tables, and the hidden lists last."""
    assert book.sheetnames == ["说明", *(table.text.zh for table in TABLES), LISTS]
    assert book[LISTS].sheet_state == "hidden"
    assert book["说明"]["A1"].value
    assert book["说明"]["B1"].value


def test_headers_are_frozen_and_every_one_has_a_note_in_both_languages(book: Any):
    """The note says what to write and whether it is required."""
    for table in TABLES:
        sheet = book[table.text.zh]
        assert sheet.freeze_panes == "B2"
        for cell, column in zip(sheet[1], (c for c in table.columns if c.in_sheets), strict=True):
            assert cell.value == column.header
            assert column.note.zh in cell.comment.text
            assert column.note.en in cell.comment.text
            assert ("必填" in cell.comment.text) == column.required


def test_every_closed_choice_has_a_drop_down(book: Any):
    """Menus lie in the hidden sheet; only closed ones refuse other words."""
    for table in TABLES:
        sheet = book[table.text.zh]
        menus = {str(m.sqref): m for m in sheet.data_validations.dataValidation}
        columns = [column for column in table.columns if column.in_sheets]
        for number, column in enumerate(columns, start=1):
            letter = openpyxl.utils.get_column_letter(number)
            menu = menus.get(f"{letter}2:{letter}{NUM_ROWS + 1}")
            assert (menu is not None) == bool(column.kind.menu), column.field
            if menu is not None:
                assert _words(book, menu.formula1) == [word.zh for word in column.kind.menu]
                assert bool(menu.showErrorMessage) == (not column.kind.is_open)


def _words(book: Any, formula: str) -> list[str]:
    sheet, area = formula.replace("$", "").split("!")
    return [row[0].value for row in book[sheet.strip("'")][area]]


def test_every_word_of_a_drop_down_can_be_read_back(book: Any):
    """Nobody is offered a word that is then refused."""
    for table in TABLES:
        for column in table.columns:
            for word in column.kind.menu:
                if column.field not in ("collateral", "tags"):
                    assert column.kind.read(word.zh) is not None


def test_codes_and_ids_are_text_cells(book: Any):
    """A credit code typed into the template keeps its 18 digits."""
    sheet = book["企业"]
    letters = [
        cell.column_letter for cell in sheet[1] if "代码" in cell.value or "编号" in cell.value
    ]
    assert len(letters) == 4
    for letter in letters:
        assert sheet.column_dimensions[letter].number_format == "@"
        assert sheet[f"{letter}2"].number_format == "@"


@pytest.mark.parametrize("cell", ["350万", "3,500,000", "三百五十万", 3_500_000, "350万元"])
def test_an_amount_may_be_written_as_people_write_it(template: Path, tmp_path: Path, cell: object):
    """Every way of writing three and a half million yuan gives the same fen."""
    sheet = openpyxl.load_workbook(template)["需求"]
    for place, value in zip(sheet[3], ["N2", "例-E1", cell], strict=False):
        place.value = value
    sheet.parent.save(tmp_path / "m.xlsx")
    assert read_market(tmp_path / "m.xlsx").records.needs[1].amount_fen == 350_000_000


def test_bare_numbers_below_a_header_in_wan_are_wan(template: Path, tmp_path: Path):
    """An organiser who renames the header to 万元 means 万元."""
    sheet = openpyxl.load_workbook(template)["需求"]
    sheet["C1"] = "融资金额(万元)"
    for place, value in zip(sheet[3], ["N2", "例-E1", 3.5], strict=False):
        place.value = value
    sheet.parent.save(tmp_path / "m.xlsx")
    assert read_market(tmp_path / "m.xlsx").records.needs[1].amount_fen == 3_500_000


def test_a_fault_in_a_filled_in_template_is_named_as_the_sheet_has_it(
    template: Path, tmp_path: Path
):
    """Place and header are those that the organiser sees."""
    filled = openpyxl.load_workbook(template)
    filled["需求"]["C2"] = "若干"
    filled.save(tmp_path / "m.xlsx")
    (fault,) = faults_of(tmp_path / "m.xlsx")
    assert fault.where == "m.xlsx · 需求 · #2 · 融资金额(元)"


def test_a_template_that_cannot_be_written_is_an_input_error(tmp_path: Path):
    """A folder that is not there is the user's to mend."""
    with pytest.raises(InputError):
        write_template(tmp_path / "no" / "m.xlsx")
