"""What-ifs changed, asked, named, shared, copied, thrown away: every form of the bench."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from api.clock import ClockDep
from api.database import WriteSession
from api.deps import IdPath, SettingsDep
from api.pages.page import AnalystPage, Form, Page, PostedForm, actor_of, go, page_router
from api.pages.routes.whatif import Kept
from api.pages.views.bench import typed_of, with_question, without_question
from api.pages.views.whatif_page import refused_page
from api.schemas.plans import SolvingCreate
from api.settings import Settings
from matcher.domain.errors import InputError
from matcher.planning.effort import Effort
from matcher.services.bench import changing, keeping
from matcher.services.bench.kinds import FORMS
from matcher.services.bench.looking import own_bench, questions_of
from matcher.services.errors import StaleError
from matcher.services.work import queue
from matcher.services.work.errors import QueueFullError
from matcher.store.tables import WhatIfRow

router = page_router("/whatif/{bench_id}")
REFUSALS = (InputError, StaleError, QueueFullError)
_GAP = 1e-3


@router.post("/changes")
def take_change(
    page: AnalystPage,
    form: PostedForm,
    session: WriteSession,
    bench_id: IdPath,
    kept: Kept,
    now: ClockDep,
) -> Response:
    """Add a change."""
    kind = form.text("kind")
    if kind not in FORMS:
        return go(f"/whatif/{bench_id}")
    try:
        row = _own(page, session, bench_id, form)
        changing.add_change(session, row, FORMS[kind].read(typed_of(form)), now())
    except REFUSALS as error:
        return refused_page(page, session, bench_id, kept, error, form)
    return go(f"/whatif/{bench_id}", "change_added")


@router.post("/changes/remove")
def take_removal(
    page: AnalystPage,
    form: PostedForm,
    session: WriteSession,
    bench_id: IdPath,
    kept: Kept,
    now: ClockDep,
) -> Response:
    """Take a change away."""
    try:
        row = _own(page, session, bench_id, form)
        changing.remove_change(session, row, _place(form), now())
    except REFUSALS as error:
        return refused_page(page, session, bench_id, kept, error, form)
    return go(f"/whatif/{bench_id}", "deleted")


@router.post("/questions")
def take_question(
    page: AnalystPage,
    form: PostedForm,
    session: WriteSession,
    bench_id: IdPath,
    kept: Kept,
    now: ClockDep,
) -> Response:
    """Ask something beside the changes."""
    try:
        row = _own(page, session, bench_id, form)
        changing.set_questions(session, row, with_question(questions_of(row), form), now())
    except REFUSALS as error:
        return refused_page(page, session, bench_id, kept, error, form)
    return go(f"/whatif/{bench_id}", "saved")


@router.post("/questions/remove")
def take_question_away(
    page: AnalystPage,
    form: PostedForm,
    session: WriteSession,
    bench_id: IdPath,
    kept: Kept,
    now: ClockDep,
) -> Response:
    """Ask something no longer."""
    try:
        row = _own(page, session, bench_id, form)
        asked = without_question(questions_of(row), form.text("ask"), _place(form))
        changing.set_questions(session, row, asked, now())
    except REFUSALS as error:
        return refused_page(page, session, bench_id, kept, error, form)
    return go(f"/whatif/{bench_id}", "deleted")


@router.post("/run")
def take_run(
    page: AnalystPage,
    form: PostedForm,
    session: WriteSession,
    settings: SettingsDep,
    bench_id: IdPath,
    kept: Kept,
    now: ClockDep,
) -> Response:
    """Ask for the answers."""
    try:
        row = _own(page, session, bench_id, form)
        keeping.ask_bench(session, actor_of(page), row, effort_of(settings), settings.work, now())
    except REFUSALS as error:
        return refused_page(page, session, bench_id, kept, error, form)
    return go(f"/whatif/{bench_id}")


@router.post("/cancel")
def take_cancel(
    page: AnalystPage, form: PostedForm, session: WriteSession, bench_id: IdPath, now: ClockDep
) -> Response:
    """Say that the answers are wanted no more."""
    row = own_bench(session, actor_of(page), bench_id)
    if row.run_id is not None:
        queue.cancel(session, row.run_id, now())
    home, weights = _pages(bench_id)
    return go(weights if form.text("back") == weights else home)


@router.post("/name")
def take_name(
    page: AnalystPage,
    form: PostedForm,
    session: WriteSession,
    bench_id: IdPath,
    kept: Kept,
    now: ClockDep,
) -> Response:
    """Give it another name."""
    try:
        row = own_bench(session, actor_of(page), bench_id)
        keeping.rename(session, row, form.text("name"), now())
    except REFUSALS as error:
        return refused_page(page, session, bench_id, kept, error, form)
    return go(f"/whatif/{bench_id}", "saved")


@router.post("/share")
def take_share(
    page: AnalystPage, form: PostedForm, session: WriteSession, bench_id: IdPath, now: ClockDep
) -> Response:
    """Let colleagues see it, or no longer."""
    row = own_bench(session, actor_of(page), bench_id)
    is_shared = form.text("is_shared") == "1"
    keeping.share(session, row, is_shared, now())
    return go(f"/whatif/{bench_id}", "shared" if is_shared else "unshared")


@router.post("/copy")
def take_copy(
    page: AnalystPage, form: PostedForm, session: WriteSession, bench_id: IdPath, now: ClockDep
) -> Response:
    """Begin one of one's own as this one is."""
    row = keeping.copy_bench(session, actor_of(page), bench_id, now())
    return go(f"/whatif/{row.id}", "copied")


@router.post("/discard")
def take_discard(
    page: AnalystPage, form: PostedForm, session: WriteSession, bench_id: IdPath, now: ClockDep
) -> Response:
    """Throw it away."""
    keeping.discard(session, own_bench(session, actor_of(page), bench_id), now())
    return go("/whatif", "deleted")


def effort_of(settings: Settings) -> Effort:
    """Return how a what-if is solved: to a tenth of a percent, within the time of a request."""
    how = SolvingCreate()
    limit = min(how.time_limit_seconds, settings.time_limit_max_seconds)
    return Effort(how.method, max(how.gap, _GAP), limit, how.seed)


def _own(page: Page, session: Session, bench_id: UUID, form: Form) -> WhatIfRow:
    return own_bench(session, actor_of(page), bench_id, _number(form.text("version")))


def _place(form: Form) -> int:
    """Return which of a list is meant, -1 for none."""
    found = _number(form.text("number"))
    return -1 if found is None else found


def _number(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 9 else None


def _pages(bench_id: UUID) -> tuple[str, str]:
    return f"/whatif/{bench_id}", f"/weights/{bench_id}"
