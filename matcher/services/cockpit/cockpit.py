"""The cockpit put together, and as a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from matcher.domain.text import Lang, Text
from matcher.services.cockpit import grouping
from matcher.services.cockpit.choosing import Chosen
from matcher.services.cockpit.counting import lines_of
from matcher.services.cockpit.facts import Facts
from matcher.services.reporting.report import Block, Grid, Report
from matcher.services.reporting.workbook import report_workbook
from matcher.services.statistics import Line

TITLE = Text("驾驶舱", "Cockpit")


@dataclass(frozen=True, slots=True)
class Cockpit:
    """All figures of a choice of needs.

    Parameters
    ----------
    grids
        By key: ``month``, ``sector``, ``size``, ``region``, ``institution``, ``wait``, ``pools``.
    """

    chosen: Chosen
    lines: tuple[Line, ...]
    grids: Mapping[str, Grid]


def make_cockpit(facts: Facts, chosen: Chosen, pools: Grid) -> Cockpit:
    """Count the needs that are chosen; pools are those of all plans that are out."""
    needs = chosen.of(facts)
    grids = {
        "month": grouping.by_month(needs),
        "wait": grouping.by_wait(needs),
        "sector": grouping.by_sector(needs),
        "size": grouping.by_size(needs),
        "region": grouping.by_region(needs),
        "institution": grouping.by_institution(needs),
        "pools": pools,
    }
    return Cockpit(chosen, lines_of(needs), MappingProxyType(grids))


def cockpit_workbook(cockpit: Cockpit, today: date, lang: Lang, only: str | None = None) -> bytes:
    """Return the figures as the bytes of an Excel workbook.

    Parameters
    ----------
    only
        The key of the one table wanted; None for all.
    """
    grids = [grid for key, grid in cockpit.grids.items() if only in (None, key) and grid.rows]
    block = Block("cockpit", TITLE, cockpit.lines, {}, tuple(grids))
    return report_workbook(Report((block,), cockpit.chosen.period), today, lang)
