"""Whatever the bytes, reading gives records or an InputError."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.domain.errors import InputError
from matcher.domain.text import Lang
from matcher.files import read_market, read_records, read_table
from matcher.files.tables import TABLES
from tests.files.markets import LEAST, write_workbook
from tests.files.test_formats import FULL

here = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)

JUNK = [
    b"", b"\x00", b"NaN", b"1e999999", b"-", b'"', b"<", b">", b"A1048576", b"ZZZZ1", b"999999999",
    b"s", b"d", b"e", b"99999999999999999999", b"inf", b"{}", b"[]", b"null", b"true", b"\xff\xfe",
    b"<f/>", b"2022-13-45", b'"\\ud800"', b"_x0000_", b";", b"\n",
]  # fmt: skip


def _read(path: Path, data: bytes) -> None:
    """Read bytes as a file; faults must read as sentences."""
    path.write_bytes(data)
    sentences = ["read"]
    try:
        read_market(path)
    except InputError as error:
        sentences = [s for lang in Lang for s in error.sentences(lang)]
    assert all(sentences)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the parts of a valid workbook."""
    path = write_workbook(tmp_path_factory.mktemp("parts") / "m.xlsx", LEAST)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(JUNK) | st.binary(max_size=4)),
    min_size=1,
    max_size=4,
)


def _edit(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """Replace some stretches of the data."""
    for where, length, new in changes:
        start = int(where * len(data))
        data = data[:start] + new + data[start + length :]
    return data


@here
@given(st.sampled_from(["m.xlsx", "m.json", "m.toml", "needs.csv", "企业.csv"]), st.binary())
def test_random_bytes_are_refused_and_nothing_else(tmp_path: Path, name: str, data: bytes):
    """No format has bytes that get through to a traceback."""
    _read(tmp_path / name, data)


@here
@given(st.data(), edits)
def test_a_damaged_part_of_a_workbook_does_no_harm(
    parts: dict[str, bytes], tmp_path: Path, data: st.DataObject, changes
):
    """The archive is sound; the XML, the numbers and the references in it are not."""
    name = data.draw(st.sampled_from(sorted(parts)))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, _edit(content, changes) if part == name else content)
    _read(tmp_path / "m.xlsx", buffer.getvalue())


@here
@given(edits)
def test_a_damaged_workbook_does_no_harm(parts: dict[str, bytes], tmp_path: Path, changes):
    """Cut and scratched archives are refused."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    _read(tmp_path / "m.xlsx", _edit(buffer.getvalue(), changes))


@here
@given(edits)
def test_damaged_json_does_no_harm(tmp_path: Path, changes):
    """Valid text with stretches replaced reaches every cell reader."""
    _read(tmp_path / "m.json", _edit(json.dumps(FULL, ensure_ascii=False).encode(), changes))


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text()
    | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
_headers = sorted({name for table in TABLES for name in table.names})


@given(
    st.sampled_from([t.name for t in TABLES]), st.dictionaries(st.sampled_from(_headers), anything)
)
def test_any_value_under_any_header_does_no_harm(table: str, row: dict[str, object]):
    """Each kind of cell refuses what it cannot read."""
    with contextlib.suppress(InputError):
        read_table(table, [row])


@given(anything)
def test_any_document_does_no_harm(document):
    """A request body may be anything that JSON has."""
    with contextlib.suppress(InputError):
        read_records(document)
