"""The record: read by auditors, its heads kept by whoever wants to prove something later."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BeforeValidator

from api.auth import Auditor
from api.database import ReadSession
from api.openapi import problems
from api.paging import PageDep, link_next
from api.routing import Route
from api.schemas.record import EndPublic, EntryPublic, RecordPublic, SignedHeadPublic
from matcher.services.record.append import head_of
from matcher.services.record.reading import (
    EntryFilter,
    head_of_day,
    last_signed_day,
    list_entries,
)
from matcher.store.repositories.base import not_found

router = APIRouter(prefix="/record", tags=["record"], route_class=Route)


def _as_day(value: object) -> date:
    # What is no day is answered as a day that nothing was signed for.
    try:
        found = date.fromisoformat(str(value))
    except ValueError:
        raise not_found() from None
    if found.isoformat() != value:
        raise not_found()
    return found


DayPath = Annotated[
    date, Path(description="A day, YYYY-MM-DD.", examples=["2026-03-01"]), BeforeValidator(_as_day)
]


@router.get("", operation_id="list_record", summary="存证 / Read the record", responses=problems())
def read_record(
    request: Request,
    response: Response,
    actor: Auditor,
    session: ReadSession,
    page: PageDep,
    kind: Annotated[
        str | None,
        Query(max_length=16, pattern="^[a-z]+$", description="Only these.", examples=["case"]),
    ] = None,
    subject: Annotated[UUID | None, Query(description="Only what happened to this.")] = None,
) -> RecordPublic:
    """Return a page of all that happened, the newest first."""
    found = list_entries(session, actor, page, EntryFilter(kind=kind, subject_id=subject))
    link_next(request, response, found)
    return RecordPublic(items=[EntryPublic.of(row) for row in found.rows], next=found.next)


@router.get(
    "/head", operation_id="read_record_head", summary="存证链头 / The end", responses=problems()
)
def read_head(actor: Auditor, session: ReadSession) -> EndPublic:
    """Tell where the record ends now."""
    head = head_of(session)
    return EndPublic(
        number=0 if head is None else head.number,
        sha256=None if head is None else head.sha256,
        last_signed_day=last_signed_day(session),
    )


@router.get(
    "/heads/{day}",
    operation_id="read_signed_head",
    summary="每日签名链头 / The signed head of a day",
    responses=problems(404),
)
def read_signed_head(day: DayPath, actor: Auditor, session: ReadSession) -> SignedHeadPublic:
    """Return the head that was signed for a day: keep it outside of the house.

    Whoever has it can tell later that nothing up to it was changed, left out or cut off.
    """
    signed, public_key = head_of_day(session, day)
    return SignedHeadPublic(**signed.document, public_key=public_key)
