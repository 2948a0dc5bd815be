"""Tables on the terminal: cells that break rather than disappear, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import JustifyMethod
from rich.markup import escape
from rich.table import Table

from matcher.cli.output import Output
from matcher.domain.text import Text

NOTHING = Text.same("–")


def new_table(output: Output, title: Text, *headers: Text, right: Iterable[int] = ()) -> Table:
    """Return an empty table; ``right`` are the columns of numbers."""
    table = Table(title=escape(title.of(output.lang)), title_justify="left", box=box.ROUNDED)
    numbers = set(right)
    for place, header in enumerate(headers):
        justify: JustifyMethod = "right" if place in numbers else "left"
        table.add_column(header.of(output.lang), justify=justify, overflow="fold")
    return table


def add_row(output: Output, table: Table, cells: Sequence[Text], style: str | None = None) -> None:
    """Add a row of sentences; what begins like markup is text all the same."""
    table.add_row(*(escape(cell.of(output.lang)) for cell in cells), style=style)


def joined(texts: Iterable[Text]) -> Text:
    """Return sentences one after the other, or a dash for none."""
    found = list(texts)
    return Text.join(found, zh="；", en="; ") if found else NOTHING
