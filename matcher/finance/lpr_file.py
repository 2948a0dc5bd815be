"""Reading an LPR table from CSV or TOML text.

CSV has a header ``date,1y,5y`` (or 日期,1年期,5年期以上) and a row for each publication; a figure
may be left out. TOML has the same words::

    [[lpr]]
    date = 2024-10-21
    1y = "3.10%"

A rate is written with its sign (``3.10%``) or as a fraction (``0.031``). A bare 3.10 would be
310 % and is refused.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from matcher.domain.choices import Tenor
from matcher.domain.errors import Fault, InputError
from matcher.domain.money import parse_rate
from matcher.domain.text import Text
from matcher.finance.checks import is_rate
from matcher.finance.lpr import LprEntry, LprTable

_DATE_WORDS = ("date", "日期")
_Row = tuple[int, Mapping[str, Any]]


def parse_lpr(data: bytes | str, file: str = "lpr.csv") -> LprTable:
    """Read a table; a name that ends in ``.toml`` is read as TOML, any other as CSV.

    Raises
    ------
    InputError
        Naming every fault with file, row (a CSV's line, a TOML's entry) and column.
    """
    rows = _toml_rows if file.lower().endswith(".toml") else _csv_rows
    faults: list[Fault] = []
    entries = [e for row in rows(_text(data, file), file) for e in _entries(row, faults)]
    if not entries and not faults:
        faults.append(Fault(Text("没有任何 LPR 数据", "there is no LPR figure in it")))
    if faults:
        raise InputError([f.at(file=file) for f in faults])
    try:
        return LprTable(tuple(entries))
    except InputError as error:
        raise InputError([f.at(file=file) for f in error.faults]) from None


def _text(data: bytes | str, file: str) -> str:
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = Text("文件的编码无法识别", "the encoding is not known")
    raise InputError([Fault(message, expected=Text.same("UTF-8, GB18030"), file=file)])


def _csv_rows(text: str, file: str) -> list[_Row]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        header = [(word or "").strip() for word in reader.fieldnames or ()]
        faults = [
            Fault(Text("未知的列", "is not a known column"), file=file, column=word)
            for word in header
            if word not in _DATE_WORDS and _tenor(word) is None
        ]
        if not any(word in _DATE_WORDS for word in header):
            faults.append(Fault(Text("缺少日期列 date", "has no column date"), file=file))
        if faults:
            raise InputError(faults)
        reader.fieldnames = header
        return [(reader.line_num, row) for row in reader if any(row.values())]
    except csv.Error as error:
        message = Text("不是 CSV：{e}", "is no CSV: {e}").format(e=error)
        raise InputError([Fault(message, file=file)]) from None


def _toml_rows(text: str, file: str) -> list[_Row]:
    try:
        rows = tomllib.loads(text, parse_float=Decimal).get("lpr", [])
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = Text("不是 TOML：{e}", "is no TOML: {e}").format(e=error)
        raise InputError([Fault(message, file=file)]) from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        message = Text("应由 [[lpr]] 组成", "must be made of [[lpr]] tables")
        raise InputError([Fault(message, file=file)])
    return list(enumerate(rows, start=1))


def _entries(numbered: _Row, faults: list[Fault]) -> Iterator[LprEntry]:
    number, row = numbered
    found: list[Fault] = []
    day = _day(next((row[w] for w in _DATE_WORDS if w in row), None), found)
    for word, value in row.items():
        tenor = _tenor(word)
        if tenor is not None:
            rate = _rate(word, value, found)
            if day is not None and rate is not None:
                yield LprEntry(day, tenor, rate)
        elif word not in _DATE_WORDS:
            found.append(Fault(Text("多余的内容", "is too much"), column=word, value=value))
    faults.extend(f.at(row=number) for f in found)


def _tenor(word: str | None) -> Tenor | None:
    try:
        return Tenor.parse(word or "")
    except ValueError:
        return None


def _day(value: object, faults: list[Fault]) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value or "").strip().replace("/", "-"))
    except ValueError:
        expected = Text.same("YYYY-MM-DD")
        faults.append(Fault(Text("不是日期", "not a day"), "date", value, expected, column="date"))
        return None


def _rate(word: str, value: object, faults: list[Fault]) -> Decimal | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        rate = value if isinstance(value, Decimal) else parse_rate(str(value))
    except ValueError:
        rate = Decimal("NaN")
    if is_rate(rate):
        return rate
    expected = Text("3.10% 或 0.031 这样的利率", "a rate such as 3.10% or 0.031")
    message = Text("不是利率", "is no rate")
    faults.append(Fault(message, "rate", value, expected, column=word))
    return None
