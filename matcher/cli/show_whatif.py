"""Answers of what-if as tables on the terminal: the sheets of the workbook, in short."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from matcher.cli.output import Output
from matcher.cli.tables import NOTHING, add_row, new_table
from matcher.domain.text import Text
from matcher.files.sheet_cells import Form, Value
from matcher.files.workbook import Sheet
from matcher.services.whatif import Trial
from matcher.services.whatif_saving import Answer
from matcher.whatif.scenario import numbered

MOST_ROWS = 40
MAX_NOTES = 6
_NUMBERS = (Form.COUNT, Form.MONEY, Form.RATE, Form.SCORE, Form.PRICE)


def show_scenario(output: Output, trial: Trial, notes: Sequence[Text]) -> None:
    """Print the changes, the hash of the scenario and the notes of the input."""
    for note in notes[:MAX_NOTES]:
        output.say(Text("注：{n}", "Note: {n}").format(n=note), style="yellow")
    if not trial.scenario.changes:
        return
    told = Text("情景 {n}（{h}）：", "Scenario {n} ({h}):")
    output.say(told.format(n=trial.scenario.name, h=trial.sha256[:12]), style="bold")
    for text in numbered(trial.scenario):
        output.say(text)


def show_answer(output: Output, answer: Answer) -> None:
    """Print every table of an answer that says something, and its notes."""
    for sheet in answer.sheets if answer.brief is None else answer.brief:
        if sheet.rows:
            _show_sheet(output, sheet)
    for note in answer.notes:
        output.say(note, style="bold")


def _show_sheet(output: Output, sheet: Sheet) -> None:
    right = [i for i, c in enumerate(sheet.columns) if c.form in _NUMBERS]
    headers = [column.header for column in sheet.columns]
    rows = list(sheet.rows)[:MOST_ROWS]
    table = new_table(output, sheet.name, *headers, right=right)
    for row in rows:
        add_row(output, table, [_cell(output, column, row) for column in sheet.columns])
    output.console.print(table)
    if len(sheet.rows) > MOST_ROWS:
        more = Text("其余 {n} 行见 --out 或 --json", "{n} more rows: --out or --json")
        output.say(more.format(n=len(sheet.rows) - MOST_ROWS))


def _cell(output: Output, column: Any, row: Any) -> Text:
    value: Value = column.value(row, output.lang)
    return NOTHING if value is None else Text.same(_shown(value, column.form_of(row)))


def _shown(value: str | int | float | Decimal | date, form: Form) -> str:
    """Print a value as its form has it in a workbook."""
    if isinstance(value, str | date):
        return str(value)
    if form is Form.RATE:
        return f"{value:.2%}"
    if form is Form.MONEY:
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if form is Form.SCORE:
        return f"{value:.4f}"
    if form is Form.PRICE:
        return f"{value:.6f}" if value else "–"
    return f"{value:,}"
