"""Whom to convene to an event: which needs it is about, and who should sit at the table."""

from __future__ import annotations

from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession
from api.deps import IdPath
from api.pages.page import OrganiserPage, actor_of, page_router
from matcher.domain.event import EventKind
from matcher.domain.moments import china_day
from matcher.scoring.weights import default_weights
from matcher.services.meetings.convening import convene_event, needs_of_event
from matcher.store.repositories.meetings import Events

router = page_router("/events")


@router.get("/{event_id}/convening")
def show_convening(
    page: OrganiserPage, session: ReadSession, event_id: IdPath, now: ClockDep
) -> Response:
    """Show which needs an event is about, and, as soon as it is reckoned, who should come."""
    actor = actor_of(page)
    row = Events(session, actor).find(event_id)
    about = needs_of_event(session, actor, row, china_day(now()))
    return page.render(
        "convening.html", event=row, kind=EventKind.parse(row.kind).text, about=about
    )


@router.get("/{event_id}/convening/part")
def show_convening_part(
    page: OrganiserPage, session: ReadSession, event_id: IdPath, now: ClockDep
) -> Response:
    """Return who should come: a second or two of reckoning, so a part of its own."""
    actor = actor_of(page)
    row = Events(session, actor).find(event_id)
    found = convene_event(session, actor, row, default_weights(), now())
    template = "convening_part.html" if "x-part" in page.request.headers else "convened.html"
    return page.render(template, event=row, found=found)
