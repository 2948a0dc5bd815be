"""Plans: asked for here, made by a worker, fetched from here."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response, status

from api.auth import Analyst, Office
from api.body import BodyDep, parse_json
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath, LangDep, SettingsDep
from api.jobs import read_job
from api.openapi import problems
from api.outcomes import NOT_CHANGED, QUEUED, IfNoneMatch, Status, outcome
from api.paging import PageDep, link_next
from api.preconditions import TAGGED
from api.problems import instance_of, problem_of
from api.routing import Route
from api.schemas.plans import (
    PlanDetailPublic,
    PlanDocument,
    PlanLinks,
    PlanProgressPublic,
    PlanPublic,
    PlansPublic,
    PlanSummaryPublic,
)
from api.schemas.runs import run_fields
from matcher.domain.run import PLAN, RunState
from matcher.services.runs import running
from matcher.services.runs.plans import ask_plan
from matcher.store.tables import RunRow

router = APIRouter(prefix="/plans", tags=["plans"], route_class=Route)

_BODIES = [{"$ref": f"#/components/schemas/{name}"} for name in ("PlanCreate", "MarketFile")]
_REQUEST_BODY = {
    "required": True,
    "content": {"application/json": {"schema": {"anyOf": _BODIES}}},
}


@router.post(
    "",
    operation_id="create_plan",
    summary="提交撮合 / Ask for a plan",
    status_code=status.HTTP_202_ACCEPTED,
    openapi_extra={"requestBody": _REQUEST_BODY},
    responses={202: QUEUED, **problems(503)},
)
def create_plan(
    request: Request,
    response: Response,
    body: BodyDep,
    settings: SettingsDep,
    actor: Analyst,
    session: WriteSession,
    now: ClockDep,
) -> PlanPublic:
    """Queue a plan of the live market, or of one that comes along.

    The body is a request with options, or a market file as it is (`market.json` of a plan).
    Without a market the live one is planned, as it is when the plan's turn comes.

    A market is read by the same schema as files are; a 422 lists every fault with its table,
    row and field, and nothing is queued then. The plan itself is made by a worker: ask for it
    at the link in `Location` until `status` is `done`, `failed` or `cancelled`.
    """
    job = read_job(parse_json(body), settings)
    row = ask_plan(session, actor, job.asked, job.market, settings.work, now())
    response.headers["Location"] = path_of(request, row)
    return PlanPublic(**plan_fields(request, row))


@router.get(
    "",
    operation_id="list_plans",
    summary="方案列表 / List plans",
    responses=problems(),
)
def list_plans(
    request: Request,
    response: Response,
    actor: Office,
    session: ReadSession,
    page: PageDep,
    status: Status = None,
) -> PlansPublic:
    """Return a page of the plans, the newest first."""
    found = running.list_runs(session, actor, PLAN, page, status)
    link_next(request, response, found)
    items = [PlanPublic(**plan_fields(request, row)) for row in found.rows]
    return PlansPublic(items=items, next=found.next)


@router.get(
    "/{plan_id}",
    operation_id="read_plan",
    summary="查询方案 / Read a plan",
    responses=problems(404),
)
def read_plan(
    request: Request, plan_id: IdPath, actor: Office, session: ReadSession, lang: LangDep
) -> PlanDetailPublic:
    """Tell where a plan stands; once it is done, its figures and where its document is."""
    row = running.find_run(session, actor, PLAN, plan_id)
    error = running.problem_of(row)
    problem = None if error is None else problem_of(error, lang, instance_of(request))
    return PlanDetailPublic(**plan_fields(request, row), problem=problem)


@router.get(
    "/{plan_id}/document",
    operation_id="read_plan_document",
    summary="方案文件 / The document of a plan",
    response_model=PlanDocument,
    responses={200: TAGGED, 304: NOT_CHANGED, **problems(404, 409)},
)
def read_plan_document(
    plan_id: IdPath, actor: Office, session: ReadSession, if_none_match: IfNoneMatch = None
) -> Response:
    """Return the plan with its certificate, as `matcher plan` writes it to plan.json.

    Every answer has the same bytes. The `ETag` is the digest of the plan: the same market, day,
    options and versions give the same digest.
    """
    row = running.find_run(session, actor, PLAN, plan_id)
    summary = running.summary_of(row)
    tag = None if summary is None else summary["digest"]
    return outcome(tag, if_none_match, lambda: running.outcome_of(session, row))


@router.get(
    "/{plan_id}/market",
    operation_id="read_plan_market",
    summary="方案所用数据 / The market of a plan",
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
    responses={200: TAGGED, 304: NOT_CHANGED, **problems(404, 409)},
)
def read_plan_market(
    plan_id: IdPath, actor: Office, session: ReadSession, if_none_match: IfNoneMatch = None
) -> Response:
    """Return the market that a plan is made of, as a file that `matcher verify` takes.

    Of the live market it is the state in which it was when the plan's turn came.
    """
    row = running.find_run(session, actor, PLAN, plan_id)
    return outcome(row.input_sha256, if_none_match, lambda: running.input_of(session, row))


@router.delete(
    "/{plan_id}",
    operation_id="cancel_plan",
    summary="取消 / Cancel a plan",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409),
)
def cancel_plan(plan_id: IdPath, actor: Analyst, session: WriteSession, now: ClockDep) -> None:
    """Cancel a plan that is not over; it stays in the list as `cancelled`.

    One that waits is cancelled at once, one that is being made within about a second. Of one
    that is over nothing is taken back.
    """
    running.cancel_run(session, actor, PLAN, plan_id, now())


def path_of(request: Request, row: RunRow) -> str:
    """Return the path of a plan."""
    return str(request.app.url_path_for("read_plan", plan_id=row.id))


def plan_fields(request: Request, row: RunRow) -> dict[str, Any]:
    """Return the fields of `PlanPublic`."""
    path, is_done = path_of(request, row), row.state == RunState.DONE
    progress, summary = running.progress_of(row), running.summary_of(row)
    return {
        **run_fields(row),
        "market": running.request_of(row)["market"],
        "progress": None if progress is None else PlanProgressPublic(**progress),
        "summary": None if summary is None else PlanSummaryPublic(**summary),
        "links": PlanLinks(
            self=path,
            document=f"{path}/document" if is_done else None,
            market=f"{path}/market" if row.input_sha256 is not None else None,
            leads=f"{path}/leads" if is_done else None,
        ),
    }
