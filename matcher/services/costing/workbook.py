"""An answer as a workbook: amounts are numbers in yuan, rates are numbers shown in percent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from matcher.domain.money import FEN_PER_YUAN
from matcher.domain.text import Lang, Text
from matcher.files.sheet_cells import Column as SheetColumn
from matcher.files.sheet_cells import Form, Value
from matcher.files.workbook import Sheet, workbook_bytes
from matcher.services.costing.answer import Answer, Cell, Table
from matcher.services.costing.figures import Figure

_FIGURES: tuple[SheetColumn[Figure], ...] = (
    SheetColumn(Text("项目", "item"), lambda one, lang: one.label.of(lang), most=40),
    SheetColumn(Text("数值", "value"), lambda one, lang: _value(one, lang), lambda one: _form(one)),
    SheetColumn(Text("单位", "unit"), lambda one, lang: _unit(one, lang)),
)
_NOTES: tuple[SheetColumn[Text], ...] = (
    SheetColumn(Text("说明", "note"), lambda note, lang: note.of(lang), most=90),
)


def answer_workbook(answer: Answer, day: date, lang: Lang) -> bytes:
    """Return an answer as the bytes of an Excel workbook."""
    sheets = [Sheet(answer.title, _FIGURES, answer.figures), *map(_sheet, answer.tables)]
    if answer.notes:
        sheets.append(Sheet(Text("说明", "Notes"), _NOTES, answer.notes))
    return workbook_bytes(answer.title, day, sheets, lang)


def _sheet(table: Table) -> Sheet:
    columns = [
        _column(place, column.title, column.is_amount) for place, column in enumerate(table.columns)
    ]
    return Sheet(table.title, columns, table.rows)


def _column(place: int, title: Text, is_amount: bool) -> SheetColumn[tuple[Cell, ...]]:
    def value(row: tuple[Cell, ...], lang: Lang) -> Value:
        cell = row[place]
        return Decimal(cell) / FEN_PER_YUAN if isinstance(cell, int) else cell.of(lang)

    header = Text("{t}（元）", "{t} (yuan)").format(t=title) if is_amount else title
    return SheetColumn(header, value, Form.MONEY if is_amount else Form.TEXT)


def _value(figure: Figure, lang: Lang) -> Value:
    if figure.is_amount and isinstance(figure.raw, int):
        return Decimal(figure.raw) / FEN_PER_YUAN
    if figure.is_rate and isinstance(figure.raw, str):
        return Decimal(figure.raw)
    return figure.raw if isinstance(figure.raw, int) else figure.shown.of(lang)


def _form(figure: Figure) -> Form:
    if figure.is_amount:
        return Form.MONEY
    return Form.RATE if figure.is_rate else Form.TEXT


def _unit(figure: Figure, lang: Lang) -> str | None:
    return Text("元", "yuan").of(lang) if figure.is_amount else None
