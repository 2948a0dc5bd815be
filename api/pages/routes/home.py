"""The first page of each role."""

from __future__ import annotations

from starlette.responses import Response

from api.pages.page import SomebodysPage, page_router

router = page_router()


@router.get("")
def show_home(page: SomebodysPage) -> Response:
    """Show what a role needs first."""
    return page.render("home.html")
