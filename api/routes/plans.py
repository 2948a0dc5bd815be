"""Plans: asked for here, made by the worker, fetched from here."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response, status

from api.body import BodyDep, parse_json
from api.deps import LangDep, RunDep, RunsDep, SettingsDep
from api.jobs import read_job
from api.openapi import problems
from api.problems import encode, instance_of, problem_of
from api.runs import Run, RunState
from api.schemas.base import TextPublic
from api.schemas.plans import RunDetailPublic, RunLinks, RunPublic

router = APIRouter(prefix="/plans", tags=["plans"])

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
    responses={
        202: {
            "description": "The plan is queued; `Location` says where it will be.",
            "headers": {"Location": {"schema": {"type": "string"}}},
        },
        **problems(400, 413, 415, 422, 503),
    },
)
def create_plan(
    request: Request, response: Response, body: BodyDep, runs: RunsDep, settings: SettingsDep
) -> RunPublic:
    """Queue a market for planning; nothing is queued if anything is wrong with it.

    The body is a request with options, or a market file as it is (`market.json` of a plan).

    The market is read by the same schema as files are; a 422 lists every fault with its table,
    row and field. The plan itself is made by a worker: ask for it at the link in `Location`
    until `status` is `done`, `failed` or `cancelled`.
    """
    run = runs.add(read_job(parse_json(body), settings))
    response.headers["Location"] = path_of(request, run)
    return RunPublic(**_shown(request, run))


@router.get(
    "/{plan_id}",
    operation_id="read_plan",
    summary="查询方案 / Read a plan",
    response_model=RunDetailPublic,
    responses={
        200: {"headers": {"ETag": {"schema": {"type": "string"}}}},
        304: {"description": "The plan is the one that `If-None-Match` names."},
        **problems(404),
    },
)
def read_plan(
    request: Request,
    run: RunDep,
    lang: LangDep,
    if_none_match: Annotated[
        str | None, Header(description="`ETag` of an earlier answer, quotes included.")
    ] = None,
) -> Response:
    """Tell where a plan stands; once it is done, the plan with its certificate.

    The `ETag` of a plan that is done is its digest: the same market, day, options and versions
    give the same digest.
    """
    headers = {} if run.outcome is None else {"ETag": f'"{run.outcome.digest}"'}
    if headers and _names(if_none_match, headers["ETag"]):
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    content = RunPublic(**_shown(request, run)).model_dump(mode="json")
    problem = None if run.error is None else problem_of(run.error, lang, instance_of(request))
    content["plan"] = None if run.outcome is None else run.outcome.document
    content["problem"] = None if problem is None else problem.model_dump(mode="json")
    return Response(encode(content), headers=headers, media_type="application/json")


@router.delete(
    "/{plan_id}",
    operation_id="remove_plan",
    summary="取消或删除 / Cancel or forget a plan",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
def remove_plan(run: RunDep, runs: RunsDep) -> None:
    """Cancel a plan that is not finished, which stays visible as `cancelled`; forget one that is.

    A solve that is under way ends at its next stage; what it finds is thrown away.
    """
    runs.remove(run.run_id)


def path_of(request: Request, run: Run) -> str:
    """Return the path of a run."""
    return str(request.app.url_path_for("read_plan", plan_id=run.run_id))


def _shown(request: Request, run: Run) -> dict[str, Any]:
    """Return the fields of `RunPublic`."""
    path = path_of(request, run)
    done = run.state is RunState.DONE
    return {
        "id": run.run_id,
        "status": run.state,
        "stage": None if run.stage is None else TextPublic.of(run.stage),
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "links": RunLinks(self=path, leads=f"{path}/leads" if done else None),
    }


def _names(if_none_match: str | None, etag: str) -> bool:
    """Tell whether the header names an entity tag, weakly compared as RFC 9110 asks."""
    named = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag in named or named == ["*"]
