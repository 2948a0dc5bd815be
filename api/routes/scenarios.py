"""What-ifs: asked here, answered by a worker; nothing of them touches the live market."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response, status

from api.auth import Analyst, Office
from api.body import BodyDep, parse_json
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath, LangDep, SettingsDep
from api.jobs import read_scenario
from api.openapi import problems
from api.outcomes import NOT_CHANGED, QUEUED, IfNoneMatch, Status, outcome
from api.paging import PageDep, link_next
from api.preconditions import TAGGED
from api.problems import instance_of, problem_of
from api.routing import Route
from api.schemas.runs import run_fields
from api.schemas.scenarios import (
    ComparisonDocument,
    QuestionsCreate,
    ScenarioDetailPublic,
    ScenarioLinks,
    ScenarioPublic,
    ScenariosPublic,
    ScenarioSummaryPublic,
)
from matcher.domain.run import SCENARIO, RunState
from matcher.services.runs import running
from matcher.services.runs.scenarios import ask_scenario
from matcher.store.tables import RunRow

router = APIRouter(prefix="/scenarios", tags=["scenarios"], route_class=Route)

_REQUEST_BODY = {
    "required": True,
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ScenarioCreate"}}},
}


@router.post(
    "",
    operation_id="create_scenario",
    summary="提交情景 / Ask what if",
    status_code=status.HTTP_202_ACCEPTED,
    openapi_extra={"requestBody": _REQUEST_BODY},
    responses={202: QUEUED, **problems(409, 503)},
)
def create_scenario(
    request: Request,
    response: Response,
    body: BodyDep,
    settings: SettingsDep,
    actor: Analyst,
    session: WriteSession,
    now: ClockDep,
) -> ScenarioPublic:
    """Queue a what-if: a scenario on the live market or on a plan, and questions under it.

    A fault of the scenario itself is told by the run, which is `failed` then: it can be judged
    only against the market. Nothing that is asked here changes the live market.
    """
    asked = read_scenario(parse_json(body), settings)
    row = ask_scenario(session, actor, asked, settings.work, now())
    response.headers["Location"] = _path(request, row)
    return ScenarioPublic(**_fields(request, row))


@router.get(
    "",
    operation_id="list_scenarios",
    summary="情景列表 / List what-ifs",
    responses=problems(),
)
def list_scenarios(
    request: Request,
    response: Response,
    actor: Office,
    session: ReadSession,
    page: PageDep,
    status: Status = None,
) -> ScenariosPublic:
    """Return a page of the what-ifs, the newest first; staff see their own."""
    found = running.list_runs(session, actor, SCENARIO, page, status)
    link_next(request, response, found)
    items = [ScenarioPublic(**_fields(request, row)) for row in found.rows]
    return ScenariosPublic(items=items, next=found.next)


@router.get(
    "/{scenario_id}",
    operation_id="read_scenario",
    summary="查询情景 / Read a what-if",
    responses=problems(404),
)
def read_scenario_run(
    request: Request, scenario_id: IdPath, actor: Office, session: ReadSession, lang: LangDep
) -> ScenarioDetailPublic:
    """Tell what was asked and where it stands; staff see their own."""
    row = running.find_run(session, actor, SCENARIO, scenario_id)
    error, asked = running.problem_of(row), running.request_of(row)
    return ScenarioDetailPublic(
        **_fields(request, row),
        scenario=asked["scenario"],
        ask=QuestionsCreate(**{name: asked[name] for name in QuestionsCreate.model_fields}),
        problem=None if error is None else problem_of(error, lang, instance_of(request)),
    )


@router.get(
    "/{scenario_id}/comparison",
    operation_id="read_comparison",
    summary="情景对比 / The answers of a what-if",
    response_model=ComparisonDocument,
    responses={200: TAGGED, 304: NOT_CHANGED, **problems(404, 409)},
)
def read_comparison(
    scenario_id: IdPath, actor: Office, session: ReadSession, if_none_match: IfNoneMatch = None
) -> Response:
    """Return the answers as `matcher whatif` writes them to whatif.json, the same bytes each time.

    The plan before and after side by side, who gains and who loses and why, the price of each
    scarce thing; curves, fronts, the least extra and advice as far as they were asked.
    """
    row = running.find_run(session, actor, SCENARIO, scenario_id)
    return outcome(row.outcome_sha256, if_none_match, lambda: running.outcome_of(session, row))


@router.delete(
    "/{scenario_id}",
    operation_id="cancel_scenario",
    summary="取消 / Cancel a what-if",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409),
)
def cancel_scenario(
    scenario_id: IdPath, actor: Analyst, session: WriteSession, now: ClockDep
) -> None:
    """Cancel a what-if that is not over; it stays in the list as `cancelled`."""
    running.cancel_run(session, actor, SCENARIO, scenario_id, now())


def _path(request: Request, row: RunRow) -> str:
    return str(request.app.url_path_for("read_scenario_run", scenario_id=row.id))


def _fields(request: Request, row: RunRow) -> dict[str, Any]:
    """Return the fields of `ScenarioPublic`."""
    path, asked = _path(request, row), running.request_of(row)
    summary, baseline = running.summary_of(row), asked["baseline"]
    plan = None
    if baseline is not None:
        plan = str(request.app.url_path_for("read_plan", plan_id=baseline))
    name = (asked["scenario"] or {}).get("name")
    return {
        **run_fields(row),
        "name": name if isinstance(name, str) else None,
        "progress": running.progress_of(row),
        "summary": None if summary is None else ScenarioSummaryPublic(**summary),
        "links": ScenarioLinks(
            self=path,
            comparison=f"{path}/comparison" if row.state == RunState.DONE else None,
            baseline=plan,
        ),
    }
