"""Text that looks like a formula stays text in everything that is handed out."""

from __future__ import annotations

import ast
import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from matcher.domain.records import Records
from matcher.domain.text import Lang, Text
from matcher.files import read_market, read_records, write_json, write_template
from matcher.files.agenda_excel import write_agenda_workbook
from matcher.files.columns import Column as Field
from matcher.files.comparison_tables import comparison_sheets
from matcher.files.kinds import Identity, Words
from matcher.files.plan_excel import workbook_bytes
from matcher.files.questionnaire import write_form
from matcher.files.several import SetOf
from matcher.files.sheet_cells import FORMULA_SIGNS, Column, clean
from matcher.files.tables import TABLES
from matcher.files.workbook import Sheet, write_workbook
from matcher.market import Market
from matcher.planning.effort import Effort
from matcher.planning.make import make_plan
from matcher.scoring.weights import default_weights
from matcher.whatif.compare import compare
from matcher.whatif.scenario import Scenario
from matcher.whatif.setting import Setting
from matcher.whatif.solving import solve_setting
from tests.files.guard.agendas import agenda_of
from tests.files.markets import LEAST
from tests.planning_examples import AS_OF, INPUTS, RECORDS
from tests.whatif.strategies import pool_capacity

SIGNS = "=+-@＝＋－＠"
PROGRAM = "cmd|' /C calc'!A0"
DAY = date(2022, 5, 25)
EFFORT = Effort(gap=1e-6)


# --- the tools of these tests -----------------------------------------------------------------


def poisoned(records: Records, sign: str) -> Records:
    """Return the records with the sign before every free text and every id."""
    document: dict[str, Any] = write_json(records)
    for table in TABLES:
        for row in document[table.name]:
            for column in table.columns:
                if column.field in row:
                    row[column.field] = _poisoned(column, row[column.field], sign)
    return read_records(document)


def _poisoned(column: Field, value: Any, sign: str) -> Any:
    kind = column.kind
    if isinstance(kind, SetOf) and isinstance(kind.item, Identity):
        return [sign + item for item in value]
    if type(kind) is Words:
        return f"{sign}{PROGRAM} {value}"
    return sign + value if isinstance(kind, Identity) else value


def signed_cells(content: bytes) -> list[Any]:
    """Return the cells that begin with a sign, after looking at every part of the workbook.

    No part has a formula or a link, and such a cell is text that carries the mark.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            assert not re.search(rb"<(?:\w+:)?(f|hyperlink|oleObject|ddeLink)[\s>/]", data), name
            assert b'TargetMode="External"' not in data, name
    cells = [
        cell
        for sheet in openpyxl.load_workbook(io.BytesIO(content))
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]
    assert all(cell.data_type in ("s", "inlineStr") for cell in cells)
    found = [cell for cell in cells if cell.value.startswith(tuple(FORMULA_SIGNS))]
    assert all(cell.quotePrefix for cell in found)
    return found


def written(tmp_path: Path, sheets: list[Sheet], lang: Lang = Lang.ZH) -> bytes:
    """Return the bytes of sheets as a workbook."""
    path = tmp_path / "w.xlsx"
    write_workbook(path, Text.same(f"={PROGRAM}"), DAY, sheets, lang)
    return path.read_bytes()


# --- workbooks --------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("lang", Lang)
def test_a_plan_of_records_that_are_all_formulas_has_none(sign: str, lang: Lang):
    """Names, ids, sources and what is made of them, on every sheet of the workbook."""
    market = Market.from_records(poisoned(RECORDS, sign), AS_OF)
    plan = make_plan(market, default_weights())
    found = signed_cells(workbook_bytes(plan, INPUTS, lang))
    assert len({cell.parent.title for cell in found}) >= 4
    assert any(PROGRAM in cell.value for cell in found)


def test_a_comparison_of_plans_that_are_all_formulas_has_none(tmp_path: Path):
    """Before and after, groups and pools."""
    setting = Setting(Market.from_records(poisoned(RECORDS, "="), AS_OF), default_weights())
    scenario = Scenario("=1+1", (pool_capacity("=F1", 0),))
    before = solve_setting(setting, EFFORT)
    after = solve_setting(scenario.apply(setting).after, EFFORT, before.earlier)
    content = written(tmp_path, list(comparison_sheets(compare(before, after), scenario)))
    assert any(PROGRAM in cell.value for cell in signed_cells(content))


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_any_table_keeps_text_as_text_in_names_headers_and_cells(tmp_path: Path, sign: str):
    """Reports, assignments and answers of what-if are such tables."""
    words = f"{sign}{PROGRAM}"
    sheet = Sheet(Text.same(words), [Column[str](Text.same(words), lambda row, _: row)], [words])
    content = written(tmp_path, [sheet, sheet])
    values = [cell.value for cell in signed_cells(content)]
    assert values == [clean(words)] * 4


@pytest.mark.parametrize("sign", SIGNS)
def test_an_agenda_of_people_who_are_called_like_formulas_has_none(tmp_path: Path, sign: str):
    """Hall, badges, the sheet of each bank; sheets are named after banks."""
    path = tmp_path / "a.xlsx"
    write_agenda_workbook(path, agenda_of(f"{sign}1+1"))
    assert len(signed_cells(path.read_bytes())) > 20


def test_what_is_to_be_filled_in_holds_no_formula(tmp_path: Path):
    """The template and the questionnaire in both languages."""
    write_template(tmp_path / "t.xlsx")
    signed_cells((tmp_path / "t.xlsx").read_bytes())
    for lang in Lang:
        write_form(tmp_path / "f.xlsx", lang)
        signed_cells((tmp_path / "f.xlsx").read_bytes())


@pytest.mark.parametrize("sign", SIGNS)
def test_a_market_that_was_handed_out_reads_back_as_it_was(tmp_path: Path, sign: str):
    """The mark is no part of the text: names and ids come back with their sign."""
    sheets = []
    for title, rows in LEAST.items():
        row = {h: sign + v if isinstance(v, str) else v for h, v in rows[0].items()}
        columns = [
            Column[dict[str, Any]](Text.same(header), lambda row, _, header=header: row[header])
            for header in row
        ]
        sheets.append(Sheet(Text.same(title), columns, [row]))
    path = tmp_path / "m.xlsx"
    path.write_bytes(written(tmp_path, sheets))
    records = read_market(path).records
    assert (records.enterprises[0].name, records.needs[0].enterprise_id) == (
        f"{sign}甲公司",
        f"{sign}E1",
    )
    assert records.products[0].name == f"{sign}甲贷"


# --- nobody writes past it --------------------------------------------------------------------


def test_every_writer_of_cells_goes_through_one_place():
    """No module sets a cell's value or writes CSV by itself."""
    root = Path(__file__).parents[3]
    own = {"sheet_cells.py": {"value"}, "csv_writing.py": {"csv"}, "warming.py": {"value"}}
    found = []
    for path in sorted(
        p for top in ("matcher", "api", "seeds") for p in (root / top).rglob("*.py")
    ):
        for what, line in _writes(ast.parse(path.read_text(encoding="utf-8"))):
            if what not in own.get(path.name, ()):
                found.append(f"{path.relative_to(root)}:{line}")
    assert found == []


def _writes(tree: ast.AST) -> list[tuple[str, int]]:
    """Return the places where a cell gets a value or CSV is written.

    A row may be appended where its cells are made one by one, which then are given no value.
    """
    found = []
    makes_cells = "WriteOnlyCell" in ast.dump(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            found += [("value", node.lineno) for t in node.targets if _is_cell_value(t)]
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            owner = getattr(getattr(node.func, "value", None), "id", "")
            most = {"cell": 2, "WriteOnlyCell": 1}.get(called, 99)
            has_value = len(node.args) > most or (
                most < 99 and any(k.arg == "value" for k in node.keywords)
            )
            if has_value or (called == "append" and owner == "sheet" and not makes_cells):
                found.append(("value", node.lineno))
            if called in ("writer", "DictWriter") and owner == "csv":
                found.append(("csv", node.lineno))
    return found


def _is_cell_value(target: ast.expr) -> bool:
    if isinstance(target, ast.Attribute):
        return target.attr == "value" and "cell" in ast.dump(target.value)
    return isinstance(target, ast.Subscript) and getattr(target.value, "id", "") == "sheet"
