"""The cockpit put together, and as a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from matcher.domain.text import Lang, Text
from matcher.services.cockpit import grouping
from matcher.services.cockpit.choosing import Chosen
from matcher.services.cockpit.counting import Counted
from matcher.services.cockpit.sums import lines_of, total
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


def make_cockpit(counted: Counted, chosen: Chosen, pools: Grid) -> Cockpit:
    """Put what was counted into tables; pools are those of all plans that are out."""
    whole = total(counted.groups.values())
    grids = {
        "month": grouping.by_month(counted.months),
        "wait": grouping.by_wait(whole.waits),
        "sector": grouping.by_sector(counted.groups),
        "size": grouping.by_size(counted.groups),
        "region": grouping.by_region(counted.groups),
        "institution": grouping.by_institution(counted.institutions),
        "pools": pools,
    }
    return Cockpit(chosen, lines_of(whole), MappingProxyType(grids))


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
