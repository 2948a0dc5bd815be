"""Events: the register, timetables asked for, guests, and each guest's own agenda."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response, status

from api.auth import Anyone, Office, Organiser, allow
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath, SettingsDep
from api.downloads import ICS, download, file_answer
from api.filters import DayAsked
from api.openapi import problems
from api.outcomes import QUEUED
from api.paging import PageDep, link_next
from api.preconditions import TAGGED, TagDep, etag, version_of
from api.routes.timetables import public
from api.routing import JsonRoute
from api.schemas.events import (
    CheckInCreate,
    EventChange,
    EventCreate,
    EventDetailPublic,
    EventPublic,
    EventsPublic,
    GuestPublic,
    GuestsPublic,
    OwnAgendaPublic,
)
from api.schemas.timetables import (
    ReplanCreate,
    TimetableCreate,
    TimetablePublic,
    TimetablesPublic,
)
from matcher.domain.actor import Actor, Role
from matcher.domain.event import EventKind
from matcher.services.meetings.asking import ask_replan, ask_timetable
from matcher.services.meetings.attendance import check_in, list_guests, undo_check_in
from matcher.services.meetings.calendars import Method, own_calendar
from matcher.services.meetings.following import follow
from matcher.services.meetings.own import own_agenda
from matcher.services.meetings.reading import list_timetables, runs_of
from matcher.services.meetings.register import (
    EventAsked,
    Outcome,
    change_event,
    enter_event,
    list_events,
    remove_event,
)
from matcher.store.repositories.meetings import Events

router = APIRouter(prefix="/events", tags=["events"], route_class=JsonRoute)

Guest = Annotated[Actor, Depends(allow(Role.BANK, Role.ENTERPRISE))]


@router.post(
    "",
    operation_id="create_event",
    summary="登记活动 / Enter an event",
    status_code=status.HTTP_201_CREATED,
    responses={201: TAGGED, **problems(409)},
)
def create_event(
    request: Request,
    response: Response,
    actor: Organiser,
    session: WriteSession,
    asked: EventCreate,
    now: ClockDep,
) -> EventPublic:
    """Enter an event: one that was held, for the report, or one to be held, with its hall."""
    wanted = EventAsked(
        **{n: getattr(asked, n) for n in EventCreate.model_fields if n != "outcome"},
        outcome=asked.outcome.outcome(),
    )
    row = enter_event(session, actor, wanted, now())
    response.headers["Location"] = str(request.app.url_path_for("read_event", event_id=row.id))
    response.headers["ETag"] = etag(str(row.version))
    return EventPublic.of(row, is_office=True)


@router.get(
    "",
    operation_id="list_events",
    summary="活动列表 / List events",
    responses=problems(),
)
def read_events(
    request: Request,
    response: Response,
    actor: Anyone,
    session: ReadSession,
    page: PageDep,
    kind: Annotated[EventKind | None, Query(description="Only of this kind.")] = None,
    since: DayAsked = None,
    until: DayAsked = None,
) -> EventsPublic:
    """Return a page of events, the latest first; banks and firms see those they are asked to."""
    found = list_events(session, actor, page, kind, since, until)
    link_next(request, response, found)
    items = [EventPublic.of(row, actor.is_office) for row in found.rows]
    return EventsPublic(items=items, next=found.next)


@router.get(
    "/{event_id}",
    operation_id="read_event",
    summary="查询活动 / Read an event",
    responses={200: TAGGED, **problems(404)},
)
def read_event(
    response: Response, event_id: IdPath, actor: Anyone, session: ReadSession
) -> EventDetailPublic:
    """Return an event; for the office with its description, its guests counted, what came of it."""
    row = Events(session, actor).find(event_id)
    if actor.is_office:
        response.headers["ETag"] = etag(str(row.version))
    return EventDetailPublic.told(row, follow(session, row) if actor.is_office else None)


@router.patch(
    "/{event_id}",
    operation_id="change_event",
    summary="修改活动 / Change an event",
    responses={200: TAGGED, **problems(404, 409, 412, 428)},
)
def patch_event(
    response: Response,
    event_id: IdPath,
    tag: TagDep,
    actor: Organiser,
    session: WriteSession,
    asked: EventChange,
    now: ClockDep,
) -> EventPublic:
    """Change what is named; a timetable that was made stays until a new one is."""
    before = Outcome.of_json(Events(session, actor).find(event_id).outcome)
    changes = asked.changes(before)
    row = change_event(session, actor, event_id, version_of(tag), changes, now())
    response.headers["ETag"] = etag(str(row.version))
    return EventPublic.of(row, is_office=True)


@router.delete(
    "/{event_id}",
    operation_id="remove_event",
    summary="删除活动 / Remove an event",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409),
)
def delete_event(event_id: IdPath, actor: Organiser, session: WriteSession, now: ClockDep) -> None:
    """Take an event out that was entered by mistake: one without timetable and guests."""
    remove_event(session, actor, event_id, now())


@router.post(
    "/{event_id}/timetables",
    operation_id="create_timetable",
    summary="编排时间表 / Ask for a timetable",
    status_code=status.HTTP_202_ACCEPTED,
    responses={202: QUEUED, **problems(404, 409, 503)},
)
def create_timetable(
    response: Response,
    event_id: IdPath,
    actor: Organiser,
    session: WriteSession,
    settings: SettingsDep,
    asked: TimetableCreate,
    now: ClockDep,
) -> TimetablePublic:
    """Queue a timetable of the meetings that the round's published plan and the event ask for.

    A firm and an institution meet while one of their leads can still become something and the
    firm lets the institution see its need. Faults of the description are told at once; follow
    the timetable at the link in `Location`.
    """
    row = ask_timetable(session, actor, event_id, asked.asked(), settings.work, now())
    response.headers["Location"] = f"/timetables/{row.id}"
    return public(session, row)


@router.post(
    "/{event_id}/replan",
    operation_id="replan_event",
    summary="当日重排 / Plan the rest of the day anew",
    status_code=status.HTTP_202_ACCEPTED,
    responses={202: QUEUED, **problems(404, 409, 503)},
)
def replan_event(
    response: Response,
    event_id: IdPath,
    actor: Organiser,
    session: WriteSession,
    settings: SettingsDep,
    asked: ReplanCreate,
    now: ClockDep,
) -> TimetablePublic:
    """Queue the rest of the day, planned again: what has begun stays, as little else moves as may.

    What comes of it is a draft that says for each guest what is new; it is given out when it is
    published.
    """
    row = ask_replan(session, actor, event_id, asked.asked(), settings.work, now())
    response.headers["Location"] = f"/timetables/{row.id}"
    return public(session, row)


@router.get(
    "/{event_id}/timetables",
    operation_id="list_timetables",
    summary="时间表列表 / List timetables",
    responses=problems(404),
)
def read_timetables(
    request: Request,
    response: Response,
    event_id: IdPath,
    actor: Office,
    session: ReadSession,
    page: PageDep,
) -> TimetablesPublic:
    """Return a page of the timetables of an event, the newest first."""
    found = list_timetables(session, actor, event_id, page)
    link_next(request, response, found)
    runs = runs_of(session, found.rows)
    items = [
        TimetablePublic.of(row, None if row.run_id is None else runs.get(row.run_id))
        for row in found.rows
    ]
    return TimetablesPublic(items=items, next=found.next)


@router.get(
    "/{event_id}/attendance",
    operation_id="list_guests",
    summary="签到列表 / List guests",
    responses=problems(404),
)
def read_guests(
    request: Request,
    response: Response,
    event_id: IdPath,
    actor: Office,
    session: ReadSession,
    page: PageDep,
) -> GuestsPublic:
    """Return a page of those who are expected at an event, and of all who came."""
    found = list_guests(session, actor, event_id, page)
    link_next(request, response, found)
    return GuestsPublic(items=[GuestPublic.of(row) for row in found.rows], next=found.next)


@router.post(
    "/{event_id}/attendance",
    operation_id="check_in",
    summary="签到 / Check somebody in",
    responses=problems(404),
)
def create_attendance(
    event_id: IdPath, actor: Organiser, session: WriteSession, asked: CheckInCreate, now: ClockDep
) -> GuestPublic:
    """Write down that somebody came; twice is once, and the first time stays."""
    return GuestPublic.of(check_in(session, actor, event_id, asked.participant, now()))


@router.delete(
    "/{event_id}/attendance/{guest_id}",
    operation_id="undo_check_in",
    summary="撤销签到 / Take a check-in back",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409),
)
def delete_attendance(
    event_id: IdPath, guest_id: IdPath, actor: Organiser, session: WriteSession, now: ClockDep
) -> None:
    """Take back that somebody came: it was the wrong line of the list."""
    undo_check_in(session, actor, event_id, guest_id, now())


@router.get(
    "/{event_id}/agenda",
    operation_id="read_own_agenda",
    summary="我的日程 / My agenda",
    responses=problems(404),
)
def read_agenda(event_id: IdPath, actor: Guest, session: ReadSession) -> OwnAgendaPublic:
    """Return the meetings of whoever asks, as the timetable that is out has them.

    A bank sees a firm only as long as the firm lets it see a need that they meet about.
    """
    return OwnAgendaPublic.of(*own_agenda(session, actor, event_id))


@router.get(
    "/{event_id}/agenda.ics",
    operation_id="read_own_calendar",
    summary="我的日历 / My agenda as iCalendar",
    response_class=Response,
    responses={**file_answer(ICS), **problems(404)},
)
def read_calendar(
    event_id: IdPath,
    actor: Guest,
    session: ReadSession,
    method: Annotated[
        Method,
        Query(
            description="`publish`: all; `request` and `cancel`: what is new, and what is off, "
            "since the timetable before (404 if nothing is)."
        ),
    ] = Method.PUBLISH,
) -> Response:
    """Return the meetings of whoever asks as a calendar; each update has a higher SEQUENCE."""
    return download(own_calendar(session, actor, event_id, method), "agenda.ics", ICS)
