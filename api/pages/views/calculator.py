"""A calculator as a form: what it asks for, and the answer to what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from matcher.domain.text import Lang, Text
from matcher.services.costing.answer import Answer, Table, shown_cell
from matcher.services.costing.reading import Reader

Words = Mapping[str, Any]


class Kind(StrEnum):
    """How a word is typed."""

    TEXT = "text"
    DAY = "date"
    MENU = "menu"
    FLAG = "flag"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a calculator.

    Parameters
    ----------
    name
        As the service calls it.
    hint
        How it is written.
    menu
        The words of a `Kind.MENU` with what each is called.
    """

    name: str
    label: Text
    kind: Kind = Kind.TEXT
    hint: Text | None = None
    required: bool = False
    menu: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class Calculator:
    """A calculator.

    Parameters
    ----------
    about
        What it answers, in one sentence.
    inputs, further
        What is always asked, and what may be left out.
    example
        Words to try it with.
    """

    name: str
    title: Text
    about: Text
    inputs: tuple[Input, ...]
    reckon: Callable[[Reader, Words], Answer]
    example: Mapping[str, str]
    further: tuple[Input, ...] = ()

    @property
    def all_inputs(self) -> tuple[Input, ...]:
        """Every field."""
        return self.inputs + self.further

    @property
    def example_query(self) -> str:
        """The query of its example."""
        return urlencode(self.example)

    def is_asked(self, typed: Mapping[str, str]) -> bool:
        """Tell whether a form was sent."""
        return any(one.name in typed for one in self.all_inputs)

    def answer(self, typed: Mapping[str, str], lang: Lang) -> Answer:
        """Reckon what was typed.

        Raises
        ------
        InputError
            With every fault, each under the label of its field.
        """
        labels = {one.name: one.label.of(lang) for one in self.all_inputs}
        reader = Reader(lambda name: labels.get(name, name))
        return self.reckon(reader, self._words(typed))

    def _words(self, typed: Mapping[str, str]) -> dict[str, Any]:
        words: dict[str, Any] = {}
        for one in self.all_inputs:
            word = typed.get(one.name, "").strip()
            if one.kind is Kind.FLAG:
                words[one.name] = word == "1"
            elif one.kind is Kind.LINES:
                words[one.name] = [line.strip() for line in word.splitlines() if line.strip()]
            elif word or one.required:
                words[one.name] = word
        return words


def repayment_figure(answer: Answer, lang: Lang) -> dict[str, Any] | None:
    """Return the plan of repayment of a loan as a Plotly figure, None of any other answer."""
    payments = answer.details.get("payments")
    if not payments:
        return None
    days = [one["day"] for one in payments]
    parts = (
        (Text("本金", "principal"), "principal_fen"),
        (Text("利息", "interest"), "interest_fen"),
    )
    bars = [
        {
            "type": "bar",
            "name": text.of(lang),
            "x": days,
            "y": [one[key] / 100 for one in payments],
        }
        for text, key in parts
    ]
    layout = {
        "barmode": "stack",
        "xaxis": {"type": "category"},
        "yaxis": {"tickformat": ",.0f"},
    }
    return {"data": bars, "layout": layout}


def headers_of(table: Table, lang: Lang) -> list[tuple[str, str]]:
    """Return the headers of a table of an answer, those of amounts on the right."""
    return [(c.title.of(lang), "number" if c.is_amount else "") for c in table.columns]


def rows_of(table: Table, lang: Lang) -> list[list[tuple[str, str]]]:
    """Return the rows of a table of an answer, amounts marked to stand on the right."""
    return [
        [
            (shown_cell(cell).of(lang), "number" if column.is_amount else "")
            for cell, column in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    ]
