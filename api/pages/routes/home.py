"""The first page of each role."""

from __future__ import annotations

from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession
from api.pages.page import SomebodysPage, actor_of, page_router
from api.pages.routes.bank import show_leads
from api.pages.routes.financing import show_financing
from api.pages.views.office import show_office
from api.paging import PageDep
from matcher.domain.actor import Role

router = page_router()


@router.get("")
def show_home(page: SomebodysPage, session: ReadSession, part: PageDep, now: ClockDep) -> Response:
    """Show what a role needs first."""
    if actor_of(page).role is Role.BANK:
        return show_leads(page, session, part)
    if actor_of(page).role is Role.ENTERPRISE:
        return show_financing(page, session, part, now())
    if actor_of(page).is_office:
        return show_office(page, session, now())
    return page.render("home.html")
