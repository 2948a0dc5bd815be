"""How a firm wants to be approached about a need: by how many, and whether they know its name."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from api.auth import allow
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.openapi import problems
from api.routing import JsonRoute
from api.schemas.wishes import WishesPublic, WishesUpdate
from matcher.domain.actor import OFFICE, Actor, Role
from matcher.services.records.lists import find_need
from matcher.services.records.wishes import Wishes, set_wishes, wishes_of

router = APIRouter(prefix="/needs/{need_id}/wishes", tags=["consents"], route_class=JsonRoute)

Reader = Annotated[Actor, Depends(allow(*OFFICE, Role.ENTERPRISE))]
Wisher = Annotated[Actor, Depends(allow(Role.ENTERPRISE, Role.ORGANISER, Role.ADMIN))]
"""The firm, or the organiser in its name."""


@router.get(
    "",
    operation_id="read_wishes",
    summary="对接意愿 / How a firm wants to be approached",
    responses=problems(404),
)
def read_wishes(need_id: IdPath, actor: Reader, session: ReadSession) -> WishesPublic:
    """Return by how many a firm wants to be approached about a need, and whether by name."""
    return WishesPublic.of(wishes_of(find_need(session, actor, need_id).need))


@router.put(
    "",
    operation_id="set_wishes",
    summary="设定对接意愿 / Say how to be approached",
    responses=problems(404),
)
def put_wishes(
    need_id: IdPath, actor: Wisher, session: WriteSession, asked: WishesUpdate, now: ClockDep
) -> WishesPublic:
    """Say by how many a firm wants to be approached, and whether they know its name before.

    It holds for leads that are issued from now on; twice is once.
    """
    wishes = Wishes(asked.max_contacts, asked.is_anonymous)
    return WishesPublic.of(wishes_of(set_wishes(session, actor, need_id, wishes, now())))
