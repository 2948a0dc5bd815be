"""Plans of a round: drafted, checked, let out by two people, taken back, made again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response, status
from sqlmodel import Session

from api.auth import Analyst, Office, Organiser
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath, LangDep, SettingsDep
from api.openapi import problems
from api.outcomes import NOT_CHANGED, QUEUED, IfNoneMatch, outcome
from api.paging import PageDep, link_next
from api.preconditions import TAGGED
from api.problems import instance_of, problem_of
from api.routing import JsonRoute
from api.schemas.plans import PlanDocument
from api.schemas.replays import ReplayPublic, ReplaySummaryPublic
from api.schemas.rounds import (
    IssuedPublic,
    PlanDraftCreate,
    PublishedPublic,
    RoundPlanPublic,
    RoundPlansPublic,
)
from api.schemas.runs import run_fields
from matcher.domain.actor import Actor
from matcher.services.plans import drafting, publishing
from matcher.services.plans.issuing import Issued
from matcher.services.plans.listing import find_plan, list_plans
from matcher.services.plans.replaying import find_replay, replay_plan
from matcher.services.record import begin
from matcher.services.runs import running
from matcher.store import blobs
from matcher.store.tables import PlanRow, RunRow

router = APIRouter(prefix="/rounds/{round_id}/plans", tags=["rounds"], route_class=JsonRoute)

Move = Callable[[Session, Actor, UUID, datetime], PlanRow]


@router.post(
    "",
    operation_id="draft_round_plan",
    summary="登记方案草案 / Draft a plan",
    status_code=status.HTTP_201_CREATED,
    responses={201: {"headers": {"Location": {"schema": {"type": "string"}}}}, **problems(409)},
)
def draft_plan(
    request: Request,
    response: Response,
    round_id: IdPath,
    actor: Organiser,
    session: WriteSession,
    asked: PlanDraftCreate,
    now: ClockDep,
) -> RoundPlanPublic:
    """Take the plan of a run that is done as the next draft of the round."""
    row = drafting.draft(session, actor, round_id, asked.run_id, now())
    place = request.app.url_path_for("read_round_plan", round_id=round_id, round_plan_id=row.id)
    response.headers["Location"] = str(place)
    return RoundPlanPublic.of(row)


@router.get(
    "",
    operation_id="list_round_plans",
    summary="本轮方案 / List the plans of a round",
    responses=problems(404),
)
def read_plans(
    request: Request,
    response: Response,
    round_id: IdPath,
    actor: Office,
    session: ReadSession,
    page: PageDep,
) -> RoundPlansPublic:
    """Return a page of the plans of a round, the newest first: its history."""
    found = list_plans(session, actor, round_id, page)
    link_next(request, response, found)
    return RoundPlansPublic(items=[RoundPlanPublic.of(row) for row in found.rows], next=found.next)


@router.get(
    "/{round_plan_id}",
    operation_id="read_round_plan",
    summary="查询本轮方案 / Read a plan of a round",
    responses=problems(404),
)
def read_round_plan(
    round_id: IdPath, round_plan_id: IdPath, actor: Office, session: ReadSession
) -> RoundPlanPublic:
    """Return one plan with where it stands, its figures and what was fixed by hand."""
    return RoundPlanPublic.of(find_plan(session, actor, round_id, round_plan_id))


@router.get(
    "/{round_plan_id}/document",
    operation_id="read_round_plan_document",
    summary="本轮方案文件 / The document of a plan of a round",
    response_model=PlanDocument,
    responses={200: TAGGED, 304: NOT_CHANGED, **problems(404)},
)
def read_document(
    round_id: IdPath,
    round_plan_id: IdPath,
    actor: Office,
    session: ReadSession,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return plan.json with its certificate, byte for byte as it was drafted."""
    row = find_plan(session, actor, round_id, round_plan_id)
    return outcome(row.plan_sha256, if_none_match, lambda: blobs.fetch(session, row.plan_sha256))


@router.get(
    "/{round_plan_id}/market",
    operation_id="read_round_plan_market",
    summary="本轮方案所用数据 / The market of a plan of a round",
    openapi_extra={
        "responses": {
            "200": {
                "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/MarketFile"}}
                }
            }
        }
    },
    response_class=Response,
    responses={200: TAGGED, 304: NOT_CHANGED, **problems(404)},
)
def read_market(
    round_id: IdPath,
    round_plan_id: IdPath,
    actor: Office,
    session: ReadSession,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return the snapshot of the market that the plan was made of."""
    row = find_plan(session, actor, round_id, round_plan_id)
    sha256 = row.market_sha256
    return outcome(sha256, if_none_match, lambda: blobs.fetch(session, sha256))


@router.post(
    "/{round_plan_id}/check",
    operation_id="check_round_plan",
    summary="校验 / Have a plan checked",
    responses=problems(404, 409),
)
def check_plan(
    round_id: IdPath, round_plan_id: IdPath, actor: Organiser, session: WriteSession, now: ClockDep
) -> RoundPlanPublic:
    """Have the independent checker read the draft and its market; 409 tells what does not hold."""
    return _moved(drafting.check, session, actor, round_id, round_plan_id, now())


@router.post(
    "/{round_plan_id}/propose",
    operation_id="propose_round_plan",
    summary="提请发布 / Ask for a plan to go out",
    responses=problems(404, 409),
)
def propose_plan(
    round_id: IdPath, round_plan_id: IdPath, actor: Organiser, session: WriteSession, now: ClockDep
) -> RoundPlanPublic:
    """Ask for a checked plan to go out; another person has to confirm."""
    return _moved(publishing.propose, session, actor, round_id, round_plan_id, now())


@router.post(
    "/{round_plan_id}/retract",
    operation_id="retract_round_plan",
    summary="撤回提请 / Take that back",
    responses=problems(404, 409),
)
def retract_plan(
    round_id: IdPath, round_plan_id: IdPath, actor: Organiser, session: WriteSession, now: ClockDep
) -> RoundPlanPublic:
    """Take back that a plan was to go out."""
    return _moved(publishing.retract, session, actor, round_id, round_plan_id, now())


@router.post(
    "/{round_plan_id}/discard",
    operation_id="discard_round_plan",
    summary="弃用 / Put a plan aside",
    responses=problems(404, 409),
)
def discard_plan(
    round_id: IdPath, round_plan_id: IdPath, actor: Organiser, session: WriteSession, now: ClockDep
) -> RoundPlanPublic:
    """Put a plan aside that never went out; its bytes stay."""
    return _moved(drafting.discard, session, actor, round_id, round_plan_id, now())


@router.post(
    "/{round_plan_id}/publish",
    operation_id="publish_round_plan",
    summary="确认发布 / Let a plan out",
    responses=problems(404, 409),
)
def publish_plan(
    round_id: IdPath, round_plan_id: IdPath, actor: Organiser, session: WriteSession, now: ClockDep
) -> PublishedPublic:
    """Confirm, as a second person, that a plan goes out: leads are issued, all at once.

    The plan that was out is superseded; what institutions have accepted stays.
    """
    _require(session, actor, round_id, round_plan_id)
    return _issued(*publishing.publish(session, actor, round_plan_id, now()))


@router.post(
    "/{round_plan_id}/undo",
    operation_id="undo_round_plan",
    summary="撤销发布 / Take a plan back",
    responses=problems(404, 409),
)
def undo_plan(
    round_id: IdPath, round_plan_id: IdPath, actor: Organiser, session: WriteSession, now: ClockDep
) -> PublishedPublic:
    """Take the live plan back; the one before it is live again, and is what is answered.

    What institutions have accepted stays.
    """
    _require(session, actor, round_id, round_plan_id)
    return _issued(*publishing.undo(session, actor, round_plan_id, now()))


@router.post(
    "/{round_plan_id}/replay",
    operation_id="replay_round_plan",
    summary="重放 / Make a plan again",
    status_code=status.HTTP_202_ACCEPTED,
    responses={202: QUEUED, **problems(404, 503)},
)
def replay(
    request: Request,
    response: Response,
    round_id: IdPath,
    round_plan_id: IdPath,
    actor: Analyst,
    session: WriteSession,
    settings: SettingsDep,
    now: ClockDep,
) -> ReplayPublic:
    """Queue a run that makes the plan again from its snapshot, to see that the same bytes come."""
    row = replay_plan(session, actor, round_id, round_plan_id, settings.work, now())
    place = request.app.url_path_for(
        "read_replay", round_id=round_id, round_plan_id=round_plan_id, replay_id=row.id
    )
    response.headers["Location"] = str(place)
    return ReplayPublic(**_replay_fields(row), problem=None)


@router.get(
    "/{round_plan_id}/replays/{replay_id}",
    operation_id="read_replay",
    summary="查询重放 / Read a replay",
    responses=problems(404),
)
def read_replay(
    request: Request,
    round_id: IdPath,
    round_plan_id: IdPath,
    replay_id: IdPath,
    actor: Office,
    session: ReadSession,
    lang: LangDep,
) -> ReplayPublic:
    """Tell where a replay stands; once it is done, whether its bytes are those of the plan."""
    row = find_replay(session, actor, round_id, round_plan_id, replay_id)
    error = running.problem_of(row)
    problem = None if error is None else problem_of(error, lang, instance_of(request))
    return ReplayPublic(**_replay_fields(row), problem=problem)


def _require(session: Session, actor: Actor, round_id: UUID, plan_id: UUID) -> None:
    """See that the plan is one of the round, and that it stays as it is meanwhile."""
    begin(session)
    find_plan(session, actor, round_id, plan_id)


def _moved(
    move: Move, session: Session, actor: Actor, round_id: UUID, plan_id: UUID, now: datetime
) -> RoundPlanPublic:
    _require(session, actor, round_id, plan_id)
    return RoundPlanPublic.of(move(session, actor, plan_id, now))


def _issued(plan: PlanRow, issued: Issued) -> PublishedPublic:
    leads = IssuedPublic(
        new=issued.new, kept=issued.kept, cancelled=issued.cancelled, left_out=issued.left_out
    )
    return PublishedPublic(plan=RoundPlanPublic.of(plan), leads=leads)


def _replay_fields(row: RunRow) -> dict[str, Any]:
    summary = running.summary_of(row)
    found = None
    if summary is not None:
        kept = ("plan_id", "is_equal", "sha256", "digest")
        found = ReplaySummaryPublic(**{name: summary[name] for name in kept})
    return {**run_fields(row), "summary": found}
