"""Needs: searched, filtered, sorted, looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession
from api.deps import IdPath
from api.downloads import download
from api.pages.page import OfficePage, Page, actor_of, go, page_router
from api.pages.views.filters import ANY, NeedAsked, asked_needs_of_form
from api.pages.views.records import labelled, provenance_of, query_of, words_of
from api.paging import PageDep
from api.uploads import XLSX
from matcher.domain.actor import Role
from matcher.domain.choices import Instrument, Size
from matcher.services.records.consents import recipients
from matcher.services.records.exporting import need_sheets
from matcher.services.records.lists import find_need, list_needs
from matcher.store.paging import MAX_LIMIT
from matcher.store.paging import Page as ListPage

router = page_router("/needs")


@router.get("")
def show_needs(
    page: OfficePage,
    session: ReadSession,
    part: PageDep,
    asked: Annotated[NeedAsked, Depends(asked_needs_of_form)],
) -> Response:
    """Show a page of the needs, as they were asked for."""
    which = asked.which
    found = list_needs(
        session, actor_of(page), ListPage(50, part.after), which, asked.sort, asked.descending
    )
    params = dict(page.request.query_params)
    more = None if found.next is None else f"?{query_of(params, cursor=found.next)}"
    return page.render(
        "needs.html",
        needs=found.rows,
        more=more,
        query=query_of(params, cursor=None),
        params=params,
        faults=asked.faults,
        may_edit=_may_edit(page),
        instruments=_menu(page, {i.value: i for i in Instrument}),
        sizes=_menu(page, {s.value: s for s in Size}),
        instrument_words=lambda need: words_of(Instrument, need.instruments),
        size_word=lambda firm: Size.parse(firm.size).text if firm.size else "–",
    )


@router.get("/export.xlsx")
def take_needs(
    page: OfficePage,
    session: ReadSession,
    now: ClockDep,
    asked: Annotated[NeedAsked, Depends(asked_needs_of_form)],
) -> Response:
    """Return exactly the needs that the list shows, in its order, all pages of it, as a file."""
    if asked.faults:  # the list says what cannot be read
        return go(f"/needs?{page.request.url.query}")
    content = need_sheets(
        session, actor_of(page), now().date(), asked.which, asked.sort, asked.descending
    )
    return download(content, "needs.xlsx", XLSX)


@router.get("/{need_id}")
def show_need(page: OfficePage, session: ReadSession, need_id: IdPath) -> Response:
    """Show one need with its firm, and who may see it."""
    listed = find_need(session, actor_of(page), need_id)
    _, found = recipients(session, actor_of(page), need_id, ListPage(MAX_LIMIT))
    return page.render(
        "need.html",
        listed=listed,
        pairs=labelled("needs", listed.need.document),
        firm_pairs=labelled("enterprises", listed.enterprise.document),
        provenance=provenance_of("needs", listed.need.document),
        holders=[one for one in found.rows if one.may_see],
        may_edit=_may_edit(page),
    )


def _may_edit(page: Page) -> bool:
    return actor_of(page).role in (Role.ORGANISER, Role.ADMIN)


def _menu(page: Page, choices: Mapping[str, Instrument | Size]) -> list[tuple[str, str]]:
    return [
        ("", ANY.of(page.lang)),
        *((key, one.text.of(page.lang)) for key, one in choices.items()),
    ]
