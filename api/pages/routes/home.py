"""The first page of each role."""

from __future__ import annotations

from starlette.responses import Response

from api.database import ReadSession
from api.pages.page import SomebodysPage, actor_of, page_router
from api.pages.routes.bank import show_leads
from api.paging import PageDep
from matcher.domain.actor import Role

router = page_router()


@router.get("")
def show_home(page: SomebodysPage, session: ReadSession, part: PageDep) -> Response:
    """Show what a role needs first."""
    if actor_of(page).role is Role.BANK:
        return show_leads(page, session, part)
    return page.render("home.html")
