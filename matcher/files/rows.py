"""Rows into records: each cell by its column, every fault with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from matcher.domain.errors import Fault, InputError
from matcher.domain.money import WAN
from matcher.domain.provenance import Provenance
from matcher.domain.text import Text
from matcher.files.columns import Column, Heading, Table
from matcher.files.kinds import Kind, RefusedError
from matcher.files.raw import BadCell, RawRow, RawTable, is_blank

READ_ERRORS = (ValueError, ArithmeticError, RecursionError)
"""What reading a cell may raise: refusals, decimals beyond bounds, numerals nested too deep."""

_IN_WAN = Text(
    "不小于 0 的金额，以万元计：150 即 150万元",
    "an amount of 0 or more in units of 10,000 yuan: 150 is 1,500,000 yuan",
)


@dataclass
class ReadRow:
    """A row after reading.

    Parameters
    ----------
    raw, number, columns
        The table and the row in the file, and the header of each field that it gives.
    record
        The record; where fields are bad, one with stand-ins, for the checks between records.
    bad
        Fields whose fault is told already.
    """

    raw: RawTable
    number: int
    columns: dict[str, str]
    record: Any = None
    bad: set[str] = field(default_factory=set)
    cells: dict[str, object] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, name: str, message: Text, value: object, expected: Text | None) -> None:
        """Note a fault of a field."""
        self.note(Fault(message, field=name, value=value, expected=expected))

    def note(self, fault: Fault) -> None:
        """Note a fault with its place; the value is shown as the file has it."""
        name = fault.field or ""
        self.faults.append(
            fault.at(
                file=self.raw.file,
                sheet=self.raw.sheet,
                row=self.number,
                column=self.columns.get(name),
                value=self.cells.get(name, fault.value),
            )
        )
        self.bad.add(name)


def read_table_rows(raw: RawTable) -> tuple[list[ReadRow], list[Fault]]:
    """Read every row of a raw table; the second list has the faults of its headers."""
    headings, faults = _headings(raw)
    missing = _missing_columns(raw, headings)
    faults += [_missing_fault(raw, column) for column in missing]
    known = {column.field for column in missing}
    return [_read_row(raw, row, headings, known) for row in raw.rows], faults


def _headings(raw: RawTable) -> tuple[dict[str, Heading], list[Fault]]:
    """Understand the headers; unknown ones and, in a sheet, repeated ones are faults."""
    found: dict[str, Heading] = {}
    fields: dict[str, str] = {}
    faults = []
    for header, row in raw.headers:
        heading = raw.table.heading(header)
        place: dict[str, Any] = {"file": raw.file, "sheet": raw.sheet, "row": row}
        place |= {"column": header, "value": header}
        if heading is None or (raw.is_sheet and not heading.column.in_sheets):
            message = Text("不认识的列名", "unknown column")
            faults.append(Fault(message, expected=raw.table.nearest(header)).at(**place))
        elif raw.is_sheet and heading.column.field in fields:
            message = Text("列重复，与“{h}”同义", "column stands twice, see '{h}'")
            message = message.format(h=fields[heading.column.field])
            once = Text("每列只出现一次", "each column once")
            faults.append(Fault(message, field=heading.column.field, expected=once).at(**place))
        else:
            found[header] = heading
            fields[heading.column.field] = header
    return found, faults


def _missing_columns(raw: RawTable, headings: Mapping[str, Heading]) -> list[Column]:
    """Return the required columns that a sheet lacks; objects are judged one by one."""
    present = {heading.column.field for heading in headings.values()}
    absent = [c for c in raw.table.columns if c.required and c.field not in present]
    return absent if raw.is_sheet else []


def _missing_fault(raw: RawTable, column: Column) -> Fault:
    return Fault(
        Text("缺少必填列", "a required column is missing"),
        field=column.field,
        expected=Text("列“{t}”", "a column '{t}'").format(t=column.text),
        file=raw.file,
        sheet=raw.sheet,
        row=raw.headers[0][1] if raw.headers else None,
        column=column.text.zh,
    )


def _read_row(
    raw: RawTable, row: RawRow, headings: Mapping[str, Heading], missing: set[str]
) -> ReadRow:
    read = ReadRow(raw, row.number, {})
    given = _given(read, row, headings)
    values: dict[str, Any] = {}
    for heading in given.values():
        _read_cell(read, heading, values)
    for column in raw.table.columns:
        if column.required and column.field not in given and column.field not in missing:
            message = Text("必填项为空", "required but not given")
            read.columns[column.field] = _header_of(headings, column)
            read.fault(column.field, message, None, column.kind.expected)
    read.bad |= missing
    if raw.table.has_provenance:
        values["provenance"] = _provenance(read, values)
    _build(read, values)
    return read


def _header_of(headings: Mapping[str, Heading], column: Column) -> str:
    named = (h.header for h in headings.values() if h.column is column)
    return next(named, column.field)


def _given(read: ReadRow, row: RawRow, headings: Mapping[str, Heading]) -> dict[str, Heading]:
    """Return the headings of the cells that are not blank, by field."""
    given: dict[str, Heading] = {}
    for header, cell in row.cells.items():
        heading = headings.get(header)
        if heading is None or is_blank(cell):
            continue
        name = heading.column.field
        if name in given:
            message = Text("同一项写了两次", "given twice")
            once = Text("只写“{a}”或“{b}”", "either '{a}' or '{b}'")
            read.fault(name, message, cell, once.format(a=read.columns[name], b=header))
            continue
        given[name] = heading
        read.columns[name] = header
        read.cells[name] = cell.shown if isinstance(cell, BadCell) else cell
        if isinstance(cell, BadCell):
            read.fault(name, cell.message, cell.shown, _expected(heading.column.kind, heading))
    return given


def _read_cell(read: ReadRow, heading: Heading, values: dict[str, Any]) -> None:
    """Read one cell into ``values``, or note why it cannot be read."""
    column, cell = heading.column, read.cells[heading.column.field]
    if column.field in read.bad:
        return
    try:
        kind, stated = column.kind_in(read.cells)
    except READ_ERRORS:  # told already at the cell that decides the kind
        read.bad.add(column.field)
        return
    contradicts = kind.in_fen != column.kind.in_fen or stated not in (None, heading.unit)
    if heading.unit is not None and contradicts:
        message = Text("表头的单位与本行的单位矛盾", "the header and the row state different units")
        read.fault(column.field, message, cell, kind.expected)
        return
    try:
        values[column.field] = kind.read(cell, stated if heading.unit is None else heading.unit)
    except RefusedError as error:
        read.fault(column.field, error.message, cell, error.expected or _expected(kind, heading))
    except READ_ERRORS:
        message = Text("无法读取", "cannot be read")
        read.fault(column.field, message, cell, _expected(kind, heading))


def _expected(kind: Kind, heading: Heading) -> Text:
    """Return what a cell should have been, in the unit that its header states."""
    return _IN_WAN if kind.in_fen and heading.unit == WAN else kind.expected


def _provenance(read: ReadRow, values: dict[str, Any]) -> Provenance:
    """Take the columns of the provenance out of ``values``; fields may be named by header."""
    marked = values.pop("illustrative", False)
    whole = marked is True
    names = frozenset() if isinstance(marked, bool) else marked
    stated = values.pop("stated", ())
    return Provenance(
        source=values.pop("source", None),
        illustrative=whole,
        illustrative_fields=frozenset(_field(read, "illustrative", n) for n in sorted(names)),
        stated=tuple((_field(read, "stated", name), words) for name, words in stated),
    )


def _field(read: ReadRow, column: str, name: str) -> str:
    heading = read.raw.table.heading(name)
    if heading is None:
        message = Text("不认识的列名 {n}", "unknown column {n}").format(n=name)
        read.fault(column, message, name, read.raw.table.nearest(name))
        return name
    return heading.column.field


def _build(read: ReadRow, values: dict[str, Any]) -> None:
    """Make the record; fields that are bad get stand-ins until what is left holds."""
    while True:
        try:
            read.record = read.raw.table.record(**_with_stand_ins(read, values))
            return
        except InputError as error:
            known = set(read.bad)
            for fault in error.faults:
                if fault.field not in known:
                    read.note(fault)
            if read.bad == known:  # pragma: no cover - stand-ins pass every check
                return


def _with_stand_ins(read: ReadRow, values: Mapping[str, Any]) -> dict[str, Any]:
    table: Table = read.raw.table
    good = {name: value for name, value in values.items() if name not in read.bad}
    for column in table.columns:
        if column.required and column.field not in good:
            kind_of_id = column.field.endswith("_id")
            unique = f"\ufffd{table.name}{read.number}"
            good[column.field] = unique if kind_of_id else column.kind.stand_in
    return good
