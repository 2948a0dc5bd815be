"""What-ifs: listed, begun, looked at; see `whatif_editing` for what changes them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.downloads import download
from api.pages.kept import KeptDocuments, kept_by_app
from api.pages.page import AnalystPage, Form, PostedForm, actor_of, go, page_router
from api.pages.views.bench import faults_of
from api.pages.views.whatif_page import bench_page, document_of, list_page, run_values
from api.paging import PageDep
from api.uploads import XLSX
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.services.bench import keeping
from matcher.services.bench.answers import answers_workbook
from matcher.services.bench.looking import find_bench

router = page_router("/whatif")
Kept = Annotated[KeptDocuments, Depends(kept_by_app(KeptDocuments))]


@router.get("")
def show_benches(page: AnalystPage, session: ReadSession, part: PageDep) -> Response:
    """Show one's own what-ifs and those that colleagues share, and the form to begin one."""
    return list_page(page, session, part.after, {})


@router.post("")
def begin(page: AnalystPage, form: PostedForm, session: WriteSession, now: ClockDep) -> Response:
    """Begin a what-if."""
    try:
        row = keeping.begin_bench(
            session, actor_of(page), form.text("name"), now(), baseline_of(form), day_of(form)
        )
    except InputError as error:
        session.rollback()
        return list_page(page, session, None, form.fields, faults_of(error, page.lang))
    return go(f"/whatif/{row.id}")


@router.get("/{bench_id}")
def show_bench(page: AnalystPage, session: ReadSession, bench_id: IdPath, kept: Kept) -> Response:
    """Show a what-if: its changes, the forms to change it, and its answers."""
    return bench_page(page, session, bench_id, kept)


@router.get("/{bench_id}/part")
def show_part(page: AnalystPage, session: ReadSession, bench_id: IdPath) -> Response:
    """Return the part of the page that changes while its run is under way."""
    bench = find_bench(session, actor_of(page), bench_id)
    return page.render("whatif_part.html", part_alone=True, **run_values(bench, page.lang))


@router.get("/{bench_id}/answers.xlsx")
def fetch_answers(
    page: AnalystPage, session: ReadSession, bench_id: IdPath, kept: Kept, now: ClockDep
) -> Response:
    """Return the answers as a workbook, all tables or one."""
    bench = find_bench(session, actor_of(page), bench_id)
    document = document_of(session, bench, kept)
    if document is None:
        return go(f"/whatif/{bench_id}")
    only = page.request.query_params.getlist("table") or None
    content = answers_workbook(document, now().date(), page.lang, only)
    return download(content, "what-if.xlsx", XLSX)


def baseline_of(form: Form) -> UUID | None:
    """Return the run of the plan that a form chooses to compare with; None for the live market.

    Raises
    ------
    InputError
        If it is no id.
    """
    given = form.text("baseline")
    try:
        return UUID(given) if given else None
    except ValueError:
        raise InputError([_unusable("baseline", given)]) from None


def day_of(form: Form) -> date | None:
    """Return the day of the round that a form gives.

    Raises
    ------
    InputError
        If it is none.
    """
    given = form.text("as_of")
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise InputError([_unusable("as_of", given)]) from None


def _unusable(field: str, given: str) -> Fault:
    return Fault(Text("取值不可用", "cannot be used"), field, given[:40])
