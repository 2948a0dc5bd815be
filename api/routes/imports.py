"""Imports: a file is sent in, read under guard by the worker, applied all or not at all."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response, status

from api.auth import Office, Organiser
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath, LangDep, SettingsDep
from api.openapi import problems
from api.paging import PageDep, link_next
from api.problems import instance_of, problem_of
from api.routing import Route
from api.schemas.imports import ImportDetailPublic, ImportPublic, ImportsPublic
from api.uploads import UploadDep, upload_body
from matcher.domain.run import IMPORT
from matcher.services.imports import Mode, ask_import
from matcher.services.runs.running import cancel_run, find_run, list_runs
from matcher.services.runs.running import problem_of as problem_kept

router = APIRouter(prefix="/imports", tags=["imports"], route_class=Route)


@router.post(
    "",
    operation_id="create_import",
    summary="导入文件 / Send a file in",
    status_code=status.HTTP_202_ACCEPTED,
    openapi_extra=upload_body(),
    responses={
        202: {
            "description": "It is queued; `Location` says where it will be.",
            "headers": {"Location": {"schema": {"type": "string"}}},
        },
        **problems(400, 413, 415, 422, 503),
    },
)
def create_import(
    request: Request,
    response: Response,
    actor: Organiser,
    upload: UploadDep,
    session: WriteSession,
    settings: SettingsDep,
    now: ClockDep,
    mode: Annotated[
        Mode, Query(description="`replace`: the market becomes the file; `merge`: by id.")
    ] = Mode.REPLACE,
    preview: Annotated[bool, Query(description="Only tell what would be done.")] = False,
) -> ImportPublic:
    """Queue a workbook, JSON, TOML or CSV file for the live market.

    It is read by a process that may come to harm and applied as a whole, or not at all: then
    its `problem` lists every fault with file, table, row and column. With `merge` a file need
    not hold all tables, and nothing is removed. A record that an account or a questionnaire
    stands on is not removed by any file.
    """
    name, content = upload.name, upload.content
    row = ask_import(session, actor, name, content, mode, preview, settings.work, now())
    response.headers["Location"] = str(request.app.url_path_for("read_import", import_id=row.id))
    return ImportPublic.of(row)


@router.get(
    "",
    operation_id="list_imports",
    summary="导入列表 / List imports",
    responses=problems(),
)
def read_imports(
    request: Request, response: Response, actor: Office, session: ReadSession, page: PageDep
) -> ImportsPublic:
    """Return a page of the imports, the newest first; staff see their own."""
    found = list_runs(session, actor, IMPORT, page)
    link_next(request, response, found)
    return ImportsPublic(items=[ImportPublic.of(row) for row in found.rows], next=found.next)


@router.get(
    "/{import_id}",
    operation_id="read_import",
    summary="查询导入 / Read an import",
    responses=problems(404),
)
def read_import(
    request: Request, import_id: IdPath, actor: Office, session: ReadSession, lang: LangDep
) -> ImportDetailPublic:
    """Tell where an import stands, what it did, or every fault of its file."""
    row = find_run(session, actor, IMPORT, import_id)
    error = problem_kept(row)
    problem = None if error is None else problem_of(error, lang, instance_of(request))
    return ImportDetailPublic.told(row, problem)


@router.delete(
    "/{import_id}",
    operation_id="cancel_import",
    summary="取消导入 / Cancel an import",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409),
)
def cancel_import(
    import_id: IdPath, actor: Organiser, session: WriteSession, now: ClockDep
) -> None:
    """Cancel an import that is not applied yet."""
    cancel_run(session, actor, IMPORT, import_id, now())
