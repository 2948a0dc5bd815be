"""What a calculator answers: figures, tables, and what is to be said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from matcher.domain.text import Text
from matcher.services.costing.figures import Figure, yuan_text


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; amounts stand on the right."""

    title: Text
    is_amount: bool = False


Cell: TypeAlias = Text | int
"""Words, or an amount in fen."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of an answer."""

    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def shown_cell(cell: Cell) -> Text:
    """Return a cell as people read it."""
    return yuan_text(cell) if isinstance(cell, int) else cell


@dataclass(frozen=True, slots=True)
class Answer:
    """What a calculator answers.

    Parameters
    ----------
    figures
        Its lines, in the order in which they are read.
    main
        The key of the line that was asked for.
    notes
        What is to be said about them.
    tables
        What does not fit into lines: a plan of repayment, tranches.
    details
        What the JSON document has beside the figures.
    """

    title: Text
    figures: tuple[Figure, ...]
    main: str
    notes: tuple[Text, ...] = ()
    tables: tuple[Table, ...] = ()
    details: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def main_figure(self) -> Figure:
        """The line that was asked for."""
        return next(one for one in self.figures if one.key == self.main)

    def to_document(self) -> dict[str, Any]:
        """Return the answer as JSON values."""
        return {figure.key: figure.raw for figure in self.figures} | dict(self.details)
