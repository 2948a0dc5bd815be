"""The questionnaire of a firm: in steps, kept as it goes, handed in when it says enough."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.pages.page import FirmPage, Form, Page, PostedForm, actor_of, go, page_router
from api.pages.views.questionnaire.draft import (
    NAMED,
    consent_of,
    envelope,
    faults_of,
    fields_of,
    keep_step,
    known_fields,
    known_pairs,
    open_faults,
    progress_of,
    summary,
    told,
)
from api.pages.views.questionnaire.steps import STEPS, Step, hint_of
from api.pages.views.records import labelled, name_of
from api.paging import PageDep
from matcher.domain.enterprise import Enterprise
from matcher.domain.errors import Fault, InputError, UnknownIdError
from matcher.domain.moments import china_day
from matcher.services.errors import ConflictError
from matcher.services.intake_online import Draft, drop_draft, hand_in, keep_draft, read_draft
from matcher.services.intake_online.handing_in import judged
from matcher.services.intake_online.listing import find_questionnaire, list_questionnaires
from matcher.store.mapping import read_documents
from matcher.store.paging import MAX_LIMIT
from matcher.store.paging import Page as ListPage
from matcher.store.repositories.base import not_found
from matcher.store.repositories.market import Enterprises, Institutions

router = page_router("/questionnaire")

_ON_A_PAGE = 20
_CHECK = "check"
_STEPS: Mapping[str, Step] = {step.key: step for step in STEPS}


@router.get("")
def show_overview(page: FirmPage, session: ReadSession, part: PageDep, now: ClockDep) -> Response:
    """Show what was handed in, and the draft to go on with."""
    draft = _draft(session, page, now())
    found = list_questionnaires(session, actor_of(page), ListPage(_ON_A_PAGE, part.after))
    return page.render(
        "questionnaires.html",
        handed_in=found.rows,
        draft=draft,
        num_faults=len(open_faults(draft)),
        steps=STEPS,
        more=None if found.next is None else f"?cursor={found.next}",
    )


@router.post("/drop")
def take_drop(page: FirmPage, form: PostedForm, session: WriteSession) -> Response:
    """Forget the draft."""
    drop_draft(session, actor_of(page))
    return go("/questionnaire", "deleted")


@router.get("/check")
def show_check(page: FirmPage, session: ReadSession, now: ClockDep) -> Response:
    """Show all that is filled in, as it is understood, and what has still to be changed."""
    return _check(page, session, now(), None, 200)


@router.post("/check")
def take_in(page: FirmPage, form: PostedForm, session: WriteSession, now: ClockDep) -> Response:
    """Hand the questionnaire in."""
    at = now()
    draft = _draft(session, page, at)
    data = envelope(_content(draft), _firm(session, page))
    try:
        done = hand_in(session, actor_of(page), data, _json(data), at)
    except (InputError, ConflictError) as error:
        session.rollback()
        return _check(page, session, at, error.faults, 422)
    return go(f"/questionnaire/sent/{done.row.id}", "sent")


@router.get("/sent/{questionnaire_id}")
def show_sent(page: FirmPage, session: ReadSession, questionnaire_id: IdPath) -> Response:
    """Show what was handed in: how urgent it is, what would still help to know."""
    found = find_questionnaire(session, actor_of(page), questionnaire_id)
    return page.render(
        "questionnaire_sent.html",
        listed=found,
        intake=judged(found.row, found.enterprise, found.need, china_day(found.row.received_at)),
        pairs=labelled("needs", found.need.document),
        hint_of=hint_of,
    )


@router.get("/{key}")
def show_step(page: FirmPage, session: ReadSession, key: str, now: ClockDep) -> Response:
    """Show one step."""
    return _step(page, session, _named(key), _draft(session, page, now()), (), 200)


@router.post("/{key}")
def take_step(
    page: FirmPage, form: PostedForm, session: WriteSession, key: str, now: ClockDep
) -> Response:
    """Keep what a step was filled in with, and go on; what is wrong is said on the step."""
    step, at = _named(key), now()
    firm = _firm(session, page)
    kept = keep_step(step, _content(_draft(session, page, at)), known_fields(firm), form)
    draft = keep_draft(session, actor_of(page), _json(envelope(kept, firm)), at)
    if page.request.headers.get("X-Part"):
        return page.render("questionnaire_kept.html", draft=draft)
    faults = faults_of(step, draft.faults, page.lang)
    if faults and form.text("go") != "back":
        return _step(page, session, step, draft, faults, 422)
    return go(f"/questionnaire/{_beside(step, form)}")


def _beside(step: Step, form: Form) -> str:
    """Return the step to go to: the one before, the one asked for, or the next."""
    keys = [one.key for one in STEPS]
    place = keys.index(step.key)
    if form.text("go") == "back":
        return keys[place - 1] if place else ""
    return keys[place + 1] if place + 1 < len(keys) else _CHECK


def _named(key: str) -> Step:
    if key not in _STEPS:
        raise not_found()
    return _STEPS[key]


def _step(
    page: Page,
    session: Session,
    step: Step,
    draft: Draft | None,
    faults: object,
    status: int,
) -> Response:
    firm, content = _firm(session, page), _content(draft)
    known = known_fields(firm)
    who, named = consent_of(content)
    return page.render(
        "questionnaire.html",
        status,
        step=step,
        draft=draft,
        number=STEPS.index(step) + 1,
        steps=progress_of(open_faults(draft)),
        fields=fields_of(step.fields, content, known),
        rare=fields_of(step.rare, content, known),
        known=known_pairs(step, firm),
        who=who,
        name_of=name_of,
        named=named,
        institutions=_institutions(session, page) if step.asks_consent else (),
        faults=faults,
    )


def _check(
    page: Page,
    session: Session,
    now: datetime,
    faults: tuple[Fault, ...] | None,
    status: int,
) -> Response:
    draft = _draft(session, page, now)
    content, firm = _content(draft), _firm(session, page)
    wrong = open_faults(draft) if faults is None else faults
    who, named = consent_of(content)
    return page.render(
        "questionnaire_check.html",
        status,
        draft=draft,
        steps=progress_of(wrong),
        parts=[(step, known_pairs(step, firm), summary(step, content)) for step in STEPS],
        who=who,
        name_of=name_of,
        named=[one for one in _institutions(session, page) if str(one.id) in named]
        if who == NAMED
        else (),
        wrong=[told(fault, page.lang) for fault in wrong],
        faults=faults,
    )


def _institutions(session: Session, page: Page) -> list[Any]:
    """Return the institutions that a firm may name; a market has some dozens of them."""
    found, after = list[Any](), None
    repository = Institutions(session, actor_of(page))
    for _ in range(3):
        part = repository.page(ListPage(MAX_LIMIT, after))
        found += part.rows
        after = part.next
        if after is None:
            break
    return found


def _firm(session: Session, page: Page) -> Enterprise:
    actor = actor_of(page)
    assert actor.enterprise_id is not None
    row = Enterprises(session, actor).find(actor.enterprise_id)
    (firm,) = read_documents("enterprises", [row.document])
    found: Enterprise = firm
    return found


def _draft(session: Session, page: Page, now: datetime) -> Draft | None:
    try:
        return read_draft(session, actor_of(page), now)
    except UnknownIdError:
        return None


def _content(draft: Draft | None) -> dict[str, Any]:
    """Return what a draft says; one that is no object says nothing."""
    content = {} if draft is None else json.loads(draft.original)
    return content if isinstance(content, dict) else {}


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)
