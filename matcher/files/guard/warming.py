"""Small files of every kind, read once before strangers' files are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from openpyxl import Workbook

_DAY = date(2022, 5, 25)
_ROWS = (
    ("企业", ("企业编号", "企业名称", "其他指标"), ("E1", "甲公司", "研发占比=12%")),
    ("需求", ("需求编号", "企业编号", "融资金额(万元)"), ("N1", "E1", "三百五十万")),
    ("机构", ("机构编号", "机构名称"), ("B1", "甲银行")),
    ("产品", ("产品编号", "产品名称", "准入条件"), ("P1", "甲贷", "营业收入 >= 500万")),
)
_JSON = b'{"enterprise": {"name": "a", "bad": 1}, "need": {"amount_fen": 1.5}, "needs": []}'


def samples() -> Iterator[tuple[str, str, bytes, dict[str, Any]]]:
    """Yield reader, name, content and options of each sample."""
    for book in (_workbook(is_merged=False), _workbook(is_merged=True)):
        yield "market", "m.xlsx", book, {}
        yield "questionnaire", "q.xlsx", book, {"as_of": _DAY}
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        yield "tables", "机构.csv", "机构编号,机构名称\nB1,甲".encode(encoding), {}
    yield "market", "m.json", _JSON, {}
    yield "questionnaire", "q.json", _JSON, {"as_of": _DAY}
    yield "market", "m.toml", b"as_of = 2022-05-25\nneeds = [{need_id = 1.5}]\n", {}
    for broken in (b"PK\x03\x04", b"\xff\xff", b"{", b""):
        yield "tables", "m.xlsx", broken, {}
        yield "document", "m.json", broken, {}
        yield "document", "m.toml", broken, {}


def _workbook(*, is_merged: bool) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, headers, cells in _ROWS:
        sheet = book.create_sheet(title)
        sheet.append(headers)
        sheet.append(cells)
        sheet["Z1"], sheet["Z2"], sheet["Y2"] = "=1+1", 0.5, _DAY
        sheet["Z2"].number_format = "0.00%"
        if is_merged:
            sheet.merge_cells("A2:A3")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
