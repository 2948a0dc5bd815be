"""Declared conflicts of interest: the organiser's, and each bank's own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response, status

from api.auth import Organiser, allow
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.openapi import problems
from api.paging import PageDep, link_next
from api.routing import JsonRoute
from api.schemas.conflicts import ConflictCreate, ConflictPublic, ConflictsPublic
from matcher.domain.actor import OFFICE, Actor, Role
from matcher.services.plans.conflicts import ConflictAsked, declare, list_conflicts, withdraw

router = APIRouter(prefix="/conflicts", tags=["conflicts"], route_class=JsonRoute)

Reader = Annotated[Actor, Depends(allow(Role.BANK, *OFFICE))]
Declarer = Annotated[Actor, Depends(allow(Role.BANK, Role.ORGANISER, Role.ADMIN))]


@router.get(
    "", operation_id="list_conflicts", summary="利益冲突 / List conflicts", responses=problems()
)
def read_conflicts(
    request: Request, response: Response, actor: Reader, session: ReadSession, page: PageDep
) -> ConflictsPublic:
    """Return a page of declared conflicts, the newest first; a bank sees its own."""
    found = list_conflicts(session, actor, page)
    link_next(request, response, found)
    return ConflictsPublic(items=[ConflictPublic.of(one) for one in found.rows], next=found.next)


@router.post(
    "",
    operation_id="declare_conflict",
    summary="声明利益冲突 / Declare a conflict",
    status_code=status.HTTP_201_CREATED,
    responses=problems(404, 409),
)
def declare_conflict(
    actor: Declarer, session: WriteSession, asked: ConflictCreate, now: ClockDep
) -> ConflictPublic:
    """Declare that a firm and an institution must not be brought together.

    Leads between them that nobody has answered are taken back at once, and no plan proposes
    the two any more.
    """
    return ConflictPublic.of(declare(session, actor, ConflictAsked(**asked.model_dump()), now()))


@router.delete(
    "/{conflict_id}",
    operation_id="withdraw_conflict",
    summary="撤销声明 / Take a conflict back",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
def withdraw_conflict(
    conflict_id: IdPath, actor: Organiser, session: WriteSession, now: ClockDep
) -> None:
    """Take a conflict back; the row stays, with when."""
    withdraw(session, actor, conflict_id, now())
