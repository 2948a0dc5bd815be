"""Tables as objects: what JSON and TOML parse to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from matcher.domain.errors import Fault
from matcher.domain.text import Text
from matcher.files.columns import Table
from matcher.files.raw import MAX_COLUMNS, MAX_ROWS, Gathered, RawRow, RawTable, is_blank
from matcher.files.table_set import TableSet

AS_OF = "as_of"
"""The key that says the day of the round."""

_IGNORED_KEYS = ("$schema",)


def gather_objects(data: object, file: str, gathered: Gathered) -> None:
    """Take the tables out of a parsed document."""
    names = Text.same(", ".join(table.name for table in gathered.known.tables))
    expected = Text("一个对象，键为 {n}", "an object with the keys {n}").format(n=names)
    if not isinstance(data, Mapping):
        gathered.fault("不是对象", "is no object", expected, file=file, value=type(data).__name__)
        return
    for key, rows in data.items():
        if key in _IGNORED_KEYS:
            continue
        if key == AS_OF:
            _gather_day(rows, file, gathered)
            continue
        table = gathered.known.named(key) if isinstance(key, str) else None
        if table is None:
            _unknown_table(key, file, gathered)
        elif not isinstance(rows, list | tuple):
            expected = Text("由对象组成的列表", "a list of objects")
            place: dict[str, Any] = {"file": file, "sheet": key, "value": rows}
            gathered.fault("不是列表", "is no list", expected, **place)
        elif len(rows) > MAX_ROWS:
            most = Text(f"不超过 {MAX_ROWS} 行", f"at most {MAX_ROWS} rows")
            gathered.fault("表太大", "the table is too large", most, file=file, sheet=key)
        else:
            _gather_rows(table, key, rows, file, gathered)


def _gather_day(value: object, file: str, gathered: Gathered) -> None:
    """Take the day of the round; two files may not name two."""
    expected = Text("日期，如 2022-05-25", "a day such as 2022-05-25")
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        gathered.fault("不是日期", "is no day", expected, file=file, column=AS_OF, value=value)
        return
    if gathered.as_of not in (None, day):
        told = ("各文件的撮合日期不一致", "the files name different days of the round")
        gathered.fault(*told, file=file, column=AS_OF, value=value)
    gathered.as_of = day


def _gather_rows(
    table: Table, key: str, rows: list[object] | tuple[object, ...], file: str, gathered: Gathered
) -> None:
    found = []
    headers: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping) or any(not isinstance(name, str) for name in row):
            expected = Text("一个对象", "an object")
            place: dict[str, Any] = {"file": file, "sheet": key, "row": number, "value": row}
            gathered.fault("不是对象", "is no object", expected, **place)
            continue
        given = {name: cell for name, cell in row.items() if not is_blank(cell)}
        found.append(RawRow(number, given))
        for name in row:
            headers.setdefault(name, number)
    if len(headers) > MAX_COLUMNS:
        most = Text(f"不超过 {MAX_COLUMNS} 个字段", f"at most {MAX_COLUMNS} fields")
        gathered.fault("表太大", "the table is too large", most, file=file, sheet=key)
        return
    raw = RawTable(table, file, key, tuple(headers.items()), tuple(found), is_sheet=False)
    gathered.tables.append(raw)


def _unknown_table(key: object, file: str, gathered: Gathered) -> None:
    gathered.faults.append(unknown_table(str(key), file, gathered.known))


def unknown_table(name: str, file: str, known: TableSet) -> Fault:
    """Return the fault of a sheet, file or key that names no table."""
    meant = known.meant(name)
    every = Text.join([table.text for table in known.tables])
    expected = Text("“{t}”？", "'{t}'?").format(t=meant.text) if meant else every
    message = Text("不认识的表名", "unknown table")
    return Fault(message, value=name, expected=expected, file=file, sheet=name)
