"""Pages of what-ifs put together: the list, the bench with its forms, and the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from api.pages.kept import KeptDocuments
from api.pages.page import Form, Page, actor_of
from api.pages.views.bench import (
    LEVERS,
    QUESTIONS,
    SERVERS,
    WAYS,
    faults_of,
    faults_of_run,
    lines_of,
    open_form,
    typed_of,
)
from api.pages.views.charts import headers_of, rows_of
from api.pages.views.whatif import MOST_CHANGES, charts_of, gap_text, least_of, moved_of
from matcher.domain.errors import Fault, MatcherError
from matcher.domain.run import PLAN, RunState
from matcher.domain.text import Lang, Text
from matcher.planning.dimensions import DIMENSIONS
from matcher.services.bench.answers import totals_grid
from matcher.services.bench.kinds import FORMS, TABLES
from matcher.services.bench.looking import Bench, Whose, find_bench, list_benches
from matcher.services.bench.naming import names_of, suggestions
from matcher.services.runs import running
from matcher.store.paging import Page as ListPage

_MOST_PLANS = 30
_MOST_LISTED = 40
_NAMED = ("pools", "institutions", "products")
_PLAN = Text("方案", "plan")


def list_page(
    page: Page,
    session: Session,
    after: str | None,
    typed: Mapping[str, Any],
    faults: Sequence[Fault] = (),
) -> Response:
    """Return the page of the what-ifs that the one who looks may see."""
    given = page.request.query_params.get("of", "")
    whose = Whose(given) if given in tuple(Whose) else Whose.ALL
    found = list_benches(session, actor_of(page), ListPage(_MOST_LISTED, after), whose)
    more = None if found.next is None else urlencode({"of": whose.value, "cursor": found.next})
    return page.render(
        "whatifs.html",
        422 if faults else 200,
        benches=found.rows,
        more=None if more is None else f"?{more}",
        whose=whose,
        typed=typed,
        faults=faults,
        baselines=baselines(session, page),
    )


def baselines(session: Session, page: Page) -> list[tuple[str, Text]]:
    """Return what a what-if can be compared with: the live market, and the newest plans."""
    plans = running.list_runs(session, actor_of(page), PLAN, ListPage(_MOST_PLANS), RunState.DONE)
    return [("", Text("当前市场", "the live market")), *map(_plan_choice, plans.rows)]


def _plan_choice(run: Any) -> tuple[str, Text]:
    summary = running.summary_of(run) or {}
    told = Text("方案 {n}（{d}，得分 {o}）", "plan {n} ({d}, score {o})").format(
        n=run.number, d=summary.get("as_of", "–"), o=_score(summary.get("objective"))
    )
    return str(run.id), told


def _score(objective: float | None) -> str:
    return "–" if objective is None else f"{objective:.2f}"


def refused_page(
    page: Page,
    session: Session,
    bench_id: UUID,
    kept: KeptDocuments,
    error: MatcherError,
    form: Form,
) -> Response:
    """Return the bench with what is wrong, and what was typed still there; nothing is kept."""
    session.rollback()
    return bench_page(page, session, bench_id, kept, faults_of(error, page.lang), typed_of(form))


def bench_page(
    page: Page,
    session: Session,
    bench_id: UUID,
    kept: KeptDocuments,
    faults: Sequence[Fault] = (),
    typed: Mapping[str, Sequence[str]] | None = None,
) -> Response:
    """Return the page of a what-if: its changes, the forms to change it, and its answers."""
    bench = find_bench(session, actor_of(page), bench_id)
    document = document_of(session, bench, kept)
    return page.render(
        "whatif.html",
        422 if faults else 200,
        **run_values(bench, page.lang),
        **_forms(page, session, bench, typed or {}),
        **_answers(page, session, document),
        faults=faults,
        document=document,
    )


def _forms(
    page: Page, session: Session, bench: Bench, typed: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Return what the forms of a bench show: what was typed, else what the address asks for."""
    params = {**page.request.query_params, **{name: "".join(v[:1]) for name, v in typed.items()}}
    listed = [one for table in _NAMED for one in suggestions(session, table)]
    return {
        "typed": typed,
        "opened": open_form(session, params.get("kind", ""), params.get("table", "")),
        "ask": params.get("ask", ""),
        "forms": FORMS.values(),
        "tables": TABLES,
        "ways": WAYS,
        "questions": QUESTIONS,
        "asked": lines_of(bench.questions, dict(listed)),
        "levers": [(str(n), text) for n, (_, _, text) in enumerate(LEVERS)],
        "servers": [(str(n), text) for n, (_, _, text) in enumerate(SERVERS)],
        "lever_names": listed,
        "dimensions": [(d.name, d.text) for d in DIMENSIONS.values()],
    }


def run_values(bench: Bench, lang: Lang) -> dict[str, Any]:
    """Return what the part of a page shows that changes while a run is under way."""
    run, problem = bench.run, None if bench.run is None else running.problem_of(bench.run)
    return {
        "bench": bench,
        "run": run,
        "state": bench.state,
        "stage": None if run is None else running.stage_of(run),
        "progress": None if run is None else running.progress_of(run),
        "problems": () if problem is None else faults_of_run(problem, lang),
    }


def document_of(session: Session, bench: Bench, kept: KeptDocuments) -> Any:
    """Return the document that the run left; None if it left none (yet)."""
    if bench.run is None or bench.run.outcome_sha256 is None:
        return None
    return kept.of(session, bench.run.outcome_sha256)


def _answers(page: Page, session: Session, document: Any) -> dict[str, Any]:
    none: dict[str, Any] = {"charts": [], "moved": [], "num_moved": 0, "least": [], "notes": []}
    if document is None:
        return {**none, "totals": None, "gap": "–", "start": 0, "most": MOST_CHANGES}
    found = {
        **none,
        "charts": charts_of(document, page.lang),
        "least": least_of(document, page.lang),
    }
    found |= {"totals": None, "gap": "–", "notes": document["notes"]}
    given = page.request.query_params.get("start", "")
    start = int(given) if given.isascii() and given.isdecimal() and len(given) < 7 else 0
    compared = document.get("comparison")
    if compared is not None:
        grid, changes = totals_grid(compared), compared["changes"]
        needs = [one["need"] for one in changes[start : start + MOST_CHANGES]]
        found["totals"] = (headers_of(grid, page.lang, _PLAN), rows_of(grid, page.lang))
        found["moved"] = moved_of(document, names_of(session, needs), page.lang, start)
        found |= {"num_moved": len(changes), "gap": gap_text(document), "compared": compared}
    return {**found, "start": start, "most": MOST_CHANGES}
