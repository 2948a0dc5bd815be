"""What a calculator answers: figures, tables, and what is to be said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from matcher.domain.text import Text
from matcher.services.costing.figures import Figure


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; numbers stand on the right."""

    title: Text
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of an answer."""

    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a calculator answers.

    Parameters
    ----------
    figures
        Its lines, in the order in which they are read.
    notes
        What is to be said about them.
    tables
        What does not fit into lines: a plan of repayment, tranches.
    details
        What the JSON document has beside the figures.
    """

    title: Text
    figures: tuple[Figure, ...]
    notes: tuple[Text, ...] = ()
    tables: tuple[Table, ...] = ()
    details: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def to_document(self) -> dict[str, Any]:
        """Return the answer as JSON values."""
        return {figure.key: figure.raw for figure in self.figures} | dict(self.details)
