"""Figures of `matcher cost` as a table on the terminal and as JSON values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rich.markup import escape
from rich.table import Table

from matcher.cli.output import Output
from matcher.domain.money import FEN_PER_YUAN, rate_text
from matcher.domain.text import Text
from matcher.finance.irr import PLACES

SHOWN_PLACES = Decimal("1e-6")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of an answer.

    Parameters
    ----------
    key
        Its name in the JSON document, with the unit: ``fee_fen``.
    raw
        Its value there: fen as an integer, a fraction as a string.
    """

    key: str
    label: Text
    shown: Text
    raw: int | str | None


def fen(key: str, label: Text, amount_fen: int) -> Figure:
    """Return an amount as a line, shown in yuan and fen."""
    return Figure(key, label, yuan_text(amount_fen), amount_fen)


def rate(key: str, label: Text, fraction: Decimal | None) -> Figure:
    """Return a fraction as a line, shown in percent to at most 4 places."""
    if fraction is None:
        return Figure(key, label, Text("未知", "not known"), None)
    shown = rate_text(fraction.quantize(SHOWN_PLACES))
    return Figure(key, label, shown, exact_text(fraction))


def words(key: str, label: Text, value: object) -> Figure:
    """Return anything else as a line."""
    raw = value if isinstance(value, int) else str(value)
    return Figure(key, label, value if isinstance(value, Text) else Text.same(value), raw)


def exact_text(fraction: Decimal) -> str:
    """Return a fraction in plain digits, to 12 places at most."""
    return f"{fraction.quantize(PLACES).normalize():f}"


def yuan_text(amount_fen: int) -> Text:
    """Return an amount to the fen, never in 万元: these are figures to compare."""
    yuan = f"{Decimal(amount_fen) / FEN_PER_YUAN:,.2f}"
    return Text(f"{yuan}元", f"{yuan} yuan")


def show(output: Output, title: Text, figures: Sequence[Figure], *notes: Text) -> None:
    """Print the lines as a table, and what is to be said about them."""
    table = Table(title=title.of(output.lang), title_justify="left", show_header=False)
    table.add_column(overflow="fold")
    table.add_column(justify="right", overflow="fold")
    for figure in figures:
        table.add_row(escape(figure.label.of(output.lang)), escape(figure.shown.of(output.lang)))
    output.console.print(table)
    for note in notes:
        output.say(note)


def document(figures: Sequence[Figure]) -> dict[str, Any]:
    """Return the lines as JSON values."""
    return {figure.key: figure.raw for figure in figures}
