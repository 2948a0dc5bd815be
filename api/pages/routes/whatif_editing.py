"""What-ifs changed, asked, named, shared, copied, thrown away: every form of the bench."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from starlette.responses import Response

from api.clock import ClockDep
from api.database import WriteSession
from api.deps import IdPath, SettingsDep
from api.pages.page import AnalystPage, Form, PostedForm, actor_of, go, page_router
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


@dataclass(frozen=True, slots=True)
class OwnBench:
    """A what-if of one's own on which something is done, and everything to do it with."""

    page: AnalystPage
    form: PostedForm
    session: WriteSession
    bench_id: IdPath
    kept: Kept
    now: ClockDep

    def do(self, act: Callable[[WhatIfRow], object], notice: str | None = None) -> Response:
        """Do something, if nobody changed it since its page was read, and show the outcome."""
        try:
            version = _number(self.form.text("version"))
            act(own_bench(self.session, actor_of(self.page), self.bench_id, version))
        except REFUSALS as error:
            given = (self.page, self.session, self.bench_id, self.kept, error, self.form)
            return refused_page(*given)
        return go(f"/whatif/{self.bench_id}", notice)


BenchDep = Annotated[OwnBench, Depends()]


@router.post("/changes")
def take_change(bench: BenchDep) -> Response:
    """Add a change."""
    kind = bench.form.text("kind")
    if kind not in FORMS:
        return go(f"/whatif/{bench.bench_id}")

    def act(row: WhatIfRow) -> None:
        change = FORMS[kind].read(typed_of(bench.form))
        changing.add_change(bench.session, row, change, bench.now())

    return bench.do(act, "change_added")


@router.post("/changes/remove")
def take_removal(bench: BenchDep) -> Response:
    """Take a change away."""
    place = _place(bench.form)
    return bench.do(
        lambda row: changing.remove_change(bench.session, row, place, bench.now()), "deleted"
    )


@router.post("/questions")
def take_question(bench: BenchDep) -> Response:
    """Ask something beside the changes."""

    def act(row: WhatIfRow) -> None:
        asked = with_question(questions_of(row), bench.form)
        changing.set_questions(bench.session, row, asked, bench.now())

    return bench.do(act, "saved")


@router.post("/questions/remove")
def take_question_away(bench: BenchDep) -> Response:
    """Ask something no longer."""

    def act(row: WhatIfRow) -> None:
        asked = without_question(questions_of(row), bench.form.text("ask"), _place(bench.form))
        changing.set_questions(bench.session, row, asked, bench.now())

    return bench.do(act, "deleted")


@router.post("/name")
def take_name(bench: BenchDep) -> Response:
    """Give it another name."""
    name = bench.form.text("name")
    return bench.do(lambda row: keeping.rename(bench.session, row, name, bench.now()), "saved")


@router.post("/run")
def take_run(bench: BenchDep, settings: SettingsDep) -> Response:
    """Ask for the answers."""
    actor, effort = actor_of(bench.page), effort_of(settings)
    return bench.do(
        lambda row: keeping.ask_bench(bench.session, actor, row, effort, settings.work, bench.now())
    )


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


def _place(form: Form) -> int:
    """Return which of a list is meant, -1 for none."""
    found = _number(form.text("number"))
    return -1 if found is None else found


def _number(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 9 else None


def _pages(bench_id: UUID) -> tuple[str, str]:
    return f"/whatif/{bench_id}", f"/weights/{bench_id}"
