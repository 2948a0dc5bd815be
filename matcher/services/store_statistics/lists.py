"""The two lists of the national practice: who came onto them in a period, and what came of it."""

from __future__ import annotations

from sqlmodel import Session

from matcher.domain.text import Text
from matcher.services.listings.counting import ListFigures, count_listings
from matcher.services.reporting.report import Block, Grid, Period
from matcher.services.statistics import Line, Unit, ratio
from matcher.services.store_statistics.blocks import make_block

_FAILED, _UNKNOWN = Text("未通过", "failed"), Text("尚不清楚", "not known")


def lists_block(session: Session, period: Period) -> Block:
    """Count the needs that were applied for in a period, on the one list and the other."""
    found = count_listings(session, period.since, period.until)
    rows = tuple(
        (test.text, (Line("failed", _FAILED, failed), Line("unknown", _UNKNOWN, unknown)))
        for test, (failed, unknown) in found.held.items()
    )
    title = Text("尚在申报清单的未过项", "What holds back those on the first list")
    grids = [Grid(title, (_FAILED, _UNKNOWN), rows)]
    return make_block("lists", Text("申报与推荐清单", "The two lists"), _lines(found), grids)


def _lines(found: ListFigures) -> tuple[Line, ...]:
    share = ratio(found.num_within, found.num_decided)
    return (
        Line("num_applied", Text("申报清单", "applied for"), found.num_applied),
        Line("num_recommended", Text("推荐清单", "recommended"), found.num_recommended),
        Line("num_decided", Text("已有授信结论", "decided on"), found.num_decided),
        Line("num_granted", Text("其中授信", "of them granted"), found.num_granted),
        Line("num_within", Text("30 天内有结论", "decided within 30 days"), found.num_within),
        Line("within_share", Text("按期率", "share within 30 days"), share, Unit.RATE),
        Line("num_uncontacted", Text("尚未对接企业", "not contacted yet"), found.num_uncontacted),
    )
