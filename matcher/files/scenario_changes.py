"""Each kind of change as a table of a scenario file: how it is read, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matcher.domain.criteria import Criterion
from matcher.domain.expression import parse, unparse
from matcher.domain.money import parse_rate
from matcher.domain.record_attributes import finder, names_of
from matcher.domain.text import Text
from matcher.files.columns import Table
from matcher.files.scenario_values import MIXED, read_record, read_values
from matcher.files.tables import TABLES, table_named
from matcher.files.toml_table import MISSING, UNUSABLE, TomlTable
from matcher.whatif.changes import (
    AddRecord,
    Ban,
    Change,
    ChangeCriteria,
    CopyNeeds,
    MoveDay,
    MoveDeadlines,
    Pin,
    RemoveRecords,
    ScaleDemand,
    ScaleFields,
    SetFields,
    SetWeights,
    ShiftRates,
)
from matcher.whatif.draft import Draft
from matcher.whatif.selection import Selection

_A_NUMBER = Text('数，如 0.5 或 "50%"', 'a number, as in 0.5 or "50%"')
_A_RULE = Text("条件", "a rule")


@dataclass(frozen=True)
class Reading:
    """One change in a file, and the market that it is about.

    Parameters
    ----------
    given
        Its fields.
    draft
        The market, with the records that earlier changes of the file bring.
    """

    given: TomlTable
    draft: Draft

    @property
    def label(self) -> str:
        return self.given.text("name")

    def table(self, *names: str) -> Table | None:
        """Return the table that is named, of those that may be."""
        word = self.given.text("table", required=True)
        found = table_named(word) if word else None
        allowed = [t for t in TABLES if not names or t.name in names]
        if word and found not in allowed:
            self.given.refuse("table", UNUSABLE, word, Text.join([t.text for t in allowed]))
            return None
        return found

    def selection(self, table: str, prefix: str = "") -> Selection:
        """Return which records are meant: ``id``, ``where`` or ``all``."""
        name, where, every = (
            (f"{prefix}_id", f"{prefix}_where", f"{prefix}_all")
            if prefix
            else ("id", "where", "all")
        )
        words = self.given.texts(name)
        rule = self.rule(where, table) if self.given.has(where) else None
        is_all = self.given.flag(every)
        given = [self.given.has(key) for key in (name, where)] + [is_all]
        if sum(given) != 1:
            message = Text("需要且只能用一种方式选择记录", "selects records in one way")
            expected = Text.same(f"{name} / {where} / {every}")
            self.given.refuse(name, message, None, expected)
        return Selection(words, rule, is_all)

    def rule(self, key: str, table: str) -> Criterion | None:
        """Return a rule about the records of a table."""
        words = self.given.raw(key)
        return self._rule(key, words, table)

    def rules(self, key: str) -> tuple[Criterion, ...]:
        """Return rules about needs and their firms."""
        words = self.given.raw(key)
        listed = [] if words is None else words if isinstance(words, list) else [words]
        found = [self._rule(key, word, "needs") for word in listed]
        return tuple(rule for rule in found if rule is not None)

    def _rule(self, key: str, words: object, table: str) -> Criterion | None:
        try:
            return parse(str(words), finder(table))
        except (ValueError, ArithmeticError) as error:
            message = Text("无法读取条件：{e}", "cannot read the rule: {e}").format(e=str(error))
            expected = Text("{r}，可用：{n}", "{r}; it may ask for {n}").format(
                r=_A_RULE, n=", ".join(names_of(table))
            )
            self.given.refuse(key, message, str(words), expected)
            return None

    def number(self, key: str) -> Decimal:
        """Return a number; 1 where there is none, with a fault."""
        value = self.given.raw(key)
        if value is None:
            self.given.refuse(key, MISSING, expected=_A_NUMBER)
            return Decimal(1)
        try:
            return decimal_of(value)
        except (ValueError, ArithmeticError):
            self.given.refuse(key, UNUSABLE, value, _A_NUMBER)
            return Decimal(1)

    def integer(self, key: str, least: int, most: int) -> int:
        """Return a whole number."""
        found = self.given.optional_integer(key, least, most)
        if found is None and self.given.raw(key) is None:
            self.given.refuse(key, MISSING)
        return found or 0

    def unit_of(self, selection: Selection) -> str | None:
        """Return what the pools of a selection are counted in: `MIXED` where they differ."""
        pools = self.draft.tables["pools"]
        chosen = selection.of(self.draft, "pools", [])
        units = {pools[identity].unit.value for identity in chosen}
        return MIXED if len(units) > 1 else next(iter(units), None)


def decimal_of(value: object) -> Decimal:
    """Return a number, a share in percent too.

    Raises
    ------
    ValueError, ArithmeticError
        If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise ValueError(f"not a number: {value!r}")
    number = parse_rate(value) if isinstance(value, str) else Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"not finite: {value!r}")
    return number


def _set(read: Reading) -> Change | None:
    table = read.table()
    if table is None:
        return None
    selection = read.selection(table.name)
    unit = read.unit_of(selection) if table.name == "pools" else None
    values = read_values(read.given, "values", table, unit)
    cleared = _fields(read, "clear", table)
    return SetFields(
        label=read.label,
        table=table.name,
        records=selection,
        values=values.pairs,
        clear=(*values.clear, *cleared),
    )


def _scale(read: Reading) -> Change | None:
    table = read.table()
    if table is None:
        return None
    return ScaleFields(
        label=read.label,
        table=table.name,
        records=read.selection(table.name),
        fields=_fields(read, "fields", table, required=True),
        factor=read.number("factor"),
    )


def _fields(read: Reading, key: str, table: Table, required: bool = False) -> tuple[str, ...]:
    words = read.given.texts(key)
    if required and not words:
        read.given.refuse(key, MISSING, expected=Text("字段名列表", "a list of fields"))
    found = []
    for word in words:
        heading = table.heading(word)
        if heading is None:
            message = Text("没有这一项", "there is no such field")
            read.given.refuse(key, message, word, table.nearest(word))
        else:
            found.append(heading.column.field)
    return tuple(found)


def _remove(read: Reading) -> Change | None:
    table = read.table()
    if table is None:
        return None
    return RemoveRecords(label=read.label, table=table.name, records=read.selection(table.name))


def _add(read: Reading) -> Change | None:
    table = read.table()
    if table is None:
        return None
    record = read_record(read.given, "record", table)
    if record is None:
        return None
    change = AddRecord(label=read.label, table=table.name, record=record)
    read.draft.tables[table.name].setdefault(change.identity, record)
    return change


def _rates(read: Reading) -> Change:
    return ShiftRates(
        label=read.label,
        records=read.selection("products"),
        basis_points=read.integer("basis_points", -10_000, 10_000),
    )


def _criteria(read: Reading) -> Change | None:
    table = read.table("products", "policies")
    if table is None:
        return None
    return ChangeCriteria(
        label=read.label,
        table=table.name,
        records=read.selection(table.name),
        add=read.rules("add"),
        drop=read.rules("drop"),
        drop_all=read.given.flag("drop_all"),
    )


def _deadlines(read: Reading) -> Change:
    return MoveDeadlines(
        label=read.label,
        records=read.selection("needs"),
        days=read.given.optional_integer("days", -10_000, 10_000),
        to=read.given.day("to"),
    )


def _demand(read: Reading) -> Change:
    factor = read.number("factor")
    return ScaleDemand(label=read.label, records=read.selection("needs"), factor=factor)


def _copy(read: Reading) -> Change:
    copies = read.given.integer("copies", 1, 1, 100)
    return CopyNeeds(label=read.label, records=read.selection("needs"), copies=copies)


def _weights(read: Reading) -> Change:
    values = read.given.raw("values")
    found = []
    if not isinstance(values, Mapping) or not values:
        expected = Text("权重与取值，如 cost = 2", "weights with values, as in cost = 2")
        read.given.refuse("values", MISSING if values is None else UNUSABLE, values, expected)
        values = {}
    for name, value in sorted(values.items()):
        try:
            found.append((str(name), decimal_of(value)))
        except (ValueError, ArithmeticError):
            read.given.refuse(str(name), UNUSABLE, value, _A_NUMBER)
    return SetWeights(label=read.label, values=tuple(found))


def _pin(read: Reading) -> Change:
    need = read.given.text("need", required=True)
    return Pin(label=read.label, need=need, product=read.given.text("product", required=True))


def _ban(read: Reading) -> Change:
    needs = read.selection("needs", "need")
    return Ban(label=read.label, needs=needs, products=read.selection("products", "product"))


def _day(read: Reading) -> Change | None:
    day = read.given.day("to")
    if day is None:
        if not read.given.has("to"):
            read.given.refuse("to", MISSING)
        return None
    return MoveDay(label=read.label, to=day)


READERS: dict[str, Callable[[Reading], Change | None]] = {
    SetFields.kind: _set,
    ScaleFields.kind: _scale,
    RemoveRecords.kind: _remove,
    AddRecord.kind: _add,
    ShiftRates.kind: _rates,
    ChangeCriteria.kind: _criteria,
    MoveDeadlines.kind: _deadlines,
    ScaleDemand.kind: _demand,
    CopyNeeds.kind: _copy,
    SetWeights.kind: _weights,
    Pin.kind: _pin,
    Ban.kind: _ban,
    MoveDay.kind: _day,
}
"""How each kind of change is read. Those that put things back are read elsewhere."""


def selection_json(selection: Selection, prefix: str = "") -> dict[str, Any]:
    """Return a selection so that `Reading.selection` reads it back."""
    lead = f"{prefix}_" if prefix else ""
    if selection.where is not None:
        return {f"{lead}where": unparse(selection.where)}
    if selection.every:
        return {f"{lead}all": True}
    return {f"{lead}id": list(selection.ids)}
