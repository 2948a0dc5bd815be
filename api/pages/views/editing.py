"""One record as a form: a field for each column, written as a sheet has it and read the same way.

What nobody touched stays in the record as it is, letter by letter; what was changed is read as
a cell of the workbook is, so that a form accepts and refuses what an import does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from api.pages.views.editing_groups import GROUPS
from matcher.domain.errors import Fault
from matcher.domain.money import FEN_PER_YUAN
from matcher.domain.text import Lang, Text
from matcher.files import read_table
from matcher.files.columns import Column, Table
from matcher.files.kinds import Day, Flag, Kind, Word
from matcher.files.market_cells import cell_of, header_of
from matcher.files.quantities import Money, Rate
from matcher.files.several import Pairs, Rules, SetOf
from matcher.files.tables import table_named
from matcher.files.writing import fields_of

MAX_CELL = 4_000
_FEN_PER_WAN = 10_000 * FEN_PER_YUAN
_NOT_SAID = Text.same("–")
_NOTHING = Text("无", "none")
_LIST_SIGN = Text("、", ", ")
_YUAN = Text("元", "yuan")
_UNITS = {
    "月": Text("月", "months"),
    "天": Text("天", "days"),
    "工作日": Text("工作日", "workdays"),
    "基点": Text("基点", "basis points"),
    "家": Text("家", "at most"),
}
"""Units of the columns of both tables that are no money."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One column on the form.

    Parameters
    ----------
    value
        What stands in the field: as it was typed, else as the record has it.
    control
        ``text``, ``date``, ``textarea`` or ``select``.
    options
        Of a ``select``: what is sent, and its name.
    faults
        What is wrong with what was typed.
    now
        What the record has, where that is not what was typed.
    """

    name: str
    label: Text
    value: str
    control: str
    hint: Text
    is_required: bool
    options: tuple[tuple[str, Text], ...]
    faults: tuple[Fault, ...]
    now: str | None


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields that belong together."""

    text: Text
    fields: tuple[FormField, ...]


def form_of(
    table: str,
    content: Mapping[str, Any],
    lang: Lang,
    typed: Mapping[str, Any] | None = None,
    faults: Iterable[Fault] = (),
) -> tuple[list[FieldGroup], tuple[Fault, ...]]:
    """Return the fields of a record in their groups, and the faults that no field has.

    Parameters
    ----------
    content
        The record as JSON values of a market file.
    lang
        In which the words of lists are shown; both are read.
    typed
        What was typed into the form, None where nothing was.
    """
    columns = _table(table)
    cells = _cells(columns, content, lang)
    by_field: dict[str, list[Fault]] = {}
    rest: list[Fault] = []
    known = {name for _, names in GROUPS[table] for name in names}
    for fault in faults:
        name = _field_of(columns, fault)
        if name in known:
            by_field.setdefault(name, []).append(_bare(fault))
        else:
            rest.append(_bare(fault))
    groups = [
        FieldGroup(
            text,
            tuple(
                _field(columns.column(name), cells[name], typed, by_field.get(name, ()))
                for name in names
            ),
        )
        for text, names in GROUPS[table]
    ]
    return groups, tuple(rest)


def content_of_form(
    table: str, content: Mapping[str, Any], lang: Lang, text_of: Callable[[str], str]
) -> dict[str, Any]:
    """Return a record with what was changed in a form in the place of what it had.

    Parameters
    ----------
    content
        The record as it is, as JSON values of a market file.
    text_of
        Returns what stands in a field of the form.
    """
    columns = _table(table)
    cells, changed = _cells(columns, content, lang), dict(content)
    for _, names in GROUPS[table]:
        for name in names:
            given, column = text_of(name)[:MAX_CELL], columns.column(name)
            if _same(given, cells[name]):
                continue
            changed.pop(column.wire_name(column.kind), None)
            if given:
                changed[header_of(column)] = given
    return changed


def _table(name: str) -> Table:
    found = table_named(name)
    assert found is not None
    return found


def _cells(columns: Table, content: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Return what each field of a record shows."""
    (record,) = read_table(columns.name, [dict(content)], origin="database")
    values = fields_of(columns, record)
    usual = {one.name: one.default for one in fields(record)}
    return {
        c.field: _cell(c.kind, values[c.field], usual.get(c.field), lang)
        for c in columns.columns
        if c.in_sheets
    }


def _cell(kind: Kind, value: Any, usual: Any, lang: Lang) -> str:
    if value is None:
        return ""
    if value in ((), frozenset(), []):  # known to be none, or a list that is empty anyway
        return "" if value == usual else _NOTHING.of(lang)
    if isinstance(kind, Word):
        return str(value.value)
    if isinstance(kind, SetOf):
        return _LIST_SIGN.of(lang).join(sorted(_part(kind.item, one, lang) for one in value))
    if isinstance(kind, Pairs):
        pairs = (f"{_part(kind.key, k, lang)}={_part(kind.value, v, lang)}" for k, v in value)
        return "; ".join(pairs)
    return _part(kind, value, lang)


def _part(kind: Kind, value: Any, lang: Lang) -> str:
    """Return one value as text: of a list one item, of a pair one half."""
    if isinstance(kind, Word):
        return str(value.text.of(lang))
    if isinstance(kind, Money):
        is_wan = value % _FEN_PER_WAN == 0 and value > 0
        amount = Decimal(value) / (_FEN_PER_WAN if is_wan else FEN_PER_YUAN)
        return f"{amount:f}万" if is_wan else f"{amount:f}"
    if isinstance(kind, Rate):
        return f"{(value * 100).normalize():f}%"
    return str(cell_of(kind, value))


def _same(one: str, other: str) -> bool:
    """Tell whether two texts are the same cell: browsers end lines in their own way."""
    return one.replace("\r\n", "\n").strip() == other.strip()


def _field(
    column: Column, now: str, typed: Mapping[str, Any] | None, faults: Iterable[Fault]
) -> FormField:
    given = now if typed is None else str(typed.get(column.field, ""))
    return FormField(
        name=column.field,
        label=_label(column),
        value=given,
        control=_control(column.kind),
        hint=column.note,
        is_required=column.required,
        options=_options(column, given),
        faults=tuple(faults),
        now=None if _same(given, now) else now,
    )


def _label(column: Column) -> Text:
    if isinstance(column.kind, Money):
        return Text("{l}（{u}）", "{l} ({u})").format(l=column.text, u=_YUAN)
    if column.unit and not isinstance(column.kind, Money):
        unit, text = _UNITS[column.unit], column.text
        en = text.en if unit.en in text.en else f"{text.en} ({unit.en})"
        return Text(f"{text.zh}（{unit.zh}）", en)
    return column.text


def _control(kind: Kind) -> str:
    if isinstance(kind, Word | Flag):
        return "select"
    if isinstance(kind, Day):
        return "date"
    return "textarea" if isinstance(kind, Rules | Pairs) else "text"


def _options(column: Column, given: str) -> tuple[tuple[str, Text], ...]:
    """Return what a menu offers, with what was sent where that is none of it."""
    kind = column.kind
    if isinstance(kind, Word):
        known = tuple((choice.value, choice.text) for choice in kind.choices)
    elif isinstance(kind, Flag):
        known = tuple((text.zh, text) for text in kind.menu)
    else:
        return ()
    other = () if given in {"", *dict(known)} else ((given, Text.same(given)),)
    return (("", _NOT_SAID), *known, *other)


def _field_of(columns: Table, fault: Fault) -> str:
    """Return the field that a fault is of, empty where it is of none."""
    for header in (fault.field, fault.column):
        heading = None if not header else columns.heading(header)
        if heading is not None:
            return heading.column.field
    return ""


def _bare(fault: Fault) -> Fault:
    """Return a fault without the file and the row, which a form has not."""
    return Fault(fault.message, value=fault.value, expected=fault.expected)
