"""Statistics: figures, and the tables behind them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field

from api.schemas.base import Schema, TextPublic
from matcher.services.reporting.report import Block, Grid, Report
from matcher.services.statistics import Line, Unit
from matcher.services.store_statistics.suppressing import HIDDEN

Day = Annotated[date | None, Field(examples=["2026-03-31"])]


class FigurePublic(Schema):
    """One figure."""

    key: Annotated[str, Field(examples=["num_leads"])]
    label: TextPublic
    value: Annotated[
        int | str | None,
        Field(description="Whole numbers as such, all others as text; null: not defined, or few."),
    ]
    unit: Unit
    shown: Annotated[TextPublic, Field(description="As people read it.")]
    is_suppressed: Annotated[bool, Field(description="Whether it is hidden: too few cases.")]

    @classmethod
    def of(cls, line: Line) -> Self:
        """Take over a figure."""
        told = line.to_json()
        return cls(
            key=line.key,
            label=TextPublic.of(line.label),
            value=told["value"],
            unit=line.unit,
            shown=TextPublic.of(line.shown),
            is_suppressed=line.value is None and line.absent == HIDDEN,
        )


class StatisticsRow(Schema):
    """One row of a table."""

    label: TextPublic
    figures: list[FigurePublic]


class StatisticsTable(Schema):
    """A table behind the figures."""

    title: TextPublic
    rows: list[StatisticsRow]

    @classmethod
    def of(cls, grid: Grid) -> Self:
        """Take over a table."""
        rows = [
            StatisticsRow(
                label=TextPublic.of(text), figures=[FigurePublic.of(line) for line in lines]
            )
            for text, lines in grid.rows
        ]
        return cls(title=TextPublic.of(grid.title), rows=rows)


class StatisticsBlock(Schema):
    """One part of the statistics: `needs`, `leads`, `deals`, `events`."""

    key: Annotated[str, Field(examples=["leads"])]
    title: TextPublic
    figures: list[FigurePublic]
    tables: list[StatisticsTable]

    @classmethod
    def of(cls, block: Block) -> Self:
        """Take over a part."""
        return cls(
            key=block.key,
            title=TextPublic.of(block.title),
            figures=[FigurePublic.of(line) for line in block.lines],
            tables=[StatisticsTable.of(grid) for grid in block.grids],
        )


class StatisticsPublic(Schema):
    """What the store adds up to."""

    since: Day
    until: Day
    blocks: list[StatisticsBlock]
    notes: list[TextPublic]

    @classmethod
    def of(cls, report: Report) -> Self:
        """Take over a report."""
        return cls(
            since=report.period.since,
            until=report.period.until,
            blocks=[StatisticsBlock.of(block) for block in report.blocks],
            notes=[TextPublic.of(note) for note in report.notes],
        )
