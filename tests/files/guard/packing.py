"""Workbooks taken apart and put together again, with whatever lies a test wants in them."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from openpyxl import Workbook

from tests.files.markets import LEAST, Sheets, grid

Parts = dict[str, bytes]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"


def book_bytes(sheets: Sheets) -> bytes:
    """Return a workbook with these sheets, the same on every call."""
    book = Workbook()
    book.properties.created = datetime(2022, 5, 25)
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for cells in grid(rows):
            sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    modified = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
    found = {
        name: modified.sub(rb"\g<1>2022-05-25T00:00:00Z", data)
        for name, data in parts(buffer.getvalue()).items()
    }
    return pack([entry(name, data) for name, data in found.items()])


@cache
def _least() -> bytes:
    return book_bytes(LEAST)


def parts(content: bytes | None = None) -> Parts:
    """Return the parts of a workbook, of the least market unless told otherwise."""
    with zipfile.ZipFile(io.BytesIO(content or _least())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@dataclass(frozen=True)
class Entry:
    """A member as it is written, with what it says of itself.

    ``data`` is as packed; sizes, method, flags and attributes are claims.
    """

    name: bytes
    data: bytes
    size: int
    packed: int
    crc: int
    method: int = 8
    flags: int = 0x800
    attributes: int = 0
    local_name: bytes | None = None
    local_size: int | None = None
    at: int | None = None  # where it says that it lies, if it is written nowhere


def entry(name: str | bytes, content: bytes, method: int = 8) -> Entry:
    """Return an honest member."""
    raw = name.encode() if isinstance(name, str) else name
    if method == 8:
        stream = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        data = stream.compress(content) + stream.flush()
    else:
        data = content
    return Entry(raw, data, len(content), len(data), zlib.crc32(content), method)


def pack(entries: list[Entry], count: int | None = None, tail: bytes = b"") -> bytes:
    """Write members and the directory as they say."""
    out = bytearray()
    directory = bytearray()
    for item in entries:
        at = len(out) if item.at is None else item.at
        if item.at is None:
            name = item.local_name if item.local_name is not None else item.name
            size = item.size if item.local_size is None else item.local_size
            out += struct.pack("<4s5H3L2H", b"PK\3\4", 20, item.flags, item.method, 0, 0x21,
                               item.crc, item.packed, size, len(name), 0)  # fmt: skip
            out += name + item.data
        directory += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 0x314, 20, item.flags, item.method, 0, 0x21, item.crc,
            item.packed, item.size, len(item.name), 0, 0, 0, 0, item.attributes, at,
        )  # fmt: skip
        directory += item.name
    number = min(len(entries) if count is None else count, 0xFFFF)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, number, number, len(directory), len(out), 0)
    return bytes(out + directory + end + tail)


def workbook(
    changed: Parts | None = None,
    more: list[Entry] | None = None,
    change: Callable[[Parts], None] | None = None,
) -> bytes:
    """Return the least market with parts replaced or added, and members as they are."""
    found = parts() | (changed or {})
    if change is not None:
        change(found)
    return pack([*(entry(name, data) for name, data in found.items()), *(more or [])])


def sheet_xml(rows: bytes, dimension: bytes = b"", after: bytes = b"", head: bytes = b"") -> bytes:
    """Return a worksheet from its rows."""
    return (
        b'<?xml version="1.0"?>' + head + b'<worksheet xmlns="' + MAIN.encode() + b'">'
        + dimension + b"<sheetData>" + rows + b"</sheetData>" + after + b"</worksheet>"
    )  # fmt: skip


def with_texts(texts: bytes, head: bytes = b"") -> Parts:
    """Return the part of shared texts with these inside, and the table of types that names it."""
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    named = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    part = head + b'<sst xmlns="' + MAIN.encode() + b'">' + texts + b"</sst>"
    return {**in_part("[Content_Types].xml", b"</Types>", named), "xl/sharedStrings.xml": part}


def in_part(name: str, old: bytes, new: bytes) -> Parts:
    """Return one part with bytes replaced."""
    data = parts()[name]
    assert old in data, (name, old)
    return {name: data.replace(old, new, 1)}


def lie(item: Entry, **claims: object) -> Entry:
    """Return a member that says something else of itself."""
    return replace(item, **claims)  # type: ignore[arg-type]
