"""Consents: whom a firm lets see its need; what is taken back is back from the next read on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response, status

from api.auth import allow
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.openapi import problems
from api.paging import PageDep, link_next
from api.routing import Route
from api.schemas.consents import ConsentsPublic, RecipientPublic
from matcher.domain.actor import OFFICE, Actor, Role
from matcher.services.records.consents import give_consent, recipients, withdraw_consent

router = APIRouter(prefix="/needs/{need_id}/consents", tags=["consents"], route_class=Route)

Reader = Annotated[Actor, Depends(allow(*OFFICE, Role.ENTERPRISE))]
Giver = Annotated[Actor, Depends(allow(Role.ENTERPRISE, Role.ORGANISER, Role.ADMIN))]
"""The firm, or the organiser in its name."""


@router.get(
    "",
    operation_id="list_consents",
    summary="谁可查看 / Who may see a need",
    responses=problems(404),
)
def read_consents(
    request: Request,
    response: Response,
    need_id: IdPath,
    actor: Reader,
    session: ReadSession,
    page: PageDep,
) -> ConsentsPublic:
    """Return who may see the data of a need: every institution, or those that were named."""
    need, found = recipients(session, actor, need_id, page)
    link_next(request, response, found)
    items = [RecipientPublic.of(one) for one in found.rows]
    return ConsentsPublic(consents_to_all=need.consents_to_all, items=items, next=found.next)


@router.put(
    "/{institution_id}",
    operation_id="give_consent",
    summary="授权 / Let an institution see a need",
    responses=problems(404),
)
def give(
    need_id: IdPath, institution_id: IdPath, actor: Giver, session: WriteSession, now: ClockDep
) -> RecipientPublic:
    """Let one institution see a need; twice is once."""
    return RecipientPublic.of(give_consent(session, actor, need_id, institution_id, now()))


@router.delete(
    "/{institution_id}",
    operation_id="withdraw_consent",
    summary="撤回授权 / Take a consent back",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
def withdraw(
    need_id: IdPath, institution_id: IdPath, actor: Giver, session: WriteSession, now: ClockDep
) -> None:
    """Let one institution see a need no longer, at once.

    Where every institution might see it, all others still may, by name; institutions that come
    later may not.
    """
    withdraw_consent(session, actor, need_id, institution_id, now())
