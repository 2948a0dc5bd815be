"""Whom to convene to an event: which needs it is about, and who should sit at the table."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession
from api.deps import IdPath
from api.pages.kept import kept_by_app
from api.pages.page import OrganiserPage, actor_of, page_router
from matcher.domain.event import EventKind
from matcher.domain.moments import china_day
from matcher.scoring.weights import default_weights
from matcher.services.meetings.convening import KeptParties, convene_event, needs_of_event
from matcher.store.repositories.meetings import Events

router = page_router("/events")

AT_ONCE = 1
"""Needs that one request looks at; whoever waits asks again, with or without scripts."""


Kept = Annotated[KeptParties, Depends(kept_by_app(KeptParties))]


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
    page: OrganiserPage, session: ReadSession, event_id: IdPath, now: ClockDep, kept: Kept
) -> Response:
    """Return who should come, or how far the search is: each request goes one need further."""
    actor = actor_of(page)
    row = Events(session, actor).find(event_id)
    found = convene_event(session, actor, row, default_weights(), now(), kept, AT_ONCE)
    is_part = "x-part" in page.request.headers
    answer = page.render(
        "convening_part.html" if is_part else "convened.html", event=row, found=found
    )
    if found.num_waiting and not is_part:
        answer.headers["Refresh"] = "1"
    return answer
