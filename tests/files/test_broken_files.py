"""Files that are not what they say are refused with a sentence, never with a crash."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest

from matcher.domain.errors import InputError
from matcher.files import excel, read_market, sources
from tests.files.markets import LEAST, least, only_fault, with_cell, write_csv, write_workbook


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("m.xlsx", b"", "is empty"),
        ("m.xlsx", b"id,name\n1,2\n", "not a sound .xlsx"),
        ("m.xlsx", b"PK\x03\x04 cut off", "not a sound .xlsx"),
        ("m.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
        ("m.csv", b"", "is empty"),
        ("needs.csv", b"PK\x03\x04\x14\x00", "no text file"),
        ("needs.csv", b"id,name\n\x00\x01\x02,5\n", "no text file"),
        ("needs.csv", b"\xff\xff\xff\xff,1\n", "encoding"),
        ("m.json", b"\xff\xff\xff\xff", "encoding"),
        ("m.json", b"  \n", "is empty"),
        ("m.json", b"needs: []", "not valid JSON"),
        ("m.json", b"[1, 2]", "no object"),
        ("m.json", b'{"needs": [], "needs": []}', "stands twice"),
        ("m.json", b'{"needs": [{"amount": NaN}]}', "NaN"),
        ("m.json", b'{"needs": [{"amount": -Infinity}]}', "Infinity"),
        ("m.json", b'{"needs": ' + b"[" * 100_000, "nested too deep"),
        ("m.json", b'{"needs": [' + b"9" * 5000 + b"]}", "not valid JSON"),
        ("m.toml", b"needs = [", "not valid TOML"),
        ("m.toml", b"a = 1\na = 2", "not valid TOML"),
        ("m.toml", b"a = " + b"[" * 100_000, "nested too deep"),
        ("m.toml", b"PK\x03\x04", "no text file"),
        ("m.docx", b"PK\x03\x04", "not a kind of file"),
        ("m", b"x", "not a kind of file"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    tmp_path: Path, name: str, data: bytes, words: str
):
    """The fault names the file and says what it is not."""
    path = tmp_path / name
    path.write_bytes(data)
    fault = only_fault(path)
    assert fault.file == name
    assert words in fault.message.en
    assert fault.message.zh != fault.message.en


def test_csv_that_breaks_off_in_a_quotation_is_refused(tmp_path: Path):
    """A quotation mark that is never closed would swallow the rest of the file."""
    folder = write_csv(tmp_path / "m", LEAST, "utf-8")
    (folder / "机构.csv").write_text('机构编号,机构名称\nB1,"甲\n', encoding="utf-8")
    fault = only_fault(folder)
    assert (fault.file, fault.sheet) == ("机构.csv", "机构")
    assert "not valid CSV" in fault.message.en


def test_a_csv_with_a_slip_in_its_name_is_refused(tmp_path: Path):
    """A folder with 政策表.csv means the table 政策."""
    folder = write_csv(tmp_path / "m", least(政策表=[{"a": 1}], 统计=[{"a": 1}]), "utf-8")
    fault = only_fault(folder)
    assert (fault.file, fault.value) == ("政策表.csv", "政策表")


def test_a_table_without_a_header_is_refused(tmp_path: Path):
    """An empty sheet is no table of nothing."""
    fault = only_fault(write_workbook(tmp_path / "m.xlsx", least(机构=[])))
    assert (fault.file, fault.sheet) == ("m.xlsx", "机构")
    assert "empty" in fault.message.en


def test_an_error_cell_is_named(tmp_path: Path):
    """#REF! is no value."""
    path = write_workbook(tmp_path / "m.xlsx", with_cell("需求", "融资金额(万元)", "#REF!"))
    fault = only_fault(path)
    assert (fault.row, fault.column, fault.value) == (2, "融资金额(万元)", "#REF!")
    assert "error" in fault.message.en


def test_a_formula_that_was_never_computed_is_named(tmp_path: Path):
    """A workbook that a program wrote has formulas without values; blank they are not."""
    path = write_workbook(tmp_path / "m.xlsx", with_cell("需求", "期限(月)", "=6+6"))
    fault = only_fault(path)
    assert (fault.row, fault.column, fault.value) == (2, "期限(月)", "=6+6")
    assert "never computed" in fault.message.en


def test_a_formula_with_its_value_is_read(tmp_path: Path):
    """Excel keeps the value beside the formula."""
    path = write_workbook(tmp_path / "m.xlsx", with_cell("需求", "期限(月)", "=6+6"))
    _rewrite(path, "xl/worksheets/sheet2.xml", b"<f>6+6</f><v></v>", b"<f>6+6</f><v>12</v>")
    assert read_market(path).records.needs[0].term_months == 12


def _rewrite(path: Path, part: str, old: bytes, new: bytes) -> None:
    """Replace bytes in one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part] or old.replace(b"<v></v>", b"<v />") in parts[part]
    parts[part] = parts[part].replace(old, new).replace(old.replace(b"<v></v>", b"<v />"), new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.mark.parametrize("claim", [b"A1:C200001", b"A1:XFD2"])
def test_a_sheet_that_claims_to_be_huge_is_refused(tmp_path: Path, claim: bytes):
    """A stray cell far away, or formats down to the last row, are mended by the user."""
    path = write_workbook(tmp_path / "m.xlsx", LEAST)
    _rewrite(path, "xl/worksheets/sheet1.xml", b'ref="A1:B2"', b'ref="' + claim + b'"')
    fault = only_fault(path)
    assert (fault.file, fault.sheet) == ("m.xlsx", "企业")
    assert "too large" in fault.message.en
    assert fault.expected is not None
    assert "200000" in fault.expected.en


def test_a_sheet_that_hides_its_size_is_read_as_far_as_a_sheet_may_go(tmp_path: Path):
    """The claim may lie in both directions; a far cell is found all the same."""
    path = write_workbook(tmp_path / "m.xlsx", LEAST)
    _rewrite(path, "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="1000000"')
    assert "too large" in only_fault(path).message.en


def test_a_sheet_that_understates_its_size_loses_nothing(tmp_path: Path):
    """Some programs write a wrong dimension."""
    path = write_workbook(tmp_path / "m.xlsx", LEAST)
    _rewrite(path, "xl/worksheets/sheet1.xml", b'ref="A1:B2"', b'ref="A1:A1"')
    assert read_market(path).records.enterprises[0].name == "甲公司"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The sizes that the archive states are added up first."""
    monkeypatch.setattr(excel, "MAX_UNPACKED", 1_000_000)
    path = write_workbook(tmp_path / "m.xlsx", LEAST)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", b"\0" * 2_000_000)
    fault = only_fault(path)
    assert "unpacks to too much" in fault.message.en
    assert isinstance(fault.value, int)
    assert fault.value > 2_000_000


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Before it is read into memory."""
    monkeypatch.setattr(sources, "MAX_BYTES", 100)
    path = write_workbook(tmp_path / "m.xlsx", LEAST)
    fault = only_fault(path)
    assert fault.value == os.path.getsize(path)


def test_a_formula_that_gives_the_empty_text_is_blank(tmp_path: Path):
    """Forms pull such formulas down over rows that nobody filled in."""
    path = write_workbook(tmp_path / "m.xlsx", with_cell("需求", "期限(月)", '=""'))
    _rewrite(path, "xl/worksheets/sheet2.xml", b'<c r="D2">', b'<c r="D2" t="str">')
    assert read_market(path).records.needs[0].term_months is None


def test_a_merged_cell_over_the_whole_sheet_is_refused(tmp_path: Path):
    """Seventeen thousand million cells are not made for it."""
    path = write_workbook(tmp_path / "m.xlsx", LEAST)
    merge = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    _rewrite(path, "xl/worksheets/sheet1.xml", b"</sheetData>", merge)
    assert "not a sound .xlsx" in only_fault(path).message.en


def test_a_cell_far_to_the_right_is_refused(tmp_path: Path):
    """Also where the sheet does not say so of itself."""
    path = write_workbook(tmp_path / "m.xlsx", LEAST)
    _rewrite(path, "xl/worksheets/sheet1.xml", b'r="B2"', b'r="XFD2"')
    assert "too large" in only_fault(path).message.en


def test_an_entity_bomb_is_refused(tmp_path: Path):
    """XML that grows without end stops at the parser's limit."""
    path = write_workbook(tmp_path / "m.xlsx", LEAST)
    entities = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 50) for n in range(1, 9))
    bomb = b'<!DOCTYPE x [<!ENTITY a0 "xxxxxxxxxx">' + entities + b"]><worksheet><v>&a8;</v>"
    _rewrite(path, "xl/worksheets/sheet1.xml", b"<worksheet", bomb + b"<worksheet")
    assert "not a sound .xlsx" in only_fault(path).message.en


def test_a_path_that_is_not_there_is_refused(tmp_path: Path):
    """With the path as the user gave it."""
    fault = only_fault(tmp_path / "m.xlsx")
    assert fault.file == str(tmp_path / "m.xlsx")
    assert "no such file" in fault.message.en


def test_a_path_that_cannot_be_a_path_is_refused():
    """A NUL in a path is an error of the system's own kind."""
    with pytest.raises(InputError):
        read_market(Path("a\0.json"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path):
    """With the reason that the system gives."""
    path = write_workbook(tmp_path / "m.xlsx", LEAST)
    path.chmod(0)
    assert "cannot be opened" in only_fault(path).message.en


def test_a_folder_without_a_table_is_refused(tmp_path: Path):
    """An empty folder is named as such."""
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "sub.csv").mkdir()
    fault = only_fault(tmp_path)
    assert fault.file == tmp_path.name
    assert "no file" in fault.message.en


def test_a_chart_sheet_named_like_a_table_is_refused(tmp_path: Path):
    """A sheet without cells is no table."""
    path = write_workbook(tmp_path / "m.xlsx", LEAST)
    book = openpyxl.load_workbook(path)
    book.create_chartsheet("政策")
    book.save(path)
    with pytest.raises(InputError):
        read_market(path)


def test_an_encrypted_part_is_refused(tmp_path: Path):
    """The archive reader raises a RuntimeError of its own for it."""
    path = write_workbook(tmp_path / "m.xlsx", LEAST)
    data = bytearray(path.read_bytes())
    for start in _central_entries(bytes(data)):
        data[start + 8] |= 1
    path.write_bytes(bytes(data))
    assert "not a sound .xlsx" in only_fault(path).message.en


def _central_entries(data: bytes) -> list[int]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start, found = archive.start_dir, []
        for _ in archive.namelist():
            found.append(start)
            start = data.find(b"PK\x01\x02", start + 4)
    return found
