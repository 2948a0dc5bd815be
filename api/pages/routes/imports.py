"""Files into the live market: sent in, looked at before anything changes, then applied."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlmodel import Session
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath, SettingsDep
from api.pages.page import (
    Form,
    OrganiserPage,
    Page,
    PostedForm,
    actor_of,
    go,
    page_for,
    page_router,
)
from api.pages.views.imports import read_import
from api.paging import PageDep
from matcher.domain.actor import Role
from matcher.domain.errors import Fault, InputError
from matcher.domain.run import IMPORT
from matcher.domain.text import Text
from matcher.services.imports import Mode, apply_previewed, ask_import
from matcher.services.runs.running import cancel_run, find_run, list_runs
from matcher.services.work.errors import QueueFullError, RunNotDoneError, RunOverError
from matcher.store.paging import Page as ListPage

router = page_router("/imports")

ReaderPage = Annotated[Page, Depends(page_for(Role.ORGANISER, Role.ADMIN, Role.AUDITOR))]
_ON_A_PAGE = 20
_EDITORS = frozenset({Role.ORGANISER, Role.ADMIN})
_NO_FILE = Text("请选择文件", "choose a file")
_KINDS = Text(".xlsx、.json、.toml 或 .csv", ".xlsx, .json, .toml or .csv")
MAX_NAME = 200


@router.get("")
def show_imports(page: ReaderPage, session: ReadSession, part: PageDep) -> Response:
    """Show the form to send a file in, and what was sent in before."""
    return _list(page, session, part.after, (), 200)


@router.post("")
def take_file(
    page: OrganiserPage,
    form: PostedForm,
    session: WriteSession,
    settings: SettingsDep,
    now: ClockDep,
) -> Response:
    """Take a file in for a preview: nothing changes yet."""
    mode = Mode.MERGE if form.text("mode") == Mode.MERGE else Mode.REPLACE
    try:
        name, content = _sent(form)
        run = ask_import(session, actor_of(page), name, content, mode, True, settings.work, now())
    except (InputError, QueueFullError) as error:
        session.rollback()
        return _list(page, session, None, error.faults, 422)
    return go(f"/imports/{run.id}")


@router.get("/{import_id}")
def show_import(page: ReaderPage, session: ReadSession, import_id: IdPath) -> Response:
    """Show what a file would change, or did, or every fault of it."""
    return _one(page, session, "import.html", import_id)


@router.get("/{import_id}/part")
def show_import_part(page: ReaderPage, session: ReadSession, import_id: IdPath) -> Response:
    """Return the part of the page that changes while the file is read."""
    return _one(page, session, "import_part.html", import_id)


@router.post("/{import_id}/apply")
def take_applying(
    page: OrganiserPage,
    form: PostedForm,
    session: WriteSession,
    settings: SettingsDep,
    import_id: IdPath,
    now: ClockDep,
) -> Response:
    """Apply the file of a preview."""
    try:
        run = apply_previewed(session, actor_of(page), import_id, settings.work, now())
    except (RunNotDoneError, QueueFullError) as error:
        session.rollback()
        return _one(page, session, "import.html", import_id, error.faults, 422)
    return go(f"/imports/{run.id}")


@router.post("/{import_id}/cancel")
def take_cancelling(
    page: OrganiserPage,
    form: PostedForm,
    session: WriteSession,
    import_id: IdPath,
    now: ClockDep,
) -> Response:
    """Cancel an import that is not applied yet."""
    try:
        cancel_run(session, actor_of(page), IMPORT, import_id, now())
    except RunOverError as error:
        session.rollback()
        return _one(page, session, "import.html", import_id, error.faults, 422)
    return go(f"/imports/{import_id}")


def _sent(form: Form) -> tuple[str, bytes]:
    """Return the name, without folders, and the bytes of the file of a form."""
    file = form.file("file")
    if file is None or not file.filename:
        raise InputError([Fault(_NO_FILE, expected=_KINDS)])
    name = PurePosixPath(file.filename.replace("\\", "/")).name
    content: bytes = file.file.read()
    return "".join(char for char in name if char.isprintable())[-MAX_NAME:], content


def _list(
    page: Page, session: Session, after: str | None, faults: tuple[Fault, ...], status: int
) -> Response:
    found = list_runs(session, actor_of(page), IMPORT, ListPage(_ON_A_PAGE, after))
    return page.render(
        "imports.html",
        status,
        imports=[read_import(row) for row in found.rows],
        more=None if found.next is None else f"?cursor={found.next}",
        faults=faults,
        may_edit=actor_of(page).role in _EDITORS,
    )


def _one(
    page: Page,
    session: Session,
    template: str,
    import_id: UUID,
    faults: tuple[Fault, ...] = (),
    status: int = 200,
) -> Response:
    row = find_run(session, actor_of(page), IMPORT, import_id)
    return page.render(
        template,
        status,
        shown=read_import(row),
        faults=faults,
        may_edit=actor_of(page).role in _EDITORS,
    )
