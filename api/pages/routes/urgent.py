"""A firm calls: five fields, and who can pay in time on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.downloads import download
from api.pages.page import OrganiserPage, Page, PostedForm, actor_of, go, page_router
from api.pages.views.urgent import LABELS, OFFERED, USUAL, call_of, facts, faults_of, timeline
from api.uploads import XLSX
from matcher.domain.choices import Purpose
from matcher.domain.errors import Fault, InputError
from matcher.scoring.weights import default_weights
from matcher.services.records.filters import NeedFilter, NeedSort
from matcher.services.records.lists import list_needs
from matcher.services.urgent_case.calling import take_call
from matcher.services.urgent_case.case import open_case
from matcher.services.urgent_case.workbook import case_workbook
from matcher.store.paging import Page as ListPage

router = page_router("/urgent")
SOON = timedelta(days=10)
MOST_OFFERS = 30
_EMPTY: Mapping[str, Any] = {"instruments": USUAL, "purpose": Purpose.WAGES.value}


@router.get("")
def show_call(page: OrganiserPage, session: ReadSession, now: ClockDep) -> Response:
    """Show the form of a call, and which needs are due soon."""
    return _form(page, session, now().date(), _EMPTY)


@router.post("")
def take(page: OrganiserPage, form: PostedForm, session: WriteSession, now: ClockDep) -> Response:
    """Take down a call and go to its case."""
    moment = now()
    try:
        call = call_of(form, moment.date(), page.lang)
        taken = take_call(session, actor_of(page), call, moment)
    except InputError as error:
        typed = {**form.fields, "instruments": form.texts("instruments")}
        return _form(page, session, moment.date(), typed, faults_of(error, page.lang))
    return go(f"/urgent/{taken.need_id}", "call_taken" if taken.is_new else "call_known")


@router.get("/{need_id}")
def show_case(
    page: OrganiserPage, session: ReadSession, need_id: IdPath, now: ClockDep
) -> Response:
    """Show one need as an urgent case."""
    case = open_case(session, actor_of(page), need_id, default_weights(), now())
    return page.render(
        "urgent_case.html",
        case=case,
        need=case.listed.need,
        urgency=case.waiting.urgency,
        offers=case.offers[:MOST_OFFERS],
        num_more=max(len(case.offers) - MOST_OFFERS, 0),
        figure=timeline(case, page.lang),
    )


@router.get("/{need_id}/case.xlsx")
def fetch_case(
    page: OrganiserPage, session: ReadSession, need_id: IdPath, now: ClockDep
) -> Response:
    """Return an urgent case as a workbook."""
    case = open_case(session, actor_of(page), need_id, default_weights(), now())
    name = (
        f"urgent-{case.listed.need.key}.xlsx" if case.listed.need.key.isascii() else "urgent.xlsx"
    )
    return download(case_workbook(case, page.lang), name, XLSX)


def _form(
    page: Page,
    session: Session,
    today: date,
    typed: Mapping[str, Any],
    faults: Sequence[Fault] = (),
) -> Response:
    which = NeedFilter(due_from=today, due_to=today + SOON)
    soon = list_needs(session, actor_of(page), ListPage(20), which, NeedSort.DEADLINE)
    return page.render(
        "urgent.html",
        422 if faults else 200,
        typed=typed,
        faults=faults,
        labels=LABELS,
        facts=facts(),
        facts_given=any(typed.get(one.field) for one in facts()),
        purposes=[(one.value, one.text) for one in Purpose],
        instruments=OFFERED,
        soon=soon.rows,
        today=today,
    )
