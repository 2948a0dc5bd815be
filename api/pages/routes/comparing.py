"""Two plans of a round side by side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from api.database import ReadSession
from api.deps import IdPath
from api.pages.page import OfficePage, Page, actor_of, page_router
from api.pages.views.plans import STATE_KINDS
from matcher.domain.plan_state import PlanState
from matcher.services.plans.differing import Fate
from matcher.services.plans.listing import find_plan, find_round, list_plans
from matcher.services.plans.viewing import read_difference, read_view
from matcher.store.paging import MAX_LIMIT
from matcher.store.paging import Page as ListPage
from matcher.store.repositories.base import not_found
from matcher.store.tables import PlanRow

router = page_router("/rounds")

_ON_A_PAGE = 50
_FATE_KINDS = {Fate.GAINED: "good", Fate.LOST: "bad", Fate.CHANGED: "info"}


@router.get("/{round_id}/compare")
def show_comparison(page: OfficePage, session: ReadSession, round_id: IdPath) -> Response:
    """Show what is otherwise in one plan than in another; the two last ones unless asked."""
    actor = actor_of(page)
    shown = find_round(session, actor, round_id)
    plans = list_plans(session, actor, round_id, ListPage(MAX_LIMIT)).rows
    before = _chosen(page, session, round_id, "before") or (plans[1] if len(plans) > 1 else None)
    after = _chosen(page, session, round_id, "after") or (plans[0] if plans else None)
    values: dict[str, Any] = {"round": shown.row, "plans": plans, "before": before, "after": after}
    if before is None or after is None:
        return page.render("compare.html", **values, found=None)
    found = read_difference(session, before, after)
    part = _part(page)
    return page.render(
        "compare.html",
        **values,
        found=found,
        heads=[read_view(session, plan).head for plan in (before, after)],
        states=[PlanState.parse(plan.state) for plan in (before, after)],
        state_kinds=STATE_KINDS,
        fates=list(Fate),
        fate_kinds=_FATE_KINDS,
        needs=found.needs[part * _ON_A_PAGE : (part + 1) * _ON_A_PAGE],
        part=part,
        num_parts=-(-len(found.needs) // _ON_A_PAGE),
        pools=found.pools[:_ON_A_PAGE],
    )


def _chosen(page: Page, session: Session, round_id: UUID, name: str) -> PlanRow | None:
    """Return a plan that the address names; what is no id is answered as one that nothing has."""
    given = page.request.query_params.get(name, "")
    if not given:
        return None
    try:
        return find_plan(session, actor_of(page), round_id, UUID(given))
    except ValueError:
        raise not_found() from None


def _part(page: Page) -> int:
    given = page.request.query_params.get("part", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 7 else 0
