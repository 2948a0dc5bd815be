"""Read one answer: JSON or a filled-in form into a firm and its need, or every fault at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Lang, Text
from matcher.files.columns import Table
from matcher.files.excel import first_grid
from matcher.files.kinds import Kind
from matcher.files.questionnaire.fields import (
    CREDIT_CODE,
    ENTERPRISE,
    HEADS,
    NEED,
    SECTIONS,
    Section,
)
from matcher.files.raw import BadCell, Gathered, RawRow, RawTable, is_blank
from matcher.files.rows import READ_ERRORS, read_table_rows
from matcher.files.tables.needs import NEEDS

MAX_BYTES = 8 * 1024 * 1024
"""A form with one firm on it is never larger."""

MAX_OWNER = 55
"""Characters of the firm's id in the id of its need, which holds 64."""

_UNKNOWN = Text("不认识的项目", "unknown item")
_TWICE = Text("同一项写了两次", "given twice")
_NO_LABEL = Text("数值左侧没有项目名称", "the value has no label to its left")
_HEADER_ROWS = [tuple(words.of(lang) for words in HEADS[:2]) for lang in Lang]
_KEYS = {"enterprise": ENTERPRISE, "need": NEED}


@dataclass(frozen=True, slots=True)
class Answers:
    """One answer, whole: the firm and what it needs."""

    enterprise: Enterprise
    need: Need


@dataclass
class _Filled:
    """One section as filled in: cells by label, and the row that each label stands in."""

    section: Section
    name: str | None
    cells: dict[str, object] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def cell(self, wanted: str) -> object:
        """Return what was filled in for a field, None if nothing."""
        named = (c for label, c in self.cells.items() if self._field(label) == wanted)
        return next((c for c in named if not is_blank(c)), None)

    def value(self, wanted: str) -> Any:
        """Return the value of a field, None where it cannot be read: that is told elsewhere."""
        cell = self.cell(wanted)
        kind: Kind = self.section.table.column(wanted).kind
        try:
            return None if cell is None else kind.read(cell)
        except READ_ERRORS:
            return None

    def row_of(self, wanted: str | None) -> int | None:
        return next((n for label, n in self.rows.items() if self._field(label) == wanted), None)

    def _field(self, label: str) -> str | None:
        heading = self.section.table.heading(label)
        return heading.column.field if heading else None


def read_answers(data: object, as_of: date, origin: str = "JSON") -> Answers:
    """Read parsed JSON as `questionnaire_schema` describes it.

    Parameters
    ----------
    as_of
        The day on which the answer comes in.
    origin
        What faults name as the file.

    Raises
    ------
    InputError
        With every fault found, each naming its field; nothing is half taken.
    """
    faults: list[Fault] = []
    filled = [_object(data, key, section, faults) for key, section in _KEYS.items()]
    for key in data if isinstance(data, Mapping) else ():
        if key not in _KEYS:
            faults.append(Fault(_UNKNOWN, value=key, expected=Text.same("enterprise, need")))
    return _read(filled[0], filled[1], [f.at(file=origin) for f in faults], origin, as_of)


def _object(data: object, key: str, section: Section, faults: list[Fault]) -> _Filled:
    part = data.get(key) if isinstance(data, Mapping) else None
    filled = _Filled(section, key)
    if not isinstance(part, Mapping) or not all(isinstance(name, str) for name in part):
        expected = Text("一个对象", "an object")
        faults.append(Fault(Text("缺少或不是对象", "missing or no object"), key, part, expected))
        return filled
    for name, cell in part.items():
        if section.table.heading(name) is None:
            hint = section.table.nearest(name)
            faults.append(Fault(_UNKNOWN, value=name, expected=hint, sheet=key, column=name))
        else:
            filled.cells[name] = cell
    return filled


def read_form(path: Path, as_of: date) -> Answers:
    """Read a form that `write_form` wrote and a firm filled in, in either language.

    Rows may be moved and labels renamed as headers of a market may: what counts is the label to
    the left of the value.

    Raises
    ------
    InputError
        With every fault found, each at its row; nothing is half taken.
    """
    gathered = Gathered()
    path = Path(path)
    data = _bytes(path, gathered)
    if gathered.faults:
        raise InputError(gathered.faults)
    return read_form_content(data, path.name, as_of)


def read_form_content(content: bytes, name: str, as_of: date) -> Answers:
    """Read the bytes of a filled-in form as `read_form` reads the file.

    Raises
    ------
    InputError
        With every fault found, each at its row.
    """
    gathered = Gathered()
    title, grid = first_grid(content, name, gathered)
    if gathered.faults:
        raise InputError(gathered.faults)
    filled = [_Filled(section, title) for section in SECTIONS]
    faults: list[Fault] = []
    for number, cells in enumerate(grid, start=1):
        label, value = [*cells, None, None][:2]
        if (label, value) in _HEADER_ROWS:
            continue
        fault = _take(filled, label, value, number)
        if fault is not None:
            faults.append(fault.at(file=name, sheet=title, row=number))
    return _read(filled[0], filled[1], faults, name, as_of)


def _bytes(path: Path, gathered: Gathered) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            most = Text(f"不超过 {MAX_BYTES >> 20} MB", f"at most {MAX_BYTES >> 20} MB")
            gathered.fault("文件太大", "the file is too large", most, file=path.name)
            return b""
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "invalid path"
        told = ("文件无法打开", "the file cannot be opened")
        gathered.fault(*told, file=str(path), value=reason)
        return b""
    if not data:
        gathered.fault("文件是空的", "the file is empty", file=path.name)
    return data


def _take(filled: list[_Filled], label: object, value: object, number: int) -> Fault | None:
    """Put the value of one row where it belongs, or return why it cannot be."""
    shown = value.shown if isinstance(value, BadCell) else value
    if is_blank(label):
        return None if is_blank(value) else Fault(_NO_LABEL, value=shown)
    name = str(label.shown if isinstance(label, BadCell) else label)
    for part in filled:
        heading = part.section.table.heading(name)
        if heading is None:
            continue
        wanted = heading.column.field
        if not is_blank(value) and part.cell(wanted) is not None:
            return Fault(_TWICE, field=wanted, value=shown, column=name)
        if not is_blank(value) or part.row_of(wanted) is None:
            part.cells[name], part.rows[name] = value, number
        return None
    if is_blank(value):  # a title or a line of text
        return None
    hint = Text.join([part.section.table.nearest(name) for part in filled])
    return Fault(_UNKNOWN, value=name, column=name, expected=hint)


def _read(firm: _Filled, need: _Filled, faults: list[Fault], file: str, as_of: date) -> Answers:
    """Read both sections under their ids; the firm's own comes from its credit code."""
    own_id = firm.value(CREDIT_CODE) or "?"
    needs_code = firm.cell("enterprise_id") is None
    enterprise = _record(firm, {"enterprise_id": own_id}, file, faults, needs_code)
    owner = own_id if enterprise is None else enterprise.enterprise_id
    received = need.value("received") or as_of
    need_id = f"{owner[:MAX_OWNER]}-{received:%Y%m%d}"
    asked = _record(need, {"need_id": need_id, "enterprise_id": owner}, file, faults)
    if faults:
        raise InputError(faults)
    if asked.received is None and as_of <= asked.needed_by:
        asked = replace(asked, received=as_of)
    return Answers(enterprise, asked)


def _record(
    filled: _Filled,
    ids: Mapping[str, str],
    file: str,
    faults: list[Fault],
    needs_code: bool = False,
) -> Any:
    """Read one section as a row of its table; faults go to the list, at their own rows."""
    given = {label: cell for label, cell in filled.cells.items() if not is_blank(cell)}
    given |= {name: value for name, value in ids.items() if filled.cell(name) is None}
    headers = tuple((label, 1) for label in {**filled.cells, **given})
    table = _with_ids(filled.section.table, needs_code)
    raw = RawTable(table, file, filled.name, headers, (RawRow(1, given),), is_sheet=False)
    (row,), told = read_table_rows(raw)
    faults += [f.at(row=filled.row_of(f.field)) for f in (*told, *row.faults)]
    return row.record


def _with_ids(table: Table, needs_code: bool) -> Table:
    """Return the table as it is read: ids are always there, and a need names its firm."""
    required = {"enterprise_id", "need_id", *([CREDIT_CODE] if needs_code else ())}
    columns = table.columns
    if table.name == NEEDS.name:
        columns = (*columns, NEEDS.column("enterprise_id"))
    asked = (replace(c, required=c.required or c.field in required) for c in columns)
    return replace(table, columns=tuple(asked))
