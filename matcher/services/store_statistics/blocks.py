"""Blocks of a report and the groups that leads and needs fall into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from matcher.domain.choices import Size
from matcher.domain.text import Text
from matcher.files.plan_json_parts import text_json
from matcher.services.reporting.report import Block, Grid
from matcher.services.statistics import Line, to_document
from matcher.services.statistics.sectors import NOT_STATED, SECTIONS

T = TypeVar("T")
Named = tuple[str, Text]
SIZES: tuple[Named, ...] = tuple((size.value, size.text) for size in Size)
SECTORS: tuple[Named, ...] = tuple(SECTIONS.items())


def grouped(
    items: Sequence[T], named: Sequence[Named], key: Callable[[T], str | None]
) -> list[tuple[Text, list[T]]]:
    """Return a group for each name that an item has, in the order of the names."""
    found: dict[str | None, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    every = [*named, (None, NOT_STATED)]
    return [(text, found[name]) for name, text in every if name in found]


def make_block(key: str, title: Text, lines: Sequence[Line], grids: Sequence[Grid]) -> Block:
    """Return a block whose JSON has its figures and its tables."""
    content = to_document(lines)
    content["tables"] = [
        {
            "title": text_json(grid.title),
            "rows": [{"label": text_json(text), **to_document(row)} for text, row in grid.rows],
        }
        for grid in grids
    ]
    return Block(key, title, tuple(lines), content, tuple(grids))
