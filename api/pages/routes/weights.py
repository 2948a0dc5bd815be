"""The editor of weights: another set tried on a market or a plan before anybody uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath, SettingsDep
from api.downloads import download
from api.pages.kept import KeptDocuments
from api.pages.page import AnalystPage, Page, PostedForm, actor_of, go, page_router
from api.pages.routes.whatif import Kept, baseline_of
from api.pages.routes.whatif_editing import REFUSALS, effort_of
from api.pages.views.bench import faults_of
from api.pages.views.weights import editor_of, institutions_of
from api.pages.views.whatif import gap_text
from api.pages.views.whatif_page import baselines, document_of, run_values
from matcher.domain.errors import Fault
from matcher.domain.text import Text
from matcher.scoring.weights import default_weights
from matcher.services.bench import changing, keeping
from matcher.services.bench.judging import base_weights, tried_weights
from matcher.services.bench.looking import Bench, find_bench, own_bench
from matcher.services.bench.weights import differing, values_of

router = page_router("/weights")
_NAME = Text("权重试算", "weights tried")


@router.get("")
def show_editor(page: AnalystPage, session: ReadSession) -> Response:
    """Show the weights that come with the project, to be tried otherwise."""
    return _editor(page, session, {})


@router.post("")
def take_first(
    page: AnalystPage,
    form: PostedForm,
    session: WriteSession,
    settings: SettingsDep,
    now: ClockDep,
) -> Response:
    """Try a set of weights: a what-if of its own."""
    actor = actor_of(page)
    try:
        name = form.text("name") or _NAME.of(page.lang)
        row = keeping.begin_bench(session, actor, name, now(), baseline_of(form))
        values = differing(form.fields, base_weights(session, row))
        changing.set_weights(session, row, values, now())
        keeping.ask_bench(session, actor, row, effort_of(settings), settings.work, now())
    except REFUSALS as error:
        session.rollback()
        return _editor(page, session, form.fields, faults_of(error, page.lang))
    return go(f"/weights/{row.id}")


@router.get("/{bench_id}")
def show_tried(page: AnalystPage, session: ReadSession, bench_id: IdPath, kept: Kept) -> Response:
    """Show a set of weights and what it does to each institution."""
    return _tried(page, session, bench_id, kept)


@router.post("/{bench_id}")
def take_next(
    page: AnalystPage,
    form: PostedForm,
    session: WriteSession,
    settings: SettingsDep,
    bench_id: IdPath,
    kept: Kept,
    now: ClockDep,
) -> Response:
    """Try it otherwise: the weights of the what-if are these from now on."""
    actor = actor_of(page)
    try:
        row = own_bench(session, actor, bench_id)
        values = differing(form.fields, base_weights(session, row))
        changing.set_weights(session, row, values, now())
        keeping.ask_bench(session, actor, row, effort_of(settings), settings.work, now())
    except REFUSALS as error:
        session.rollback()
        faults = faults_of(error, page.lang)
        return _tried(page, session, bench_id, kept, form.fields, faults)
    return go(f"/weights/{bench_id}")


@router.get("/{bench_id}/part")
def show_part(page: AnalystPage, session: ReadSession, bench_id: IdPath) -> Response:
    """Return the part of the page that changes while its run is under way."""
    bench = find_bench(session, actor_of(page), bench_id)
    home = f"/weights/{bench_id}"
    return page.render(
        "whatif_part.html", part_alone=True, home=home, **run_values(bench, page.lang)
    )


@router.get("/{bench_id}/weights.toml")
def fetch_weights(
    page: AnalystPage, session: ReadSession, bench_id: IdPath, now: ClockDep
) -> Response:
    """Return the weights as the file that planning takes."""
    bench = find_bench(session, actor_of(page), bench_id)
    content = tried_weights(session, bench, now().date()).encode()
    return download(content, "weights.toml", "application/toml")


def _editor(
    page: Page, session: Session, typed: Mapping[str, Any], faults: Sequence[Fault] = ()
) -> Response:
    groups, scales = editor_of(typed, default_weights())
    return page.render(
        "weights.html",
        422 if faults else 200,
        groups=groups,
        scales=scales,
        typed=typed,
        faults=faults,
        bench=None,
        baselines=baselines(session, page),
    )


def _tried(
    page: Page,
    session: Session,
    bench_id: UUID,
    kept: KeptDocuments,
    typed: Mapping[str, Any] | None = None,
    faults: Sequence[Fault] = (),
) -> Response:
    bench = find_bench(session, actor_of(page), bench_id)
    base = base_weights(session, bench.row)
    values = values_of([change.data for change in bench.changes], base)
    groups, scales = editor_of(typed or values, base)
    return page.render(
        "weights.html",
        422 if faults else 200,
        groups=groups,
        scales=scales,
        faults=faults,
        home=f"/weights/{bench_id}",
        **run_values(bench, page.lang),
        **_effect(page, session, bench, kept),
    )


def _effect(page: Page, session: Session, bench: Bench, kept: KeptDocuments) -> dict[str, Any]:
    document = document_of(session, bench, kept)
    if document is None or "comparison" not in document:
        return {"effect": None}
    compared = document["comparison"]
    return {
        "effect": institutions_of(document, page.lang),
        "compared": compared,
        "gap": gap_text(document),
    }
