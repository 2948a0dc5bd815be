"""Rounds: opened with a committed seed, planned, carried over into the next."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Request, Response, status

from api.auth import Office, Organiser
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath, SettingsDep
from api.openapi import problems
from api.outcomes import QUEUED
from api.paging import PageDep, link_next
from api.routes.plans import path_of, plan_fields
from api.routing import JsonRoute
from api.schemas.base import TextPublic
from api.schemas.plans import PlanPublic
from api.schemas.rounds import (
    CarriedCasePublic,
    CarryOverPublic,
    RoundCreate,
    RoundPublic,
    RoundRunCreate,
    RoundsPublic,
)
from matcher.domain.case import Case
from matcher.domain.text import Text
from matcher.services.leads.next_round import carry_over
from matcher.services.plans.asking import Override, RoundPlanAsked, ask_round_plan
from matcher.services.plans.listing import ShownRound, find_round, list_rounds, show_round
from matcher.services.plans.rounds import RoundAsked, open_round, takes_recommended_only

router = APIRouter(prefix="/rounds", tags=["rounds"], route_class=JsonRoute)


@router.post(
    "",
    operation_id="open_round",
    summary="开启一轮 / Open a round",
    status_code=status.HTTP_201_CREATED,
    responses={201: {"headers": {"Location": {"schema": {"type": "string"}}}}, **problems()},
)
def open_one(
    request: Request,
    response: Response,
    actor: Organiser,
    session: WriteSession,
    asked: RoundCreate,
    now: ClockDep,
) -> RoundPublic:
    """Open a round: its seed is drawn now, and the answer commits to it without telling it."""
    row = open_round(session, actor, RoundAsked(**asked.model_dump()), now())
    response.headers["Location"] = str(request.app.url_path_for("read_round", round_id=row.id))
    return _public(show_round(session, row))


@router.get("", operation_id="list_rounds", summary="轮次 / List rounds", responses=problems())
def read_rounds(
    request: Request, response: Response, actor: Office, session: ReadSession, page: PageDep
) -> RoundsPublic:
    """Return a page of the rounds, the newest first."""
    found = list_rounds(session, actor, page)
    link_next(request, response, found)
    return RoundsPublic(items=[_public(one) for one in found.rows], next=found.next)


@router.get(
    "/{round_id}",
    operation_id="read_round",
    summary="查询轮次 / Read a round",
    responses=problems(404),
)
def read_round(round_id: IdPath, actor: Office, session: ReadSession) -> RoundPublic:
    """Return one round; its seed once a plan of it is out."""
    return _public(find_round(session, actor, round_id))


@router.get(
    "/{round_id}/carry-over",
    operation_id="read_carry_over",
    summary="结转 / What the next round takes over",
    responses=problems(404),
)
def read_carry_over(
    round_id: IdPath, actor: Office, session: ReadSession, now: ClockDep
) -> CarryOverPublic:
    """Sort the cases of a round as of today: kept, matched again and why, over for good."""
    split = carry_over(session, actor, round_id, now().date()).split
    return CarryOverPublic(
        kept=_carried((case, None) for case in split.kept),
        requeued=_carried(split.requeued),
        ended=_carried((case, None) for case in split.ended),
        need_keys=list(split.need_ids),
    )


@router.post(
    "/{round_id}/runs",
    operation_id="create_round_run",
    summary="为本轮排方案 / Ask for a plan of a round",
    status_code=status.HTTP_202_ACCEPTED,
    responses={202: QUEUED, **problems(404, 503)},
)
def create_round_run(
    request: Request,
    response: Response,
    round_id: IdPath,
    actor: Organiser,
    session: WriteSession,
    asked: RoundRunCreate,
    settings: SettingsDep,
    now: ClockDep,
) -> PlanPublic:
    """Queue a plan of the live market on the round's day, with the round's seed.

    What cases keep is pinned, what they ruled out is banned, firms and institutions in a
    declared conflict are kept apart. Each override needs a reason; the run reports what they
    cost. Once it is done, make it a plan of the round at `POST /rounds/{id}/plans`.
    """
    row = ask_round_plan(session, actor, round_id, _asked(asked, settings), settings.work, now())
    response.headers["Location"] = path_of(request, row)
    return PlanPublic(**plan_fields(request, row))


def _asked(asked: RoundRunCreate, settings: SettingsDep) -> RoundPlanAsked:
    return RoundPlanAsked(
        method=asked.method,
        gap=asked.gap,
        time_limit=min(asked.time_limit_seconds, settings.time_limit_max_seconds),
        floors=asked.floors,
        fair=asked.fair,
        overrides=tuple(Override(**one.model_dump()) for one in asked.overrides),
        follows=asked.follows,
    )


def _public(shown: ShownRound) -> RoundPublic:
    row, rules = shown.row, json.loads(shown.row.rules)
    return RoundPublic(
        id=row.id,
        name=row.name,
        as_of=row.as_of,
        is_open=row.is_open,
        is_recommended_only=takes_recommended_only(row),
        response_workdays=rules["response_workdays"],
        decision_days=rules["decision_days"],
        seed_commitment=row.seed_commitment,
        seed=row.seed if shown.is_seed_open else None,
        seed_salt=row.seed_salt if shown.is_seed_open else None,
        live_plan_id=shown.live_plan_id,
        created_by=row.created_by,
        created_at=row.created_at,
    )


def _carried(cases: Iterable[tuple[Case, Text | None]]) -> list[CarriedCasePublic]:
    return [_case(case, why) for case, why in cases]


def _case(case: Case, why: Text | None) -> CarriedCasePublic:
    values: dict[str, Any] = {"lead_id": case.case_id, "status": case.status}
    return CarriedCasePublic(
        need_key=case.need_id,
        product_key=case.product_id,
        why=None if why is None else TextPublic.of(why),
        **values,
    )
