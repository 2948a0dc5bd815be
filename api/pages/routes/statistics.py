"""A bank's own statistics: what became of its leads, as figures, tables, a chart and downloads."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from api.database import ReadSession
from api.pages.page import BankPage, actor_of, page_router
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Lang, Text
from matcher.services.reporting.report import Block, Period, Report
from matcher.services.store_statistics.report import Wanted, store_report

router = page_router("/statistics")

_STAGES = ("num_leads", "num_accepted", "num_approved", "num_signed", "num_disbursed")
_DAY = Text("日期，如 2027-06-18", "a day, as 2027-06-18")


@router.get("")
def show_statistics(page: BankPage, session: ReadSession) -> Response:
    """Show what became of a bank's leads in a period."""
    params = dict(page.request.query_params)
    faults = tuple[Fault, ...]()
    period = Period()
    try:
        period = _period(params)
    except InputError as error:
        faults = error.faults
    report = store_report(session, actor_of(page), Wanted(period))
    asked = {"since": period.since, "until": period.until}
    return page.render(
        "statistics.html",
        422 if faults else 200,
        report=report,
        params=params,
        faults=faults,
        stages=_stages(report, page.lang),
        query=urlencode({name: day.isoformat() for name, day in asked.items() if day}),
    )


def _period(params: dict[str, str]) -> Period:
    faults = list[Fault]()
    days = {name: _day(params.get(name, "").strip(), name, faults) for name in ("since", "until")}
    if faults:
        raise InputError(faults)
    return Period(**days)


def _day(text: str, name: str, faults: list[Fault]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        faults.append(Fault(Text("无法读取", "cannot be read"), name, text[:40], _DAY))
        return None


def _stages(report: Report, lang: Lang) -> dict[str, Any]:
    """Return how many leads came how far, as a figure and as the rows of a table."""
    block: Block = next(one for one in report.blocks if one.key == "leads")
    lines = {line.key: line for line in block.lines}
    rows = [(lines[key].label.of(lang), int(lines[key].value or 0)) for key in _STAGES]
    figure = {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "x": [number for _, number in rows],
                "y": [label for label, _ in rows],
                "text": [str(number) for _, number in rows],
            }
        ],
        "layout": {"yaxis": {"autorange": "reversed"}, "xaxis": {"rangemode": "tozero"}},
    }
    return {"figure": figure, "rows": [(label, (number, "number")) for label, number in rows]}
