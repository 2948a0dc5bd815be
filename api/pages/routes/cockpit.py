"""The cockpit: figures over time and by group, each as a chart, a table and a download."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession
from api.downloads import download
from api.pages.kept import kept_by_app
from api.pages.page import OfficePage, actor_of, page_router
from api.pages.views.cockpit import asked_cockpit, charts_of
from api.pages.views.filters import ANY
from api.uploads import XLSX
from matcher.domain.choices import Size
from matcher.domain.errors import Fault
from matcher.services.cockpit.choosing import Chosen
from matcher.services.cockpit.cockpit import cockpit_workbook
from matcher.services.cockpit.keeping import KeptCockpits
from matcher.services.records.lists import institution_names
from matcher.services.reporting.report import Period
from matcher.services.statistics.sectors import SECTIONS

router = page_router("/cockpit")


Kept = Annotated[KeptCockpits, Depends(kept_by_app(KeptCockpits))]
Asked = Annotated[tuple[Chosen, tuple[Fault, ...]], Depends(asked_cockpit)]


@router.get("")
def show_cockpit(page: OfficePage, session: ReadSession, kept: Kept, asked: Asked) -> Response:
    """Show the figures of the needs that are asked for."""
    chosen, faults = asked
    cockpit = kept.of(session, actor_of(page), chosen)
    return page.render(
        "cockpit.html",
        422 if faults else 200,
        cockpit=cockpit,
        charts=charts_of(cockpit, page.lang),
        faults=faults,
        params=dict(page.request.query_params),
        query=page.request.url.query,
        report=_report_query(chosen.period),
        sizes=[("", ANY), *((one.value, one.text) for one in Size)],
        sectors=[("", ANY), *((key, text) for key, text in SECTIONS.items())],
        institutions=[("", ANY), *institution_names(session, actor_of(page))],
    )


@router.get("/figures.xlsx")
def fetch_figures(
    page: OfficePage, session: ReadSession, kept: Kept, asked: Asked, now: ClockDep
) -> Response:
    """Return the figures as a workbook, all tables or one."""
    cockpit = kept.of(session, actor_of(page), asked[0])
    only = page.request.query_params.get("table")
    content = cockpit_workbook(cockpit, now().date(), page.lang, only)
    return download(content, "cockpit.xlsx", XLSX)


def _report_query(period: Period) -> str:
    """Return what asks for the report of a period."""
    days = {"since": period.since, "until": period.until}
    return urlencode({name: day.isoformat() for name, day in days.items() if day})
