"""Charts with the same as a table: what a grid of figures becomes on a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matcher.domain.text import Lang, Text
from matcher.services.reporting.report import Grid
from matcher.services.statistics import Line

MOST_BARS = 15
_LINE = 28
"""Columns of letters beside a bar in one line; a Chinese one takes two."""

_BAR_PX, _ROOM_PX = 34, 130
_TEXT_PX = 16
"""What a line of text beside a bar takes."""
_FIRST = Text("分组", "group")
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with the same as a table.

    Parameters
    ----------
    table
        The key of the table, for its download.
    """

    key: str
    table: str
    title: str
    figure: Json | None
    headers: list[Any]
    rows: list[Any]


def chart_of(
    key: str, table: str, grid: Grid, figure: Json | None, lang: Lang, subtitle: Text | None = None
) -> Chart:
    """Return a figure of a grid with the grid as its table."""
    title = grid.title.of(lang)
    if subtitle is not None:
        title = Text("{t}：{s}", "{t}: {s}").format(t=grid.title, s=subtitle).of(lang)
    return Chart(key, table, title, figure, headers_of(grid, lang), rows_of(grid, lang))


def headers_of(grid: Grid, lang: Lang, first: Text = _FIRST) -> list[Any]:
    """Return the headers of a grid, those of figures to stand on the right."""
    return [first.of(lang), *((header.of(lang), "number") for header in grid.headers)]


def rows_of(grid: Grid, lang: Lang) -> list[Any]:
    """Return the rows of a grid as people read them."""
    return [
        [name.of(lang), *((line.shown.of(lang), "number") for line in lines)]
        for name, lines in grid.rows
    ]


def names_of(grid: Grid, lang: Lang) -> list[str]:
    """Return the names of the rows of a grid."""
    return [name.of(lang) for name, _ in grid.rows]


def numbers_of(grid: Grid, key: str) -> list[float]:
    """Return a column of a grid as numbers, nothing as 0."""
    return [float(line_of(row, key).value or 0) for _, row in grid.rows]


def label_of(grid: Grid, key: str, lang: Lang) -> str:
    """Return the header of a column of a grid that has rows."""
    return line_of(grid.rows[0][1], key).label.of(lang)


def line_of(row: tuple[Line, ...], key: str) -> Line:
    """Return one figure of a row."""
    return next(line for line in row if line.key == key)


def bar(name: str, labels: list[str], values: list[float]) -> Json:
    """Return bars that lie on their sides."""
    return {"type": "bar", "orientation": "h", "name": name, "y": labels, "x": values}


def broken(label: str) -> str:
    """Return what stands beside a bar, in lines that leave room for the bar on a phone.

    A line ends at a space or, in Chinese, where it is full.
    """
    lines, width = [""], 0
    for piece in re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s", label):
        wide = sum(2 if c > "\u2e7f" else 1 for c in piece)
        if width + wide > _LINE and lines[-1].strip():
            lines.append("")
            width = 0
        lines[-1] += piece
        width += wide
    return "<br>".join(line.strip() for line in lines if line.strip())


def bar_px(labels: Sequence[str]) -> int:
    """Return how high a bar has to be for what stands beside any of them."""
    most = max((label.count("<br>") + 1 for label in labels), default=1)
    return max(_BAR_PX, _TEXT_PX * most + 4)


def sideways(num_bars: int) -> Json:
    """Return the layout of bars that lie on their sides, the first at the top."""
    axis = {"autorange": "reversed", "type": "category"}
    return {"yaxis": axis, "height": _ROOM_PX + _BAR_PX * max(num_bars, 3)}
