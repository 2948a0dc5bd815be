"""The cockpit: figures over time and by group, each as a chart, a table and a download."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession
from api.downloads import download
from api.pages.page import OfficePage, Page, actor_of, page_router
from api.pages.views.cockpit import asked_cockpit, charts_of
from api.pages.views.filters import ANY
from api.uploads import XLSX
from matcher.domain.choices import Size
from matcher.domain.errors import Fault
from matcher.services.cockpit.choosing import Chosen
from matcher.services.cockpit.cockpit import Cockpit, cockpit_workbook, make_cockpit
from matcher.services.cockpit.facts import KeptFacts
from matcher.services.cockpit.pools import pools_in_use
from matcher.services.records.lists import institution_names
from matcher.services.statistics.sectors import SECTIONS

router = page_router("/cockpit")


def kept_facts(request: Request) -> KeptFacts:
    """Return what the app has read of the figures already."""
    state = request.app.state
    if not hasattr(state, "cockpit_facts"):
        state.cockpit_facts = KeptFacts()
    found: KeptFacts = state.cockpit_facts
    return found


Kept = Annotated[KeptFacts, Depends(kept_facts)]
Asked = Annotated[tuple[Chosen, tuple[Fault, ...]], Depends(asked_cockpit)]


@router.get("")
def show_cockpit(page: OfficePage, session: ReadSession, kept: Kept, asked: Asked) -> Response:
    """Show the figures of the needs that are asked for."""
    chosen, faults = asked
    cockpit = _cockpit(page, session, kept, chosen)
    return page.render(
        "cockpit.html",
        422 if faults else 200,
        cockpit=cockpit,
        charts=charts_of(cockpit, page.lang),
        faults=faults,
        params=dict(page.request.query_params),
        query=page.request.url.query,
        sizes=[("", ANY), *((one.value, one.text) for one in Size)],
        sectors=[("", ANY), *((key, text) for key, text in SECTIONS.items())],
        institutions=[("", ANY), *institution_names(session, actor_of(page))],
    )


@router.get("/figures.xlsx")
def fetch_figures(
    page: OfficePage, session: ReadSession, kept: Kept, asked: Asked, now: ClockDep
) -> Response:
    """Return the figures as a workbook, all tables or one."""
    cockpit = _cockpit(page, session, kept, asked[0])
    only = page.request.query_params.get("table")
    content = cockpit_workbook(cockpit, now().date(), page.lang, only)
    return download(content, "cockpit.xlsx", XLSX)


def _cockpit(page: Page, session: Session, kept: KeptFacts, chosen: Chosen) -> Cockpit:
    actor = actor_of(page)
    return make_cockpit(kept.of(session, actor), chosen, pools_in_use(session, actor))
