"""Timetables of events: followed, looked at, moved about, given out, taken home."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response, status
from sqlmodel import Session

from api.auth import Office, Organiser
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath, LangDep
from api.downloads import ICS, PDF, ZIP, download, file_answer
from api.openapi import problems
from api.outcomes import NOT_CHANGED, IfNoneMatch, outcome
from api.preconditions import TAGGED, TagDep, etag, version_of
from api.problems import instance_of, problem_of
from api.routing import JsonRoute
from api.schemas.base import TextPublic
from api.schemas.timetables import (
    HallPublic,
    MoveCreate,
    MovePublic,
    TimetableDetailPublic,
    TimetablePublic,
)
from api.uploads import XLSX
from matcher.domain.run import RunState
from matcher.files.agenda_excel import agenda_workbook
from matcher.files.agenda_pdf import agenda_pdf
from matcher.services.meetings.calendars import Method, all_calendars, calendar_of
from matcher.services.meetings.moving import move_meeting
from matcher.services.meetings.publishing import discard_timetable, publish_timetable
from matcher.services.meetings.reading import agenda_of, has_document, moves_of, run_of
from matcher.services.runs import running
from matcher.store.repositories.meetings import Timetables
from matcher.store.tables import TimetableRow

router = APIRouter(prefix="/timetables", tags=["events"], route_class=JsonRoute)

Told = Annotated[
    Method,
    Query(
        description="`publish`: all meetings; `request` and `cancel`: what is new, and what is "
        "off, since the timetable that was given out before."
    ),
]


@router.get(
    "/{timetable_id}",
    operation_id="read_timetable",
    summary="查询时间表 / Read a timetable",
    responses={200: TAGGED, **problems(404)},
)
def read_timetable(
    request: Request,
    response: Response,
    timetable_id: IdPath,
    actor: Office,
    session: ReadSession,
    lang: LangDep,
) -> TimetableDetailPublic:
    """Tell where a timetable stands; once it is made, who meets whom when, and what is new."""
    row = Timetables(session, actor).find(timetable_id)
    run = run_of(session, row)
    error = None if run is None else running.problem_of(run)
    stage = None if run is None else running.stage_of(run)
    response.headers["ETag"] = etag(str(row.version))
    return TimetableDetailPublic(
        **TimetablePublic.fields_of(row, None if run is None else RunState(run.state)),
        stage=None if stage is None else TextPublic.of(stage),
        hall=HallPublic.of(agenda_of(row)) if has_document(row) else None,
        moves=[MovePublic.of(move) for move in moves_of(session, row)],
        problem=None if error is None else problem_of(error, lang, instance_of(request)),
    )


@router.delete(
    "/{timetable_id}",
    operation_id="discard_timetable",
    summary="弃用时间表 / Discard a timetable",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409),
)
def delete_timetable(
    timetable_id: IdPath, actor: Organiser, session: WriteSession, now: ClockDep
) -> None:
    """Put a timetable aside that never went out; one that is being made is cancelled."""
    discard_timetable(session, actor, timetable_id, now())


@router.post(
    "/{timetable_id}/moves",
    operation_id="move_meeting",
    summary="调整洽谈 / Move a meeting",
    responses={200: TAGGED, **problems(404, 409, 412, 428)},
)
def create_move(
    response: Response,
    timetable_id: IdPath,
    tag: TagDep,
    actor: Organiser,
    session: WriteSession,
    asked: MoveCreate,
    now: ClockDep,
) -> TimetablePublic:
    """Move one meeting; the whole timetable is checked at once.

    409 with every rule that it would break, and then nothing is moved. A draft is changed in
    place; of a timetable that is out the answer is a new draft.
    """
    row = move_meeting(session, actor, timetable_id, version_of(tag), asked.moved(), now())
    response.headers["ETag"] = etag(str(row.version))
    return public(session, row)


@router.post(
    "/{timetable_id}/publish",
    operation_id="publish_timetable",
    summary="发布时间表 / Publish a timetable",
    responses={200: TAGGED, **problems(404, 409, 412, 428)},
)
def create_publication(
    response: Response,
    timetable_id: IdPath,
    tag: TagDep,
    actor: Organiser,
    session: WriteSession,
    now: ClockDep,
) -> TimetablePublic:
    """Give a draft out: guests see their agendas, and calendars the next SEQUENCE."""
    row = publish_timetable(session, actor, timetable_id, version_of(tag), now())
    response.headers["ETag"] = etag(str(row.version))
    return public(session, row)


@router.get(
    "/{timetable_id}/document",
    operation_id="read_timetable_document",
    summary="时间表文件 / The document of a timetable",
    response_class=Response,
    openapi_extra={"responses": {"200": {"content": {"application/json": {"schema": {
        "type": "object", "description": "timetable.json"}}}}}},
    responses={200: TAGGED, 304: NOT_CHANGED, **problems(404, 409)},
)  # fmt: skip
def read_document(
    timetable_id: IdPath, actor: Office, session: ReadSession, if_none_match: IfNoneMatch = None
) -> Response:
    """Return timetable.json, as `matcher schedule` writes it and reads it for a change."""
    row = Timetables(session, actor).find(timetable_id)
    agenda_of(row)
    return outcome(str(row.version), if_none_match, row.document.encode)


@router.get(
    "/{timetable_id}/timetable.xlsx",
    operation_id="read_timetable_workbook",
    summary="时间表 Excel / A timetable as a workbook",
    response_class=Response,
    responses={**file_answer(XLSX), **problems(404, 409)},
)
def read_workbook(timetable_id: IdPath, actor: Office, session: ReadSession) -> Response:
    """Return the workbook: the hall, badges, firms, and a sheet for each institution."""
    row = Timetables(session, actor).find(timetable_id)
    return download(agenda_workbook(agenda_of(row)), f"timetable-{row.number}.xlsx", XLSX)


@router.get(
    "/{timetable_id}/agenda.pdf",
    operation_id="read_timetable_agenda",
    summary="议程 PDF / A timetable to be printed",
    response_class=Response,
    responses={**file_answer(PDF), **problems(404, 409, 422)},
)
def read_printed(timetable_id: IdPath, actor: Office, session: ReadSession) -> Response:
    """Return the printed agenda; 422 if a font lacks a character, with what to install."""
    row = Timetables(session, actor).find(timetable_id)
    return download(agenda_pdf(agenda_of(row)), f"agenda-{row.number}.pdf", PDF)


@router.get(
    "/{timetable_id}/calendars.zip",
    operation_id="read_timetable_calendars",
    summary="全部日历 / The calendars of all guests",
    response_class=Response,
    responses={**file_answer(ZIP), **problems(404, 409)},
)
def read_calendars(
    timetable_id: IdPath, actor: Office, session: ReadSession, method: Told = Method.PUBLISH
) -> Response:
    """Return a calendar for each guest who has something to be told."""
    row = Timetables(session, actor).find(timetable_id)
    name = f"calendars-{row.number}-{method.value}.zip"
    return download(all_calendars(session, row, method), name, ZIP)


@router.get(
    "/{timetable_id}/calendar.ics",
    operation_id="read_timetable_calendar",
    summary="参会方日历 / The calendar of one guest",
    response_class=Response,
    responses={**file_answer(ICS), **problems(404, 409)},
)
def read_calendar(
    timetable_id: IdPath,
    actor: Office,
    session: ReadSession,
    participant: Annotated[
        str, Query(description="Its id.", min_length=1, max_length=64, examples=["firm-01"])
    ],
    method: Told = Method.PUBLISH,
) -> Response:
    """Return one guest's calendar, to be sent on."""
    row = Timetables(session, actor).find(timetable_id)
    return download(calendar_of(session, row, participant, method), "calendar.ics", ICS)


def public(session: Session, row: TimetableRow) -> TimetablePublic:
    """Return a timetable as lists have it."""
    run = run_of(session, row)
    return TimetablePublic.of(row, None if run is None else RunState(run.state))
