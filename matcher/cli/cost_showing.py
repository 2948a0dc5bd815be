"""What a calculator answers, as tables on the terminal and as the JSON document."""

from __future__ import annotations

from rich import table as rich_table
from rich.console import JustifyMethod
from rich.markup import escape

from matcher.cli.output import Output
from matcher.services.costing.answer import Answer, Table, shown_cell

MOST_ROWS = 24


def option(name: str) -> str:
    """Return what a word of a calculator is called on the command line."""
    return f"--{name.replace('_', '-')}"


def show(output: Output, answer: Answer) -> None:
    """Print an answer: its tables, its figures, what is to be said about them."""
    for one in answer.tables:
        output.console.print(shown_table(output, one))
    title = answer.title.of(output.lang)
    table = rich_table.Table(title=title, title_justify="left", show_header=False)
    table.add_column(overflow="fold")
    table.add_column(justify="right", overflow="fold")
    for figure in answer.figures:
        table.add_row(escape(figure.label.of(output.lang)), escape(figure.shown.of(output.lang)))
    output.console.print(table)
    for note in answer.notes:
        output.say(note)
    output.document(answer.to_document())


def shown_table(output: Output, table: Table) -> rich_table.Table:
    """Return a table of an answer, its first rows and its last where it is long."""
    shown = rich_table.Table(title=table.title.of(output.lang), title_justify="left")
    for column in table.columns:
        justify: JustifyMethod = "right" if column.is_amount else "left"
        shown.add_column(column.title.of(output.lang), justify=justify)
    for number, row in enumerate(table.rows, start=1):
        if number <= MOST_ROWS or number == len(table.rows):
            shown.add_row(*(escape(shown_cell(cell).of(output.lang)) for cell in row))
        elif number == len(table.rows) - 1:
            shown.add_row(*["…"] * len(row))
    return shown
